"""What a panel assumes beyond the classical one, as a protocol writes it."""

from __future__ import annotations

from analysis.planning.report.protocol.facts import Facts
from analysis.planning.report.protocol.outcomes import joined_words, plain_words
from analysis.questions.known import adjusts
from sim.study.settings import EVERYBODY

__all__ = ["structure_of"]


def structure_of(facts: Facts) -> dict[str, object]:
    """Correlations, standard deviations, covariates and strata; empty where nothing is said."""
    panel, weeks = facts.panel, (0, *facts.flow.weeks)
    strata = panel.strata
    rows = [
        f"{value:g} (weeks {weeks[row]} and {weeks[row + 1 + step]})"
        for row, values in enumerate(panel.correlations)
        for step, value in enumerate(values)
    ]
    parts = [f"{100 * one / sum(strata.share):.0f}" for one in strata.share] if strata else []
    return {
        "correlations": joined_words(rows) if rows else "",
        "ratios": [_ratios(arm, one, weeks[1:]) for arm, one in panel.sd_ratio.items()],
        "strata": strata,
        "strata_parts": joined_words(parts) if parts else "",
        "adjusted": all(adjusts(one) for one in facts.plan.question),
        "some_adjust": any(adjusts(one) for one in facts.plan.question),
    }


def _ratios(arm: str, ratios: tuple[float, ...], weeks: tuple[int, ...]) -> str:
    said = [f"{one:g} times that at {week} weeks" for one, week in zip(ratios, weeks, strict=True)]
    return ("" if arm == EVERYBODY else f"in {plain_words(arm)} ") + joined_words(said)
