"""From shocks to what the kernel needs: intervals of weeks in which nothing is turned on or off.

    schedule = Schedule(scenario, catalogue())
    for segment in schedule.segments(egos, posts, start=-52, stop=52, facts=facts, share=share):
        ...  # run weeks segment.start to segment.stop - 1 with segment.params

The caller runs the weeks of a segment before it asks for the next one: who a shock reaches may
depend on the state at the shock's first week, and is asked for (`facts`) only then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from sim.errors import InputError, meant_or_known
from sim.world.kinds import ROLES
from sim.world.parameters import Catalogue
from sim.world.reach import (
    Choices,
    EgoFacts,
    Egos,
    Facts,
    ForcedEvent,
    Posts,
    Reach,
    Share,
    reach_of,
    who_is_met,
)
from sim.world.scenario import Scenario
from sim.world.shock import Shock
from sim.world.uptake import EIGHTHS, NEVER

__all__ = ["EgoFacts", "Egos", "ForcedEvent", "Posts", "Schedule", "Segment"]


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
                    hint = meant_or_known(arm, arms, "it has")
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
        choices: Choices | None = None,
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
        choices
            Asked beforehand by shocks that people may decline or stop.

        Raises
        ------
        InputError
            Shocks that meet take a parameter out of its range.
        ValueError
            A shock needs `facts`, `share` or `choices` and there is none.
        """
        reaches = []
        for index, shock in enumerate(self.scenario.shocks):
            offered = self._offered(shock, egos, posts)
            reach = reach_of(index, shock, offered, egos, start, stop, choices)
            reaches += [] if reach is None else [reach]
        n_egos, n_posts = len(egos.address), len(posts.role)
        if not reaches:
            yield Segment(
                start, stop, self._unshocked(),
                np.zeros(n_egos, np.int32), np.zeros(n_posts, np.int32), (),
            )  # fmt: skip
            return
        asked = lru_cache(maxsize=1)(facts) if facts is not None else None
        turns = np.concatenate([[start, stop], *[reach.weeks() for reach in reaches]])
        weeks = np.unique(turns[(turns >= start) & (turns <= stop)]).tolist()
        for week, following in pairwise(weeks):
            events = self._turn(reaches, week, egos, asked, share)
            params, profile = self._profiles(reaches)
            yield Segment(
                week, following, params, profile[1 : 1 + n_egos], profile[1 + n_egos :], events
            )

    def _offered(self, shock: Shock, egos: Egos, posts: Posts) -> np.ndarray:
        """Week in which a shock starts for each member of the team; `NEVER` for none."""
        n_egos, n_posts = len(egos.address), len(posts.role)
        weeks = np.full(1 + n_egos + n_posts, NEVER)
        if shock.how != "force" and self.catalogue[shock.acts_on].level == "post":
            weeks[1 + n_egos :][self._placed(shock, posts)] = shock.starts
        elif shock.from_week is not None:
            weeks[1 : 1 + n_egos][self._placed(shock, egos)] = shock.starts
        else:
            entered = self._placed(shock, egos) & (egos.baseline >= 0)
            weeks[1 : 1 + n_egos][entered] = egos.baseline[entered] + shock.starts
        return weeks

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
        reaches: Sequence[Reach],
        week: int,
        egos: Egos,
        facts: Facts | None,
        share: Share | None,
    ) -> tuple[ForcedEvent, ...]:
        """Start and stop what starts and stops this week; return the events that are due."""
        middle = slice(1, 1 + len(egos.address))
        events = []
        for reach in reaches:
            starting = reach.opens == week
            if starting.any() and reach.shock.who.selects_egos:
                starting[middle] &= who_is_met(reach, week, egos, facts, share)
            events += [one._replace(egos=one.egos[middle]) for one in reach.turn(week, starting)]
        return tuple(events)

    def _unshocked(self) -> np.ndarray:
        """The record without any shock, copied as plain numbers, not column by column."""
        return self._base.view(np.float32).copy().view(self._base.dtype)

    def _profiles(self, reaches: Sequence[Reach]) -> tuple[np.ndarray, np.ndarray]:
        """Distinct combinations of shocks and their levels: their records, each member's number.

        Numbers are handed out shock by shock, so there is no limit to how many shocks there are;
        the blank first member makes the record without any shock number 0.
        """
        active = [one for one in reaches if one.shock.how != "force" and one.level.any()]
        if not active:
            return self._unshocked(), np.zeros(len(reaches[0].level), np.int32)
        profile = np.zeros(len(reaches[0].level), np.int64)
        for reach in active:
            _, profile = np.unique(profile * (EIGHTHS + 1) + reach.level, return_inverse=True)
        _, example = np.unique(profile, return_index=True)
        params = np.repeat(self._base, len(example))
        for record, member in zip(params, example, strict=True):
            self._apply(record, [reach for reach in active if reach.level[member]], member)
        return params, profile.astype(np.int32)

    def _apply(self, record: np.record, reaches: Sequence[Reach], member: int) -> None:
        """Change one record by the shocks that meet in it, in file order, as in one member."""
        changed: dict[str, float] = {}
        own = self.scenario.parameters
        for reach in reaches:
            path, part = reach.shock.acts_on, float(reach.level[member] / EIGHTHS)
            before = changed.get(path, own.get(path, self.catalogue[path].value))
            changed[path] = reach.shock.applied(before, part)
        for path, value in changed.items():
            meeting = [str(r.index + 1) for r in reaches if r.shock.acts_on == path]
            where = f"{self.scenario.id}: under shock {' and '.join(meeting)}"
            record[self.catalogue[path].field] = self.catalogue.check(path, value, where)
