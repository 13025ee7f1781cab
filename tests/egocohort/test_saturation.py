"""``egocohort saturation`` on the command line: words, data, tables, and what is wrong."""

import json

import pandas as pd
import pytest

import egocohort as ec

STUDY = """\
id = "mine"
title = "Three themes"
[recruitment]
n = 12
[waves]
weeks = [0]
[saturation]
detection = 0.8
people_at_most = 25
[[saturation.stated]]
name = "shame"
prevalence = 0.3
[[saturation.stated]]
name = "relief"
prevalence = 0.6
[[saturation.rule]]
name = "6 + 3"
base = 6
run = 3
"""
FEW = ("--seed", 1, "--replicates", 200)


@pytest.fixture
def study(tmp_path):
    """Write the study, with `old` text replaced by `new`."""

    def write(old="", new=""):
        assert old in STUDY
        file = tmp_path / "mine.toml"
        file.write_text(STUDY.replace(old, new) if old else STUDY)
        return file

    return write


def test_it_prints_numbers_codes_rules_and_a_sentence_for_the_report(invoke, study):
    run = invoke("saturation", study(), *FEW)
    assert run.returncode == 0
    for words in ("N = ", "95 % Monte Carlo interval", "shame", "(stated)", "6 + 3", "too early",
                  "Chao2", "COREQ", "judgement"):  # fmt: skip
        assert words in run.stdout
    assert "no evidence" in run.stdout.splitlines()[-1]


def test_it_prints_one_object(invoke, study):
    said = json.loads(invoke("saturation", study(), *FEW, "--json").stdout)
    assert said["synthetic"] is True
    assert said["n"] == said["every_code"]["n"]
    assert said["codes"][0]["prevalence"] == 0.3
    assert len(said["curve"]) == 25
    assert {"people", "people_mcse", "share", "too_early"} <= set(said["rules"][0])
    assert said["both_strands"] is None


PLAN = """\
[plan]
chance = 0.8
people_at_most = 60
[[plan.question]]
outcome = "swemwbs"
about = "mean"
analysis = "t_test"
success = "narrow"
half_width = 2.0
[plan.panel]
outcome = "swemwbs"
sd = 4
correlation = 0.6
"""


def test_the_section_for_coreq_has_the_numbers_of_the_run(invoke, study):
    said = invoke("saturation", study(), *FEW, "--protocol").stdout
    data = json.loads(invoke("saturation", study(), *FEW, "--json", "--protocol").stdout)
    assert data["protocol"] + "\n" == said
    at, rule = data["curve"][11], data["rules"][0]
    assert f"12 participants showed {100 * at['share']:.1f} % of the codes (MCSE" in said
    assert f"it takes {data['n']} people (95 % Monte Carlo interval" in said
    assert f"| 6 + 3 | {rule['people_50']:.0f} (" in said
    assert f"{100 * rule['too_early']:.1f} ({100 * rule['too_early_mcse']:.1f})" in said
    for words in ("COREQ [1]", "seed 1", "simulated by a computer", "analysts to judge", "Tong"):
        assert words in said
    assert "Their lives" not in said  # nothing was simulated but draws


def test_a_study_with_both_strands_has_one_protocol(invoke, study, tmp_path):
    file = study("[saturation]", PLAN + "[saturation]")
    said = invoke("saturation", file, *FEW, "--protocol", "--out", "here").stdout
    assert (tmp_path / "here" / "protocol.md").read_text().startswith(said)
    assert (tmp_path / "here" / "flow.png").exists()
    titles = [line for line in said.splitlines() if line.startswith("## ")]
    assert titles.index("## Saturation") < titles.index("## The simulation study (ADEMP)")
    assert "satisfy both" in said
    alone = invoke("plan", file, *FEW, "--protocol").stdout
    assert "`egocohort saturation` of the study file" in alone


def test_tables_and_picture_are_written_where_asked(invoke, study, tmp_path):
    assert invoke("saturation", study(), *FEW, "--n", 8, "--n", 40, "--out", "here").returncode == 0
    assert {one.name for one in (tmp_path / "here").iterdir()} == {
        "codes.csv", "codes_by_wave.csv", "codes_together.csv", "discovery.csv", "rules.csv",
        "saturation.png", "protocol.md", "rows",
    }  # fmt: skip
    table = pd.read_csv(tmp_path / "here" / "codes.csv")
    assert {"seen_at_8", "seen_at_40_mcse", "closed_form_at_40"} <= set(table)
    assert len(pd.read_csv(tmp_path / "here" / "discovery.csv")) == 40
    assert table["synthetic"].all()


