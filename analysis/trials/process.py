"""Where a planned study's outcomes come from: what every process offers the planner.

A process has a *frame*, the people there are in the order in which they would be enrolled. A study
of n people observes the first n of them, so one draw of the whole frame serves every smaller study,
and a person's outcomes do not change when others are enrolled after.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from analysis.questions.question import Question
from analysis.trials.batch import Studies

__all__ = ["Process"]


class Process(Protocol):
    """Outcomes of studies of any size up to a frame.

    A process whose arms or clusters are drawn anew in each replicate gives batches of one.
    """

    @property
    def arms(self) -> Sequence[str]:
        """Names of the arms; one empty name where there are none."""

    @property
    def weeks(self) -> Sequence[int]:
        """Weeks of the waves, the first being 0."""

    @property
    def frame(self) -> int:
        """People there are to enrol."""

    def draw(self, n: int, replicates: range) -> Iterator[Studies]:
        """Studies of the first n people; replicate r is the same whatever else is drawn."""

    def truth(self, question: Question) -> float:
        """What a study of everybody, without drop-out, would estimate."""
