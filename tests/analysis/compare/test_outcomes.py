"""Outcomes of a life are read off a team as they stand; sums over ties are by class."""

import numpy as np
import pytest

from analysis.compare.outcomes import LIFE_OUTCOMES, has_no_other, life_table, outcome_at
from sim.world.kinds import Group
from sim.world.run import Place, begin_team
from sim.world.scenario import parse_scenario
from sim.world.streams import key_of

TIES = [
    (Group.PARTNER, 0.4, 0.5, 0.1), (Group.KIN, 0.3, 0.2, 0.2), (Group.YOUNG_KIN, 0.1, 0.1, 0.4),
    (Group.FRIEND, 0.2, 0.3, 0.8), (Group.WEAK, 0.1, 0.1, 0.8), (Group.COORDINATOR, 0.5, 0.6, 0.8),
    (Group.OBJECT, 0.7, 0.7, 0.7),
]  # fmt: skip
"""Group, support, support anticipated and load of the ties of the first ego."""


@pytest.fixture
def team():
    """Three egos: one with the ties above and a friend out of touch, one dead, one with nobody."""
    scenario = parse_scenario({"id": "few", "title": "Few", "world": {"egos_per_team": 3}})
    made = begin_team(scenario, Place(1, 1), key_of(1), 0)
    made.ties["group"] = -1
    made.ties["active"] = 0
    first = made.ties[0].copy()
    for slot, (group, *felt) in enumerate([*TIES, (Group.FRIEND, 0.9, 0.9, 0.9)]):
        block, lane = divmod(slot, 8)
        first["group"][block, lane] = group
        first["active"][block, lane] = slot < len(TIES)
        for name, value in zip(("support", "anticipated", "load"), felt, strict=True):
            first[name][block, lane] = value
    made.ties[0] = first
    made.egos["alive"] = [1, 0, 1]
    made.egos["acute"] = [1, 1, 0]
    made.egos["admissions"] = [2, 3, 0]
    return made


def test_each_outcome_has_a_name_and_a_column_of_its_own():
    names = [one.name for one in LIFE_OUTCOMES]
    assert len(set(names)) == len(names)
    assert [outcome_at(name) for name in names] == list(range(len(names)))


def test_ties_in_touch_are_summed_by_class(team):
    row = dict(zip([one.name for one in LIFE_OUTCOMES], life_table(team)[0], strict=True))
    counts = {"partners": 1, "kin": 2, "friends": 1, "weak_ties": 1, "professionals": 1}
    assert {name: row[name] for name in counts} == counts
    assert row["objects"] == 1
    expected = {
        "help_partner": 0.4, "help_kin": 0.4, "help_friends": 0.3, "help_professionals": 0.5,
        "anticipated": 1.8, "family_load": 0.7,
    }  # fmt: skip
    assert {name: row[name] for name in expected} == pytest.approx(expected, abs=1e-6)


def test_the_dead_have_no_level_and_keep_what_was_counted(team):
    found = life_table(team)
    assert found[:, outcome_at("acute")].tolist() == [1, 0, 0]
    assert found[:, outcome_at("admissions")].tolist() == [2, 3, 0]
    levels = np.array([not one.total and one.name != "died" for one in LIFE_OUTCOMES])
    assert not found[1, levels].any()
    assert found[:, outcome_at("died")].tolist() == [0, 1, 0]


def test_who_has_no_other_has_no_partner_and_few_kin_and_friends(team):
    assert has_no_other(team, 1).tolist() == [False, True, True]
    team.ties["active"][0, 0, 0] = 0  # the partner
    assert has_no_other(team, 1).tolist() == [False, True, True]
    assert has_no_other(team, 2).tolist() == [True, True, True]
