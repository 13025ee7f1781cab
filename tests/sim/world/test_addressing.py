"""Every draw has an address: what is added elsewhere changes nothing here, unless people compete.

The consequences of addressed randomness, one test each. Egos of one team meet only in their
workers' diaries, so that is the only way one person's life can change another's.
"""

import ast
import inspect

import numpy as np
import pytest

from sim.world import run, schedule, streams
from sim.world.kinds import ROLES
from sim.world.run import Place, begin_team, live, places, run_in
from sim.world.scenario import list_scenarios
from sim.world.state import BOOKED, EGO, LINE, MARK_COLUMNS, TIE_COLUMNS
from sim.world.streams import key_of

HERE = Place(2, 1)
KEY = key_of(31, 2)
TOP = {"psychiatrist": 40, "coordinator": 20, "support_worker": 30}
AMPLE = {f"service.{line}.capacity": top for line, top in TOP.items()}
SCARCE = {f"service.{line}.capacity": 8 for line in ("psychiatrist", "coordinator")}


def digests(scenario, stop=6):
    """The digest of every team of a scenario's world after some weeks."""
    found = {}
    for place in places(scenario):
        found[place] = live(scenario, place, run_in(scenario, place, KEY), KEY, stop).team.digest()
    return found


def lives(team):
    """(E, bytes): everything about each ego but where it stands in the arrays."""
    columns = [team.egos[name][:, None] for name in EGO.names]
    columns += [team.lines[name] for name in LINE.names]
    columns += [team.column(name) for name, *_ in TIE_COLUMNS + MARK_COLUMNS if name != "known"]
    used = team.column("group") >= 0  # the clock of acquaintance runs in free slots too
    columns.append(np.where(used, team.column("known"), 0))
    rows = [np.ascontiguousarray(column).view(np.uint8) for column in columns]
    return np.concatenate([row.reshape(team.egos.size, -1) for row in rows], axis=1)


def desks(team):
    """(P, bytes): what one person's visits can change about each post."""
    shared = np.concatenate([team.posts["room"][:, None], team.diary[BOOKED]], axis=1)
    return np.ascontiguousarray(shared).view(np.uint8)


def weeks_of(scenario, stop):
    """The team at the end of each week of the study, and before the first."""
    team = run_in(scenario, HERE, KEY)
    yield team
    while team.week < stop:
        team = live(scenario, HERE, team, KEY, team.week + 1).team
        yield team


# teams and sites


@pytest.fixture(scope="module")
def usual(world_of):
    scenario = world_of(teams_per_site=[2, 1], egos_per_team=12, runin_weeks=4)
    return digests(scenario)


def test_teams_differ(usual):
    assert len(set(usual.values())) == 3


@pytest.mark.parametrize("teams", [[3, 1], [2, 2], [2, 1, 1], [4, 3, 2]])
def test_another_team_or_site_changes_no_team(teams, usual, world_of):
    more = digests(world_of(teams_per_site=teams, egos_per_team=12, runin_weeks=4))
    assert len(more) == sum(teams) > len(usual)
    assert {place: more[place] for place in usual} == usual


def test_another_teams_people_and_shocks_change_no_team(usual, world_of):
    """A team's run takes its own place and key only; a shock to one team is no other's."""
    shock = [
        {"acts_on": "event.episode", "how": "force", "value": 1, "from_week": 1, "who": {"site": 2}}
    ]
    struck = digests(world_of(shock=shock, teams_per_site=[2, 1], egos_per_team=12, runin_weeks=4))
    assert struck[Place(1, 1)] == usual[Place(1, 1)]
    assert struck[Place(1, 2)] == usual[Place(1, 2)]
    assert struck[Place(2, 1)] != usual[Place(2, 1)]


# one more ego in the team


@pytest.fixture(scope="module")
def grown(world_of):
    """Two scenarios that differ in one ego, appended."""

    def both(parameters=None, egos=24, **world):
        return [
            world_of("usual-care", parameters, egos_per_team=n, **world) for n in (egos, egos + 1)
        ]

    return both


def test_an_appended_ego_changes_nobodys_start(grown):
    few, many = (begin_team(scenario, HERE, KEY, -4) for scenario in grown())
    assert many.egos.size == few.egos.size + 1
    assert np.array_equal(lives(few), lives(many)[:-1])
    assert few.posts.tobytes() == many.posts.tobytes()
    assert few.diary.tobytes() == many.diary.tobytes()


