"""Money: counts times prices, for 1,000 people on the caseload; what comes back is a ratio."""

import numpy as np
import pytest

from analysis.compare.asked import comparison_of
from analysis.compare.caseloads import Caseloads
from analysis.compare.costs import Prices, cost_rows, read_prices
from analysis.compare.costs_words import costs_in_words
from analysis.compare.outcomes import LIFE_OUTCOMES, outcome_at
from analysis.compare.run import compared_caseloads
from sim.errors import InputError
from sim.world.scenario import parse_scenario
from sim.world.toml_file import shipped_names

WORLD = {"teams_per_site": [1], "scale": 0.1, "runin_weeks": 2, "horizon_weeks": 13}
CUT = {"acts_on": "service.coordinator.capacity", "how": "multiply", "value": 0.65, "from_week": 0}
TEXT = """\
currency = "GBP"
visit = {{ value = 100, source = "ours", year = {year} }}
crisis = {{ value = 300, source = "ours", year = 2024 }}
bed_day = {{ value = 500, source = "ours", year = 2024 }}
"""


@pytest.fixture
def prices(tmp_path):
    """Of a visit 100, a crisis 300, a bed day 500."""
    (tmp_path / "prices.toml").write_text(TEXT.format(year=2024))
    return read_prices(tmp_path / "prices.toml")


def world(name, *shocks):
    return parse_scenario({"id": name, "title": name, "world": WORLD, "shock": list(shocks)})


SCENARIOS = [world("usual"), world("cut", CUT)]
CLOSES = {"acts_on": "event.closure", "how": "force", "value": 0.5, "from_week": 0}


def made(kept, crises, days, served=0.8, scenarios=SCENARIOS):
    """Ten people a team whose differences are those given, a person."""
    spec = comparison_of(scenarios, seed=1)
    n, teams = 10.0, len(kept)
    sums = np.zeros((2, teams, 2, len(spec.weeks), len(LIFE_OUTCOMES)))
    sums[0, :, :, :, outcome_at("on_caseload")] = n * served
    for name, values in (("kept", kept), ("crises", crises), ("hospital_days", days)):
        sums[1, :, :, :, outcome_at(name)] = n * np.array(values)[:, None, None]
    return Caseloads(spec, teams, np.full((teams, 2), n), sums, np.zeros(teams, int))


def test_costs_are_counts_times_prices_for_a_thousand_on_the_caseload(prices):
    rows = {
        row["item"]: row for row in cost_rows(made([-1.9, -2.1], [0.01] * 2, [0.1] * 2), prices)
    }
    assert rows["visit"]["units"] == pytest.approx(-2 * 1000 / 0.8)
    assert rows["visit"]["cost"] == pytest.approx(-250_000)
    assert rows["crisis"]["cost"] == pytest.approx(0.01 * 300 * 1000 / 0.8)
    assert rows["bed_day"]["cost"] == pytest.approx(0.1 * 500 * 1000 / 0.8)
    parts = sum(rows[item]["cost"] for item in ("visit", "crisis", "bed_day"))
    assert rows["all"]["cost"] == pytest.approx(parts)
    assert rows["all"]["comes_back"] == pytest.approx((3 + 50) / 200)


def test_the_error_of_a_share_that_comes_back_is_that_of_a_ratio(prices):
    """Teams whose visits and days rise together have a share without error."""
    rows = cost_rows(made([-1.9, -2.1], [0, 0], [0.19, 0.21]), prices)
    assert rows[-1]["comes_back"] == pytest.approx(0.5)
    assert rows[-1]["comes_back_mcse"] == pytest.approx(0, abs=1e-12)
    assert rows[-1]["cost_mcse"] > 0


def test_no_share_is_told_where_visits_save_nothing_for_sure(prices):
    rows = cost_rows(made([-2, 1.5], [0, 0], [1, 1]), prices)
    assert np.isnan(rows[-1]["comes_back"])
    said = " ".join(costs_in_words(rows, SCENARIOS, prices))
    assert "not clear that visits save anything" in said
    assert np.isnan(cost_rows(made([1, 1.1], [0, 0], [1, 1]), prices)[-1]["comes_back"])


