"""The simulation behind a plan, reported as Morris, White and Crowther (2019) ask: ADEMP."""

from __future__ import annotations

import numpy as np

from analysis.pages.blocks import Section
from analysis.planning.report.protocol.facts import Facts
from analysis.planning.report.protocol.in_the_world import true_value
from analysis.planning.report.protocol.outcomes import plain_words, points, scale_in_words
from analysis.planning.report.protocol.wording import analysis_in_words
from analysis.planning.report.protocol.written import written
from analysis.planning.search.pool import RESAMPLES
from analysis.questions.asking import MAP, family

__all__ = ["simulation_study"]

SHOWN = {
    "bias": "bias", "empirical_se": "empirical standard error",
    "model_se": "standard error of the model",
    "relative_error_se": "error of the model's standard error, %",
    "coverage": "coverage of the confidence interval", "width": "width of the confidence interval",
    "power": "significant, of those fitted", "type_s": "type S: wrong sign, if significant",
    "type_m": "type M: exaggeration, if significant", "converged": "models that could be fitted",
}  # fmt: skip
TESTS = ("power", "type_s", "type_m")
OF_MAPS = (*MAP, "members_added", "members_dropped", "lost_a_friend")
"""Outcomes of people that are read off their maps."""


def simulation_study(facts: Facts) -> Section:
    """Aims, data-generating mechanism, estimands, methods, performance; and what was measured."""
    asked = facts.plan.question
    return written(
        "simulation",
        facts,
        resamples=RESAMPLES,
        methods=list(dict.fromkeys(map(analysis_in_words, asked))),
        measures=[(one, _measured(facts, place)) for place, one in enumerate(asked)],
        **(_of_world(facts) if facts.in_world else _of_panel(facts)),
    )


def _of_world(facts: Facts) -> dict[str, object]:
    return {
        "teams": facts.world.teams,
        "weeks": [str(week) for week in facts.study.waves.weeks],
        "of_maps": _needs_maps(facts),
        "truths": [
            (one, true_value(facts, place)) for place, one in enumerate(facts.plan.question)
        ],
        "truth_worlds": max(facts.result.truth_worlds),
    }


def _of_panel(facts: Facts) -> dict[str, object]:
    panel = facts.panel
    return {
        "panel": panel,
        "scale": "" if panel.ties else scale_in_words(panel.outcome, panel.measured_on),
        "weeks": [str(one) for one in (0, *facts.flow.weeks)],
        "effects": [
            f"{plain_words(arm)} adds {points(*(panel.sd * one for one in added))} after baseline"
            for arm, added in panel.effect.items()
        ],
        "truths": list(zip(facts.plan.question, facts.result.truths, strict=True)),
    }


def _needs_maps(facts: Facts) -> bool:
    return any(
        family(one.outcome) == "ties" or one.outcome in OF_MAPS for one in facts.plan.question
    )


def _measured(facts: Facts, place: int) -> list[list[str]]:
    tests = facts.plan.question[place].success == "significant"
    return [
        [words, _figure(one.value), _figure(one.mcse), f"{one.n:,}"]
        for name, words in SHOWN.items()
        if tests or name not in TESTS
        for one in [facts.point.measures[place][name]]
        if np.isfinite(one.value)
    ]


def _figure(value: float) -> str:
    return f"{value:.4f}" if np.isfinite(value) else "–"
