"""Where a planned study's outcomes come from: what every process offers the planner.

A process has a *frame*, the people there are in the order in which they would be enrolled. A study
of n people observes the first n of them, so one draw of the whole frame serves every smaller study,
and a person's outcomes do not change when others are enrolled after.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from sim.study.planning import Question

if TYPE_CHECKING:
    from analysis.worlds.interviews import Interviews

__all__ = ["Batch", "Process"]


class Batch(NamedTuple):
    """B replicates of one study of n people at T waves that share all but the outcomes.

    Attributes
    ----------
    y : ndarray of float64, (B, n, T)
        Outcomes in points; NaN is an interview missed.
    arm : ndarray of int, (n,)
        Position in the process's `arms`.
    cluster : ndarray of int, (n,)
        Number of the cluster within its arm; -1 for people in none.
    """

    y: np.ndarray
    arm: np.ndarray
    cluster: np.ndarray

    @property
    def held(self) -> np.ndarray:
        """Interviews that took place, (B, n, T)."""
        return np.isfinite(self.y)

    def first(self, n: int) -> Batch:
        """The same studies, had they stopped at n people."""
        return Batch(self.y[:, :n], self.arm[:n], self.cluster[:n])

    def only(self, mine: np.ndarray) -> Batch:
        """The same studies of some of their people."""
        if mine.all():
            return self
        return Batch(self.y[:, mine], self.arm[mine], self.cluster[mine])


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

    def draw(self, n: int, replicates: range) -> Iterator[Batch | Interviews]:
        """Studies of the first n people; replicate r is the same whatever else is drawn."""

    def truth(self, question: Question) -> float:
        """What a study of everybody, without drop-out, would estimate."""
