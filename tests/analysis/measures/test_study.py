"""Measures of a study whose answers are known by heart."""

import math

import pyarrow as pa
import pytest
from scipy import stats

from analysis.measures import study as measures


def by(rows, name):
    return {getattr(row, name): row for row in rows}


def test_table_one_counts_people_and_members_of_the_first_wave(known):
    rows = by(measures.table_one(known.arrow("persons"), known.arrow("alters")), "label")
    assert (rows["men"].n, rows["men"].mean, rows["men"].paper_n) == (1, 0.5, 13)
    assert rows["all members"].n == 4
    assert rows["spouse or partner"].n == 1
    assert rows["other kin"].n == 1
    assert rows["friends"].mean == 0.5
    assert rows["pets, places, activities, things"].n == 0


def test_the_founding_papers_classes_add_up_to_its_total():
    paper = measures.founding_paper()
    parts = [one.count for key, one in paper.members.items() if key != "all"]
    assert sum(parts) == paper.members["all"].count == 254
    assert paper.members["all"].count / paper.participants.count == pytest.approx(8.76, abs=0.005)


def test_the_sources_of_the_published_figures_exist():
    from sim.world.parameters import sources

    paper = measures.founding_paper()
    groups = (paper.people, paper.members, paper.size, paper.interviewed)
    figures = [paper.participants, *(one for group in groups for one in group.values())]
    assert [one.source for one in figures if one.source not in sources()] == []


def test_tables_may_come_from_pyarrow_and_pandas_alike(known):
    table = pa.table(known.arrow("truth/ties"))
    expected = measures.ties_lost(known.arrow("truth/ties"))
    assert repr(measures.ties_lost(table)) == repr(expected)
    assert repr(measures.ties_lost(table.to_pandas())) == repr(expected)


def test_retention_counts_those_interviewed_of_those_enrolled(known):
    first, second, third = measures.retention(known.arrow("attrition"))
    assert (first.interviewed, first.enrolled, first.reasons) == (2, 2, {})
    assert (second.interviewed, second.share, second.reasons) == (1, 0.5, {"ill": 1})
    assert third.paper_share == pytest.approx(24 / 29)


def test_a_tie_counts_as_lost_if_it_was_alive_at_baseline_and_ended_within_a_year(known):
    lost = by(measures.ties_lost(known.arrow("truth/ties")), "tie_class")
    # of five friends one had ended by week 0, one began later, one ended in week 53
    assert (lost["friend"].alive, lost["friend"].ended, lost["friend"].begun) == (2, 1, 1)
    assert lost["friend"].causes == {"drift": 1}
    assert lost["kin"].share == 0
    assert math.isnan(lost["professional"].share)


def test_ties_are_followed_as_far_as_the_study_goes_but_for_a_year_at_most(known):
    assert measures.weeks_followed(known.arrow("truth/estimands")) == 52
    assert measures.weeks_followed({"estimand": ["alive"], "week": [26]}) == 0
    assert measures.weeks_followed({"estimand": ["ties_ended"] * 2, "week": [26, 156]}) == 26
    (_, friend, *_) = measures.ties_lost(known.arrow("truth/ties"), 19)
    assert (friend.weeks, friend.alive, friend.ended) == (19, 2, 0)


def test_members_are_followed_from_map_to_map_across_a_missed_wave(known):
    changes = measures.changes_on_map(known.arrow("egos"), known.arrow("alters"))
    found = {(c.from_wave, c.to_wave, c.tie_class): (c.kept, c.gone, c.new) for c in changes}
    assert found[1, 2, "kin"] == (1, 0, 0)
    assert found[1, 2, "friend"] == (0, 1, 0)
    assert found[1, 2, "object"] == (0, 0, 1)
    assert found[1, 3, "kin"] == (1, 0, 0)
    assert found[1, 3, "object"] == (0, 0, 1)


def test_the_flow_sums_sites_and_keeps_reasons_and_arms(known):
    approached, consented, interviewed = measures.flow_of_people(known.arrow("flow"))
    assert (approached.stage, approached.reached) == ("approached", 5)
    assert (consented.reached, consented.lost, consented.reasons) == (2, 3, {"declined": 3})
    assert (interviewed.wave, interviewed.by_arm) == (2, {"control": 1})


@pytest.mark.parametrize(("successes", "n"), [(0, 5), (5, 5), (26, 29), (24, 29), (1, 1000)])
def test_wilson_agrees_with_scipy(successes, n):
    expected = stats.binomtest(successes, n).proportion_ci(method="wilson")
    assert measures.wilson(successes, n) == pytest.approx(tuple(expected), abs=1e-6)


def test_nobody_asked_says_nothing():
    assert measures.wilson(0, 0) == (0.0, 1.0)
