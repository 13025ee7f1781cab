"""Simulated studies counted by size, and fresh runs of them with their Monte Carlo error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from analysis.measures import wilson
from analysis.planning.probit import Points

__all__ = ["Confirmed", "Oracle", "Tally", "confirmed_share"]

Oracle = Callable[[float, range], int]
"""Successes among these replicates of a study at x; a replicate is never asked for twice."""


@dataclass(frozen=True)
class Confirmed:
    """Share of n simulated studies at one size that succeeded.

    Attributes
    ----------
    at : float
    share, mcse, low, high : float
        With its Monte Carlo standard error and 95 % (Wilson) interval.
    n : int
    """

    at: float
    share: float
    mcse: float
    low: float
    high: float
    n: int


def confirmed_share(at: float, won: int, tried: int) -> Confirmed:
    """A share with its Monte Carlo standard error and interval."""
    share = won / tried
    mcse = float(np.sqrt(share * (1 - share) / tried))
    return Confirmed(at, share, mcse, *wilson(won, tried), tried)


@dataclass
class Tally:
    """What is known of each x so far, and the next replicate that nobody has seen.

    Attributes
    ----------
    oracle : Oracle
    next : int
    progress : callable
        Called with the studies counted so far.
    tried, won : dict
        Studies, and successes among them, by x.
    """

    oracle: Oracle
    next: int
    progress: Callable[[int], None]
    tried: dict[float, int] = field(default_factory=dict)
    won: dict[float, int] = field(default_factory=dict)

    @property
    def used(self) -> int:
        """Studies counted."""
        return sum(self.tried.values())

    def fresh(self, x: float, count: int) -> Confirmed:
        """New studies at x, which are not counted."""
        won = self.oracle(x, range(self.next, self.next + count))
        self.next += count
        return confirmed_share(x, won, count)

    def run(self, x: float, count: int) -> float:
        """New studies at x, counted; the share of them that succeeded."""
        found = self.fresh(x, count)
        self.tried[x] = self.tried.get(x, 0) + count
        self.won[x] = self.won.get(x, 0) + round(found.share * count)
        self.progress(self.used)
        return found.share

    def at(self, x: float) -> Confirmed:
        """What is known of one x."""
        return confirmed_share(x, self.won[x], self.tried[x])

    def points(self, scale: Callable[[float], float] = float) -> Points:
        """All that is known, x on a scale that rises with it."""
        at = sorted(self.tried)
        rows = [[scale(x) for x in at], [self.tried[x] for x in at], [self.won[x] for x in at]]
        return Points(*np.array(rows, np.float64))
