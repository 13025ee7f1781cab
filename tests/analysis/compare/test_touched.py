"""Whom a difference acts on directly, beside what shocks then really do."""

from functools import cache

import numpy as np
import pytest

from analysis.compare.touched import differing, touched
from sim.world.kinds import Diagnosis, Event, Group, Line, Role
from sim.world.run import Place, live, run_in
from sim.world.scenario import parse_scenario
from sim.world.streams import key_of

WORLD = {"scale": 0.5, "runin_weeks": 4}
PLACE, KEY = Place(1, 1), key_of(5)


def scenario(name, *shocks, **parameters):
    return parse_scenario(
        {"id": name, "title": name, "world": WORLD, "shock": list(shocks), "parameters": parameters}
    )


USUAL = scenario("usual")


@cache
def team():
    return run_in(USUAL, PLACE, KEY)


def shock(acts_on, how="multiply", value=1.2, **more):
    return {"acts_on": acts_on, "how": how, "value": value, "from_week": 0, **more}


def met(*shocks):
    return touched([USUAL, scenario("other", *shocks)], PLACE, team(), KEY)


def entitled(line):
    return team().lines["entitled"][:, line] > 0


CASES = {
    "everybody": (shock("guilt.memory"), lambda: np.ones(team().egos.size, bool)),
    "nobody at this site": (
        shock("guilt.memory", who={"site": 2}), lambda: np.zeros(team().egos.size, bool),
    ),
    "diagnosis": (
        shock("guilt.memory", who={"diagnosis": "bipolar"}),
        lambda: team().egos["diagnosis"] == Diagnosis.BIPOLAR,
    ),
    "partner": (
        shock("guilt.memory", who={"has_partner": True}),
        lambda: (team().column("group") == Group.PARTNER).any(axis=1),
    ),
    "visits of a role": (
        shock("service.coordinator.interval_weeks"), lambda: entitled(Line.COORDINATOR),
    ),
    "time of a role": (
        shock("service.support_worker.capacity", value=0.9), lambda: entitled(Line.SUPPORT_WORKER),
    ),
    "all staff": (shock("service.leaving"), lambda: (team().lines["entitled"] > 0).any(axis=1)),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_those_are_meant_whom_the_shock_says(case):
    one, meant = CASES[case]
    assert (met(one) == meant()).all()


def test_staff_of_one_role_touch_those_whom_they_serve():
    found = met(shock("service.sickness_onset", who={"role": "psychiatrist"}))
    post = team().lines["post"][:, Line.PSYCHIATRIST]
    assert (found == (post >= 0)).all()
    nurses = met(shock("service.sickness_onset", who={"role": "cpn"}))
    served = team().lines["post"][:, Line.COORDINATOR]
    assert (team().posts["role"][served[nurses]] == Role.CPN).all()
    assert 0 < nurses.sum() < entitled(Line.COORDINATOR).sum()


def test_a_share_is_of_the_very_people_whom_the_world_strikes():
    ill = shock("event.episode", "force", 1, who={"share": 0.3})
    found = met(ill)
    events = live(scenario("ill", ill), PLACE, team(), KEY, 1).events
    struck = np.unique(events["ego"][events["event"] == Event.EPISODE_START])
    well = team().egos["acute"] == 0
    assert set(np.flatnonzero(found & well)) <= set(struck)
    assert 0.15 < found.mean() < 0.45


def test_parameters_of_its_own_touch_everybody():
    other = scenario("other", **{"service.self_ration": 0.0})
    assert touched([USUAL, other], PLACE, team(), KEY).all()
    some = scenario("some", CASES["visits of a role"][0])
    assert touched([USUAL, some, other], PLACE, team(), KEY).all()
    assert touched([USUAL, other, some], PLACE, team(), KEY).all()


def test_what_differs_is_told_by_place_in_the_file():
    one, two = shock("guilt.memory"), shock("service.leaving")
    a, b = scenario("a", one, two), scenario("b", one)
    assert [number for number, _ in differing(a, b)] == [1]
    assert [number for number, _ in differing(b, a)] == [1]
    assert differing(a, a) == []
    assert [n for n, _ in differing(a, scenario("c", two, one))] == [0, 0, 1, 1]
