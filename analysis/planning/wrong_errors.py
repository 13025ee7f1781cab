"""Whether an analysis knows how far its estimates stray; measured, whatever the reason."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.planning.curve import CurvePoint
from analysis.questions.question import Question

__all__ = ["wrong_errors"]

FAR_OFF, MATTERS = 4.0, 10.0
"""An error is named from so many Monte Carlo errors, and so many percent, on."""


def wrong_errors(questions: Sequence[Question], point: CurvePoint) -> list[str]:
    """A sentence for each question whose standard errors are not those of its estimates."""
    said = []
    for number, (one, measures) in enumerate(zip(questions, point.measures, strict=True), start=1):
        off = measures["relative_error_se"]
        if not (abs(off.value) > FAR_OFF * off.mcse and abs(off.value) > MATTERS):
            continue
        how, then = (
            ("small", "it is significant too often, and the power shown is not to be trusted")
            if off.value < 0
            else ("large", "it is cautious, and another analysis has more power")
        )
        said.append(
            f"question {number}: with {point.n} people the standard errors of {one.analysis} are "
            f"{abs(off.value):.0f} % too {how} (MCSE {off.mcse:.1f} %) for what is assumed, so "
            f"{then}"
        )
    return said
