"""From shocks to what the kernel needs: intervals of weeks in which nothing is turned on or off.

    schedule = Schedule(scenario, catalogue())
    for segment in schedule.segments(egos, posts, start=-52, stop=52, facts=facts, share=share):
        ...  # run weeks segment.start to segment.stop - 1 with segment.params

The caller runs the weeks of a segment before it asks for the next one: who a shock reaches may
depend on the state at the shock's first week, and is asked for (`facts`) only then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from sim.errors import InputError, nearest
from sim.world.kinds import ROLES
from sim.world.parameters import Catalogue
from sim.world.scenario import Scenario
from sim.world.shock import DIAGNOSES, Shock

__all__ = ["EgoFacts", "Egos", "ForcedEvent", "Posts", "Schedule", "Segment"]

NEVER = np.iinfo(np.int64).max


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
        One of `sim.world.shock.EVENTS`.
    egos
        (E,) bool: to whom.
    value
        1, or for `event.closure` the share of ties struck.
    """

    name: str
    egos: np.ndarray
    value: float


class Segment(NamedTuple):
    """Consecutive weeks in which parameters stand still.

    Attributes
    ----------
    start, stop
        First week, and the week after the last.
    params
        (K,) records, dtype `Catalogue.dtype`; the first is the one without any shock.
    ego_profile, post_profile
        (E,) and (P,) int32: which record holds for each ego and each post.
    events
        Forced events due at the start of week `start`, in file order.
    """

    start: int
    stop: int
    params: np.ndarray
    ego_profile: np.ndarray
    post_profile: np.ndarray
    events: tuple[ForcedEvent, ...]


Facts = Callable[[int], EgoFacts]
"""`facts(week)`: what is true of the egos at the start of that week."""

Share = Callable[[int, np.ndarray], np.ndarray]
"""`share(shock_index, ego_address)`: addressed float32 uniforms in (0, 1), one per address."""


@dataclass
class _Reach:
    """One shock in one team: when it starts and stops for each member, and whom it holds now.

    A team's members are one blank member whom no shock reaches, the egos, then the posts.
    """

    index: int
    shock: Shock
    opens: np.ndarray
    closes: np.ndarray
    active: np.ndarray


