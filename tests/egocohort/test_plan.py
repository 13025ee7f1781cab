"""``egocohort plan``: a number of people on the command line, as data, tables and a picture."""

import json

import pandas as pd
import pytest

import egocohort as ec
from sim.errors import InputError

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
retention = [0.9]
[plan]
chance = 0.8
people_at_most = 400
[[plan.question]]
outcome = "swemwbs"
analysis = "ancova"
[plan.panel]
outcome = "swemwbs"
sd = 4
correlation = 0.6
[plan.panel.effect]
treated = [0.5]
"""
LIVES = """\
id = "lives"
title = "One team and its maps"
[frame]
teams_per_site = [1]
egos_per_team = 96
[recruitment]
n = 20
interest = 0.9
consent = 0.9
[waves]
weeks = [0, 26]
[participation]
retention = [1.0]
[plan]
process = "world"
chance = 0.8
people_at_most = 60
[[plan.question]]
outcome = "map_size"
about = "change"
analysis = "change_score"
"""
FEW = ("--replicates", 100, "--seed", 1)


@pytest.fixture
def trial(tmp_path):
    """Write the trial, with `old` text replaced by `new`."""

    def write(old="", new=""):
        assert old in TRIAL
        file = tmp_path / "trial.toml"
        file.write_text(TRIAL.replace(old, new) if old else TRIAL)
        return file

    return write


def test_it_prints_the_number_its_interval_and_what_stands_beside_it(invoke, trial):
    run = invoke("plan", trial(), *FEW)
    assert run.returncode == 0
    for words in (
        "N = ", "(exact formula: power 0.8", "simulated studies", "fresh run at", "n = 10000",
        "ceiling: power", "closed form: N = ", "MCSE", "coverage of the interval",
    ):  # fmt: skip
        assert words in run.stdout
    assert "seed 1)" in run.stdout
    assert "no evidence" in run.stdout.splitlines()[-1]


def test_it_prints_one_object(invoke, trial):
    run = invoke("plan", trial(), *FEW, "--json")
    said = json.loads(run.stdout)
    assert said["synthetic"] is True
    assert said["n"] == said["search"]["answer"]
    assert said["search"]["lo"] <= said["n"] <= said["search"]["hi"] + 1
    assert said["search"]["confirmed"]["studies"] == 10_000
    assert said["search"]["exact"] >= said["target"]
    assert (said["search"]["standard_error"], said["search"]["counted_in"]) == (0, "people")
    assert said["closed_form"][0]["exact"] is True
    assert abs(said["n"] / said["closed_form"][0]["n"] - 1) < 0.2
    assert {"n", "success", "mcse", "lo", "hi", "studies"} <= set(said["curve"][0])
    assert said["curve"][0]["performance"][0]["coverage"]["studies"] == 100


def test_tables_and_picture_are_written_where_asked(invoke, trial, tmp_path):
    file = trial()
    assert invoke("plan", file, *FEW, "--n", 60, "--n", 90).returncode == 0
    assert [one.name for one in tmp_path.iterdir()] == ["trial.toml"]
    assert invoke("plan", file, *FEW, "--n", 60, "--n", 90, "--out", "here").returncode == 0
    here = tmp_path / "here" / "mine"
    assert {one.name for one in here.iterdir()} == {
        "fingerprint.json", "rows", "study.toml", "plan.json", "curve.csv", "performance.csv",
        "curve.png", "report.html",
    }  # fmt: skip
    curve = pd.read_csv(here / "curve.csv")
    assert curve["n"].tolist() == [60, 90]
    assert curve["synthetic"].all()
    table = pd.read_csv(here / "performance.csv")
    assert len(table) == 2 * table["measure"].nunique()
    assert (table["studies"] <= 100).all()


def test_the_same_seed_gives_the_same_whatever_the_threads(invoke, trial):
    one = invoke("plan", trial(), "--replicates", 600, "--seed", 4, "--json", "--threads", 1)
    two = invoke("plan", trial(), "--replicates", 600, "--seed", 4, "--json", "--threads", 3)
    assert one.stdout == two.stdout


def test_texts_for_the_protocol_are_printed_and_written(invoke, trial, tmp_path):
    printed = invoke("plan", trial(), *FEW, "--n", 60, "--protocol")
    assert printed.returncode == 0
    assert printed.stdout.startswith("# A trial of two arms\n")
    assert "enrol 60 people" in printed.stdout
    assert invoke("plan", trial(), *FEW, "--n", 60, "--out", "here").returncode == 0
    here = tmp_path / "here" / "mine"
    assert (here / "protocol.md").read_text().startswith(printed.stdout)
    assert json.loads((here / "plan.json").read_text())["synthetic"] is True
    assert (here / "flow.png").is_file()
    assert invoke("plan", trial(), *FEW, "--n", 60, "--n", 80, "--out", "here").returncode == 0
    assert not (here / "protocol.md").exists()  # it would be about another plan


WORLD = """\
id = "lost"
title = "Friends against kin in one team"
[frame]
teams_per_site = [1]
egos_per_team = 60
[recruitment]
n = 10
interest = 0.9
consent = 0.9
[waves]
weeks = [0, 13]
[plan]
process = "world"
chance = 0.8
people_at_least = 8
people_at_most = 14
[[plan.question]]
outcome = "ties_lost"
about = "classes"
classes = ["friend", "kin"]
analysis = "gee_share"
"""


def test_a_plan_from_the_world_has_texts_too(invoke, tmp_path):
    (tmp_path / "lost.toml").write_text(WORLD)
    run = invoke("plan", "lost.toml", *FEW, "--n", 10, "--protocol", "--out", "here")
    assert run.returncode == 0, run.stderr
    here = tmp_path / "here" / "lost"
    assert (here / "protocol.md").read_text().startswith(run.stdout)
    assert (here / "flow.png").is_file()
    assert "Target difference" in (here / "report.html").read_text()
    truth = json.loads((here / "plan.json").read_text())["questions"][0]
    assert f"{truth['truth']:.3g} with a Monte Carlo standard error of" in run.stdout


def test_a_protocol_is_about_one_number(invoke, trial):
    run = invoke("plan", trial(), *FEW, "--n", 60, "--n", 80, "--protocol")
    assert run.returncode == 2
    assert "about one number of people" in run.stderr


def test_a_source_of_no_number_is_wrong_input(invoke, trial):
    run = invoke("plan", trial("[plan.panel]", "[plan.sources]\nsdd = 'B46'\n[plan.panel]"), *FEW)
    assert run.returncode == 2
    assert 'did you mean "sd"?' in run.stderr


def test_the_smallest_detectable_effect(invoke, trial):
    run = invoke("plan", trial(), *FEW, "--detect", 100)
    assert "Smallest detectable effect with 100 people" in run.stdout
    assert run.returncode == 0


@pytest.mark.parametrize(
    ("old", "new", "words", "message"),
    [
        ("chance = 0.8", "chance = 1.0", (), "line 12, plan.chance: 1 cannot be asked for"),
        ("", "", ("--n", 500), "n = 500: the plan is for 8 to 400 people"),
        ('outcome = "swemwbs"\nanal', 'outcome = "mood"\nanal', (), 'the panel has no "mood"'),
        ("retention = [0.9]", "retention = [1.1]", (), "must be at most 1"),
        ("treated = [0.5]", "treated = [0.0]", (), "is zero"),
        ("treated = 1 }", "treated = 999 }", (), 'of 400 people 0 are in arm "control"'),
        ("[0, 26]", "[0, 13, 26]", (), "retention"),
        ("", "", ("--draws", 200), "draws = 200: what the panel process assumes stands in"),
        ("[plan]", "[paln]", (), 'unknown key "paln"; did you mean "plan"?'),
    ],
)
def test_wrong_input_exits_2_and_says_what_would_be_right(invoke, trial, old, new, words, message):
    run = invoke("plan", trial(old, new), *FEW, *words, "--out", "here")
    assert run.returncode == 2
    assert message in run.stderr
    assert "Traceback" not in run.stderr
    assert not trial().with_name("here").exists()


def test_a_study_without_a_plan_is_wrong_input(invoke):
    run = invoke("plan", "founding-study", "--seed", 1)
    assert run.returncode == 2
    assert "has no [plan]" in run.stderr


def test_the_shipped_trial_is_planned_as_a_function():
    planned = ec.plan("network-intervention-trial", seed=1, sizes=[216], replicates=500)
    share = planned.curve["success"][0]
    assert abs(share - planned.curve["closed_form_1"][0]) < 0.06
    assert planned.n is None
    assert planned.plot().axes[0].get_ylabel() == "power"
    assert "mmrm" in planned._repr_html_()


def test_the_parameter_band_is_said_written_and_drawn(invoke, tmp_path):
    file = tmp_path / "lives.toml"
    file.write_text(LIVES)
    run = invoke("plan", file, *FEW, "--n", 30, "--n", 60, "--draws", 3, "--json", "--out", "here")
    assert run.returncode == 0
    said = json.loads(run.stdout)["parameter_band"]
    assert (said["draws"], said["parameters"] > 300, said["near_shipped"]) == (3, True, None)
    assert {"q025", "q500", "q975", "same_sign", "same_sign_corrected"} <= set(
        said["all"]["truths"][0]
    )
    assert [one["n"] for one in said["all"]["chances"]] == [30, 60]
    assert {"mean", "mcse", "sd", "quarter", "reaches"} <= set(said["all"]["chances"][0])
    table = pd.read_csv(tmp_path / "here" / "lives" / "band.csv")
    assert len(table) == 3 * 2  # draws and sizes
    assert table["synthetic"].all()
    wins = table.groupby("n")["succeeded"].sum() / table.groupby("n")["studies"].sum()
    assert wins.tolist() == [one["mean"] for one in said["all"]["chances"]]
    plain = invoke("plan", file, *FEW, "--n", 30)
    assert "--draws 200 shows it" in plain.stdout
    assert "leave uncertain (" not in plain.stdout


def test_the_picture_tells_the_band_from_monte_carlo_error(tmp_path):
    file = tmp_path / "lives.toml"
    file.write_text(LIVES)
    planned = ec.plan(file, seed=1, sizes=[30, 60], replicates=10, draws=12)
    assert "12 joint draws" in planned.summary()
    figure = planned.plot()
    assert len(figure.axes) == 2
    labels = [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    assert "averaged over draws, 95 % interval" in labels
    assert any(one.startswith("95 % interval") for one in labels)
    assert "members" in figure.axes[1].get_xlabel()
    assert planned.band["draw"].nunique() == 12


def test_results_are_not_written_over_a_users_study(invoke, tmp_path):

    assert invoke("new", "--sd", 4.1, "--difference", 1.5, "--yes").returncode == 0
    mine = tmp_path / "study.toml"
    mine.write_text(mine.read_text() + "# my note\n")
    planned = ec.plan(mine, seed=3, sizes=[120], replicates=100)
    with pytest.raises(InputError, match=r"study\.toml: is there already"):
        planned.save(tmp_path)
    assert mine.read_text().endswith("# my note\n")
    assert [one.name for one in tmp_path.iterdir()] == ["study.toml"]
    planned.save(tmp_path / "plan")
    planned.save(tmp_path / "plan")  # our own may be written again
