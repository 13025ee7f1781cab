"""A pilot on the command line: looked at, and begun a study file with."""

import json
import tomllib

import numpy as np
import pandas as pd
import pytest

import egocohort as ec
from analysis.calibration import fit as fitting
from analysis.calibration import posterior
from analysis.questions.of_study import plan_of
from analysis.questions.ties import PanelTies
from sim.study.spec import read_study

PEOPLE = [f"P{number:02}" for number in range(30)]


@pytest.fixture
def folder(tmp_path):
    """Thirty people in five teams, twenty of them seen again; one word that is not ours."""
    rng = np.random.default_rng(5)
    place = tmp_path / "mine"
    place.mkdir()
    first = rng.normal(20, 4, 30).round(1).clip(8, 34)
    again = (first + rng.normal(0, 2, 30)).round(1).clip(8, 34)
    egos = pd.DataFrame({
        "ego_pid": PEOPLE + PEOPLE[:20], "wave": [1] * 30 + [2] * 20, "interview_status": "done",
        "month_target": [0] * 30 + [9] * 20, "team": [n % 5 for n in [*range(30), *range(20)]],
        "swemwbs": [*first, *again[:20]],
    })  # fmt: skip
    alters = egos[["ego_pid", "wave"]].assign(alter_id="a", tie_class="kin", tie_kind="mum")
    egos.to_csv(place / "egos.csv", index=False)
    alters.to_csv(place / "alters.csv", index=False)
    return place


def test_check_says_what_was_read_and_writes_nothing(invoke, folder, tmp_path):
    run = invoke("calibrate", "--pilot", folder, "--check")
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith("Read: 30 people, 2 waves in weeks 0, 39.\n")
    lines = [line.split() for line in run.stdout.splitlines()]
    assert ["complete", "30", "20"] in lines
    assert ["kin:", "parent", "30", "20"] in lines
    assert 'tie_kind read as ours: "mum" as parent (50)' in run.stdout
    assert "map.partner" in run.stdout
    assert not [pid for pid in PEOPLE if pid in run.stdout]
    said = json.loads(invoke("calibrate", "--pilot", folder, "--check", "--json").stdout)
    assert {"of": "ids", "name": "of these, met again", "kind": "", "wave": 2, "n": 20,
            "most": False} in said["counts"]  # fmt: skip
    assert [file.name for file in tmp_path.iterdir()] == ["mine"]


def test_what_was_read_can_be_written(folder, tmp_path):
    found = ec.check_pilot(folder, out=tmp_path / "read")
    assert sorted(file.name for file in (tmp_path / "read").iterdir()) == [
        "figures.csv", "pilot.csv", "pilot.txt",
    ]  # fmt: skip
    table = pd.read_csv(tmp_path / "read" / "pilot.csv")
    assert "synthetic" not in table
    assert table.query("of == 'members' and wave == 2").n.tolist() == [20]
    assert found.headline in (tmp_path / "read" / "pilot.txt").read_text()


def test_a_pilot_that_names_one_class_is_fitted_with_what_was_read_beside_it(
    invoke, folder, monkeypatch, tmp_path
):
    monkeypatch.setattr(fitting, "QUICK_FIT", fitting.Effort(1, 2, 0.1, 1, 1))
    monkeypatch.setattr(posterior, "STEPS", 200)
    monkeypatch.setattr(posterior, "KEPT", 100)
    run = invoke("calibrate", "--pilot", folder, "--quick", "--seed", 1)  # warnings are errors
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith("Read: 30 people, 2 waves")
    files = {file.name for file in (tmp_path / "calibration").iterdir()}
    assert {"pilot.txt", "pilot.csv", "figures.csv", "study.toml", "scenario.toml"} <= files
    assert read_study(tmp_path / "calibration" / "study.toml").waves.weeks == (0, 39)


