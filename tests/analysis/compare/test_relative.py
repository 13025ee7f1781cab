"""Changes beside what there is: of the same weeks, and only where that is clearly something."""

import numpy as np
import pytest

from analysis.compare.asked import asked_comparison, comparison_of
from analysis.compare.basis_words import basis_in_words
from analysis.compare.caseloads import Caseloads
from analysis.compare.equity import equity_rows
from analysis.compare.equity_words import equity_in_words
from analysis.compare.headline import answers_in_words
from analysis.compare.outcomes import LIFE_OUTCOMES, outcome_at
from analysis.compare.relative import counted_from, percent_of_usual
from analysis.compare.tables import difference_rows, subgroup_rows, substitution_rows
from sim.world.scenario import parse_scenario

WORLD = {"teams_per_site": [1], "scale": 0.3, "runin_weeks": 2, "horizon_weeks": 20}
PEOPLE, TEAMS = 100.0, 4


def by_hand(begins, usual, added, every=5, by=(), **lasts):
    """Teams of a hundred people a subgroup: what they have by each look, and what is added.

    `usual` and `added` are mappings of outcomes to values of each look, or of each look and
    subgroup, a person.
    """
    cut = {"acts_on": "service.coordinator.capacity", "how": "multiply", "value": 0.65,
           "from_week": begins, **lasts}  # fmt: skip
    worlds = [
        parse_scenario({"id": name, "title": name, "world": WORLD, "shock": mine})
        for name, mine in (("usual", []), ("cut", [cut]))
    ]
    spec = comparison_of(worlds, weeks=20, every=every, by=list(by), seed=1)
    shape = (TEAMS, 2 + len(spec.cells), len(spec.weeks))
    sums = np.zeros((2, *shape, len(LIFE_OUTCOMES)))
    people = np.full(shape[:2], PEOPLE)
    people[:, 0] *= max(len(spec.cells), 1)
    people[:, 1] = 0
    spread = np.linspace(0.99, 1.01, TEAMS).reshape(-1, 1, 1)
    for world, values in enumerate((usual, added)):
        for name, value in values.items():
            each = np.broadcast_to(np.array(value, float), (shape[1] - 2 or 1, shape[2]))
            found = np.zeros(shape)
            found[:, 2:] = each * PEOPLE * spread if by else 0
            found[:, :1] = each.sum(axis=0) * PEOPLE * spread
            sums[world:, ..., outcome_at(name)] += found
    return Caseloads(spec, TEAMS, people, sums, np.zeros(TEAMS, int))


def answer(lived, *outcomes):
    rows = difference_rows(lived, outcomes)
    (said,) = answers_in_words(lived, rows, substitution_rows(lived))
    return said


def test_weeks_before_a_scenario_begins_do_not_make_its_change_small():
    """A fifth of all visits, and twice that of those of its own ten weeks."""
    lived = by_hand(10, {"kept": [2, 5, 7, 10]}, {"kept": [0, 0, -1, -2]})
    found = percent_of_usual(lived, 1, outcome_at("kept"))
    assert found.value == pytest.approx(-40)
    assert "visits kept down by 2.00 a person or 40 % from week 10 on (95 % interval" in answer(
        lived, "kept"
    )
    said = basis_in_words(lived, ["kept"])
    assert any(one.endswith("under usual from the week on in which a scenario begins.")
               for one in said)  # fmt: skip


def test_where_no_look_falls_before_it_begins_that_is_said():
    lived = by_hand(9, {"kept": [2, 5, 7, 10]}, {"kept": [0, 0, -1, -2]})
    assert counted_from(lived, 1) == 0
    assert "or 20 % (" in answer(lived, "kept")
    said = " ".join(basis_in_words(lived, ["kept"]))
    assert "of cut they are of all 20 weeks, for no look falls on the week before" in said


def test_what_is_not_clearly_there_has_no_share():
    lived = by_hand(
        0, {"kept": [0] * 4, "treated": [1] * 4}, {"kept": [1] * 4, "treated": [-1] * 4}
    )
    assert percent_of_usual(lived, 1, outcome_at("kept")) is None
    assert percent_of_usual(lived, 1, outcome_at("treated")) is None  # a level


def test_a_level_says_its_week_and_shares_move_by_points():
    said = answer(by_hand(0, {"treated": [0.7] * 4}, {"treated": [0, 0, 0, -0.05]}), "treated")
    assert "on treatment at the end of week 19 down by 5.00 percentage points (" in said