def test_an_appended_ego_changes_nobodys_draws(grown):
    """The numbers by which a week falls out hang on addresses alone."""
    few, many = (begin_team(scenario, HERE, KEY, -4) for scenario in grown())
    names = {"EGO_TRAITS", "CONTACT", "FATE", "VISIT", "TIE_BIRTH"}
    for name in sorted(names):
        for who, other in zip(few.egos["address"], many.egos["address"], strict=False):
            here = streams.uniforms(streams.Stream[name], who, 4100, 7, KEY)
            assert here == streams.uniforms(streams.Stream[name], other, 4100, 7, KEY)


@pytest.mark.parametrize("egos", [1, 7, 8, 15])
def test_with_capacity_for_all_an_appended_ego_changes_nobodys_year(egos, grown):
    """At a few visits a week over posts of twenty and more, nobody is ever displaced."""
    full = {role: {"posts": 2, "fte": [1.0, 1.0]} for role in ROLES}
    few, many = grown(AMPLE, egos, runin_weeks=4, staff=full)
    for left, right in zip(weeks_of(few, 52), weeks_of(many, 52), strict=True):
        assert np.array_equal(lives(left), lives(right)[:-1])
    assert left.week == 52


ONE_POST = {"posts": 1, "fte": [0.5]}
TWO_POSTS = {"posts": 2, "fte": [0.7, 0.6]}


def test_otherwise_a_life_changes_only_after_the_load_of_its_worker(grown):
    staff = {"psychiatrist": TWO_POSTS, "cpn": TWO_POSTS, "care_coordinator": ONE_POST}
    staff["support_worker"] = ONE_POST
    few, many = grown(SCARCE, 47, staff=staff, runin_weeks=0)
    n = few.world.egos_per_team
    parted = np.full(n, 9999)
    loaded = np.full(5 + 1, 9999)  # week in which each post's load first differs
    for week, (left, right) in enumerate(zip(weeks_of(few, 52), weeks_of(many, 52), strict=True)):
        loaded[(desks(left) != desks(right)).any(axis=1) & (loaded == 9999)] = week
        now = (lives(left) != lives(right)[:-1]).any(axis=1) & (parted == 9999)
        parted[now] = week
        for ego in np.flatnonzero(now):
            posts = {*left.lines["post"][ego], *right.lines["post"][ego]} - {-1}
            assert min((loaded[post] for post in posts), default=9999) <= week
    assert parted.min() > 0  # the start is the same
    assert (parted < 9999).any()  # people did compete
    assert (parted == 9999).any()  # and not everybody's life was touched


# the scenario is not in the key


def test_nothing_of_a_scenario_enters_a_draw():
    for function in (streams.key_of, streams.philox, streams.uniforms, streams.address):
        assert "scenario" not in inspect.signature(function).parameters
    calls = [
        ast.unparse(node)
        for node in ast.walk(ast.parse(inspect.getsource(run) + inspect.getsource(schedule)))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"uniforms", "key_of"}
    ]
    assert calls
    assert all("scenario" not in call for call in calls)


@pytest.mark.parametrize("name", list_scenarios())
def test_before_its_first_shock_a_scenario_is_the_world_without_it(name, world_of):
    size = {"egos_per_team": 24, "runin_weeks": 8}
    shocked, quiet = world_of(name, **size), world_of(name, shock=[], **size)
    starts = [shock.starts for shock in shocked.shocks]
    first = min(starts, default=20)
    team = run_in(quiet, HERE, KEY)
    assert run_in(shocked, HERE, KEY).digest() == team.digest()
    before, without = (live(one, HERE, team, KEY, first) for one in (shocked, quiet))
    assert before.team.digest() == without.team.digest()
    assert before.events.tobytes() == without.events.tobytes()
    if starts:  # and the shock does something
        after, still = (live(one, HERE, team, KEY, first + 20) for one in (shocked, quiet))
        assert after.team.digest() != still.team.digest()


def test_scenarios_with_the_parameters_of_usual_care_share_its_run_in(world_of):
    size = {"egos_per_team": 24, "runin_weeks": 8}
    usual = world_of(**size)
    start = run_in(usual, HERE, KEY).digest()
    others = [world_of(name, **size) for name in list_scenarios()]
    sharing = [
        one for one in others if (one.parameters, one.world) == (usual.parameters, usual.world)
    ]
    assert len(sharing) > 5
    assert {run_in(one, HERE, KEY).digest() for one in sharing} == {start}
