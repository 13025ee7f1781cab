"""Studies that are analysed together: outcomes of people at waves, in order of enrolment."""

from __future__ import annotations

from typing import NamedTuple, Protocol, Self

import numpy as np

__all__ = ["Batch", "Studies", "StudyInRounds"]


class Studies(Protocol):
    """What the planner asks of studies drawn together, of a panel or of a world."""

    @property
    def arm(self) -> np.ndarray:
        """Position of the arm of each person, (n,)."""

    @property
    def cluster(self) -> np.ndarray:
        """Number of each person's cluster, (n,); -1 for people in none."""

    @property
    def held(self) -> np.ndarray:
        """Interviews that took place, (B, n, T)."""

    @property
    def met_by_chance(self) -> bool:
        """Whether chance decides who is in which arm and cluster, so that some may be empty."""

    def of(self, outcome: str) -> Batch:
        """One outcome of people."""

    def first(self, n: int) -> Self:
        """The same studies, had they stopped at n people."""

    def only(self, mine: np.ndarray) -> Self:
        """The same studies of some of their people."""


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
    known : ndarray of float64, (n, k) or (B, n, k), or None
        Covariates and strata, for analyses that adjust for them.
    moderator : ndarray of float64, (B, n), or None
        What the effects of arms may hang on: 1 or 0, or in its SD.
    predictor : ndarray of float64, (B, n, T), or None
        What changes may hang on.
    """

    y: np.ndarray
    arm: np.ndarray
    cluster: np.ndarray
    known: np.ndarray | None = None
    moderator: np.ndarray | None = None
    predictor: np.ndarray | None = None

    @property
    def held(self) -> np.ndarray:
        """Interviews that took place, (B, n, T)."""
        return np.isfinite(self.y)

    @property
    def met_by_chance(self) -> bool:
        """Never: people are enrolled in a fixed order."""
        return False

    def of(self, outcome: str) -> Batch:
        """The one outcome there is."""
        return self

    def first(self, n: int) -> Batch:
        """The same studies, had they stopped at n people."""
        known = None if self.known is None else self.known[..., :n, :]
        beside = (None if one is None else one[:, :n] for one in (self.moderator, self.predictor))
        return Batch(self.y[:, :n], self.arm[:n], self.cluster[:n], known, *beside)

    def only(self, mine: np.ndarray) -> Batch:
        """The same studies of some of their people."""
        if mine.all():
            return self
        known = None if self.known is None else self.known[..., mine, :]
        beside = (None if one is None else one[:, mine] for one in (self.moderator, self.predictor))
        return Batch(self.y[:, mine], self.arm[mine], self.cluster[mine], known, *beside)


class StudyInRounds(NamedTuple):
    """Studies whose clusters have sizes of their own, which planned sizes of studies stand for.

    Attributes
    ----------
    batch : Batch
        Of one replicate; of several with a place for everybody who is in any of them.
    ends, planned : ndarray of int, (rounds,)
        People, or places, of the first 1, 2, ... rounds, and people as planned.
    """

    batch: Batch
    ends: np.ndarray
    planned: np.ndarray

    @property
    def y(self) -> np.ndarray:
        """Outcomes in points, (B, n, T)."""
        return self.batch.y

    @property
    def arm(self) -> np.ndarray:
        """Position of the arm of each person, (n,)."""
        return self.batch.arm

    @property
    def cluster(self) -> np.ndarray:
        """Number of each person's cluster, (n,); -1 for people in none."""
        return self.batch.cluster

    @property
    def held(self) -> np.ndarray:
        """Interviews that took place, (1, n, T)."""
        return self.batch.held

    @property
    def met_by_chance(self) -> bool:
        """Never: arms have their clusters, whatever the sizes."""
        return False

    def of(self, outcome: str) -> Batch:
        """The one outcome there is."""
        return self.batch

    def first(self, n: int) -> StudyInRounds:
        """The same studies, had they stopped after the rounds that n people were planned for."""
        rounds = int(np.searchsorted(self.planned, n)) + 1
        end = int(self.ends[min(rounds, self.ends.size) - 1])
        return StudyInRounds(self.batch.first(end), self.ends[:rounds], self.planned[:rounds])

    def only(self, mine: np.ndarray) -> StudyInRounds:
        """The same studies of some of their people."""
        ends = np.concatenate([[0], np.cumsum(mine)])[self.ends]
        return StudyInRounds(self.batch.only(mine), ends, self.planned)
