"""Simulated studies, each looked at in several sizes, and fresh runs with Monte Carlo errors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from analysis.planning.search.probit import Looks, Points
from analysis.planning.search.tail import by_normal_tail
from analysis.trials.success import Confirmed, confirmed_share
from sim.side_by_side import Progress

__all__ = ["Looked", "Oracle", "Tally"]


class Looked(NamedTuple):
    """What became of R studies at K values of x, arrays (K, R).

    Attributes
    ----------
    won : ndarray of bool
    estimate, reach : ndarray of float64, or None
        The estimate, and half of its interval; None where success is not one estimate's.
    """

    won: np.ndarray
    estimate: np.ndarray | None = None
    reach: np.ndarray | None = None


Oracle = Callable[[Sequence[float], range], Looked]
"""What becomes of each of these R replicates at each of K x.

Replicate r is one study: what it is at one x is of a piece with what it is at another.
"""


class _Batch(NamedTuple):
    """Replicates, the K values of x at which they were looked at, and what was seen."""

    replicates: range
    at: list[float]
    seen: Looked


@dataclass
class Tally:
    """What is known of each x so far.

    Attributes
    ----------
    oracle : Oracle
    next, fresh : int
        The next replicate that nobody has seen, of the search and of fresh runs.
    budget : int
        Studies that are meant to be enough.
    progress : callable
        Called with the name of the stage, the studies counted so far, and the budget.
    stage : str
    by_tail : bool
        Whether chances come from the normal tail of `analysis.planning.search.tail`.
    used : int
        Studies counted, each once, at however many x it was looked at.
    batches : list
        What was seen of them.
    """

    oracle: Oracle
    next: int
    fresh: int
    budget: int
    progress: Progress
    stage: str
    by_tail: bool = False
    used: int = 0
    batches: list[_Batch] = field(default_factory=list)

    def run(self, at: Sequence[float], count: int) -> None:
        """New studies of the search, looked at in these x."""
        self.next = self._ask(at, range(self.next, self.next + count))

    def run_fresh(self, at: Sequence[float], count: int) -> None:
        """New studies that have nothing to do with those by which these x were chosen."""
        self.fresh = self._ask(at, range(self.fresh, self.fresh + count))

    def _ask(self, at: Sequence[float], replicates: range) -> int:
        places = list(dict.fromkeys(at))
        self.batches.append(_Batch(replicates, places, self.oracle(places, replicates)))
        self.used += len(replicates)
        self.progress(self.stage, min(self.used, self.budget), self.budget)
        return replicates.stop

    def learn(self, at: Sequence[float], replicates: range, seen: Looked) -> None:
        """Add studies that were simulated for something else."""
        self.batches.append(_Batch(replicates, list(at), seen))
        self.used += len(replicates)

    def look(self, x: float, least: int) -> None:
        """See at least so many studies at x: first those counted already, then new ones."""
        missing = least - self.tried(x)
        for replicates in [one.replicates for one in self.batches]:
            there = [
                one.replicates.stop
                for one in self.batches
                if x in one.at and one.replicates.start in replicates
            ]
            first = max(there, default=replicates.start)
            part = range(first, min(first + missing, replicates.stop))
            if part:
                self.batches.append(_Batch(part, [x], self.oracle([x], part)))
                missing -= len(part)
        if missing > 0:
            self.run([x], missing)

    def tried(self, x: float) -> int:
        """Studies seen at x."""
        return sum(len(one.replicates) for one in self.batches if x in one.at)

    def at(self, x: float, since: int = 0) -> Confirmed:
        """What is known of one x, by count, from replicates of a number on."""
        mine = [one for one in self.batches if x in one.at and one.replicates.start >= since]
        won = sum(int(one.seen.won[one.at.index(x)].sum()) for one in mine)
        return confirmed_share(x, won, sum(len(one.replicates) for one in mine))

    def looks(self, scale: Callable[[float], float] = float) -> Looks:
        """All that was seen, x on a scale that rises with it."""
        if not self.by_tail:
            return self.counted(scale)
        found = []
        for x in dict.fromkeys(x for one in self.batches for x in one.at):
            mine = [(one, one.at.index(x)) for one in self.batches if x in one.at]
            study = np.concatenate([np.array(one.replicates) for one, _ in mine])
            estimate, reach = (
                np.concatenate([getattr(one.seen, name)[k] for one, k in mine])
                for name in ("estimate", "reach")
            )
            values = by_normal_tail(estimate, reach)
            found.append(Looks(study, np.full(study.size, scale(x)), values))
        return Looks(*(np.concatenate(parts) for parts in zip(*found, strict=True)))

    def counted(self, scale: Callable[[float], float] = float) -> Looks:
        """The same, each study a success or none."""
        return Looks(
            np.concatenate([np.tile(one.replicates, len(one.at)) for one in self.batches]),
            np.concatenate(
                [np.repeat([scale(x) for x in one.at], len(one.replicates)) for one in self.batches]
            ),
            np.concatenate([one.seen.won.ravel() for one in self.batches]),
        )

    def points(self, scale: Callable[[float], float] = float) -> Points:
        """Studies and successes by x, on a scale that rises with it."""
        return self.counted(scale).points