def test_a_later_run_goes_on_from_the_rows_there(invoke, study, tmp_path):
    file, out = study(), ("--out", "here")
    fresh = invoke("saturation", file, "--seed", 5, "--replicates", 70).stdout
    assert invoke("saturation", file, "--seed", 5, "--replicates", 30, *out).returncode == 0
    more = invoke("saturation", file, "--replicates", 70, *out)
    assert "seed 5, that of the results there" in more.stderr
    assert more.stdout.removeprefix("Picture and tables in here\n\n") == fresh
    assert len(list((tmp_path / "here").rglob("from-*.parquet"))) == 4
    told = ec.saturation(file, replicates=70, out=tmp_path / "here").summary()
    assert told.strip() in fresh


def test_rows_of_another_run_are_refused_with_what_differs(invoke, study, tmp_path):
    assert invoke("saturation", study(), *FEW, "--out", "here").returncode == 0
    before = (tmp_path / "here" / "codes.csv").read_bytes()
    other = invoke("saturation", study(), "--seed", 2, "--replicates", 200, "--out", "here")
    assert other.returncode == 3
    assert "seed was 1 and is 2" in other.stderr
    moved = invoke("saturation", study("0.6", "0.5"), *FEW, "--out", "here")
    assert moved.returncode == 3
    assert "saturation.stated 2 prevalence was 0.6 and is 0.5" in moved.stderr
    assert (tmp_path / "here" / "codes.csv").read_bytes() == before
    asked = invoke("saturation", study("run = 3", "run = 2"), *FEW, "--out", "here")
    assert asked.returncode == 0  # a rule moves no row


PLAN = """
[plan]
chance = 0.8
people_at_most = 200
[[plan.question]]
outcome = "swemwbs"
about = "mean"
analysis = "t_test"
success = "narrow"
half_width = 1.5
[plan.panel]
outcome = "swemwbs"
sd = 4
correlation = 0.7
"""


def test_the_number_for_both_strands_is_the_larger(study, tmp_path):
    file = study()
    file.write_text(file.read_text() + PLAN)
    found = ec.saturation(file, seed=1, replicates=200, out=tmp_path / "out")
    planned = ec.plan(file, seed=1, replicates=100)
    assert found.result.for_both == max(found.n, planned.n)
    assert planned.n > found.n
    assert f"Both strands: N = {planned.n} people" in found.summary()
    assert found.rules["too_early"].between(0, 1).all()
    assert len(found.plot().axes) == 2


@pytest.mark.parametrize(
    ("old", "new", "words", "message"),
    [
        ("prevalence = 0.3", "prevalence = 1.2", (), "saturation.stated 1 prevalence: 1.2"),
        ("prevalence = 0.3", "prevalence = 0.0", (), "it lies between 0 and 1"),
        ("detection = 0.8", "detection = 0.0", (), "line 8, saturation.detection: 0 is no chance"),
        ("people_at_most", 'codes = ["self-rationin"]\npeople_at_most', (),
         'no code "self-rationin"; did you mean "self-rationing"?'),
        ("people_at_most", 'codes = ["self-rationing"]\npeople_at_most', (), "add a wave"),
        ("people_at_most", 'codes = ["mostly-things"]\npeople_at_most', ("--n", 4000),
         "4000 people wanted, but the frame holds"),
        ("people_at_most = 25", "people_at_most = 8", (), "6 and 3 people are more than"),
        ('"relief"', '"shame"', (), 'names the code "shame" twice'),
        ("base = 6", "base = 6\nruns = 2", (), 'did you mean "run"?'),
    ],
)  # fmt: skip
def test_wrong_input_exits_2_and_says_what_would_be_right(invoke, study, old, new, words, message):
    run = invoke("saturation", study(old, new), *FEW, *words, "--out", "here")
    assert run.returncode == 2
    assert message in run.stderr
    assert "Traceback" not in run.stderr
    assert not study().with_name("here").exists()