def test_faults_are_listed_with_their_lines(invoke, folder):
    file = folder / "alters.csv"
    file.write_text(file.read_text().replace("mum", "mu", 2).replace(",kin,", ",kinn,", 1))
    run = invoke("calibrate", "--pilot", folder, "--check")
    assert run.returncode == 2
    assert "2 things to put right:" in run.stderr
    assert "line 2: tie_class must be one of kin, friend, professional, object" in run.stderr
    assert "alters.csv, line 2 (and 1 more line): tie_kind must be one of" in run.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("calibrate", "--check"), "--check reads a pilot; give its folder"),
        (("calibrate", "founding-paper", "--map", "x.toml"), "give its folder, --pilot FOLDER"),
        (("new", "--yes", "--map", "x.toml"), "give --from-pilot FOLDER"),
        (("new", "--yes", "--from-pilot", "nowhere"), "nowhere: no such folder"),
        (("new", "--yes", "--from-pilot", "mine", "--outcome", "hccq"),
         "the pilot has no scores of hccq; it has swemwbs"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_one_message(invoke, folder, words, message):
    run = invoke(*words)
    assert run.returncode == 2
    assert message in run.stderr


def test_a_study_file_begins_with_what_the_pilot_says(invoke, folder):
    run = invoke("new", "trial.toml", "--yes", "--from-pilot", folder, "--allocation", "team")
    assert run.returncode == 0, run.stderr
    said = ec.check_pilot(folder).interviews
    scores = said.by_interview(said.egos.numbers("swemwbs", None))
    sd = scores[:, 0].std(ddof=1)
    study = read_study("trial.toml")
    panel, sources = plan_of(study).panel, plan_of(study).sources
    assert panel.sd == pytest.approx(sd * (29 / 22.475) ** 0.5, rel=1e-3)
    assert f"SD {sd:.2f} (30 people), upper 80 % limit {panel.sd:.2f}" in run.stdout
    assert panel.mean == pytest.approx(scores[:, 0].mean(), abs=1e-3)
    both = np.isfinite(scores).all(axis=1)
    assert panel.correlation == pytest.approx(np.corrcoef(scores[both].T)[0, 1], abs=1e-3)
    assert study.waves.weeks == (0, 39)
    assert study.participation.retention["all"] == pytest.approx((2 / 3,), abs=1e-4)
    for name in ("sd", "correlation", "icc", "cluster_size", "retention", "mean"):
        assert sources[name].startswith("pilot of 30 people"), name
    assert (
        "20 of 30 interviewed at wave 2, 0.67 (95 % interval 0.49 to 0.81)" in sources["retention"]
    )
    assert "5 teams of 6.0 people on average" in sources["icc"]
    text = ec.plan("trial.toml", seed=1, replicates=100).protocol()
    assert "pilot of 30 people" in text


def test_what_the_pilot_leaves_open_is_proposed_from_file_and_said(folder, tmp_path):
    egos = pd.read_csv(folder / "egos.csv").drop(columns="team").query("wave == 1")
    egos.to_csv(folder / "egos.csv", index=False)
    alters = pd.read_csv(folder / "alters.csv").query("wave == 1")
    alters.to_csv(folder / "alters.csv", index=False)
    made = ec.new(tmp_path / "trial.toml", from_pilot=folder)
    said = "\n".join(made.from_pilot)
    assert "intracluster correlation: unknown (no column team or worker)" in said
    assert "not known from it, and so as on file: correlation, retention, weeks" in said
    sources = tomllib.loads(made.text)["plan"]["sources"]
    assert sources["correlation"] == "walters2019"
    assert sources["sd"].startswith("pilot of 30 people")


@pytest.mark.parametrize("by_name", [False, True])
def test_members_named_again_stand_at_the_end_of_the_study_file(folder, tmp_path, by_name):
    """Person n names 4 members, of whom n % 3 + 1 are named again; twenty have a second map."""
    rows = [
        (pid, wave, f"{pid}-{one}", f"Name {one}", "friend", "friend")
        for n, pid in enumerate(PEOPLE) for wave in (1, 2)[: 2 if n < 20 else 1]
        for one in range(4) if wave == 1 or (one + n) % 4 < n % 3 + 1
    ]  # fmt: skip
    heads = ["ego_pid", "wave", "alter_id", "alter_name", "tie_class", "tie_kind"]
    pd.DataFrame(rows, columns=heads).to_csv(folder / "alters.csv", index=False)
    given = {}
    if by_name:
        given["map_file"] = tmp_path / "map.toml"
        given["map_file"].write_text('same_member = "name, kind and age"\n')
    text = ec.new(tmp_path / "trial.toml", from_pilot=folder, **given).text
    end = text[text.index("# Do ties stay?") :].splitlines()
    assert end.count("# [plan.panel.ties]") == 1
    table = [one[2:] for one in end[end.index("# [plan.panel.ties]") :]]
    ties = tomllib.loads("\n".join(table))["plan"]["panel"]["ties"]
    kept = sum(n % 3 + 1 for n in range(20)) / 80
    assert (ties["number"], ties["number_sd"]) == (4, 0)
    assert ties["kept"] == [pytest.approx(kept, abs=1e-4)]
    assert ("missed_links" in ties) == by_name
    assert ("a name written in another way" in " ".join(" ".join(end).replace("# ", "").split())
            ) == by_name  # fmt: skip
    assert 0 <= ties["icc"] < 0.2
    PanelTies(**ties)
    asked = ec.new(tmp_path / "ties.toml", from_pilot=folder, about="ties", **given)
    plan = plan_of(read_study(asked.path))
    assert (plan.panel.ties.number, plan.panel.ties.kept[-1]) == (4, pytest.approx(kept, abs=1e-3))
    assert plan.sources["kept"].startswith("pilot of 30 people")
    assert "Do ties stay?" not in asked.text


def test_a_pilot_in_which_everybody_keeps_everybody_says_nothing_of_ties(folder, tmp_path):
    assert "Do ties stay?" not in ec.new(tmp_path / "trial.toml", from_pilot=folder).text


def test_ones_own_figure_goes_before_the_pilots(folder, tmp_path):
    made = ec.new(tmp_path / "trial.toml", from_pilot=folder, sd=5, retention=0.9)
    study = read_study(made.path)
    assert plan_of(study).panel.sd == 5
    assert plan_of(study).sources["sd"] == "given by the study team"
    assert study.participation.retention["all"] == (0.9,)
