"""What passed in ties from one week to the next, as flat columns; losses and births by event."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.patterns.lives import INFORMAL, Life
from sim.world.kinds import GROUP_OF_KIND, Event

__all__ = ["PAIRS", "EndingsOf", "Flows", "births", "endings", "first_loss", "terciles"]

PAIRS = ((7, 8), (8, 9), (9, 10), (13, 14), (26, 27), (39, 40))
"""Neighbouring weeks that are kept: what was felt before, and what passed then."""

_GROUP = np.array([int(g) for g in GROUP_OF_KIND])


class Flows:
    """Ties of some groups that were active in two neighbouring weeks, all pairs together.

    `before(name)` is a column at the end of the first week, `now(name)` of the second; the
    ego's own come from `ego_before` and `ego_now`. All are flat and in the same order.
    """

    def __init__(
        self,
        life: Life,
        groups: Sequence[int],
        pairs: Sequence[tuple[int, int]] = PAIRS,
        who: np.ndarray | None = None,
    ) -> None:
        self._life, self._pairs, self._chosen = life, pairs, []
        for first, then in pairs:
            there = life.has(first, *groups) & life.stays(first, then)
            there &= (life.alive(then) if who is None else life.alive(then) & who)[:, None]
            self._chosen.append(there)

    def before(self, name: str) -> np.ndarray:
        """A column of the ties at the end of the first week."""
        pairs = zip(self._pairs, self._chosen, strict=True)
        return np.concatenate([self._life.tie(name, first)[c] for (first, _), c in pairs])

    def now(self, name: str) -> np.ndarray:
        """A column of the ties at the end of the second week: what passed."""
        pairs = zip(self._pairs, self._chosen, strict=True)
        return np.concatenate([self._life.tie(name, then)[c] for (_, then), c in pairs])

    def ego_before(self, name: str) -> np.ndarray:
        """A column of the egos at the end of the first week, once for each tie."""
        return self._of_egos([self._life.ego(name, first) for first, _ in self._pairs])

    def ego_now(self, name: str) -> np.ndarray:
        """A column of the egos at the end of the second week, once for each tie."""
        return self._of_egos([self._life.ego(name, then) for _, then in self._pairs])

    def spread(self, of_ties: Sequence[np.ndarray]) -> np.ndarray:
        """Tables over (n, S), one for each pair, at the chosen ties."""
        return np.concatenate([x[c] for x, c in zip(of_ties, self._chosen, strict=True)])

    def _of_egos(self, columns: Sequence[np.ndarray]) -> np.ndarray:
        pairs = zip(columns, self._chosen, strict=True)
        return np.concatenate([np.repeat(x, c.sum(axis=1)) for x, c in pairs])


class EndingsOf:
    """Endings of ties in some weeks, from the list of events.

    Attributes
    ----------
    ego, group, cause, week : ndarray of int
    """

    def __init__(self, life: Life, first: int, last: int, *events: Event) -> None:
        happened = life.events
        kept = np.isin(happened["event"], events or (Event.TIE_ENDED,))
        kept &= (happened["week"] >= first) & (happened["week"] <= last) & (happened["ego"] >= 0)
        chosen = happened[kept]
        self.ego, self.week, self.cause = chosen["ego"], chosen["week"], chosen["cause"]
        self.group = _GROUP[chosen["kind"]]


def endings(life: Life, first: int, last: int) -> EndingsOf:
    """Ties that ended for good from one week to another, both included."""
    return EndingsOf(life, first, last)


def births(life: Life, first: int, last: int, *groups: int) -> np.ndarray:
    """Ties of some groups begun by each ego in those weeks, (n,)."""
    begun = EndingsOf(life, first, last, Event.TIE_BEGAN)
    mine = begun.ego[np.isin(begun.group, groups)]
    return np.bincount(mine, minlength=life.history.team.egos.size)


def first_loss(life: Life, first: int, last: int) -> np.ndarray:
    """Group of the first informal tie each ego lost or lost touch with; -1 for none, (n,)."""
    gone = EndingsOf(life, first, last, Event.TIE_ENDED, Event.TIE_DORMANT)
    found = np.full(life.history.team.egos.size, -1)
    informal = np.isin(gone.group, INFORMAL)
    order = np.argsort(gone.week[informal], kind="stable")[::-1]
    found[gone.ego[informal][order]] = gone.group[informal][order]
    return found


def terciles(values: np.ndarray, among: np.ndarray) -> np.ndarray:
    """0, 1 or 2 by thirds of the values of those `among`; -1 for the others, (n,)."""
    edges = np.quantile(values[among], [1 / 3, 2 / 3]) if among.any() else np.zeros(2)
    return np.where(among, np.searchsorted(edges, values, side="right"), -1)
