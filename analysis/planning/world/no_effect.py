"""Questions about what the simulated world may not have at all."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.planning.numbering import which_question
from analysis.questions.question import Question
from analysis.worlds.census import Truth

__all__ = ["not_told_from_zero"]

SURE = 1.96
"""Monte Carlo errors from which on a truth is told from zero."""


def not_told_from_zero(questions: Sequence[Question], truths: Sequence[Truth]) -> list[str]:
    """A sentence for each question of significance whose truth may be none.

    Parameters
    ----------
    questions, truths
        What is asked, and what the world has of it.
    """
    said = []
    for number, (one, truth) in enumerate(zip(questions, truths, strict=True), start=1):
        if one.success == "significant" and abs(truth.value) <= SURE * truth.mcse:
            which = which_question(number, questions)
            said.append(
                f"{which}the true value, {truth.value:.3g} (MCSE {truth.mcse:.2g}, "
                f"{truth.replicates} worlds), is not told from zero; if it is zero no number of "
                "people will do, as the power is alpha whatever their number"
            )
    return said
