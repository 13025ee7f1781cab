"""Whom one shock reaches in one team: from when, until when, and how much of it holds.

A team's members are one blank member whom no shock reaches, the egos, then the posts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.world.shock import DIAGNOSES, EVENTS, Shock
from sim.world.uptake import NEVER, eighths_left, takes_up, weeks_of_falls, weeks_stayed

__all__ = [
    "FORCED",
    "EgoFacts",
    "Egos",
    "ForcedEvent",
    "Posts",
    "Reach",
    "reach_of",
    "who_is_met",
]

LINK = "event.link"
FORCED = (*EVENTS, "uptake.leave", "uptake.took_up", "uptake.declined", "uptake.stopped")
"""Names of what can be forced, in the order of their codes: after the events that a file can name,
what follows from an offer. Who leaves ends the ties of a link; the others are told, and no more."""


class Egos(NamedTuple):
    """What is fixed about the egos of one team.

    Attributes
    ----------
    address
        (E,) unsigned integers; what `share` draws by.
    site, team
        (E,) int, numbered from 1 as in scenario files, teams within their site.
    arm
        (E,) int, position in the schedule's `arms`, -1 for none.
    baseline
        (E,) int, week of each ego's baseline interview, -1 for none.
    """

    address: np.ndarray
    site: np.ndarray
    team: np.ndarray
    arm: np.ndarray
    baseline: np.ndarray


class Posts(NamedTuple):
    """What is fixed about the staff posts of one team.

    Attributes
    ----------
    role
        (P,) int, position in `ROLES`.
    site, team
        (P,) int, numbered from 1.
    arm
        (P,) int, position in the schedule's `arms`, -1 for none; None when staff are in no arm,
        that is, when single egos are allocated.
    """

    role: np.ndarray
    site: np.ndarray
    team: np.ndarray
    arm: np.ndarray | None = None


class EgoFacts(NamedTuple):
    """What may change about the egos of a team, at the start of one week.

    Attributes
    ----------
    diagnosis
        (E,) int, position in `DIAGNOSES`.
    has_partner, constrictor
        (E,) bool.
    """

    diagnosis: np.ndarray
    has_partner: np.ndarray
    constrictor: np.ndarray


class ForcedEvent(NamedTuple):
    """An event that happens at the start of a segment's first week.

    Attributes
    ----------
    name
        One of `FORCED`.
    egos
        (E,) bool: to whom.
    value
        1, or for `event.closure` the share of ties struck, for `uptake.leave` the week of the link,
        and for what is told of an offer the number of the shock, from 1.
    """

    name: str
    egos: np.ndarray
    value: float


Facts = Callable[[int], EgoFacts]
"""`facts(week)`: what is true of the egos at the start of that week."""

Share = Callable[[int, np.ndarray], np.ndarray]
"""`share(shock_index, ego_address)`: addressed float32 uniforms in (0, 1), one per address."""

Choices = Callable[[int, np.ndarray], np.ndarray]
"""`choices(shock_index, ego_address)`: (2, E) addressed float32 uniforms in (0, 1), of whether each
takes an offer up, and of how long each stays."""


@dataclass
class Reach:
    """One shock in one team of M members, and whom it holds now.

    Attributes
    ----------
    index : int
        Place of the shock in its file, from 0.
    shock : Shock
    offered : ndarray of int64, (M,)
        Week in which the shock starts for each; `NEVER` for none.
    opens : ndarray of int64, (M,)
        The same, but no earlier than the run, and `NEVER` for what is over or comes after it.
    closes : ndarray of int64, (M,)
        Week in which each stops or the shock ends.
    takes, quits : ndarray of bool, (M,)
        Who would take it up; whose end is to stop, not that the shock ends.
    falls : ndarray of int64, (8,)
        From `weeks_of_falls`.
    held : ndarray of bool, (M,)
        Who has been reached so far.
    level : ndarray of int64, (M,)
        Eighths of the effect that hold now.
    """

    index: int
    shock: Shock
    offered: np.ndarray
    opens: np.ndarray
    closes: np.ndarray
    takes: np.ndarray
    quits: np.ndarray
    falls: np.ndarray
    held: np.ndarray
    level: np.ndarray

    def weeks(self) -> np.ndarray:
        """Weeks in which something changes for somebody."""
        begin = self.opens < NEVER
        ends = self.closes[begin & (self.closes < NEVER)]
        steps = np.unique([0, *self.falls])
        return np.concatenate([self.opens[begin], (ends[:, None] + steps).ravel()])

    def turn(self, week: int, starting: np.ndarray) -> list[ForcedEvent]:
        """Start and stop what starts and stops this week; return what is forced or told.

        Parameters
        ----------
        starting : ndarray of bool, (M,)
            Whom the shock reaches this week, whether or not they take it up.
        """
        due = starting & (self.offered == week)
        self.held |= starting & self.takes
        stopping = self.held & self.quits & (self.closes == week)
        since = np.where(self.closes < NEVER, week - self.closes, -1)
        self.level = np.where(self.held, eighths_left(since, self.falls), 0)
        found = self._told(stopping, "stopped") + self._left(stopping)
        found += self._told(due & ~self.takes, "declined") + self._told(due & self.takes, "took_up")
        if self.shock.how == "force":
            found += _forced(self.shock.acts_on, due & self.takes, self.shock.value)
        return found

    def _told(self, whom: np.ndarray, what: str) -> list[ForcedEvent]:
        """What is told of an offer; of a shock that nobody can decline there is nothing to tell."""
        if not self.shock.is_offer:
            return []
        return _forced(f"uptake.{what}", whom, float(self.index + 1))

    def _left(self, stopping: np.ndarray) -> list[ForcedEvent]:
        """Those who stop leave what they were linked to, known by the week of the link."""
        if self.shock.acts_on != LINK:
            return []
        return [
            event
            for week in np.unique(self.offered[stopping])
            for event in _forced("uptake.leave", stopping & (self.offered == week), float(week))
        ]


def _forced(name: str, whom: np.ndarray, value: float) -> list[ForcedEvent]:
    return [ForcedEvent(name, whom, value)] if whom.any() else []


def reach_of(
    index: int,
    shock: Shock,
    offered: np.ndarray,
    egos: Egos,
    start: int,
    stop: int,
    choices: Choices | None,
) -> Reach | None:
    """When a shock starts and stops for each member of a team; None if it never does.

    Parameters
    ----------
    offered
        (M,) int64, week in which the shock starts for each; `NEVER` for none.
    start, stop
        First week of the run and the week after the last.

    Raises
    ------
    ValueError
        The shock is an offer, and there are no `choices`.
    """
    closes = _after(offered, NEVER if shock.weeks is None else shock.weeks)
    takes, quits = np.ones(len(offered), bool), np.zeros(len(offered), bool)
    if shock.is_offer:
        if choices is None:
            raise ValueError(f"shock on {shock.acts_on} is an offer; pass choices=")
        mine = slice(1, 1 + len(egos.address))
        u_take, u_stay = choices(index, egos.address)
        takes[mine] = takes_up(u_take, shock.uptake)
        leaves = _after(offered[mine], weeks_stayed(u_stay, shock.adherence))
        quits[mine] = leaves < closes[mine]
        closes[mine] = np.minimum(closes[mine], leaves)
    falls = weeks_of_falls(shock.decay)
    if shock.how == "force" and shock.adherence == 1:
        past = offered < start
    else:  # of an offer, that somebody stops in the first week of the run is still to be told
        past = _after(closes, falls[-1]) < start + (not shock.is_offer)
    opens = np.where(past | (offered >= stop), NEVER, np.maximum(offered, start))
    if (opens == NEVER).all():
        return None
    none = np.zeros(len(opens), bool)
    return Reach(
        index, shock, offered, opens, closes, takes, quits, falls, none, none.astype(np.int64)
    )


def _after(week: np.ndarray, delay: np.ndarray | int) -> np.ndarray:
    """So many weeks later; never, if either never comes."""
    ever = (week < NEVER) & (np.asarray(delay) < NEVER)
    return np.where(ever, np.where(ever, week, 0) + np.where(ever, delay, 0), NEVER)


def who_is_met(
    reach: Reach, week: int, egos: Egos, facts: Facts | None, share: Share | None
) -> np.ndarray:
    """(E,) bool: egos who meet the conditions that are evaluated at the shock's first week.

    Raises
    ------
    ValueError
        The shock needs `facts` or `share` and there is none.
    """
    who = reach.shock.who
    met = np.ones(len(egos.address), bool)
    if set(who.selects_egos) - {"share"}:
        if facts is None:
            raise ValueError(f"shock on {reach.shock.acts_on} depends on facts; pass facts=")
        now = facts(week)
        if who.diagnosis is not None:
            met &= np.isin(now.diagnosis, [DIAGNOSES.index(one) for one in who.diagnosis])
        if who.has_partner is not None:
            met &= np.asarray(now.has_partner, bool) == who.has_partner
        if who.constrictor is not None:
            met &= np.asarray(now.constrictor, bool) == who.constrictor
    if who.share is not None:
        if share is None:
            raise ValueError(f"shock on {reach.shock.acts_on} takes a share; pass share=")
        met &= np.asarray(share(reach.index, egos.address)) < who.share
    return met
