"""Whether a plan's analyses hold their level, as plain data."""

from __future__ import annotations

from typing import Any

from analysis.planning.found import PlanResult
from analysis.planning.validity.measure import Family, Off, Validity
from analysis.planning.validity.words import barred_in_words
from egocohort.results.parts import measured_data

__all__ = ["validity_as_data"]


def validity_as_data(result: PlanResult) -> dict[str, Any] | None:
    """What was measured, and the plan to take instead; None where nothing was measured."""
    valid, other = result.validity, result.instead
    if valid is None:
        return None
    return {
        **_measured(valid),
        "barred": " ".join(barred_in_words(result)) or None,
        "instead": other
        and {
            "n": int(other.found.answer or 0), "lo": other.found.low, "hi": other.found.high,
            "analyses": [one.analysis for one in other.questions],
            "alpha": [one.alpha for one in other.questions],
            **_measured(other.validity),
        },
    }  # fmt: skip


def _measured(valid: Validity) -> dict[str, Any]:
    return {
        "people": valid.n,
        "studies": valid.studies,
        "holds": valid.holds,
        "questions": [
            {
                "alpha": one.alpha,
                "type_i": one.type_i and measured_data(one.type_i),
                "coverage": measured_data(one.coverage),
                "misses": one.misses,
                "wastes": one.wastes,
            }
            for one in valid.levels
        ],
        "family": _family(valid.family),
        "sd_and_icc_a_quarter_larger": _off(valid.off),
    }


def _family(family: Family | None) -> dict[str, Any] | None:
    return (
        None
        if family is None
        else {
            "alpha": family.alpha,
            "errors": [
                {"nothing_in_questions": [*which], **measured_data(one)}
                for which, one in family.errors.items()
            ],
        }
    )


def _off(off: Off | None) -> dict[str, Any] | None:
    return (
        None
        if off is None
        else {
            "success": measured_data(off.power),
            "type_i": [one and measured_data(one) for one in off.type_i],
        }
    )
