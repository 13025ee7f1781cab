"""Where biases come from, and how cleaning code does, in words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from analysis.pages.render import lines
from analysis.stress.cleaning_shares import CleaningShare, MeanShare
from analysis.stress.conditions import AND
from analysis.stress.ladder import MUCH, Ladder, LadderStep
from analysis.stress.verdicts import FAILS, Judgement
from sim.study.error_kinds import error_kinds

__all__ = ["cleaning_in_words", "whence"]

TEMPLATE = "stress/ladder.md.j2"
OF_ERRORS = {"measurement": "condition", "file errors": "file"}
"""The sort of error that acts on a step."""


def whence(
    judged: Sequence[Judgement],
    ladders: Sequence[Ladder],
    conditions: Mapping[str, str],
    limit: float,
) -> list[str]:
    """A sentence for each verdict that fails by its bias, or by coverage with one.

    Parameters
    ----------
    judged, ladders
        Of one result.
    conditions
        In words, by their names.
    limit
        Of bias, in empirical standard errors.
    """
    of = {(one.condition, one.term): one for one in ladders}
    found = []
    for one in judged:
        ladder = of.get((one.trial.condition, one.trial.term))
        if ladder is not None and one.verdict == FAILS and _is_of_bias(one, ladder, limit):
            found.append(_facts(ladder, conditions[ladder.condition]))
    return lines(TEMPLATE, "biases", {"whence": found})


def _is_of_bias(one: Judgement, ladder: Ladder, limit: float) -> bool:
    is_large = abs(ladder.bias) > limit * ladder.spread
    return one.is_biased or ("coverage" in one.broken and is_large)


def _facts(one: Ladder, where: str) -> dict[str, Any]:
    causes = [step.name for step in one.causes]
    after = _decimals(one.bias)
    sort, known = OF_ERRORS.get(causes[0] if causes else ""), error_kinds()
    acting = [
        name for name in one.condition.split(AND) if name in known and known[name].sort == sort
    ]
    return {
        "where": f"{where}, {one.term}",
        "bias": f"{one.bias:+.{after}f}",
        "parts": [
            (f"{step.value:+.{after}f} ± {step.mcse:.{after}f}", step.name) for step in _told(one)
        ],
        "causes": causes,
        "error": f'the error "{acting[0]}"' if acting else "",
        "left_out": one.usable - one.studies,
    }


def _told(one: Ladder) -> list[LadderStep]:
    """Steps that are much of the bias, though some may be chance, the largest first."""
    found = [step for step in one.steps if abs(step.value) > MUCH * abs(one.bias)]
    return sorted(found, key=lambda step: -abs(step.value))


def _decimals(bias: float) -> int:
    """So many that two figures of it are seen."""
    return 2 if bias == 0 else min(max(2, 1 - math.floor(math.log10(abs(bias)))), 6)


def cleaning_in_words(shares: Sequence[CleaningShare]) -> list[str]:
    """A line for each table, and for each kind of error of which anything was detected.

    None where nothing was cleaned, and none of a table without errors in which nothing is changed.
    """
    shown = [one for one in shares if one.came and not one.kind and (one.changed or one.errors)]
    shown += [one for one in shares if one.came and one.kind and one.detected.value > 0]
    told = [
        {
            "condition": one.condition, "table": one.table, "kind": one.kind,
            "errors": f"{one.errors:.3g}", "changed": f"{one.changed:.3g}",
            "detected": share_in_words(one.detected), "repaired": share_in_words(one.repaired),
            "precision": share_in_words(one.precision),
        }
        for one in shown
    ]  # fmt: skip
    missed: dict[tuple[str, str], list[str]] = {}
    for one in shares:
        if one.came and one.kind and one.detected.value == 0:
            missed.setdefault((one.condition, one.table), []).append(
                f"{one.kind} ({one.errors:.3g})"
            )
    lost = [one for one in shares if not one.kind and one.came < one.studies]
    return lines(TEMPLATE, "cleaning", {"cleaned": told, "missed": missed, "lost": lost})


def share_in_words(one: MeanShare) -> str:
    """A share with its Monte Carlo standard error, as far as they are known."""
    if math.isnan(one.value):
        return "none"
    return f"{one.value:.2f}" + ("" if math.isnan(one.mcse) else f" ± {one.mcse:.2f}")
