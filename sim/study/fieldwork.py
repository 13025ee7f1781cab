"""Fieldwork: the teams live, people are approached, and those who consent make up the sample."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from sim.side_by_side import Progress, side_by_side
from sim.study.allocate import Allocation, GivenArms
from sim.study.eligible import true_sums_of_frame
from sim.study.frame import check_frame
from sim.study.recruit import (
    Candidates,
    interview_weeks,
    quota_of,
    recruit,
    sainte_lague,
    site_weights,
)
from sim.study.seen import gather
from sim.study.spec import Study
from sim.study.turns import SiteFlow, Turn, next_turn, to_watch
from sim.world.parameters import catalogue
from sim.world.run import History, Place, Watched, live, places, run_in
from sim.world.scenario import Scenario
from sim.world.state import Team, free_blocks

__all__ = ["Fieldwork", "Sample"]

Begun = MutableMapping[Place, Team]
"""Teams after run-in, by place; scenarios that differ in shocks alone can share them."""


@dataclass(frozen=True)
class Sample:
    """The participants, in order of recruitment; a smaller study has the first of them.

    Attributes
    ----------
    address : ndarray of uint32, shape (n,)
    site, team, ego : ndarray of int32, shape (n,)
        Site and team within it, from 1; index in the team.
    arm : ndarray of int32, shape (n,)
        Position in the study's arms; -1 without arms.
    weeks : ndarray of int32, shape (n, W)
        Calendar week of each interview as it would take place; the first is the entry.
    egos : ndarray, (n, W) of state.EGO
    members : ndarray, (n, W, S) of seen.MEMBER
    histories : tuple of History
        Of the teams, of participants alone; without `blocks`: what is seen is in `members`.
    home, row : ndarray of int, shape (n,)
        History of each participant, and the place in it.
    """

    address: np.ndarray
    site: np.ndarray
    team: np.ndarray
    ego: np.ndarray
    arm: np.ndarray
    weeks: np.ndarray
    egos: np.ndarray
    members: np.ndarray
    histories: tuple[History, ...]
    home: np.ndarray
    row: np.ndarray


class Fieldwork:
    """A study at work in one replicate of its world.

    Parameters
    ----------
    study : Study
    lived : Scenario
        From `allocate.lived_scenario`.
    key : ndarray of uint32, shape (2,)
    begun : mutable mapping, optional
        Teams after run-in; those missing are added. Without it none is kept.

    Attributes
    ----------
    arms : dict
        Arm of each ego, (E,), of the teams that have lived; None without arms.
    of_frame : dict
        What the eligible of each team truly add up to, where they are asked for.

    Raises
    ------
    InputError
        If the world cannot hold the sample or the arms.
    """

    def __init__(
        self, study: Study, lived: Scenario, key: np.ndarray, begun: Begun | None = None
    ) -> None:
        check_frame(study, lived)
        self.study, self.lived, self.key = study, lived, key
        self.allocation: Allocation | GivenArms = Allocation(study, lived, key)
        self.begun = begun
        self.arms: dict[Place, np.ndarray | None] = {}
        self.of_frame: dict[Place, np.ndarray] = {}

    def watch(
        self,
        place: Place,
        egos: np.ndarray,
        entry: np.ndarray,
        all_entry: np.ndarray,
        weekly: bool,
        to_the_end: bool = True,
    ) -> History:
        """Live a team to the horizon, keeping what interviews of some of its egos would see.

        The ties it ends with, half its memory, are not kept.

        Parameters
        ----------
        egos, entry : ndarray of int, shape (n,)
            Index and entry week of those watched.
        all_entry : ndarray of int, shape (E,)
            Entry week of everybody, for shocks that count from baseline.
        weekly : bool
            Keep weekly rows as long as the team lives.
        to_the_end : bool
            Live to the horizon; without, or without weekly rows, no longer than the last interview.
        """
        team, again = self._begun(place)
        arm, post_arm = self.allocation.of_team(place, team)
        self.arms[place] = arm
        who = team.egos["address"][egos]
        weeks = interview_weeks(self.study, who, entry, self.key)
        last = int(weeks.max(initial=0)) + 1
        stop = self.study.horizon if weekly and to_the_end else last
        found = live(
            self.lived, place, team, self.key, stop,
            watched=Watched(egos.astype(np.int32), weeks, 0, stop if weekly else 0),
            arms=self.allocation.names, arm=arm, post_arm=post_arm,
            baseline=all_entry.astype(np.int32), again=again,
        )  # fmt: skip
        found.team.ties = free_blocks(found.team.egos.size, 0)
        return found

    @property
    def frame(self) -> np.ndarray | None:
        """What everybody eligible truly adds up to; None where no weekly rows are kept."""
        of_teams = [self.of_frame[place] for place in places(self.lived) if place in self.of_frame]
        return np.cumsum(of_teams, axis=0)[-1] if of_teams else None

    def team(self, place: Place) -> Team:
        """A team after its run-in."""
        return self._begun(place)[0]

    def _begun(self, place: Place) -> tuple[Team, Callable[[int], Team] | None]:
        """A team after its run-in, and how to make it anew if nobody else needs it."""
        if self.begun is None:
            return run_in(self.lived, place, self.key), partial(run_in, self.lived, place, self.key)
        if place not in self.begun:
            self.begun[place] = run_in(self.lived, place, self.key)
        return self.begun[place], None

    def run(
        self,
        threads: int = 1,
        weekly: bool = True,
        progress: Progress | None = None,
        frame: bool = False,
        to_the_end: bool = True,
    ) -> tuple[Sample, tuple[SiteFlow, ...]]:
        """Recruit the sample and follow it; `weekly` and `to_the_end` are as in `watch`.

        Sites where too many of those watched turn out not to be eligible are lived again, with
        more people watched; nobody's life depends on who is watched. With `frame`, everybody is
        looked at the first time, and what the eligible truly add up to is kept in `of_frame`.
        """
        return self.run_in_turn(1, threads, weekly, progress, frame, to_the_end)[0]

    def run_in_turn(
        self,
        studies: int,
        threads: int = 1,
        weekly: bool = True,
        progress: Progress | None = None,
        frame: bool = False,
        to_the_end: bool = True,
    ) -> list[tuple[Sample, tuple[SiteFlow, ...]]]:
        """As `run`, of this study and of more of its size that recruit after it, each in its turn.

        The samples are of one world, of other people each: a later one is that of a study whose
        `recruitment.earlier` names the quotas of those before it.
        """
        sequence = sainte_lague(site_weights(self.study, self.lived), self.study.recruitment.n)
        own = quota_of(self.study, self.lived)
        earlier = self.study.recruitment.earlier or ()
        turns: list[Turn] = []
        for quotas in (*earlier, *[own] * studies):
            turns.append(next_turn(self.study, self.lived, self.key, quotas, turns))
        histories: dict[Place, History] = {}
        pending = [s for s in range(len(own)) if any(turn.quotas[s] for turn in turns)]
        while pending:
            watched = {s + 1: to_watch(turns, s) for s in pending}
            kept = (weekly, frame, to_the_end)
            self._live_sites(watched, turns[0].sites, histories, threads, kept, progress)
            pending = [s for s in pending if not self._recruit_site(turns, s, histories)]
        teams = sorted(histories, key=lambda place: (place.site, place.team))
        whole = tuple(histories[place] for place in teams)
        small = tuple(_without_room(history) for history in whole)
        return [
            (self._sample(sequence, turn, whole, small), turn.in_order)
            for turn in turns[len(earlier) :]
        ]

    def _live_sites(
        self,
        watched: dict[int, Candidates],
        everybody: Sequence[Candidates],
        histories: dict[Place, History],
        threads: int,
        kept: tuple[bool, bool, bool],
        progress: Progress | None,
    ) -> None:
        weekly, frame, to_the_end = kept
        params = catalogue().record(self.lived.parameters)

        def work(place: Place) -> History:
            site = watched[place.site]
            here = site.team == place.team
            all_entry = everybody[place.site - 1].entry_of_team(place.team)
            if not frame or place in self.of_frame:
                return self.watch(
                    place, site.ego[here], site.entry[here], all_entry, weekly, to_the_end
                )
            whole = self.watch(place, np.arange(all_entry.size), all_entry, all_entry, weekly)
            self.of_frame[place] = true_sums_of_frame(
                self.study, whole, self.arms[place], params, self.key
            )
            return _of_watched(whole, site.ego[here])

        teams = [place for place in places(self.lived) if place.site in watched]
        stage = "simulating teams again" if histories else "simulating teams"
        lived = side_by_side(work, teams, threads, progress=progress, stage=stage)
        histories.update(zip(teams, list(lived), strict=True))

    def _recruit_site(self, turns: Sequence[Turn], s: int, histories: dict[Place, History]) -> bool:
        """Recruit at a site in every turn; False if in one too few were watched."""
        taken = np.zeros(0, np.uint32)
        for turn in turns:
            site, quota = turn.sites[s], turn.quotas[s]
            known = site.to_watch(turn.wanted[s])
            left = ~np.isin(site.address, taken)
            there, watched = site.of(left), (np.cumsum(left) - 1)[known[left[known]]]
            state = _at_entry(there, watched, histories)
            ceiling = self.study.recruitment.severity_ceiling
            fate, enough = recruit(there, watched, state, quota, ceiling)
            if not enough:
                turn.wanted[s] *= 2
                return False
            turn.flows[s] = SiteFlow(there, fate, quota)
            taken = np.concatenate([taken, there.address[: fate.size][fate == 0]])
        return True

    def _sample(
        self,
        sequence: np.ndarray,
        turn: Turn,
        whole: tuple[History, ...],
        kept: tuple[History, ...],
    ) -> Sample:
        enrolled = {s: iter(flow.enrolled.tolist()) for s, flow in turn.flows.items()}
        chosen = []
        for s in sequence.tolist():
            at = next(enrolled[s], None)
            if at is not None:
                site = turn.flows[s].candidates
                chosen.append((site.site, int(site.team[at]), int(site.ego[at])))
        sites, team, ego = np.array(chosen, np.int32).reshape(-1, 3).T
        number = {(one.place.site, one.place.team): i for i, one in enumerate(whole)}
        home = np.array([number[at] for at in zip(sites.tolist(), team.tolist(), strict=True)], int)
        row, place, own = np.zeros(home.size, int), np.zeros(home.size, int), []
        for i, history in enumerate(whole):
            mine = home == i
            row[mine], place[mine] = _rows_of(history, ego[mine]), np.arange(mine.sum())
            own.append(_of_watched(kept[i], row[mine]))
        found = self._seen(whole, sites, team, ego, home, row)
        return replace(found, histories=tuple(own), row=place)

    def _seen(
        self,
        kept: tuple[History, ...],
        site: np.ndarray,
        team: np.ndarray,
        ego: np.ndarray,
        home: np.ndarray,
        row: np.ndarray,
    ) -> Sample:
        """What interviews would see of the sample, brought into its order."""
        by_team = [np.flatnonzero(home == i) for i in range(len(kept))]
        egos, members = gather(kept, [row[people] for people in by_team], by_team)
        arm, weeks = np.full(home.size, -1, np.int32), np.zeros(egos.shape, np.int32)
        for i, people in enumerate(by_team):
            weeks[people] = kept[i].watched.weeks[row[people]]
            arms = self.arms[kept[i].place]
            if arms is not None:
                arm[people] = arms[ego[people]]
        address = np.ascontiguousarray(egos["address"][:, 0])
        return Sample(address, site, team, ego, arm, weeks, egos, members, kept, home, row)


def _at_entry(site: Candidates, watched: np.ndarray, histories: dict[Place, History]) -> np.ndarray:
    """State in the week of entry of those watched, by their positions, (m,) of state.EGO."""
    state = np.zeros(watched.size, next(iter(histories.values())).egos.dtype)
    for team in np.unique(site.team[watched]).tolist():
        here = site.team[watched] == team
        history = histories[Place(site.site, team)]
        state[here] = history.egos[_rows_of(history, site.ego[watched[here]]), 0]
    return state


def _rows_of(history: History, ego: np.ndarray) -> np.ndarray:
    """Rows of some of those watched of a team, by their indices in it."""
    order = np.argsort(history.watched.egos)
    found: np.ndarray = order[np.searchsorted(history.watched.egos, ego, sorter=order)]
    return found


def _of_watched(history: History, rows: np.ndarray) -> History:
    """What was kept of some of those watched."""
    seen = history.watched
    watched = replace(seen, egos=seen.egos[rows], weeks=seen.weeks[rows])
    kept = {name: getattr(history, name)[rows] for name in ("egos", "blocks", "weekly")}
    return replace(history, watched=watched, **kept)


def _without_room(history: History) -> History:
    """What the study goes on with: no ties, which are gathered, nor room for further events."""
    return replace(history, blocks=history.blocks[:, :, :0].copy(), events=history.events.copy())
