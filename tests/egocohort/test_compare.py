"""``egocohort compare``: on the command line, as data, as tables, pictures and a page."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest

import egocohort as ec
from analysis.compare.outcomes import LIFE_OUTCOMES
from analysis.compare.subgroups import DIMENSIONS
from analysis.compare.words import said
from sim.errors import InputError

HEAD = """\
id = "{name}"
title = "A small world"
[world]
teams_per_site = [1, 1]
scale = 0.1
runin_weeks = 2
horizon_weeks = 8
"""
SHOCK = """
[[shock]]
acts_on = "service.coordinator.capacity"
how = "set"
value = 11
"""
OWN = """
[[shock]]
acts_on = "guilt.memory"
how = "set"
value = 8
from_study_week = 2
"""


@pytest.fixture
def small(tmp_path):
    """Two scenarios of a small world, as they are named on the command line."""
    (tmp_path / "usual.toml").write_text(HEAD.format(name="usual"))
    (tmp_path / "cut.toml").write_text(HEAD.format(name="cut") + SHOCK + "from_week = 2\n")
    return "usual.toml", "cut.toml"


FEW = ("--replicates", 3, "--seed", 1, "--every", 4)


def test_the_answer_comes_first_in_one_sentence(invoke, small):
    run = invoke("compare", *small, *FEW)
    assert run.returncode == 0
    first, blank, *_ = run.stdout.splitlines()
    assert re.fullmatch(r"In 8 weeks of cut, beside usual: .*[^.]\.", first)
    assert blank == ""
    assert all(one.label in run.stdout for one in LIFE_OUTCOMES)


def test_json_tables_and_page_have_the_same_numbers(invoke, small, tmp_path):
    out = tmp_path / "out"
    run = invoke("compare", *small, *FEW, "--by", "partner,need", "--out", out, "--json")
    told = json.loads(run.stdout)
    html = (out / "report.html").read_text()
    assert told["synthetic"] is True
    for name in ("differences", "substitution", "subgroups"):
        table = pd.read_csv(out / f"{name}.csv")
        assert len(table) == len(told[name])
        for row, other in zip(told[name], table.to_dict("records"), strict=True):
            for key, value in row.items():
                if isinstance(value, float):
                    assert other[key] == pytest.approx(value, rel=1e-5, abs=1e-12)
    for row in told["differences"]:
        if row["week"] == 7:
            assert f">{said(row['difference'])}<" in html
    assert told["answer"][0] in html
    assert json.loads((out / "comparison.json").read_text())["differences"] == told["differences"]
    names = {"differences", "subgroups"}
    assert names <= {file.stem for file in out.glob("*.png")}


def test_a_later_run_goes_on_and_another_scenario_is_refused(invoke, small, tmp_path):
    out = tmp_path / "out"
    first = invoke("compare", *small, *FEW, "--out", out, "--json")
    again = invoke("compare", *small, "--replicates", 3, "--every", 4, "--out", out, "--json")
    assert json.loads(first.stdout) == json.loads(again.stdout)
    assert "seed 1, that of the results there" in again.stderr
    (tmp_path / "other.toml").write_text(HEAD.format(name="other"))
    other = invoke("compare", small[0], "other.toml", *FEW, "--out", out)
    assert other.returncode == 3
    assert "scenarios 2 id was cut and is other" in other.stderr


def test_three_worlds_are_each_compared_with_the_first(small, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("again.toml").write_text(HEAD.format(name="again"))  # a control: usual by another id
    found = ec.compare(
        [*small, "again.toml"], replicates=2, seed=1, outcomes=["kept", "kin", "kin"]
    )
    assert not found.differences.duplicated().any()
    assert set(found.differences["scenario"]) == {"cut", "again"}
    assert set(found.differences["outcome"]) == {"kept", "kin"}
    assert found.headline.splitlines()[1] == "In 8 weeks of again, beside usual: nothing differs."
    assert found.plot().axes[0].get_title(loc="left") == "visits kept"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("usual-care", "service-cutbak"), 'did you mean "service-cutback"'),
        (("usual.toml",), "give two scenarios or more"),
        (("usual-care", "usual.toml"), "differ in people (teams_per_site)"),
        (("usual.toml", "cut.toml", "cut.toml"), 'scenario "cut" is given twice; once will do'),
        (("usual.toml", "./usual.toml"), 'scenario "usual" is given twice; once will do'),
        (("usual.toml", "staff.toml"), "differ in staff (staff)"),
        (("usual.toml", "late.toml"), "starts in week 9, but the run has 8 weeks"),
        (("usual.toml", "own.toml"), "nobody is interviewed here; give from_week"),
        (("usual.toml", "second.toml", "--teams", 1), "reaches none of 1 team; give --teams 2"),
        (("usual.toml", "cut.toml", "twin.toml"), 'two scenarios are called "cut"'),
        (("usual.toml", "cut.toml", "--teams", 3), "has 2 teams"),
        (("usual.toml", "cut.toml", "--by", "partnr"), 'did you mean "partner"'),
        (("usual.toml", "cut.toml", "--by", "need,need"), "is named twice"),
        (("usual.toml", "cut.toml", "--by", "need", "--who", "need=high"), "--who need=high clash"),
        (("usual.toml", "cut.toml", "--by", "diagnosis*household*need*partner"), "at most 60"),
        (("usual.toml", "cut.toml", "--who", "partner=maybe"), "its levels are no, yes"),
        (("usual.toml", "cut.toml", "--who", "partner"), "partner stands without a level"),
        (("usual.toml", "cut.toml", "--who", "diagnosis=bipolr"), 'did you mean "bipolar"'),
        (
            ("usual.toml", "cut.toml", "--replicates", 1, "--teams", 1, "--seed", 1, "--who",
             "informal=few,partner=yes,need=high"),
            "of fewer than 10 distinct people nothing is said; ",
        ),
        (
            ("usual.toml", "cut.toml", "--replicates", 2, "--seed", 1, "--by",
             "need,partner*household"),
            "--by partner*household: nobody of no*partner, 3 people of yes*parents, 3 people of "
            "yes*others in 2 replicates, and of fewer than 10 distinct people nothing is said; "
            "choose other subgroups",
        ),
        (("usual.toml", "cut.toml", "--outcomes", "kpt"), 'did you mean "kept"'),
        (("usual.toml", "cut.toml", "--precision", "kept=0"), "a half-width above 0"),
        (("usual.toml", "cut.toml", "--weeks", 200, "--every", 1), "give --every 4 or more"),
    ],
)  # fmt: skip
def test_bad_input_is_one_message_and_nothing_is_written(invoke, small, tmp_path, words, message):
    more = {
        "staff": HEAD.format(name="staff") + "[world.staff.cpn]\nfte = [1.0]\n",
        "late": HEAD.format(name="late") + SHOCK + "from_week = 9\n",
        "own": HEAD.format(name="own") + OWN,
        "second": HEAD.format(name="second") + SHOCK + "from_week = 2\nwho = { site = 2 }\n",
        "twin": HEAD.format(name="cut") + SHOCK + "from_week = 3\n",
    }  # fmt: skip
    for name, text in more.items():
        (tmp_path / f"{name}.toml").write_text(text)
    before = sorted(tmp_path.iterdir())
    run = invoke("compare", *words, "--out", tmp_path / "out")
    assert run.returncode == 2
    assert message in run.stderr
    assert len([line for line in run.stderr.splitlines() if line.startswith("Error")]) == 1
    assert "Traceback" not in run.stderr
    left = [file for file in tmp_path.rglob("*") if file.is_file() and file not in before]
    assert left == []


def test_what_does_not_differ_at_all_is_told_from_what_is_not_clear(small, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = ec.compare(list(small), replicates=3, seed=2, outcomes=["died", "kept", "wellbeing"])
    assert found.headline.endswith("none at all in died.")
    alone = ec.compare(list(small), replicates=3, seed=2, outcomes=["died"])
    assert alone.headline.endswith("no change in died.")


def test_totals_of_a_year_that_hold_less_than_a_year_of_the_cut_say_so(
    small, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    price = '{ value = 1, source = "ours", year = 2024 }'
    words = f'currency = "GBP"\nvisit = {price}\ncrisis = {price}\nbed_day = {price}\n'
    (tmp_path / "prices.toml").write_text(words)
    found = ec.compare(
        list(small), replicates=3, seed=1, costs="prices.toml", who="partner=no", by=["team"]
    )
    notes = found.as_data()["notes"]
    assert "cut begins in week 2: totals of 8 weeks hold 6 weeks of what it does." in notes
    assert "For a whole year of it give --weeks 54, or let shocks begin in week 0." in notes
    said = found.summary()
    assert (
        "Per 1,000 people on the caseload (people with partner=no) and 8 weeks, of which the cut "
        "is in force from week 2 on, cut beside usual" in said
    )
    assert "costs" in found.tables


def test_each_scenario_is_told_from_its_own_beginning(small, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "later.toml").write_text(HEAD.format(name="later") + SHOCK + "from_week = 5\n")
    found = ec.compare([*small, "later.toml"], replicates=2, seed=1, costs="england-2023")
    notes = " ".join(found.as_data()["notes"])
    assert "cut begins in week 2: totals of 8 weeks hold 6 weeks" in notes
    assert "later begins in week 5: totals of 8 weeks hold 3 weeks" in notes
    assert "in force from week 5 on, later beside usual" in found.summary()


def test_what_parameters_of_its_own_mean_is_said(small, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.toml").write_text(
        HEAD.format(name="own").replace("[world]", '[parameters]\n"guilt.memory" = 8\n[world]')
    )
    found = ec.compare(["usual.toml", "own.toml"], replicates=1, seed=1, by=["partner"])
    notes = " ".join(found.as_data()["notes"])
    assert "own has parameters of its own: they hold from week 0 on" in notes
    assert "One replicate tells no interval" in notes
    assert "not cut directly" not in set(found.differences["who"])


@pytest.mark.parametrize("asked", [{"replicates": 0}, {"draws": -1}, {"futures": 3}])
def test_numbers_that_say_nothing_are_refused(small, tmp_path, monkeypatch, asked):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=f"--{next(iter(asked))}"):
        ec.compare(list(small), seed=1, **asked)


def test_the_help_names_every_dimension(invoke):
    words = " ".join(invoke("compare", "--help").stdout.split())
    assert all(name in words for name in DIMENSIONS)


DEADLY = """
[[shock]]
acts_on = "illness.death_rate"
how = "set"
value = 0.03
"""


def test_money_and_doses_say_where_more_people_die(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    head = HEAD.replace("scale = 0.1\n", "").replace("weeks = 8", "weeks = 40")
    (tmp_path / "usual.toml").write_text(head.format(name="usual"))
    (tmp_path / "cut.toml").write_text(head.format(name="cut") + DEADLY + "from_week = 2\n")
    worlds = ["usual.toml", "cut.toml"]
    found = ec.compare(worlds, replicates=2, seed=3, costs="england-2023", outcomes=["kept"])
    assert re.search(
        r"no clear change in died \(.* to .* percentage points\), visits kept \(.* a person\)",
        found.headline,
    )
    assert "the dead cost nothing: that is in these figures" in found.summary()
    assert set(found.tables["deaths"]["outcome"]) == {"kept"}
    swept = ec.sweep(*worlds, ["depth=0,1"], replicates=1, seed=1)
    assert "Doses move who dies" in swept.summary()


def test_a_table_without_rows_is_not_written(small, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = ec.compare(list(small), replicates=2, seed=1, outcomes=["died"], by=["partner"])
    found.save("out")
    for file in (tmp_path / "out").glob("*.csv"):
        assert len(pd.read_csv(file)) > 0
