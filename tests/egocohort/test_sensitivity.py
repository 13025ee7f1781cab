"""``egocohort sensitivity``: on the command line, as data, as tables and pictures."""

import json

import pandas as pd
import pytest

import egocohort as ec
from analysis.sensitivity import plan
from egocohort.commands.sensitivity import command
from egocohort.results import assumptions as ignorance

TWO = "wellbeing.severity,guilt.memory"


@pytest.fixture
def small(monkeypatch):
    """Two teams, two trajectories, two base points; three draws."""
    monkeypatch.setattr(plan, "QUICK", plan.Size(2, 2, 5, 2, 2))
    monkeypatch.setattr(ignorance, "QUICK_BAND", (3, 2))


@pytest.fixture(scope="module")
def found():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plan, "QUICK", plan.Size(2, 3, 1, 2, 4))
        return ec.sensitivity("wellbeing", among=[TWO, "wellbeing.speed"], quick=True, seed=1)


@pytest.fixture(scope="module")
def band():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ignorance, "QUICK_BAND", (4, 2))
        return ec.sensitivity_band(among=[TWO], quick=True, seed=1)


def test_it_prints_one_object_and_writes_nothing_unasked(invoke, small, tmp_path):
    run = invoke("sensitivity", "--output", "wellbeing", "--among", TWO, "--quick", "--seed", 1,
                 "--json")  # fmt: skip
    assert run.returncode == 0
    said = json.loads(run.stdout)
    assert (said["output"], said["unit"], said["varied"]) == ("wellbeing", "SD", 2)
    assert {row["parameter"] for row in said["parameters"]} == set(TWO.split(","))
    assert said["shipped"]["mcse"] > 0
    assert not list(tmp_path.iterdir())


def test_the_band_prints_one_object_with_every_statement(invoke, small, tmp_path):
    run = invoke("sensitivity", "--band", "--among", TWO, "--quick", "--seed", 1, "--json",
                 "--out", tmp_path / "band")  # fmt: skip
    assert run.returncode == 0
    said = json.loads(run.stdout)
    assert len(said["statements"]) == 5
    for row in said["statements"]:
        assert row["n"] == row["decided_for"] + row["undecided"] + row["decided_against"]
        assert row["n"] + row["undefined"] == 3
    names = {"ignorance.csv", "ignorance-flips.csv", "ignorance-draws.csv", "ignorance.png", "rows"}
    assert {file.name for file in (tmp_path / "band").iterdir()} == names


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--output", "friend_retension_12m"), 'did you mean "friend_retention_12m"'),
        (("--output", "xyz"), "known: friend_retention_12m, kin_retention_12m"),
        (("--output", "wellbeing", "--method", "soboll"), 'did you mean "sobol"'),
        (("--output", "wellbeing", "--method", "sobol"), "too many without screening"),
        (("--output", "wellbeing", "--among", "constriction.switch"), "is a switch"),
        (("--output", "wellbeing", "--among", "guilt.memry"), 'did you mean "guilt.memory"'),
        ((), "give --output NAME or --band"),
        (("--output", "wellbeing", "--band"), "one of the two"),
        (("--band", "--method", "morris"), "--method belongs to --output"),
    ],
)
def test_wrong_input_is_refused_in_a_line_or_two(invoke, words, said):
    run = invoke("sensitivity", *words, "--seed", 1)
    assert run.returncode == 2
    assert said in run.stderr
    assert "Traceback" not in run.stderr


def test_the_report_names_what_moves_the_output_and_by_how_much(found):
    text = found.summary()
    assert "wellbeing.severity  -" in text
    assert "3 parameters varied" in text
    assert "balanced anew" in text
    severity = found.parameters.set_index("parameter").loc["wellbeing.severity"]
    assert severity["above_noise"]
    assert severity["mu"] < 0
    assert severity["mu_star_low"] < severity["mu_star"] < severity["mu_star_high"]
    assert (severity["grade"], severity["high"]) == ("assumed", 4)


def test_table_text_and_picture_are_saved(found, tmp_path):
    names = {file.name for file in found.save(tmp_path)}
    assert names == {f"sensitivity-wellbeing.{ending}" for ending in ("csv", "png", "txt")}
    table = pd.read_csv(tmp_path / "sensitivity-wellbeing.csv")
    assert set(table["index"]) == {"mu_star of a family", "mu_star", "total share",
                                   "first-order share"}  # fmt: skip
    assert table["synthetic"].all()
    assert (tmp_path / "sensitivity-wellbeing.txt").read_text().startswith("SYNTHETIC\nseed 1\n")


def test_the_tables_of_the_band_say_what_its_report_says(band, tmp_path):
    assert len(band.draws) == 4
    assert set(band.flips["path"]) == set(TWO.split(","))
    contact = band.statements.set_index("id").loc["contact"]
    assert contact["share"] == contact["decided_for"] / contact["n"] == 1
    assert "A cutback lowers contact" in band.summary()
    assert "4 joint draws of 2 parameters" in band.summary()
    assert len(band.save(tmp_path)) == 4


def test_the_help_names_every_output():
    from analysis.sensitivity.names import OUTPUTS

    assert all(name in command.epilog for name in OUTPUTS)
