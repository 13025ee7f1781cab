"""Services matter, and not too much: what cuts can do, way by way, and what bounds more contact."""

import numpy as np
import pytest

from analysis.compare.futures import expected_effects
from analysis.compare.outcomes import outcome_at
from analysis.compare.paired import lives_side_by_side
from analysis.compare.ways import (
    ALL_OFF,
    ALL_TOP,
    WAYS,
    a_third_of_visits,
    fewest_visits,
    frequently_admitted,
    more_contact,
    only_staff,
    usual_with,
)
from sim.world.parameters import catalogue
from sim.world.scenario import read_scenario

LAST_QUARTERS = [77, 90, 103]
ILLNESS = ("treated", "acute", "episode", "crises", "admissions", "hospital_days")
FEW = catalogue()["crisis.few"].value


def cut(parameters, teams, to=fewest_visits):
    worlds = [usual_with(parameters), to(parameters)]
    return lives_side_by_side(worlds, LAST_QUARTERS, teams, subgroups={"uk": frequently_admitted})


def effect_by_team(lives, outcome):
    """A person's effect in each team: totals at the end, levels over the last quarters."""
    at = outcome_at(outcome)
    apart = (lives.sums[1] - lives.sums[0])[:, 0, :, at]
    total = outcome in ("episode", "crises", "admissions", "hospital_days")
    return (apart[:, -1] if total else apart.mean(axis=1)) / lives.people[:, 0]


def test_with_all_ways_off_no_cut_touches_illness():
    lives = cut(ALL_OFF, 3)
    for name in ILLNESS:
        assert not (lives.sums[1] - lives.sums[0])[..., outcome_at(name)].any(), name
    kept = outcome_at("kept")
    assert lives.sums[1, :, 0, -1, kept].sum() < 0.5 * lives.sums[0, :, 0, -1, kept].sum()


def test_every_value_of_a_way_is_an_end_of_its_range():
    for way in WAYS.values():
        for path, value in way.top.items():
            assert value in (catalogue()[path].low, catalogue()[path].high), path


@pytest.mark.verify
@pytest.mark.parametrize("name", WAYS)
def test_each_way_alone_moves_its_own_outcome(name):
    way = WAYS[name]
    alone = {path: value for path, value in ALL_OFF.items() if path not in way.off}
    none, some = cut(ALL_OFF, 24), cut(alone | way.top, 24)
    more = effect_by_team(some, way.outcome) - effect_by_team(none, way.outcome)
    reach = 1.96 * more.std(ddof=1) / np.sqrt(more.size)
    assert way.harm * more.mean() > reach


@pytest.mark.verify
def test_a_new_worker_every_year_costs_trust_and_treatment():
    worlds = [read_scenario("usual-care"), read_scenario("staff-turnover")]
    lives = lives_side_by_side(worlds, LAST_QUARTERS, 60)
    for name in ("worker_trust", "treated"):
        value, mcse = (x[outcome_at(name)] for x in lives.difference(1, 0, slice(None)))
        assert value < -1.96 * mcse, name


@pytest.mark.verify
def test_at_the_top_of_their_ranges_a_deep_cut_harms_those_who_have_only_staff():
    lives = cut(ALL_TOP, 24, a_third_of_visits)
    kept, admissions = outcome_at("kept"), outcome_at("admissions")
    usual, _ = lives.mean(0)
    apart, mcse = lives.difference(1)
    assert apart[kept] / usual[kept] == pytest.approx(-0.65, abs=0.02)
    assert apart[admissions] - 1.96 * mcse[admissions] > 0.10 * usual[admissions]
    worse = expected_effects(
        (usual_with(ALL_TOP), a_third_of_visits(ALL_TOP)), "wellbeing", [91, 95, 99, 103],
        lambda team: only_staff(team, FEW), teams=12, futures=40,
    )  # fmt: skip
    share, error = worse.share_worse(0.5)
    assert share - 1.96 * error > 0.05


@pytest.mark.verify
def test_more_contact_does_no_more_than_trials_of_it_found():
    worlds = [usual_with({}), more_contact({})]
    lives = lives_side_by_side(worlds, LAST_QUARTERS, 400, subgroups={"uk": frequently_admitted})
    usual, _ = lives.mean(0, 1)
    apart, mcse = lives.difference(1, 1)
    kept, days = outcome_at("kept"), outcome_at("hospital_days")
    assert apart[kept] > 0.5 * usual[kept]
    assert abs(apart[days]) + 1.96 * mcse[days] < 0.14 * usual[days]
    level, error = lives.difference(1, 1, slice(None))
    for name, sd in (("wellbeing", 0.84), ("severity", 0.137)):
        at = outcome_at(name)
        assert abs(level[at]) + 1.96 * error[at] < 0.15 * sd, name
