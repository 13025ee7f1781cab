"""Codes of the world: every one has a measure, and each measure finds what it should."""

from types import SimpleNamespace

import numpy as np
import pytest

from analysis.patterns.catalogue import OF_ALL
from analysis.saturation import codes
from analysis.saturation.code_list import world_codes
from analysis.saturation.codes import CODE_MEASURES, has_code
from analysis.saturation.lived import Lived, within
from sim.study.simulate import simulate_study
from sim.world.kinds import Event
from sim.world.scenario import read_scenario


def test_every_code_has_a_measure_and_points_at_patterns_there_are():
    assert list(CODE_MEASURES) == list(world_codes())
    for code in world_codes().values():
        assert {int(one[1:]) for one in code.patterns} <= set(range(1, OF_ALL + 1))


def test_within_looks_back_so_far_and_never_ahead():
    key, week = np.array([1, 1, 1, 2]), np.array([10, 15, 4, 10])
    found = within(key, week, np.array([1]), np.array([5]), 5)
    assert found.tolist() == [True, False, False, False]
    nothing = np.zeros(0, int)
    assert within(key, week, nothing, nothing, 5).tolist() == [False] * 4


@pytest.fixture(scope="module")
def people(lived):
    """Twenty people of a simulated study."""
    recruitment = lived.recruitment.model_copy(update={"n": 20})
    study = lived.model_copy(update={"recruitment": recruitment})
    done = simulate_study(read_scenario("usual-care"), study, seed=2, interviews_only=True)
    return SimpleNamespace(study=done, lived=Lived(done))


@pytest.mark.parametrize("name", list(world_codes()))
def test_nobody_has_a_code_before_it_can_be_or_after_death(name, people):
    found = has_code(people.lived, name)
    assert found.shape == people.lived.shape
    assert found.dtype == bool
    assert not found[~people.lived.alive].any()
    if world_codes()[name].at == "follow-ups":
        assert not found[:, 0].any()


def test_events_are_those_of_the_person_in_the_period(people):
    """Counted again, person by person, from the list of the team."""
    lived, sample = people.lived, people.study.sample
    again = np.zeros(lived.shape, int)
    for i in range(people.study.n):
        events = sample.histories[sample.home[i]].events
        mine = events[(events["ego"] == sample.ego[i]) & (events["event"] == Event.VISIT_CANCELLED)]
        first, last = sample.weeks[i]
        again[i, 1] = ((mine["week"] > first) & (mine["week"] <= last)).sum()
    assert again.sum() > 0
    np.testing.assert_array_equal(lived.times(lived.event == Event.VISIT_CANCELLED), again)


def test_a_line_drawn_higher_gives_a_code_to_fewer(people):
    low = codes.kin_for_love(people.lived, help=0.02)
    high = codes.kin_for_love(people.lived, help=0.2)
    assert not (low & ~high).any()
    assert high.sum() > low.sum()
    far = codes.cancelled_for_someone_poorlier(people.lived, weeks=20, own_weeks=13)
    near = codes.cancelled_for_someone_poorlier(people.lived, weeks=0, own_weeks=13)
    assert not (near & ~far).any()
