"""Simulated studies, each looked at in several sizes, and fresh runs with Monte Carlo errors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from analysis.planning.search.probit import Looks, Points
from analysis.trials.success import Confirmed, confirmed_share
from sim.side_by_side import Progress

__all__ = [
    "Oracle",
    "Tally",
]

Oracle = Callable[[Sequence[float], range], np.ndarray]
"""Whether each of these R replicates succeeds at each of K x, bool (K, R).

Replicate r is one study: what it is at one x is of a piece with what it is at another.
"""


class _Batch(NamedTuple):
    """Replicates, the K values of x at which they were looked at, and successes, (K, R)."""

    replicates: range
    at: list[float]
    won: np.ndarray


@dataclass
class Tally:
    """What is known of each x so far, and the next replicate that nobody has seen.

    Attributes
    ----------
    oracle : Oracle
    next : int
    budget : int
        Studies that are meant to be enough.
    progress : callable
        Called with the name of the stage, the studies counted so far, and the budget.
    stage : str
    used : int
        Studies counted, each once, at however many x it was looked at.
    batches : list
        What was seen of them.
    """

    oracle: Oracle
    next: int
    budget: int
    progress: Progress
    stage: str
    used: int = 0
    batches: list[_Batch] = field(default_factory=list)

    def fresh(self, x: float, count: int) -> Confirmed:
        """New studies at x, which are not counted."""
        return confirmed_share(x, int(self._ask([x], count).won.sum()), count)

    def run(self, at: Sequence[float], count: int) -> dict[float, float]:
        """New studies, counted and looked at in these x; the share that succeeded, by x."""
        batch = self._ask(list(dict.fromkeys(at)), count)
        self.batches.append(batch)
        self.used += count
        self.progress(self.stage, min(self.used, self.budget), self.budget)
        return dict(zip(batch.at, batch.won.mean(axis=1).tolist(), strict=True))

    def look(self, x: float, least: int) -> None:
        """See at least so many studies at x: first those counted already, then new ones."""
        missing = least - self.tried(x)
        seen = {one.replicates for one in self.batches if x in one.at}
        for replicates in dict.fromkeys(one.replicates for one in self.batches):
            if missing > 0 and replicates not in seen:
                self.batches.append(_Batch(replicates, [x], self.oracle([x], replicates)))
                missing -= len(replicates)
        if missing > 0:
            self.run([x], missing)

    def tried(self, x: float) -> int:
        """Studies seen at x."""
        return sum(len(one.replicates) for one in self.batches if x in one.at)

    def at(self, x: float) -> Confirmed:
        """What is known of one x."""
        won = sum(int(one.won[one.at.index(x)].sum()) for one in self.batches if x in one.at)
        return confirmed_share(x, won, self.tried(x))

    def looks(self, scale: Callable[[float], float] = float) -> Looks:
        """All that was seen, x on a scale that rises with it."""
        return Looks(
            np.concatenate([np.tile(one.replicates, len(one.at)) for one in self.batches]),
            np.concatenate(
                [np.repeat([scale(x) for x in one.at], len(one.replicates)) for one in self.batches]
            ),
            np.concatenate([one.won.ravel() for one in self.batches]),
        )

    def points(self, scale: Callable[[float], float] = float) -> Points:
        """Studies and successes by x, on a scale that rises with it."""
        return self.looks(scale).points

    def _ask(self, at: list[float], count: int) -> _Batch:
        replicates = range(self.next, self.next + count)
        self.next += count
        return _Batch(replicates, at, self.oracle(at, replicates))
