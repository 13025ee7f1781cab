"""Running teams: run-in, scenarios, threads, and what is kept.

A team is the unit of parallel work and the smallest thing that can be replayed. The run-in is
lived once per replicate and shared: every scenario goes on from a copy of the same state.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sim.world.compiled import compiled
from sim.world.kinds import ROLES, Group, Role
from sim.world.parameters import catalogue
from sim.world.phases import layout as c
from sim.world.phases.draws import room_for_draws
from sim.world.phases.events import EPISODE
from sim.world.reach import FORCED
from sim.world.scenario import Scenario
from sim.world.schedule import EgoFacts, Egos, Posts, Schedule, Segment
from sim.world.state import (
    EGO,
    EVENT,
    LANES,
    TIES,
    WEEKLY_COLUMNS,
    Team,
    empty_team,
    free_blocks,
)
from sim.world.streams import Stream, address, key_pair, uniforms
from sim.world.week import Watch, begin, force, live_weeks

__all__ = ["History", "Place", "Watched", "begin_team", "live", "places", "run_in"]

SHOCK_SHARE = int(Stream.SHOCK_SHARE)
FIRST_SLOTS = 48
FIRST_EVENTS = 512
NEXT_STEP = 8


@dataclass(frozen=True)
class Place:
    """Where a team is: site and team within it, both from 1."""

    site: int
    team: int

    @property
    def address(self) -> int:
        """The address of the team as a whole."""
        return address(self.site, self.team, 4095)


@dataclass(frozen=True)
class Watched:
    """Whom to watch in a team, and the weeks whose ends are kept.

    Attributes
    ----------
    egos : ndarray of int32, shape (n,)
        Index of each ego in its team.
    weeks : ndarray of int32, shape (n, W)
        Weeks of interviews, the first being the baseline; c.NEVER for none.
    first_week, n_weeks : int
        The span of the weekly rows.
    """

    egos: np.ndarray
    weeks: np.ndarray
    first_week: int = 0
    n_weeks: int = 0


@dataclass(frozen=True)
class History:
    """What a run kept of one team.

    Attributes
    ----------
    place : Place
    team : Team
        The state after the last week.
    watched : Watched
    egos : ndarray, (n, W) of state.EGO
        Each watched ego at the end of each of its interview weeks.
    blocks : ndarray, (n, W, S/8) of state.TIES
        Its ties then, in blocks of eight slots, as far as its blocks were in use; what stands in
        the others has no meaning. `column` gives one column as a table.
    weekly : ndarray, (n, T, K) float32
        state.WEEKLY_COLUMNS by week.
    events : ndarray of state.EVENT
        Everything that happened in the team, in order.
    """

    place: Place
    team: Team
    watched: Watched
    egos: np.ndarray
    blocks: np.ndarray
    weekly: np.ndarray
    events: np.ndarray

    def column(self, name: str) -> np.ndarray:
        """One column of the ties at the interviews, (n, W, S)."""
        n, waves, blocks = self.blocks.shape
        free = free_blocks(1, LANES)[name].reshape(LANES)[0]
        in_use = np.arange(blocks) < self.egos["blocks"][:, :, None]
        found = np.where(in_use[..., None], self.blocks[name], free)
        return found.reshape(n, waves, blocks * LANES)


NOBODY = Watched(np.zeros(0, np.int32), np.zeros((0, 1), np.int32))


def places(scenario: Scenario) -> list[Place]:
    """The teams of a scenario's world, in order of site and team."""
    teams = scenario.world.teams_per_site
    return [Place(site, team) for site, n in enumerate(teams, 1) for team in range(1, n + 1)]


@lru_cache(maxsize=64)
def _schedule(scenario: Scenario, arms: tuple[str, ...]) -> Schedule:
    return Schedule(scenario, catalogue(), arms)


