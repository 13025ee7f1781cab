"""`egocohort show`: what there is, resolved, with what is changed marked."""

import json

import pytest

import egocohort as ec
from egocohort.results.shock_words import numbered, shocks_in_words
from sim.world.parameters import catalogue
from sim.world.scenario import Scenario, list_scenarios
from sim.world.shock import Shock, Who

SHOCKS = """
[parameters]
"tie.friend.end_rate" = 0.2
[[shock]]
acts_on = "service.psychiatrist.interval_weeks"
how = "multiply"
value = 1.5
from_week = 13
weeks = 39
who = { site = [1, 2] }
"""


def in_words(*shocks, **changed):
    """Shocks of a scenario in words."""
    said = {"id": "mine", "title": "Mine", "shocks": shocks, "changed": tuple(changed.items())}
    return shocks_in_words(Scenario(**said))


def capacity(how, value, **more):
    """A shock on the capacity of co-ordinators."""
    path = "service.coordinator.capacity"
    return Shock(**{"acts_on": path, "how": how, "value": value, "from_week": 4, **more})


def test_without_a_name_it_lists_scenarios_and_studies(invoke):
    run = invoke("show")
    assert "usual-care" in run.stdout
    assert "founding-study" in run.stdout


@pytest.mark.parametrize("name", [*list_scenarios(), "founding-study", "equip-like"])
def test_everything_shipped_can_be_shown(invoke, name):
    assert invoke("show", name).returncode == 0


def test_a_changed_parameter_shows_its_old_and_new_value(invoke, write_scenario):
    run = invoke("show", write_scenario(SHOCKS))
    (line,) = [line for line in run.stdout.splitlines() if "-> 0.2 " in line]
    before = catalogue()["tie.friend.end_rate"].value
    assert line.startswith("* tie.friend.end_rate")
    assert f"{before:g} -> 0.2" in line


def test_changed_shows_only_what_is_changed(invoke, write_scenario):
    run = invoke("show", write_scenario(SHOCKS), "--changed")
    assert "tie.friend.end_rate" in run.stdout
    assert "tie.kin.end_rate" not in run.stdout


def test_shocks_stand_in_plain_words(invoke, write_scenario):
    run = invoke("show", write_scenario(SHOCKS))
    assert "from week 13 of the study for 39 weeks, site 1 or 2: " in run.stdout
    assert "is multiplied by 1.5 (" in run.stdout


def test_a_forced_event_says_to_whom_and_since_when():
    who = Who(share=0.3, diagnosis=("bipolar",), has_partner=False)
    shock = Shock(acts_on="event.episode", how="force", from_study_week=10, who=who)
    assert in_words(shock) == [
        "in week 10 after each ego's own baseline, 30 % of them drawn by chance, bipolar, "
        "without a partner: event.episode starts an acute episode"
    ]


def test_parameters_lists_all_with_unit_range_source_and_grade(invoke):
    lines = invoke("show", "--parameters").stdout.splitlines()
    for entry in catalogue().values():
        (line,) = [line for line in lines if line.split()[:1] == [entry.path]]
        assert f"{entry.low:g} to {entry.high:g}" in line
        assert entry.grade in line
        assert entry.unit in line
        assert entry.source in line


def test_uptake_adherence_and_decay_are_said_where_a_shock_has_them():
    said = {"acts_on": "tie.friend.ask_rate", "how": "multiply", "value": 2.0, "from_week": 4}
    (plain,) = in_words(Shock(**said))
    whole = Shock(**said, weeks=26, uptake=0.8, adherence=0.86, decay=1.0)
    assert in_words(whole)[0] == plain.replace("to the end", "for 26 weeks") + (
        "; 80 % of them take it up; 86 % of those who take it up still attend after a year; "
        "half of the effect is left 1 week after the end"
    )
    assert "take it up" not in plain


def test_a_shock_says_what_it_makes_of_the_value_that_is_in_force(invoke, tmp_path):
    (tmp_path / "ours.toml").write_text(
        'id = "ours"\ntitle = "Ours"\n[parameters]\n"service.coordinator.interval_weeks" = 3.478\n'
    )
    invoke("new", "cut.toml", "--scenario", "--base", "ours.toml", "--depth", "0.33", "--yes")
    shown = invoke("show", "cut.toml").stdout
    assert "(3.478 -> 5.19092 weeks, from the scenario's own value)" in shown
    assert "(19 -> 28.3575 weeks, from the catalogue's value)" in shown


