"""Why this target difference: what DELTA2 asks of a sample size calculation."""

from __future__ import annotations

import numpy as np

from analysis.pages.blocks import Block, Paragraph, Section
from analysis.planning.formulas.closed_forms import two_sided_power
from analysis.planning.report.protocol.facts import Facts
from analysis.planning.report.protocol.outcomes import estimand, metric, number, unit
from analysis.planning.report.protocol.true_difference import no_target, true_difference
from analysis.planning.report.protocol.wording import level, people, target, with_error

__all__ = ["target_difference"]

LESS = (0.75, 0.5)
"""Shares of the target difference for which the power is given."""


def target_difference(facts: Facts) -> Section | None:
    """The section; None where the primary question is one of precision, which has no target.

    In the world such a question still has a true value, which is stated.
    """
    if facts.first.success == "significant":
        cite = facts.references.cite("delta2")
        return Section("Target difference", [*_basis(facts, cite), *_reading(facts)])
    return Section("Target difference", no_target(facts)) if facts.in_world else None


def _basis(facts: Facts, cite: str) -> list[Block]:
    one = facts.first
    outcome = Paragraph(
        f"The primary outcome is {metric(one)}. The primary "
        f"{'question asks for' if one.outcome == 'ties_lost' else 'comparison is'} the "
        f"{estimand(one).removeprefix('the ')}.",
        "Outcome.",
    )
    if facts.in_world:
        return [outcome, *true_difference(facts, cite)]
    words = facts.plan.sources.get("trend" if one.about == "change" else "effect")
    basis = f"Its basis: {facts.references.within(words)}." if words else "No basis is given."
    return [
        outcome,
        Paragraph(
            f"The study is planned for {target(one, facts.result.truths[0], facts.sd)}. {basis} "
            f"DELTA2 {cite} asks for a difference that is important to those concerned, realistic, "
            "or both. Which of the two this one is, and in whose judgement, is for the authors of "
            "the protocol to say: no calculation can.",
            "Target.",
        ),
    ]


def _reading(facts: Facts) -> list[Block]:
    one, measures = facts.first, facts.point.measures[0]
    se, truth = measures["empirical_se"], abs(facts.result.truths[0])
    if not np.isfinite(se.value):
        return []
    half = measures["width"].value / 2
    its, log = unit(one), " on the log scale" if not unit(one) and facts.in_world else ""
    powers = [
        f"{two_sided_power(part * truth, se.value, alpha=one.alpha):.2f} at {number(part * truth)}"
        for part in LESS
    ]
    said: list[Block] = [
        Paragraph(
            f"With {people(facts.n)} people the estimate has a standard error of "
            f"{with_error(se, its)}, and its {level(one)} confidence interval reaches "
            f"{half:.2f}{its} to either side on average{log}. An observed difference below about "
            f"{half:.2f}{its} would not be significant.",
            "What the study can tell.",
        ),
        Paragraph(
            f"If the true difference is smaller than {_this(facts)}, the power is {powers[0]} and "
            f"{powers[1]}{its} (normal approximation with the same standard error).",
            "If the difference is smaller.",
        ),
    ]
    size = measures["type_m"]
    if np.isfinite(size.value):
        said.append(
            Paragraph(
                f"If the true difference is {_this(facts)}, significant estimates are "
                f"{with_error(size)} times as large as it on average.",
                "Exaggeration.",
            )
        )
    return said


def _this(facts: Facts) -> str:
    return "that of the simulated world" if facts.in_world else "the target"
