"""``egocohort sweep``: on the command line, as data, as tables and pictures."""

import json

import pandas as pd
import pytest

import egocohort as ec
from analysis.compare.words import said
from sim.errors import InputError

HEAD = """\
id = "{name}"
title = "A small world"
[world]
teams_per_site = [1]
scale = 0.1
runin_weeks = 2
horizon_weeks = 8
"""
SHOCK = """
[[shock]]
acts_on = "service.coordinator.capacity"
how = "multiply"
value = 0.7
from_week = 2
"""


@pytest.fixture
def small(tmp_path, monkeypatch):
    """Two scenarios of a small world, as they are named on the command line."""
    (tmp_path / "usual.toml").write_text(HEAD.format(name="usual"))
    (tmp_path / "cut.toml").write_text(HEAD.format(name="cut") + SHOCK)
    monkeypatch.chdir(tmp_path)
    return "usual.toml", "cut.toml"


def test_json_tables_and_python_have_the_same_numbers(invoke, small, tmp_path):
    words = ("--over", "depth=0,1", "--over", "weeks=2,4", "--threshold", "kept=-0.01")
    out = tmp_path / "out"
    run = invoke("sweep", *small, *words, "--replicates", 2, "--seed", 1, "--out", out, "--json")
    told = json.loads(run.stdout)
    assert told["synthetic"] is True
    table = pd.read_csv(out / "doses.csv")
    assert table["difference"].tolist() == pytest.approx(
        [row["difference"] for row in told["doses"]], rel=1e-5, abs=1e-9
    )
    again = ec.sweep(
        *small, ["depth=0,1", "weeks=2,4"], thresholds=["kept=-0.01"], replicates=2, seed=1
    )
    assert again.as_data()["doses"] == told["doses"]
    assert len(told["thresholds"]) == 2
    assert {"doses.png", "heat.png", "sweep.json", "thresholds.csv"} <= {
        file.name for file in out.iterdir()
    }
    html = (out / "report.html").read_text()
    assert html.count("data:image/svg+xml") == 2
    for row in told["doses"]:
        if row["outcome"] == "kept":
            assert f">{said(row['difference'])}<" in html
    assert all(line in html for line in [*told["answer"], *told["notes"]])
    assert again.headline.splitlines()[0] in told["answer"]


def test_a_sentence_says_where_a_level_is_passed(small):
    twice = ["kept=-50", "kept=-50.0"]
    found = ec.sweep(*small, ["depth=0,1"], thresholds=twice, replicates=1, seed=1)
    usual = found.tables["doses"].query("outcome == 'kept'")["usual"].iloc[0]
    assert found.headline == (
        "visits kept down by more than 50 a person beside usual: at no depth lived. Nor can it "
        f"be at any: usual has {said(usual)} a person in all; a level is in that unit, and no "
        "share of it."
    )
    assert "One replicate tells no interval" in found.summary()
    assert "Totals of 8 weeks hold 6 weeks of what the cut does, which begins in week 2." in (
        found.summary()
    )
    begins = ec.sweep(*small, ["from_week=2,4"], replicates=1, seed=1)
    assert "Totals of 8 weeks hold" not in begins.summary()


def test_an_interval_of_doses_that_are_clearly_too_few_lies_beyond_them_all(small, tmp_path):
    """Not before the first as well."""
    found = ec.sweep(*small, ["depth=0,0.5,1"], thresholds=["crises=90"], replicates=3, seed=1)
    assert found.headline == (
        "crises up by more than 90 per 100 people beside usual: at no depth lived (95 % interval: "
        "beyond the last lived)."
    )
    found.save(tmp_path / "out")
    assert "beyond the last</td>" in (tmp_path / "out" / "report.html").read_text()


def test_a_level_has_its_week_and_a_cut_that_is_over_is_said_to_be(small):
    found = ec.sweep(*small, ["weeks=2,4,6"], thresholds=["unvisited=5"], replicates=2, seed=1)
    assert "no visit kept for a quarter at the end of week 7 up by more than 5 percentage " in (
        found.headline
    )
    assert "At 2 of 3 doses nothing of the cut is in force in week 7 any more" in found.summary()
    assert "Totals are of 8 weeks; the cut begins in week 2, and they hold what follows" in (
        found.summary()
    )
    assert "No visit kept for a quarter is of week 7 alone, and swings" in found.summary()


def test_bad_input_is_one_message_and_nothing_is_written(invoke, small, tmp_path):
    run = invoke("sweep", *small, "--over", "dept=0,1", "--out", tmp_path / "out")
    assert run.returncode == 2
    assert 'did you mean "depth"' in run.stderr
    assert "Traceback" not in run.stderr
    with pytest.raises(InputError, match="--replicates"):
        ec.sweep(*small, ["depth=0,1"], replicates=0, seed=1)
