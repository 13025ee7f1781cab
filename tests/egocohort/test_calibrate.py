"""``egocohort calibrate``: fits on the command line, what they write, what they may not read."""

import json
import shlex

import pandas as pd
import pytest

import egocohort as ec
from analysis.calibration import fit as fitting
from analysis.calibration import posterior
from sim.study.spec import read_study
from sim.world.scenario import read_scenario

RECIPE = """\
id = "tiny"
title = 'Kin and "friends"'
[[free]]
parameter = "tie.kin.latent_mean"
range = [2.5, 5.5]
[[free]]
parameter = "naming.forgetting"
range = [0, 0.3]
[[target]]
statistic = "map.kin"
value = 2.6
n = 80
use = "calibration"
source = "N26"
[[target]]
statistic = "kept.friend"
wave = 2
value = 0.9
se = 0.02
use = "validation"
"""


@pytest.fixture
def small(monkeypatch):
    """Cohorts of three teams, and a few draws."""
    monkeypatch.setattr(fitting, "QUICK_FIT", fitting.Effort(3, 4, 0.5, 1, 1))
    monkeypatch.setattr(posterior, "STEPS", 200)
    monkeypatch.setattr(posterior, "KEPT", 100)


@pytest.fixture
def recipe(tmp_path):
    file = tmp_path / "tiny.toml"
    file.write_text(RECIPE)
    return file


def test_it_writes_a_scenario_that_can_be_used_and_what_it_predicts(
    invoke, small, recipe, tmp_path
):
    run = invoke("calibrate", recipe, "--quick", "--seed", 1, "--threads", 1, "--json")
    assert run.returncode == 0, run.stderr
    said = json.loads(run.stdout)
    assert said["synthetic"] is True
    kin = said["parameters"][0]
    assert kin["lo"] <= kin["value"] <= kin["hi"]
    assert kin["value"] > 3.9  # 2.6 kin on a map need more of them than the shipped 2.24 do
    assert list(said["not_identified"]) == ["naming.forgetting"]
    folder = tmp_path / "calibration"
    names = ["fitted.csv", "predictive.csv", "predictive.png", "rows", "scenario.toml"]
    assert sorted(file.name for file in folder.iterdir()) == names
    scenario = read_scenario(folder / "scenario.toml")
    assert scenario.parameters["tie.kin.latent_mean"] == pytest.approx(kin["value"], rel=1e-5)
    assert "tie.kin.formation" in scenario.parameters
    assert "NOT IDENTIFIED" in (folder / "scenario.toml").read_text()
    table = pd.read_csv(folder / "predictive.csv")
    assert table["use"].tolist() == ["calibration", "validation"]
    assert (table["lo"] < table["hi"]).all()
    fitted_to = table.iloc[0]
    assert fitted_to["lo"] < fitted_to["simulated"] < fitted_to["hi"]
    assert fitted_to["inside"]
    fitted = pd.read_csv(folder / "fitted.csv")
    assert set(fitted["grade"]) == {"fitted"}
    assert set(fitted["role"]) == {"free", "solved"}


def test_a_world_that_does_not_meet_its_targets_is_not_offered(invoke, small, recipe, tmp_path):
    (tmp_path / "my study.toml").write_text(read_study("founding-study").to_toml())
    named = ("--study", "my study.toml", "--out", "my out")
    run = invoke("calibrate", recipe, "--quick", "--seed", 1, "--threads", 1, *named)
    assert "To use it:\n  egocohort simulate" in run.stdout
    use = shlex.split(run.stdout.splitlines()[-1])
    assert use[2:] == ["my study.toml", "--scenario", "my out/scenario.toml"]
    assert "Not met" not in run.stdout
    recipe.write_text(RECIPE.replace("value = 2.6", "value = 9"))
    run = invoke("calibrate", recipe, "--quick", "--seed", 1, "--threads", 1)
    assert run.returncode == 0
    assert "To use it" not in run.stdout
    assert "It is not one to use as it is: see what is not met." in run.stdout
    assert "Not met:\n  map.kin is 9, and the fitted world would show" in run.stdout
    assert "tie.kin.latent_mean sits at the highest value of its range (5.5)" in run.stdout
    text = (tmp_path / "calibration" / "scenario.toml").read_text()
    assert "# NOT MET: map.kin is 9" in text
    assert read_scenario(tmp_path / "calibration" / "scenario.toml")