def test_what_is_not_clear_has_its_interval():
    lived = by_hand(0, {"crises": [1] * 4}, {"crises": [0, 0, 0, 0]})
    lived.sums[1, :, 0, -1, outcome_at("crises")] += [-3, 4, -2, 3]
    assert "no clear change in crises (-" in answer(lived, "crises")
    assert " per 100 people)" in answer(lived, "crises")


LESS = {"kept": [[-1] * 4, [-2] * 4, [-3] * 4]}


def test_who_loses_most_may_lose_least_of_their_own():
    """Those of high need lose three times as many visits of ten times as many."""
    lived = by_hand(0, {"kept": [[4] * 4, [12] * 4, [40] * 4]}, LESS, by=["need"])
    rows = {row["level"]: row["percent_of_usual"] for row in subgroup_rows(lived, ["kept"])}
    assert rows == pytest.approx({"low": -25, "middle": -100 / 6, "high": -7.5})
    (row,) = equity_rows(lived, ["kept"])
    assert row["concentration_index"] > 0
    assert row["percent_of_usual_apart"] == pytest.approx(7.5 - 25)
    said, _ = equity_in_words([row], ["kept"], "usual")
    assert "so need high bears more than its share" in said
    assert "of what each has under usual it is low 25 % (" in said
    assert "so that need low has the larger change of its own" in said


def test_where_both_point_the_same_way_it_is_not_said_twice():
    lived = by_hand(0, {"kept": [[20] * 4, [20] * 4, [20] * 4]}, LESS, by=["need"])
    said, _ = equity_in_words(equity_rows(lived, ["kept"]), ["kept"], "usual")
    assert "low 5 % (" in said
    assert "larger change of its own" not in said


def test_what_need_is_is_said_where_people_are_told_apart_by_it():
    lived = by_hand(0, {"kept": [[20] * 4] * 3}, LESS, by=["need"])
    said = " ".join(basis_in_words(lived, ["kept"]))
    assert "need: lasting standing of how often somebody is to be seen, in thirds" in said
    assert "not how ill they are" in said


def test_who_is_not_visited_is_told_over_looks_after_worlds_part():
    added = {"unvisited": [0.5, 0, 0.075, 0.009]}
    lived = by_hand(10, {"unvisited": [0.2] * 4}, added)
    said = " ".join(basis_in_words(lived, ["unvisited"]))
    assert "differs by 0.900 to 7.50 percentage points over 2 looks from week 10 on" in said
    assert "swings for months" in said
    assert "swings" not in " ".join(basis_in_words(lived, ["kept"]))
    once = by_hand(10, {"unvisited": [0.2]}, {"unvisited": [0.1]}, every=20)
    assert "is of week 19 alone" in " ".join(basis_in_words(once, ["unvisited"]))


def test_a_scenario_that_is_over_says_from_when_on():
    counts = {"kept": [1] * 4}
    said = " ".join(basis_in_words(by_hand(5, counts, {}, weeks=6), ["kept"]))
    assert "cut is over from week 11 on: it is in force for 6 weeks" in said
    assert "levels are those of 9 weeks after it" in said
    for lasts in ({}, {"weeks": 15}):
        assert "is over" not in " ".join(basis_in_words(by_hand(5, counts, {}, **lasts), ["kept"]))


def test_whose_figures_they_are_is_said_first():
    first, *_ = basis_in_words(by_hand(5, {"on_caseload": [0.9] * 4}, {}), ["kept"])
    assert first.startswith("Figures are means over everybody alive when worlds part, in week 5: ")
    assert "400 people, on the caseload or not; 90 % of them" in first


def test_who_bears_a_level_is_told_of_its_week():
    lived = by_hand(0, {"wellbeing": [[1] * 4] * 3}, {"wellbeing": [[-1] * 4] * 3}, by=["need"])
    said, _ = equity_in_words(equity_rows(lived, ["wellbeing"]), ["wellbeing"], "usual")
    assert "wellbeing at the end of week 19 down: index" in said
    assert "of what each has" not in said  # of no zero that would mean nothing


def test_the_week_before_a_scenario_begins_is_looked_at_whatever_else_is(tmp_path):
    late = tmp_path / "late.toml"
    late.write_text(
        'extends = "usual-care"\nid = "late"\ntitle = "A cut late in the year"\n\n[[shock]]\n'
        'acts_on = "service.psychiatrist.interval_weeks"\nhow = "multiply"\nvalue = 1.5\n'
        "from_week = 45\n"
    )
    spec = asked_comparison(["usual-care", late], seed=1)
    assert spec.weeks == (12, 25, 38, 44, 51)
    assert asked_comparison(["usual-care", "service-cutback"], seed=1).weeks == (12, 25, 38, 51)
