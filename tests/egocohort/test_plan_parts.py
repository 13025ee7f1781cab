"""``egocohort plan --cheapest``, ``--attrition`` and ``--recruitment`` on the command line."""

import json

import pandas as pd
import pytest

import egocohort as ec
from analysis.questions.of_study import plan_of
from egocohort.results.parts import parts_at
from sim.study.spec import read_study

TRIAL = """\
id = "mine"
title = "A trial of two arms"
[recruitment]
n = 100
[arms]
share = { control = 1, treated = 1 }
[waves]
weeks = [0, 26]
[participation]
retention = [0.7]
[plan]
chance = 0.8
people_at_most = 400
[[plan.question]]
outcome = "swemwbs"
analysis = "t_test"
[plan.panel]
outcome = "swemwbs"
sd = 4
correlation = 0.6
[plan.panel.effect]
treated = [0.5]
[plan.costs]
currency = "pounds"
interview = 30
approach = 40
incentive = 10
[plan.incentive_curve]
most_fewer = 0.5
half_at = 10
[plan.choices]
incentive = [0, 10]
[plan.recruiting]
approached_a_week = 10.0
weeks = 60
"""
FEW = ("--replicates", 100, "--seed", 1)
FILES = (
    "attrition.csv", "attrition.png", "cheapest.png", "designs.csv", "recruitment.csv",
    "recruitment.png", "settings.csv", "tipping.csv",
)  # fmt: skip


@pytest.fixture
def trial(tmp_path):
    """Write the trial, with `old` text replaced by `new`."""

    def write(old="", new=""):
        assert old in TRIAL
        file = tmp_path / "trial.toml"
        file.write_text(TRIAL.replace(old, new) if old else TRIAL)
        return file

    return write


def test_the_cheapest_with_all_that_goes_with_it(invoke, trial, tmp_path):
    out = tmp_path / "out"
    asked = ("--cheapest", "--attrition", "--recruitment", "--out", out, "--json")
    run = invoke("plan", trial(), *asked, *FEW)
    assert run.returncode == 0, run.stderr
    said = json.loads(run.stdout)
    assert said["synthetic"] is True
    assert said["study"] == "mine"
    cheapest = said["cheapest"]
    assert cheapest["setting"]["incentive"] in (0, 10)
    assert cheapest["confirmed"]["n"] == 1600
    assert cheapest["cost"]["spread"]["studies"] == 400
    assert said["attrition"]["n"] == said["recruitment"]["n"] == cheapest["n"]
    place = out / "mine"
    assert sorted(one.name for one in place.iterdir()) == sorted(FILES)
    designs = pd.read_csv(place / "designs.csv")
    assert set(designs["standing"]) <= {"front", "near", "beaten"}
    assert designs["synthetic"].all()
    dial = pd.read_csv(place / "attrition.csv")
    assert {"beyond_mcar", "paired_mcse", "unpaired_mcse"} <= set(dial.columns)


def test_parts_in_words_beside_the_number(invoke, trial):
    run = invoke("plan", trial(), "--n", 80, "--attrition", "--recruitment", *FEW)
    assert run.returncode == 0, run.stderr
    for words in (
        "Absence at the same retention, 80 people", "MNAR-outcome in treated, else MCAR",
        "median tipping point", "Recruiting 80 people", "to approach: ", "exact",
    ):  # fmt: skip
        assert words in run.stdout


def test_the_cheapest_in_words_and_as_a_function(invoke, trial):
    run = invoke("plan", trial(), "--cheapest", *FEW)
    for words in ("Cheapest: incentive ", "how sure", "pounds", "What power costs", "Assumed of"):
        assert words in run.stdout
    found = ec.cheapest(trial(), replicates=100, seed=1)
    assert found.summary() in run.stdout
    assert list(found.tables["settings"]["n"]) == sorted(found.tables["settings"]["n"])
    assert "<table" in found._repr_html_()