def test_targets_for_validation_are_not_read_by_the_fit(small, recipe):
    before = ec.calibrate(recipe, quick=True, seed=5)
    recipe.write_text(RECIPE.replace("value = 0.9", "value = 0.2").replace("0.02", "0.001"))
    after = ec.calibrate(recipe, quick=True, seed=5)
    pd.testing.assert_frame_equal(before.parameters, after.parameters)
    assert (before.fit.draws == after.fit.draws).all()
    assert before.fit.solved == after.fit.solved
    aims = [table.query("use == 'calibration'") for table in (before.predictive, after.predictive)]
    assert aims[0]["simulated"].tolist() == aims[1]["simulated"].tolist()
    assert after.predictive["target"].tolist() == [2.6, 0.2]
    recipe.write_text(RECIPE.replace("value = 2.6", "value = 2.0"))
    moved = ec.calibrate(recipe, quick=True, seed=5)
    assert moved.fit.best[0] < before.fit.best[0] - 0.3


def test_the_same_seed_gives_the_same_fit_on_more_threads(small, recipe):
    one = ec.calibrate(recipe, quick=True, seed=2)
    two = ec.calibrate(recipe, quick=True, seed=2, threads=2)
    pd.testing.assert_frame_equal(one.parameters, two.parameters)
    pd.testing.assert_frame_equal(one.predictive, two.predictive)


def test_the_summary_says_what_is_not_known(small, recipe):
    text = ec.calibrate(recipe, quick=True, seed=3).summary()
    assert "Not identified by these targets:\n  naming.forgetting" in text
    assert "not fitted to" in text
    assert "Quick run" in text


def test_a_pilot_goes_in_and_a_world_and_a_study_come_out(invoke, small, tmp_path):
    study = tmp_path / "pilot.toml"
    study.write_text(
        'id = "mine"\ntitle = "Mine"\n[frame]\nteams_per_site = [2]\nscale = 0.5\n'
        "[recruitment]\nn = 30\n[waves]\nweeks = [0, 26]\n[participation]\nretention = [0.8]\n"
    )
    ec.simulate(study, seed=6, out=tmp_path)
    bundle = tmp_path / "mine__usual-care__SYNTHETIC__s6"
    out = tmp_path / "fit"
    run = invoke("calibrate", "--pilot", bundle, "--quick", "--seed", 1, "--out", out)
    assert run.returncode == 0, run.stderr
    assert "Pilot: 30 people, 2 waves." in run.stdout
    assert f"egocohort simulate {out / 'study.toml'} --scenario" in run.stdout
    ids = set(pd.read_csv(bundle / "alters.csv")["alter_id"])
    texts = [f for f in out.rglob("*.*") if f.suffix in (".csv", ".toml", ".json")]
    written = "".join(f.read_text() for f in texts) + run.stdout
    assert not [one for one in ids if one in written]
    done = ec.simulate(out / "study.toml", scenario=out / "scenario.toml", seed=1)
    assert len(done.persons) == 30


def test_a_pilot_of_a_changed_world_gives_the_change_back(small, tmp_path):
    """Seven kin where the shipped world has four: the seed is fixed, so this cannot flicker."""
    world = tmp_path / "kin.toml"
    world.write_text(
        'id = "kin"\ntitle = "More kin"\nextends = "usual-care"\n[parameters]\n'
        '"tie.kin.latent_mean" = 6.5\n"tie.young_kin.latent_mean" = 0.91\n'
    )
    study = tmp_path / "pilot.toml"
    study.write_text(
        'id = "mine"\ntitle = "Mine"\n[frame]\nteams_per_site = [2]\n[recruitment]\nn = 80\n'
        "[waves]\nweeks = [0]\n"
    )
    ec.simulate(study, scenario=world, seed=1, out=tmp_path)
    recipe = tmp_path / "free.toml"
    recipe.write_text(
        'id = "free"\ntitle = "Kin"\n[[free]]\nparameter = "tie.kin.latent_mean"\n'
        'along = ["tie.young_kin.latent_mean"]\nrange = [2, 10]\n'
    )
    found = ec.calibrate(recipe, pilot=tmp_path / "mine__kin__SYNTHETIC__s1", quick=True, seed=1)
    kin = found.parameters.iloc[0]
    assert kin["before"] < kin["lo"] < 6.5 < kin["hi"]
    assert found.not_identified == {}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "nothing to fit to"),
        (["founding-papr"], 'did you mean "founding-paper"'),
        (["nowhere.toml"], "no such file"),
        (["--pilot", "nowhere"], "no such folder"),
        (["founding-paper", "--study", "founding-studdy"], 'did you mean "founding-study"'),
        (["pilot"], 'no target with use = "calibration"'),
    ],
)
def test_wrong_input_is_one_message(invoke, words, said, tmp_path):
    run = invoke("calibrate", *words, "--seed", 1)
    assert run.returncode == 2
    assert said in run.stderr
    assert not (tmp_path / "calibration").exists()


def test_statistics_are_listed(invoke):
    run = invoke("calibrate", "--statistics")
    assert run.returncode == 0
    assert "map.size_sd" in run.stdout
    assert "episode.median_weeks" in run.stdout