@lru_cache(maxsize=64)
def _rates(params: bytes) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Records of parameters, those of groups and of lines; the same ones come for every team."""
    rates = np.frombuffer(params, catalogue().dtype).copy()
    usual = c.group_rates(rates), c.line_rates(rates)
    return _records(c.with_shares(rates)), _records(usual[0]), _records(usual[1])


def _arrays(team: Team, segment: Segment, events: np.ndarray, counts: np.ndarray) -> c.Arrays:
    raw = team.ties.view(np.float32).reshape(*team.ties.shape, -1, LANES)
    return c.Arrays(
        _records(team.egos), _records(team.lines), _records(team.posts), _records(team.ties), raw,
        team.diary, team.ledger, *_rates(segment.params.tobytes()), segment.ego_profile,
        segment.post_profile,
        _records(room_for_draws(team.egos["address"])), np.zeros(3 * team.egos.size, np.int64),
        np.zeros(3 * team.egos.size, np.int64), _records(events), counts,
    )  # fmt: skip


def _records(array: np.ndarray) -> np.ndarray:
    """The same records with columns as attributes: one type to the compiler, needed without it."""
    return array.view(np.recarray)


def _with_room(
    attempt: Callable[[int, int], tuple[History, np.ndarray]], slots: int, events: int
) -> History:
    """Try with a number of slots and of events.

    On overflow, again with more. Nothing is dropped.
    """
    while True:
        history, counts = attempt(slots, events)
        if counts[c.OVERFLOW] == 0 and counts[c.N_EVENTS] <= events:
            return history
        slots += NEXT_STEP if counts[c.OVERFLOW] else 0
        events = max(events, 2 * int(counts[c.N_EVENTS]))


def begin_team(
    scenario: Scenario, place: Place, key: np.ndarray, week: int, slots: int = FIRST_SLOTS
) -> Team:
    """A populated team at the start of a week, before any shock.

    Parameters
    ----------
    scenario : Scenario
        For its world (people, staff, scale) and its parameters.
    key : ndarray of uint32, shape (2,)
        From `streams.key_of`.
    """
    world = scenario.world
    n_egos = world.caseload
    posts = [(role, fte) for role, fte_list in world.staff.by_role().items() for fte in fte_list]
    while True:
        team = empty_team(week, n_egos, len(posts), slots)
        team.egos["address"] = [address(place.site, place.team, e) for e in range(n_egos)]
        team.egos["site"], team.egos["team"] = place.site, place.team
        for n, (role, fte) in enumerate(posts):
            code = ROLES.index(role)
            team.posts[n]["address"] = address(place.site, place.team, n)
            team.posts[n]["role"], team.posts[n]["line"] = code, Role(code).line
            team.posts[n]["fte"] = np.float32(fte * world.scale)
        counts = np.zeros(2, np.int64)
        segment = _plain_segment(scenario, n_egos, len(posts))
        arrays = _arrays(team, segment, np.zeros(0, EVENT), counts)
        begin(arrays, week, place.address, catalogue().factor(segment.params[0]), key_pair(key))
        if counts[c.OVERFLOW] == 0:
            return team
        slots += NEXT_STEP


def _plain_segment(scenario: Scenario, n_egos: int, n_posts: int) -> Segment:
    params = catalogue().record(scenario.parameters)
    return Segment(0, 0, params, np.zeros(n_egos, np.int32), np.zeros(n_posts, np.int32), events=())


def run_in(scenario: Scenario, place: Place, key: np.ndarray, slots: int = FIRST_SLOTS) -> Team:
    """A team at week 0: begun `runin_weeks` earlier and lived without shocks.

    Depends on the scenario's world and parameters only: scenarios that differ in shocks share it.
    """
    weeks = scenario.world.runin_weeks
    while True:
        team = begin_team(scenario, place, key, -weeks, slots)
        quiet = _plain_segment(scenario, team.egos.size, team.posts.size)
        counts = np.zeros(2, np.int64)
        arrays = _arrays(team, quiet, np.zeros(0, EVENT), counts)
        live_weeks(arrays, _watch(NOBODY, team.slots), -weeks, 0, key_pair(key))
        if counts[c.OVERFLOW] == 0:
            team.week = 0
            team.ledger[:] = 0
            return team
        slots = team.slots + NEXT_STEP


def widen(team: Team, by: int = NEXT_STEP) -> Team:
    """The same team with `by` more free slots per ego."""
    wider = team.copy()
    wider.ties = free_blocks(team.egos.size, team.slots + by)
    wider.ties[:, : team.ties.shape[1]] = team.ties
    return wider


def _watch(watched: Watched, slots: int) -> Watch:
    """Room for what is watched; interviews of weeks that are not lived find no block in use."""
    n, waves = watched.weeks.shape
    return Watch(
        watched.egos,
        watched.weeks,
        np.zeros((n, waves), EGO),
        np.empty((n, waves, slots // LANES), TIES),
        np.zeros((n, watched.n_weeks, len(WEEKLY_COLUMNS)), np.float32),
        watched.first_week,
    )


def live(
    scenario: Scenario,
    place: Place,
    team: Team,
    key: np.ndarray,
    stop: int,
    *,
    watched: Watched = NOBODY,
    arms: Sequence[str] = (),
    arm: np.ndarray | None = None,
    post_arm: np.ndarray | None = None,
    baseline: np.ndarray | None = None,
    force_at: tuple[int, int] | None = None,
    again: Callable[[int], Team] | None = None,
) -> History:
    """Live a team from its present week to `stop` under a scenario; the team given is not changed.

    Parameters
    ----------
    scenario : Scenario
        Its shocks; its world must be the one the team was begun with.
    watched : Watched
        Whom to keep snapshots and weekly rows of.
    arms, arm, post_arm
        Names of arms; the arm of each ego (E,) and, when whole teams are allocated, of each post.
    baseline : ndarray of int32, shape (E,), optional
        Week of each ego's baseline interview, for shocks that count from it; -1 for none.
    force_at : (week, ego), optional
        An acute episode forced on one ego, beside what the scenario does: for counterfactuals of a
        single life.
    again : callable, optional
        Makes the same team anew with so many slots. With it the team given is used up, not copied.

    Returns
    -------
    History
    """
    segments = _segments(scenario, place, team, key, stop, (arms, arm, post_arm, baseline))
    pair, weeks = key_pair(key), range(team.week, stop)

    def fresh(slots: int) -> Team:
        if again is None:
            return team.copy() if slots <= team.slots else widen(team, slots - team.slots)
        return team if team.week == weeks.start else again(slots)

    def attempt(slots: int, room: int) -> tuple[History, np.ndarray]:
        now = fresh(slots)
        now.week = stop
        counts, events = np.zeros(2, np.int64), np.zeros(room, EVENT)
        watch = _watch(watched, now.slots)
        for segment in segments(now):
            _live_segment(_arrays(now, segment, events, counts), watch, segment, pair, force_at)
            if counts[c.OVERFLOW]:
                break
        kept = (watch.snap_egos, watch.snap_ties, watch.weekly)
        return History(place, now, watched, *kept, events[: counts[c.N_EVENTS]]), counts

    return _with_room(attempt, team.slots, FIRST_EVENTS + team.egos.size * len(weeks) // 2)


def _live_segment(
    arrays: c.Arrays,
    watch: Watch,
    segment: Segment,
    key: tuple[np.uint32, np.uint32],
    force_at: tuple[int, int] | None,
) -> None:
    """Live the weeks of a segment, after the events that are due."""
    for event in segment.events:
        code, value = FORCED.index(event.name), np.float32(event.value)
        force(arrays, segment.start, code, event.egos, value, key)
    start = segment.start
    if force_at is not None and start <= force_at[0] < segment.stop:
        live_weeks(arrays, watch, start, force_at[0], key)
        start, struck = force_at[0], np.arange(arrays.egos.size) == force_at[1]
        force(arrays, start, EPISODE, struck, np.float32(1), key)
    live_weeks(arrays, watch, start, segment.stop, key)


def _segments(
    scenario: Scenario,
    place: Place,
    team: Team,
    key: np.ndarray,
    stop: int,
    allocation: tuple[Sequence[str], np.ndarray | None, np.ndarray | None, np.ndarray | None],
) -> Callable[[Team], Iterable[Segment]]:
    """The scenario's segments for a team; asked anew for each attempt, with the state then held."""
    arms, arm, post_arm, baseline = allocation
    schedule = _schedule(scenario, tuple(arms))
    none = np.full(team.egos.size, -1, np.int32)
    at = np.ones(team.posts.size, np.int32)
    posts = Posts(team.posts["role"], at * place.site, at * place.team, post_arm)
    egos = Egos(
        team.egos["address"],
        team.egos["site"],
        team.egos["team"],
        none if arm is None else arm,
        none if baseline is None else baseline,
    )
    pair, start = key_pair(key), team.week

    def share(shock: int, addresses: np.ndarray) -> np.ndarray:
        return _drawn_of_shock(SHOCK_SHARE, addresses, shock, pair)[0]

    def choices(shock: int, addresses: np.ndarray) -> np.ndarray:
        return _drawn_of_shock(SHOCK_SHARE, addresses, shock, pair)[1:]

    return lambda now: schedule.segments(
        egos, posts, start, stop, facts=lambda _: _facts(now), share=share, choices=choices
    )


@compiled
def _drawn_of_shock(
    stream: int, who: np.ndarray, shock: int, key: tuple[np.uint32, np.uint32]
) -> np.ndarray:
    """Uniforms of each person and the shock: of its share, of its uptake, of adherence to it."""
    found = np.empty((3, who.size), np.float32)
    for i in range(who.size):
        found[0, i], found[1, i], found[2, i], _ = uniforms(stream, who[i], shock, 0, key)
    return found


def _facts(team: Team) -> EgoFacts:
    partner = (team.column("group") == Group.PARTNER).any(axis=1)
    return EgoFacts(team.egos["diagnosis"], partner, team.egos["constrictor"] > 0)