class Schedule:
    """The shocks of one scenario, ready to be carried out in any of its teams.

    Parameters
    ----------
    scenario
        A checked scenario.
    catalogue
        The catalogue it was checked against.
    arms
        Names of the study's arms; the positions are the codes in `Egos.arm`.

    Raises
    ------
    InputError
        A shock names an arm that the study does not have.
    """

    def __init__(self, scenario: Scenario, catalogue: Catalogue, arms: Sequence[str] = ()) -> None:
        self.scenario = scenario
        self.catalogue = catalogue
        self.arms = tuple(arms)
        self._base = catalogue.record(scenario.parameters)
        for number, shock in enumerate(scenario.shocks, start=1):
            for arm in shock.who.arm or ():
                if arm not in self.arms:
                    hint = nearest(arm, arms) or f"; it has {', '.join(arms) or 'none'}"
                    raise InputError(
                        f'{scenario.id}, shock {number} who.arm: the study has no arm "{arm}"{hint}'
                    )

    def segments(
        self,
        egos: Egos,
        posts: Posts,
        start: int,
        stop: int,
        facts: Facts | None = None,
        share: Share | None = None,
    ) -> Iterator[Segment]:
        """Intervals that cover the weeks `start` to `stop` - 1 of one team, in order.

        Overlapping shocks apply in file order. A shock under way at `start` begins at `start`;
        an event due before it is past.

        Parameters
        ----------
        egos, posts
            The team.
        start, stop
            First week and the week after the last; run-in weeks are negative.
        facts
            Asked, at a shock's first week, by shocks whose `who` names diagnosis, has_partner or
            constrictor; the answer is frozen.
        share
            Asked likewise by shocks whose `who` names a share.

        Raises
        ------
        InputError
            Shocks that meet take a parameter out of its range.
        ValueError
            A shock needs `facts` or `share` and there is none.
        """
        reaches = [
            reach
            for index, shock in enumerate(self.scenario.shocks)
            if (reach := self._reach(index, shock, egos, posts, start, stop)) is not None
        ]
        n_egos, n_posts = len(egos.address), len(posts.role)
        if not reaches:
            yield Segment(
                start, stop, self._unshocked(),
                np.zeros(n_egos, np.int32), np.zeros(n_posts, np.int32), (),
            )  # fmt: skip
            return
        asked = lru_cache(maxsize=1)(facts) if facts is not None else None
        turns = np.concatenate([[start, stop], *[[*r.opens, *r.closes] for r in reaches]])
        weeks = np.unique(turns[(turns >= start) & (turns <= stop)]).tolist()
        for week, following in pairwise(weeks):
            events = self._turn(reaches, week, egos, asked, share)
            params, profile = self._profiles(reaches)
            yield Segment(
                week, following, params, profile[1 : 1 + n_egos], profile[1 + n_egos :], events
            )

    def _reach(
        self, index: int, shock: Shock, egos: Egos, posts: Posts, start: int, stop: int
    ) -> _Reach | None:
        """When a shock starts and stops for each member of the team; None if it never does."""
        is_event = shock.how == "force"
        n_egos, n_posts = len(egos.address), len(posts.role)
        opens = np.full(1 + n_egos + n_posts, NEVER)
        if not is_event and self.catalogue[shock.acts_on].level == "post":
            opens[1 + n_egos :][self._placed(shock, posts)] = shock.starts
        elif shock.from_week is not None:
            opens[1 : 1 + n_egos][self._placed(shock, egos)] = shock.starts
        else:
            entered = self._placed(shock, egos) & (egos.baseline >= 0)
            opens[1 : 1 + n_egos][entered] = egos.baseline[entered] + shock.starts
        closes = np.full_like(opens, NEVER)
        if shock.weeks is not None:
            closes[opens < NEVER] = opens[opens < NEVER] + shock.weeks
        past = opens < start if is_event else closes <= start
        opens[past | (opens >= stop)] = NEVER
        opens = np.maximum(opens, start)
        if (opens == NEVER).all():
            return None
        return _Reach(index, shock, opens, closes, np.zeros(len(opens), bool))

    def _placed(self, shock: Shock, members: Egos | Posts) -> np.ndarray:
        """Members who meet the conditions that never change: site, team, role, arm."""
        who = shock.who
        chosen = np.ones(len(members.site), bool)
        if who.site is not None:
            chosen &= np.isin(members.site, who.site)
        if who.team is not None:
            chosen &= np.isin(members.team, who.team)
        if who.role is not None and isinstance(members, Posts):
            chosen &= np.isin(members.role, [ROLES.index(role) for role in who.role])
        if who.arm is not None:
            if members.arm is None:
                raise InputError(
                    f"{self.scenario.id}: {shock.acts_on} belongs to staff posts, which are in no "
                    "arm here; allocate teams or sites, or act on something else"
                )
            chosen &= np.isin(members.arm, [self.arms.index(arm) for arm in who.arm])
        return chosen

    def _turn(
        self,
        reaches: Sequence[_Reach],
        week: int,
        egos: Egos,
        facts: Facts | None,
        share: Share | None,
    ) -> tuple[ForcedEvent, ...]:
        """Start and stop what starts and stops this week; return the events that are due."""
        events = []
        middle = slice(1, 1 + len(egos.address))
        for reach in reaches:
            reach.active &= reach.closes != week
            starting = reach.opens == week
            if not starting.any():
                continue
            if reach.shock.who.selects_egos:
                starting[middle] &= _met(reach, week, egos, facts, share)
            if reach.shock.how != "force":
                reach.active |= starting
            elif starting.any():
                events.append(ForcedEvent(reach.shock.acts_on, starting[middle], reach.shock.value))
        return tuple(events)

    def _unshocked(self) -> np.ndarray:
        """The record without any shock, copied as plain numbers, not column by column."""
        return self._base.view(np.float32).copy().view(self._base.dtype)

    def _profiles(self, reaches: Sequence[_Reach]) -> tuple[np.ndarray, np.ndarray]:
        """Distinct combinations of active shocks: their records, and each member's number.

        Numbers are handed out shock by shock, so there is no limit to how many shocks there are;
        the blank first member makes the record without any shock number 0.
        """
        active = [reach for reach in reaches if reach.active.any()]
        if not active:
            return self._unshocked(), np.zeros(len(reaches[0].active), np.int32)
        profile = np.zeros(len(reaches[0].active), np.int64)
        for reach in active:
            _, profile = np.unique(profile * 2 + reach.active, return_inverse=True)
        _, example = np.unique(profile, return_index=True)
        params = np.repeat(self._base, len(example))
        for record, member in zip(params, example, strict=True):
            self._apply(record, [reach for reach in active if reach.active[member]])
        return params, profile.astype(np.int32)

    def _apply(self, record: np.record, reaches: Sequence[_Reach]) -> None:
        """Change one record by the shocks that meet in it, in file order."""
        changed: dict[str, float] = {}
        own = self.scenario.parameters
        for reach in reaches:
            path = reach.shock.acts_on
            before = changed.get(path, own.get(path, self.catalogue[path].value))
            changed[path] = reach.shock.applied(before)
        for path, value in changed.items():
            meeting = [str(r.index + 1) for r in reaches if r.shock.acts_on == path]
            where = f"{self.scenario.id}: under shock {' and '.join(meeting)}"
            record[self.catalogue[path].field] = self.catalogue.check(path, value, where)


def _met(
    reach: _Reach, week: int, egos: Egos, facts: Facts | None, share: Share | None
) -> np.ndarray:
    """(E,) bool: egos who meet the conditions that are evaluated at the shock's first week."""
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