@pytest.mark.parametrize(
    ("old", "new", "options", "message"),
    [
        ("", "", ("--cheapest", "--n", 50), "leave out --n, --detect"),
        ("incentive = [0, 10]", "incentive = []", ("--cheapest",), "plan.choices.incentive"),
        ("incentive = [0, 10]", "", ("--cheapest",), "names nothing to choose from"),
        ("approach = 40", "approach = -1", ("--cheapest",), "must be at least 0"),
        ("approach = 40", "member = 3", (), "nothing says how many members are asked about"),
        ("retention = [0.7]", "retention = [1.2]", ("--attrition",), "must be at most 1"),
        ("[plan.choices]\nincentive = [0, 10]\n", "", ("--cheapest",), "has no [plan.choices]"),
        ("weeks = 60", "weeks = 60\nopens = [1, 2]", ("--recruitment",), "opens has 2 weeks"),
        ("weeks = 60", "weeks = 6\nopens = [7]", ("--recruitment",), "no site opens within the 6"),
    ],
)
def test_what_makes_no_design_is_refused(invoke, trial, tmp_path, old, new, options, message):
    out = tmp_path / "out"
    run = invoke("plan", trial(old, new), *options, "--out", out, *FEW)
    assert run.returncode == 2
    assert message in run.stderr
    assert "Traceback" not in run.stderr
    assert not out.exists()


def test_the_shipped_study_has_all_parts():
    study = read_study("retention-incentive")
    assert plan_of(study).choices.designs == 15
    parts = parts_at(
        study, 300, seed=1, replicates=100, threads=1, with_attrition=False, with_recruitment=True
    )
    assert [one.name for one in parts] == ["recruitment"]
    assert 0.05 < parts[0].result.in_time < 0.999


WORLD = """\
id = "lived"
title = "Friends lost in two teams"
[frame]
teams_per_site = [2]
egos_per_team = 36
[recruitment]
n = 20
interest = 0.9
consent = 0.9
[waves]
weeks = [0, 26]
[participation]
retention = [0.7]
[plan]
process = "world"
chance = 0.8
people_at_most = 40
[[plan.question]]
outcome = "ties_lost"
about = "classes"
classes = ["friend", "kin"]
analysis = "gee_logit"
"""


def test_the_dial_of_absence_in_the_world(invoke, tmp_path):
    file, out = tmp_path / "lived.toml", tmp_path / "out"
    file.write_text(WORLD)
    asked = ("--n", 30, "--attrition", "--out", out, *FEW)
    run = invoke("plan", file, *asked, "--json", "--threads", 2)
    assert run.returncode == 0, run.stderr
    said = json.loads(run.stdout)
    dial, (question,) = said["attrition"], said["questions"]
    assert (dial["n"], dial["studies"]) == (30, 100)
    assert dial["scale"]["outcome"] == "swemwbs"
    assert dial["tipping_points"] == []
    assert dial["truths"] == [
        {"truth": question["truth"], "mcse": question["truth_mcse"], "worlds": 20}
    ]
    rows = pd.read_csv(out / "lived" / "attrition.csv").set_index(["case", "measure"])
    own = rows.loc[("as in the file", "power")]
    assert own["value"] == pytest.approx(said["curve"][0]["success"])
    assert own["studies"] == 100
    assert rows.loc[("nobody missing", "kept"), "value"] > 0.9
    assert (out / "lived" / "attrition.png").is_file()
    again = invoke("plan", file, *asked)
    assert "Question 1 is about no scale" in again.stdout


def test_the_answers_asked_for_stand_first_and_in_page_and_protocol(trial, tmp_path):
    made = ec.plan(
        trial(), seed=1, sizes=[100], replicates=100, out=tmp_path / "o",
        attrition=True, recruitment=True,
    )  # fmt: skip
    page = (made.folder / "report.html").read_text(encoding="utf-8")
    begins_with = ("If those worse off stay away", "Recruiting 100")
    for part, begins in zip(made.parts, begins_with, strict=True):
        answer = part.answer()
        assert answer.startswith(begins)
        assert part.summary().startswith(answer)
        assert answer in made.headline
        assert answer in made.protocol()
        assert answer.split("(")[0] in page
    worst = next(one for one in made.parts[0].result.cases if one.case.name == "MNAR-outcome")
    assert f"is {worst.measures[0]['power'].value:.3f} instead of" in made.parts[0].answer()