def test_shocks_are_run_in_order_and_one_that_is_overridden_is_named():
    first, second = in_words(capacity("set", 12.0), capacity("set", 17.8))
    assert "(17.8 -> 12 contacts a week per FTE at work, from the catalogue's value)" in first
    assert "(12 -> 17.8 contacts a week per FTE at work, after shock 1)" in second
    assert second.endswith("; this overrides shock 1 wherever both act")
    assert "overrides" not in first
    *_, last = in_words(*[capacity("multiply", 0.9)] * 3)
    assert "(14.418 -> 12.9762 contacts a week per FTE at work, after shocks 1 and 2)" in last
    late, early = in_words(capacity("set", 12.0, from_week=9), capacity("multiply", 0.5))
    assert "(8.9 -> 6 " in late
    assert "(17.8 -> 8.9 " in early


@pytest.mark.parametrize(
    "other",
    [
        capacity("set", 20.0, from_week=8),
        capacity("set", 20.0, from_week=0, weeks=4),
        capacity("set", 20.0, who=Who(site=(1,))),
        Shock(acts_on="service.psychiatrist.capacity", how="set", value=20.0, from_week=0),
    ],
)
def test_a_shock_that_never_acts_at_the_same_time_and_place_is_not_named(other):
    mine = capacity("multiply", 0.5, weeks=4, who=Who(site=(2, 3)))
    assert in_words(mine)[0] == in_words(other, mine)[1]


def test_where_only_some_are_reached_by_both_it_is_said_and_not_reckoned():
    some, every = in_words(capacity("set", 20.0, who=Who(site=(2,))), capacity("multiply", 0.5))
    assert "(17.8 -> 8.9 " in every
    assert every.endswith("; another value where shock 1 reaches too")
    assert "another value" not in some


def test_shocks_are_named_by_their_numbers():
    named = [numbered(numbers) for numbers in ((2,), (1, 2), (1, 2, 3), (1, 3, 4))]
    assert named == ["shock 2", "shocks 1 and 2", "shocks 1 to 3", "shocks 1, 3 and 4"]


def test_shocks_lists_events_and_parameters(invoke):
    lines = invoke("show", "--shocks").stdout.splitlines()
    found = {line.split()[0]: line for line in lines if line.startswith("  ")}
    assert {"event.episode", "event.closure", "event.link", *catalogue()} <= set(found)
    assert " post " in found["service.psychiatrist.interval_weeks"] or (
        catalogue()["service.psychiatrist.interval_weeks"].level == "ego"
    )


def test_a_study_shows_the_world_at_its_own_size(invoke):
    run = invoke("show", "founding-study")
    assert "96 egos in each (288 scaled by 0.333333)" in run.stdout
    assert "recruitment.n" in run.stdout


@pytest.mark.parametrize(
    "words", [[], ["usual-care"], ["founding-study"], ["--parameters"], ["--shocks"]]
)
def test_json_is_one_object(invoke, words):
    said = json.loads(invoke("show", *words, "--json").stdout)
    assert isinstance(said, dict)


def test_as_a_function_it_gives_dataframes(write_scenario):
    shown = ec.show(write_scenario(SHOCKS))
    changed = shown.parameters[shown.parameters["before"].notna()]
    assert changed["path"].tolist() == ["tie.friend.end_rate"]
    assert shown.shocks["words"][0].startswith("from week 13")
    assert len(shown.targets) == len(catalogue()) + 3
    assert "tie.friend.end_rate" in shown._repr_html_()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("n = 4", "n = 400", "400 people wanted, but the frame holds 24"),
        ("n = 4", "n = 4\nsite_quota = [2, 2]", "names 2 sites, but the world has 1"),
        ("egos_per_team = 24", "egos_per_team = 4000\nscale = 9.0", "is over 4095"),
        ("[recruitment]", '[arms]\nunit = "site"\nshare = { a = 1, b = 1 }\n[recruitment]', "none"),
    ],
)
def test_what_could_not_be_simulated_is_not_shown(invoke, write_study, old, new, expected):
    shown, simulated = (
        invoke(verb, write_study(old, new), *more)
        for verb, more in (("show", []), ("simulate", ["--seed", "1"]))
    )
    assert shown.returncode == simulated.returncode == 2
    assert expected in shown.stderr
    assert shown.stderr == simulated.stderr
