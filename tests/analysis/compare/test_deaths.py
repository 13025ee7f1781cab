"""Deaths: effects while alive, and with death counted, by hand and in lived worlds."""

import re

import numpy as np
import pytest

from analysis.compare.asked import comparison_of
from analysis.compare.caseloads import Caseloads
from analysis.compare.deaths import death_rows
from analysis.compare.headline import answers_in_words
from analysis.compare.outcomes import LIFE_OUTCOMES, life_table, outcome_at
from analysis.compare.run import compared_caseloads
from analysis.compare.substitution_words import substitution_in_words
from analysis.compare.tables import difference_rows, substitution_rows
from analysis.compare.words import deaths_in_words
from sim.world.run import Place, live, run_in
from sim.world.scenario import parse_scenario
from sim.world.streams import key_of

WORLD = {"teams_per_site": [1], "runin_weeks": 2, "horizon_weeks": 52}
DEADLY = {"acts_on": "illness.death_rate", "how": "set", "value": 0.03, "from_week": 2}
CUT = {"acts_on": "service.coordinator.capacity", "how": "multiply", "value": 0.65, "from_week": 2}
NAMES = tuple(one.name for one in LIFE_OUTCOMES)
N = 100.0


def spec_of(*shocks, weeks=20):
    worlds = [
        parse_scenario({"id": name, "title": name, "world": WORLD, "shock": list(mine)})
        for name, mine in (("usual", ()), ("other", shocks))
    ]
    return comparison_of(worlds, weeks=weeks, every=weeks, seed=1)


def by_hand(usual, other):
    """Two teams of a hundred people with the same sums, (name: sum) under each scenario."""
    spec = spec_of(CUT)
    sums = np.zeros((2, 2, 2, 1, len(LIFE_OUTCOMES)))
    for scenario, named in enumerate((usual, other)):
        for name, value in named.items():
            sums[scenario, :, :, 0, outcome_at(name)] = value
    return Caseloads(spec, 2, np.full((2, 2), N), sums, np.zeros(2, int))


USUAL = {"died": 10, "weeks_lived": 1900, "kept": 380, "isolated": 9, "hospital_days": 100,
         "crises": 5, "wellbeing": 18, "kin": 180}  # fmt: skip
OTHER = {"died": 20, "weeks_lived": 1800, "kept": 360, "isolated": 8, "hospital_days": 90,
         "crises": 5, "wellbeing": 16, "kin": 160}  # fmt: skip


def test_of_who_lives_the_same_nothing_differs_while_alive():
    """Under both a fifth of weeks lived has a visit, a tenth of the living are isolated."""
    rows = {row["outcome"]: row for row in death_rows(by_hand(USUAL, OTHER), NAMES)}
    for name in ("kept", "isolated", "wellbeing", "kin"):
        assert rows[name]["alive"] == pytest.approx(0)
        assert rows[name]["difference"] != 0
        assert rows[name]["beyond_noise"]
    assert rows["kept"]["usual_alive"] == pytest.approx(380 / 1900 * 20)
    assert rows["isolated"]["usual_alive"] == pytest.approx(100 * 9 / 90)


def test_death_counts_as_a_bad_end_once_or_by_the_day():
    rows = {row["outcome"]: row for row in death_rows(by_hand(USUAL, OTHER), NAMES)}
    assert rows["kept"]["composite"] == pytest.approx(rows["kept"]["difference"])  # nothing is left
    assert rows["isolated"]["usual_composite"] == pytest.approx(9 + 10)
    assert rows["isolated"]["composite"] == pytest.approx((8 + 20) - (9 + 10))
    assert rows["crises"]["composite"] == pytest.approx(10)
    dead_days = [7 * (20 * N - weeks) / N for weeks in (1900, 1800)]
    assert rows["hospital_days"]["composite"] == pytest.approx(-0.1 + dead_days[1] - dead_days[0])
    assert np.isnan(rows["wellbeing"]["composite"])  # the dead have none
    assert not {"died", "weeks_lived"} & set(rows)


def test_an_error_while_alive_is_that_of_a_ratio():
    """Against leaving out one team at a time."""
    rng = np.random.default_rng(1)
    whole, teams = by_hand(USUAL, OTHER), 40
    sums = np.repeat(whole.sums[:, :1], teams, axis=1) * rng.uniform(
        0.9, 1.1, (2, teams, 1, 1, len(LIFE_OUTCOMES))
    )
    many = Caseloads(whole.spec, teams, np.full((teams, 2), N), sums, np.zeros(teams, int))

    def alive(kept):
        part = many._replace(
            replicates=len(kept), people=many.people[kept], sums=sums[:, kept],
            strata=many.strata[kept],
        )  # fmt: skip
        return {row["outcome"]: row for row in death_rows(part, ["kept", "isolated"])}

    found = alive(np.arange(teams))
    for name in ("kept", "isolated"):
        left = [alive(np.delete(np.arange(teams), at))[name]["alive"] for at in range(teams)]
        jackknife = np.sqrt((teams - 1) / teams * ((left - np.mean(left)) ** 2).sum())
        assert found[name]["alive_mcse"] == pytest.approx(jackknife, rel=0.02)


@pytest.fixture(scope="module")
def deadly():
    return compared_caseloads(spec_of(DEADLY, weeks=52), 4)


def test_weeks_lived_are_those_until_death(deadly):
    """Against the state of each week."""
    scenario, key = deadly.spec.scenarios[1], key_of(1, 0)
    team = run_in(scenario, Place(1, 1), key)
    weeks = np.zeros(team.egos.size)
    mine = team.egos["alive"] > 0
    for week in range(52):
        team = live(scenario, Place(1, 1), team, key, week + 1).team
        weeks += team.egos["alive"] > 0
    start = live(scenario, Place(1, 1), run_in(scenario, Place(1, 1), key), key, 2).team
    mine &= start.egos["alive"] > 0
    died = life_table(team)[mine, outcome_at("died")].sum()
    assert died > 3
    first = deadly.sums[1, 0, 0, -1]
    assert first[outcome_at("weeks_lived")] == weeks[mine].sum()
    assert first[outcome_at("died")] == died


def test_where_a_scenario_moves_who_lives_all_of_it_is_said(deadly):
    rows = substitution_rows(deadly)
    assert {row["of"] for row in rows} == {"those alive"}
    (answer,) = answers_in_words(deadly, difference_rows(deadly, ["kept"]), rows)
    assert answer.startswith("In 52 weeks of other, beside usual: died up by ")
    words = " ".join(deaths_in_words(deadly, death_rows(deadly, NAMES), NAMES))
    assert re.search(r"percentage points more \(.* to .*\) die than the", words)
    assert "50 weeks from week 2 on" in words
    assert "Figures of everybody mix that with what is done to the living" in words
    assert "Wellbeing of the dead counts as 0" in words
    assert "given by nobody" not in " ".join(substitution_in_words(rows))


def test_where_none_does_there_is_nothing_to_add():
    lived = compared_caseloads(spec_of(CUT), 2)
    words = " ".join(deaths_in_words(lived, death_rows(lived, NAMES), NAMES))
    assert "the same people die in the same weeks as under usual" in words
    assert {row["of"] for row in substitution_rows(lived)} == {"everybody"}
