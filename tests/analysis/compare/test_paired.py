"""Paired lives: what a scenario did and nothing else, whatever is counted beside it."""

import numpy as np
import pytest

from analysis.compare.outcomes import LIFE_OUTCOMES, outcome_at
from analysis.compare.paired import PairedLives, lives_side_by_side
from sim.world.scenario import parse_scenario

WEEKS = (3, 7)
FEWER = {"acts_on": "service.coordinator.capacity", "how": "set", "value": 8, "from_week": 0}
WORLD = {"scale": 0.15, "runin_weeks": 4}


def scenario(name, *shock):
    return parse_scenario({"id": name, "title": name, "world": WORLD, "shock": list(shock)})


USUAL, CUT = scenario("usual"), scenario("cut", FEWER)


def by_hand(sums, people):
    """One outcome, two worlds, two teams, everybody, one week."""
    shape = (2, 2, 1, 1, 1)
    return PairedLives(
        ("a", "b"), np.array([0]), ("everybody",), np.array(people, float)[:, None],
        np.array(sums, float).reshape(shape),
    )  # fmt: skip


def test_a_difference_is_a_person_and_its_error_is_between_teams():
    lived = by_hand([[4, 6], [5, 9]], [10, 10])
    value, error = lived.difference(1)
    assert value == pytest.approx([(1 + 3) / 20])
    assert error == pytest.approx([np.std([0.1, 0.3], ddof=1) / np.sqrt(2)])
    assert lived.mean(0)[0] == pytest.approx([0.5])
    same, none = by_hand([[4, 6], [5, 7]], [10, 10]).difference(1)
    assert same == pytest.approx([0.1])
    assert none == pytest.approx([0], abs=1e-12)


@pytest.fixture(scope="module")
def lived():
    return lives_side_by_side([USUAL, CUT, USUAL], WEEKS, 2, seed=4)


def test_a_scenario_against_itself_differs_by_nothing(lived):
    for value in lived.difference(2, weeks=slice(None)):
        assert (value == 0).all()
    assert (lived.sums[0] == lived.sums[2]).all()


def test_fewer_visits_are_seen_and_the_other_way_round_they_are_more(lived):
    there, error = lived.difference(1)
    back, other_error = lives_side_by_side([CUT, USUAL], WEEKS, 2, seed=4).difference(1)
    assert there == pytest.approx(-back, abs=1e-12)
    assert error == pytest.approx(other_error)
    assert there[outcome_at("kept")] < 0


def test_totals_begin_with_the_shared_past_and_rise(lived):
    totals = [number for number, one in enumerate(LIFE_OUTCOMES) if one.total]
    first, last = (lived.sums[:, :, 0, week][..., totals] for week in (0, 1))
    assert (first >= 0).all()
    assert (last >= first - 1e-3).all()
    assert lived.mean(0, weeks=0)[0][outcome_at("kept")] < 4


def test_subgroups_are_told_by_the_shared_state_and_add_up():
    parts = {
        "ill": lambda team: team.egos["acute"] > 0,
        "well": lambda team: team.egos["acute"] == 0,
    }
    lived = lives_side_by_side([USUAL, CUT], WEEKS, 2, subgroups=parts, seed=4, threads=1)
    assert lived.groups == ("everybody", "ill", "well")
    everybody, ill, well = np.moveaxis(lived.sums, 2, 0)
    assert everybody == pytest.approx(ill + well)
    assert (lived.people[:, 0] == lived.people[:, 1] + lived.people[:, 2]).all()
    again = lives_side_by_side([USUAL, CUT], WEEKS, 2, subgroups=parts, seed=4, threads=2)
    assert (again.sums == lived.sums).all()
