"""Subgroups of too few people are refused before anything is lived; others are not."""

import numpy as np
import pytest

from analysis.compare import counted
from analysis.compare.asked import asked_comparison
from analysis.compare.caseloads import run_caseloads
from analysis.compare.counted import check_people
from sim.errors import InputError

WORLD = """\
id = "{name}"
title = "{name}"
[world]
teams_per_site = [1, 1]
scale = 0.1
runin_weeks = 2
horizon_weeks = 8
"""
CUT = """
[[shock]]
acts_on = "service.coordinator.capacity"
how = "set"
value = 8
from_week = 3
"""


@pytest.fixture(scope="module")
def worlds(tmp_path_factory):
    folder = tmp_path_factory.mktemp("worlds")
    (folder / "usual.toml").write_text(WORLD.format(name="usual"))
    (folder / "cut.toml").write_text(WORLD.format(name="cut") + CUT)
    return folder / "usual.toml", folder / "cut.toml"


def people(spec, replicates):
    """Of each subgroup in so many replicates, as they are lived."""
    total = 0
    for number in range(replicates):
        rows = run_caseloads(spec, number)
        first = (rows["scenario"] == 0) & (rows["week"] == spec.weeks[0])
        total = total + np.bincount(rows["group"][first], rows["people"][first])
    return total


def test_just_enough_replicates_pass_and_one_fewer_do_not(worlds):
    spec = asked_comparison(worlds, by=["partner*informal"], seed=1)
    fewest = [people(spec, n)[2:].min() for n in range(1, 9)]
    enough = next(n for n, few in enumerate(fewest, start=1) if few >= 10)
    assert enough > 1
    check_people(spec, range(enough))
    with pytest.raises(
        InputError, match=rf"\b{int(fewest[enough - 2])} (people|person) of|nobody of"
    ):
        check_people(spec, range(enough - 1), threads=2)


def test_more_replicates_are_advised_where_they_help_and_they_do(worlds):
    spec = asked_comparison(worlds, who="diagnosis=bipolar,need=high,partner=no", seed=1)
    with pytest.raises(InputError, match="may do, or ask of more people") as refused:
        check_people(spec, range(2))
    words = str(refused.value)
    assert words.startswith("--who diagnosis=bipolar,need=high,partner=no: ")
    check_people(spec, range(int(words.split("--replicates ")[1].split()[0])))


def test_nobody_is_not_made_more_by_replicates(worlds):
    spec = asked_comparison(worlds, by=["partner*household"], seed=1)
    with pytest.raises(
        InputError, match=r"nobody of no\*partner.* in 3 replicates.*; choose other"
    ) as found:
        check_people(spec, range(3))
    assert "--replicates" not in str(found.value)


@pytest.mark.parametrize("by", ["need", "partner*need"])
def test_a_breakdown_of_people_of_one_level_clashes_with_who_they_are(worlds, by):
    with pytest.raises(InputError, match=r"clash: .* one level of need; leave it out of one"):
        asked_comparison(worlds, who="need=high", by=[by], seed=1)


def test_what_lives_a_set_number_of_replicates_is_named(worlds):
    spec = asked_comparison(worlds, who="diagnosis=bipolar,need=high,partner=no", seed=1)
    with pytest.raises(InputError, match="the 1 replicate of --futures") as found:
        check_people(spec, [0], fixed="--futures")
    assert "may do" not in str(found.value)


def test_no_more_is_lived_than_it_takes(worlds, monkeypatch):
    lived = []
    past = counted.shared_past
    monkeypatch.setattr(counted, "shared_past", lambda *a: lived.append(a[1]) or past(*a))
    check_people(asked_comparison(worlds, seed=1), range(40))
    assert lived == []
    check_people(asked_comparison(worlds, by=["partner"], seed=1), range(40))
    assert len(lived) == 2