def test_what_leaves_staff_as_they_are_saves_no_staff(prices):
    """Fewer visits are kept, for people are worse; those who wait are paid all the same."""
    scenarios = [world("usual"), world("closed", CLOSES)]
    rows = cost_rows(made([-1.9, -2.1], [0.01] * 2, [0.1] * 2, scenarios=scenarios), prices)
    visit, *_, whole = rows
    assert visit["units"] == pytest.approx(-2 * 1000 / 0.8)
    assert visit["cost"] == visit["cost_lo"] == visit["cost_hi"] == 0
    assert whole["cost"] == pytest.approx((3 + 50) * 1000 / 0.8)
    assert np.isnan(whole["comes_back"])
    said, _ = costs_in_words(rows, scenarios, prices)
    assert "no money for staff is saved" in said
    assert "visits -" not in said
    assert "The cost of what is closed is not in this" in said
    both = [world("usual"), world("both", CUT, CLOSES)]
    said, _ = costs_in_words(cost_rows(made([-1.9, -2.1], [0, 0], [0, 0], scenarios=both), prices),
                             both, prices)  # fmt: skip
    assert "visits -" in said
    assert "The cost of what is closed is not in this" in said


def test_rows_say_of_how_many_people_and_weeks_they_are(prices):
    rows = cost_rows(made([-1.9, -2.1], [0, 0], [0, 0]), prices)
    assert {row["per"] for row in rows} == {"1,000 people on the caseload of usual, 13 weeks"}


def test_words_have_the_numbers_and_the_sources(prices):
    said = costs_in_words(
        cost_rows(made([-1.9, -2.1], [0, 0], [0.1] * 2), prices), SCENARIOS, prices
    )
    assert "visits -250,000" in said[0]
    assert "days in hospital +62,500 (62,500 to 62,500)" in said[0]
    assert "25 % (" in said[0]
    assert len(said) == 2
    assert "bed day 500 (ours)" in said[-1]
    assert isinstance(prices, Prices)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (TEXT.format(year=2019), "prices are of different years"),
        (TEXT.format(year=2024).replace(', source = "ours"', "", 1), "source"),
        (TEXT.format(year=2024).replace("100", "-1"), "visit"),
        (TEXT.format(year=2024) + "drink = 3\n", "drink"),
    ],
)
def test_prices_without_source_or_year_are_refused(tmp_path, text, message):
    (tmp_path / "prices.toml").write_text(text)
    with pytest.raises(InputError, match=message):
        read_prices(tmp_path / "prices.toml")
    with pytest.raises(InputError, match=r"none\.toml: no such file"):
        read_prices(tmp_path / "none.toml")


@pytest.mark.parametrize("name", shipped_names("prices"))
def test_shipped_prices_say_what_a_unit_is_and_where_each_is_from(name):
    found = read_prices(name)
    assert f"-{found.visit.year}" in name
    for one in (found.visit, found.crisis, found.bed_day):
        assert one.unit
        assert str(one.year) in one.source
    said = costs_in_words(cost_rows(made([-1.9, -2.1], [0, 0], [0.1] * 2), found), SCENARIOS, found)
    assert f"({found.bed_day.unit}; {found.bed_day.source})" in said[-1]


def test_a_name_of_prices_that_is_not_there_is_said_with_the_nearest():
    with pytest.raises(InputError, match='there are no prices "england-2032"; did you mean'):
        read_prices("england-2032")


def test_the_same_people_die_whatever_is_cut():
    usual = parse_scenario({"id": "usual", "title": "Usual", "world": {**WORLD, "scale": 1.0}})
    cut = usual.but(id="cut", shocks=parse_scenario(
        {"id": "cut", "title": "Cut", "world": WORLD, "shock": [CUT]}).shocks)  # fmt: skip
    lived = compared_caseloads(comparison_of([usual, cut], seed=1), 2)
    column = outcome_at("died")
    assert np.all(lived.difference(1).value[:, column] == 0)
    assert lived.mean(0).value[-1, column] > 0
