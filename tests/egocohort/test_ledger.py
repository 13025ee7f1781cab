"""`egocohort show --ledger`: capacity, demand as whom it is promised by, when shocks act."""

import json

import pytest

from analysis.evidence.ledger import PLACE
from egocohort.results.shocks_in_year import shocks_in_year
from sim.world.shock import Shock, Who


def test_the_ledger_says_of_each_line_whether_it_closes(invoke, write_scenario):
    world = write_scenario("[world]\nscale = 0.1\nrunin_weeks = 2")
    run = invoke("show", world, "--ledger")
    lines = run.stdout.splitlines()
    assert lines[0].startswith("Service ledger of world, first year")
    assert "n = 40 teams" in lines[0]
    verdicts = [line for line in lines if "full-service demand is" in line]
    assert [line.split(":")[0].strip() for line in verdicts] == [
        "psychiatrist", "care co-ordinator", "support worker", "all",
    ]  # fmt: skip
    assert any(line.startswith("  urgent, not seen") for line in lines)
    said = json.loads(invoke("show", world, "--ledger", "--json").stdout)
    assert {"net", "demand", "load", "mcse", "closes", "teams"} <= set(said["ledger"][0])


SMALL_CUT = """
extends = "usual-care"
[world]
scale = 0.2
runin_weeks = 8
[[shock]]
acts_on = "service.coordinator.interval_weeks"
how = "multiply"
value = 3
from_week = 13
[[shock]]
acts_on = "service.coordinator.capacity"
how = "multiply"
value = 0.5
from_week = 13
"""


def test_demand_is_what_the_baseline_promises_and_stands_beside_what_a_cut_does(
    invoke, write_scenario
):
    run = invoke("show", write_scenario(SMALL_CUT), "--ledger")
    assert "demand at full service, as usual-care promises" in run.stdout
    assert "demand at full service, as world promises" in run.stdout
    lines = run.stdout.splitlines()
    (verdict,) = [line for line in lines if line.startswith("  care co-ordinator: ")]
    assert "DOES NOT CLOSE" in verdict
    said = json.loads(invoke("show", "world.toml", "--ledger", "--json").stdout)
    _, cut, *_ = said["ledger"]
    assert said["demand_as_promised_by"] == "usual-care"
    assert said["shocks"]
    assert cut["load"] > 0.95 > cut["promised_load"]
    assert not cut["closes"]


def test_what_extends_nothing_is_held_against_itself_without_its_shocks(invoke, write_scenario):
    world = write_scenario(SMALL_CUT.replace('extends = "usual-care"', ""))
    said = json.loads(invoke("show", world, "--ledger", "--json").stdout)
    assert said["demand_as_promised_by"] == "world without its shocks"


def test_it_says_when_shocks_act_and_that_the_year_averages_the_weeks_before(
    invoke, write_scenario
):
    run = invoke("show", write_scenario(SMALL_CUT), "--ledger")
    assert (
        "Shocks 1 and 2: from week 13 to the end; the averages are of 13 weeks without and 39 "
        "with it" in run.stdout
    )
    assert shocks_in_year([], PLACE, 52) == []


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"from_week": 0}, "from week 0 to the end, the whole of this year"),
        ({"from_week": 4, "weeks": 10}, "from week 4 to week 13; the averages are of 42 weeks"),
        ({"from_week": 52}, "not seen here, for it begins in week 52"),
        ({"from_study_week": 0}, "not seen here, for nobody is interviewed"),
        ({"from_week": 0, "who": Who(site=(2,))}, "not seen here, for this is team 1 at site 1"),
    ],
)
def test_a_shock_that_is_not_in_the_year_or_not_all_of_it_is_named(more, said):
    shock = Shock(acts_on="service.coordinator.capacity", how="multiply", value=0.5, **more)
    (line,) = shocks_in_year([shock], PLACE, 52)
    assert line.startswith(f"Shock 1: {said}")


def test_an_event_happens_in_its_week():
    shock = Shock(acts_on="event.episode", how="force", from_week=8)
    assert shocks_in_year([shock], PLACE, 52) == ["Shock 1: in week 8"]


def test_without_a_scenario_there_is_no_ledger(invoke):
    run = invoke("show", "--ledger")
    assert run.returncode == 2
    assert "--ledger needs the NAME" in run.stderr


def test_show_mentions_the_ledger_at_its_end_and_simulates_nothing(invoke, monkeypatch):
    monkeypatch.setattr("analysis.evidence.ledger.service_ledger", None)
    last = invoke("show", "service-cutback").stdout.strip().splitlines()[-1]
    assert last.startswith("egocohort show service-cutback --ledger")
