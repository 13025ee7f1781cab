"""Studies of whole clusters: people join in rounds, each of so many clusters to every arm.

The first k rounds have k clusters in the arm with the fewest, and in the others what the parts of
the arms ask for. Where clusters have no size but a number, people join one by one and they grow.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from analysis.questions.panel import Clusters
from analysis.trials.cluster_sizes import SIZES_IN_TURN, drawn_sizes, fixed_sizes, fixed_weights
from analysis.trials.enrolment import arm_order, arms_in_rounds, grown

__all__ = ["Enrolment", "Rounds"]

FEWEST_ROUNDS = 2


class Enrolment(NamedTuple):
    """People in the order in which they join.

    Attributes
    ----------
    arm, cluster : ndarray of int, (people,)
        Position of the arm; number of the cluster within the arm, -1 for people in none.
    ends : ndarray of int, (rounds,)
        People of the first 1, 2, ... rounds; empty where people join one by one.
    """

    arm: np.ndarray
    cluster: np.ndarray
    ends: np.ndarray


@dataclass(frozen=True)
class Rounds:
    """What the order follows from.

    Attributes
    ----------
    parts : tuple of float
        Of the arms: of their clusters where those are allocated, else of their people.
    clusters : tuple of (Clusters or None)
        By arm.
    by_person : bool
        Whether people are allocated and not clusters.
    people : int
        So many join at least, in two rounds or more.
    """

    parts: tuple[float, ...]
    clusters: tuple[Clusters | None, ...]
    by_person: bool
    people: int

    @cached_property
    def sized(self) -> dict[int, Clusters]:
        """The arms whose clusters have a size."""
        return {a: one for a, one in enumerate(self.clusters) if one is not None and one.size}

    @cached_property
    def arrived(self) -> dict[int, np.ndarray]:
        """Clusters of those arms after each round, (rounds,)."""
        rates = {a: self._rate(a) / self._rate(self._slowest) for a in self.sized}
        by_round = sum(rate * (self.sized[a].size or 1) for a, rate in rates.items())
        rounds = np.arange(1, int(self.people / by_round) + 2 * SIZES_IN_TURN + FEWEST_ROUNDS)
        return {a: np.floor(rounds * rate + 0.5 + 1e-9).astype(int) for a, rate in rates.items()}

    @cached_property
    def planned(self) -> np.ndarray:
        """People of each arm after each round, (A, rounds); their mean where sizes are drawn."""
        joined = {}
        for a, one in self.sized.items():
            turn = _sizes_in_turn(one)
            joined[a] = np.cumsum(np.resize(turn, self.arrived[a][-1]))[self.arrived[a] - 1]
        each = joined[self._slowest] / self.parts[self._slowest]
        people = np.array(
            [
                joined[a] if a in joined else np.floor(part * each + 0.5).astype(int)
                for a, part in enumerate(self.parts)
            ]
        )
        enough = int(np.searchsorted(people.sum(axis=0), self.people)) + 1
        return people[:, : max(enough, FEWEST_ROUNDS)]

    def of(self, people: int) -> Rounds:
        """The same order, as far as so many people; the last one asked for is kept."""
        if people == self.people:
            return self
        found = self._shorter.get(people)
        if found is None:
            found = replace(self, people=people)
            self._shorter.clear()
            self._shorter[people] = found
        return found

    @cached_property
    def _shorter(self) -> dict[int, Rounds]:
        return {}

    def enrolment(self, drawn: Mapping[int, np.ndarray] | None = None) -> Enrolment:
        """Who joins, in order.

        Parameters
        ----------
        drawn
            By arm, where those are not the fixed ones: people of its clusters, or where there is a
            number of clusters their parts in the people of the arm.
        """
        drawn = drawn or {}
        if not self.sized:
            arm = arm_order(self.parts, self.people)
            people = np.bincount(arm, minlength=len(self.parts))[:, None]
            return Enrolment(arm, self._placed(arm, people[:, -1], drawn), np.zeros(0, np.int64))
        people = self.planned.copy()
        for a in self.sized:
            if a in drawn:
                people[a] = np.cumsum(drawn[a])[self.arrived[a][: people.shape[1]] - 1]
        arm = arms_in_rounds(people)
        return Enrolment(arm, self._placed(arm, people[:, -1], drawn), people.sum(axis=0))

    def of_studies(self, drawn: Mapping[int, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """People of each arm after each round, (B, A, rounds), and of its clusters, (B, A, most).

        Parameters
        ----------
        drawn
            By arm, people of its clusters in each study, (B, clusters), where those are not the
            fixed ones.
        """
        studies = len(next(iter(drawn.values())))
        people = np.repeat(self.planned[None], studies, axis=0)
        most = max(self.most_clusters(a) for a in self.sized)
        sizes = np.zeros((studies, len(self.parts), most), np.int64)
        for a, one in self.sized.items():
            count = self.most_clusters(a)
            sizes[:, a, :count] = drawn.get(a, np.resize(_sizes_in_turn(one), count))
            if a in drawn:
                upto = self.arrived[a][: people.shape[2]] - 1
                people[:, a] = np.cumsum(drawn[a], axis=1)[:, upto]
        return people, sizes

    def most_clusters(self, arm: int) -> int:
        """Clusters of an arm after the last round."""
        if arm in self.sized:
            return int(self.arrived[arm][self.planned.shape[1] - 1])
        one = self.clusters[arm]
        return 0 if one is None else int(one.number or 0)

    @cached_property
    def _slowest(self) -> int:
        return min(self.sized, key=self._rate)

    def _rate(self, arm: int) -> float:
        """How fast its clusters come, beside those of other arms."""
        size = self.sized[arm].size or 1
        return self.parts[arm] / size if self.by_person else self.parts[arm]

    def _placed(
        self, arm: np.ndarray, people: np.ndarray, drawn: Mapping[int, np.ndarray]
    ) -> np.ndarray:
        """The cluster of each person."""
        home = np.full(arm.size, -1)
        for a, one in enumerate(self.clusters):
            if one is not None:
                home[arm == a] = self._home(a, one, int(people[a]), drawn.get(a))
        return home

    def _home(self, a: int, one: Clusters, n: int, drawn: np.ndarray | None) -> np.ndarray:
        """The cluster of each of an arm's n people."""
        if one.number is not None:
            parts = fixed_weights(one.number, one.size_cv) if drawn is None else drawn
            return grown(parts, one.fewest, n)
        count = self.most_clusters(a)
        sizes = _sizes_in_turn(one) if drawn is None else drawn
        return np.repeat(np.arange(count), np.resize(sizes, count))


def _sizes_in_turn(one: Clusters) -> np.ndarray:
    """People of its clusters, one after the other and again; their mean where they are drawn."""
    if one.sizes == "fixed":
        return fixed_sizes(one)
    drawn_sizes(one)  # says what cannot be, before anybody is drawn
    return np.array([one.size])
