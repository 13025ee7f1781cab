"""A team lived once under each scenario is the team lived week by week, from where worlds part."""

import numpy as np
import pytest

from analysis.compare.looks import fork_week, forked, life_on_looks
from analysis.compare.outcomes import LIFE_OUTCOMES, life_table
from sim.world.run import Place, live, run_in
from sim.world.scenario import parse_scenario
from sim.world.streams import key_of

WORLD = {"scale": 0.15, "runin_weeks": 4}
PLACE, KEY = Place(1, 1), key_of(5)
TOTAL = np.array([one.total for one in LIFE_OUTCOMES])
FEWER = {"acts_on": "service.coordinator.capacity", "how": "set", "value": 8, "from_week": 4}
ILL = {"acts_on": "event.episode", "how": "force", "from_week": 2, "who": {"share": 0.3}}
SEEN_THEN = {
    "acts_on": "tie.kin.offer_rate", "how": "set", "value": 0.0, "from_week": 2,
    "who": {"has_partner": True},
}  # fmt: skip


def scenario(name, *shocks, **parameters):
    return parse_scenario(
        {"id": name, "title": name, "world": WORLD, "shock": list(shocks), "parameters": parameters}
    )


USUAL = scenario("usual")


def test_looks_on_the_way_are_what_week_by_week_would_show():
    cut, weeks = scenario("cut", ILL, FEWER), (1, 3, 6)
    start = run_in(USUAL, PLACE, KEY)
    found, end = life_on_looks(cut, PLACE, start, KEY, weeks)
    team, seen = start, []
    for week in range(7):
        team = live(cut, PLACE, team, KEY, week + 1).team
        seen += [life_table(team)] if week in weeks else []
    assert (found == np.array(seen)).all()
    assert end.digest() == team.digest()


@pytest.mark.parametrize(
    ("shocks", "other", "week"),
    [
        ((), (FEWER,), 4),
        ((FEWER,), (), 4),
        ((ILL,), (ILL, FEWER), 4),  # the shared one begins in the shared past
        ((SEEN_THEN,), (SEEN_THEN, FEWER), 2),  # whom it reaches depends on the week
        ((ILL,), (ILL,), 8),
        ((FEWER, ILL), (ILL, FEWER), 2),
    ],
)
def test_worlds_part_in_the_first_week_in_which_they_may_differ(shocks, other, week):
    assert fork_week([scenario("a", *shocks), scenario("b", *other)], 8) == week


def test_parameters_of_its_own_part_a_world_from_week_0():
    assert fork_week([USUAL, scenario("b", **{"service.self_ration": 0.0})], 8) == 0


@pytest.mark.parametrize("shocks", [(FEWER,), (ILL, FEWER), (SEEN_THEN, FEWER)])
def test_a_shared_past_changes_no_life(shocks):
    """As lived alone from week 0 on."""
    first, other, weeks = scenario("a", *shocks[:-1]), scenario("b", *shocks), (1, 5, 7)
    found = forked([first, other], PLACE, KEY, weeks).levels
    start = run_in(USUAL, PLACE, KEY)
    for one, levels in zip((first, other), found, strict=True):
        alone, _ = life_on_looks(one, PLACE, start, KEY, weeks)
        assert (levels == alone - np.where(TOTAL, life_table(start), 0)).all()


def test_the_shared_state_is_that_of_the_week_before_the_first_difference():
    fork = forked([USUAL, scenario("b", FEWER)], PLACE, KEY, (7,))
    assert fork.start.week == 4
    there = live(USUAL, PLACE, run_in(USUAL, PLACE, KEY), KEY, 4).team
    assert fork.start.digest() == there.digest()
