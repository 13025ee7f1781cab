"""Every long job keeps its chunks: its figures are made of rows, and a killed run goes on."""

import pickle
import tomllib
from dataclasses import astuple

import numpy as np
import pyarrow as pa
import pytest

from analysis.calibration import bank as calibrating
from analysis.calibration.surface import Box
from analysis.calibration.targets import read_recipe
from analysis.patterns import run as measuring
from analysis.patterns import studies as looking
from analysis.patterns.catalogue import choose
from analysis.planning.band import band as drawing
from analysis.questions.of_study import plan_of
from analysis.runs.parameter_space import choose_space
from analysis.runs.run import Run
from analysis.saturation import sightings as seeing
from analysis.saturation.settings import saturation_in
from analysis.sensitivity import answers as answering
from analysis.worlds.process import world_process
from sim.study.spec import parse_study
from tests.analysis.planning.test_world import SMALL

CODES = """\
id = "codes"
title = "Codes in a small world"
[frame]
teams_per_site = [3]
egos_per_team = 60
[recruitment]
n = 12
[waves]
weeks = [0, 4]
[participation]
retention = [0.8]
[saturation]
codes = "all"
detection = 0.8
people_at_most = 20
[[saturation.stated]]
name = "shame"
prevalence = 0.3
"""


def saturation(kept):
    study = parse_study(tomllib.loads(CODES), "codes.toml")
    found = seeing.see(study, saturation_in(study), 20, 5, at_least=5, seed=1, kept=kept)
    return [one.tobytes() for one in (found.has, found.held, found.seen)]


def teams(kept):
    found = measuring.verdicts(choose(["P50", "P6"]), 3, 0, threads=1, egos=48, kept=kept)
    return [astuple(one) for one in found]


def studies(kept):
    return looking.seen_by_small_studies(["kin kept", "partner kept"], 3, kept=kept)


def sensitivity(kept):
    world = answering.MeasuredWorld(["people_12m", "support"], 2, seed=1, egos=48, kept=kept)
    points = np.random.default_rng(1).random((4, 2))
    found = world.answers(choose_space(["work.strain", "ending.lapse"]), points)
    return [part.tobytes() for one in found for part in (one.value, one.rest)]


def band(kept):
    study = parse_study(tomllib.loads(SMALL), "small.toml")
    plan = plan_of(study)
    world = world_process(study, plan, 3)
    asked = {"shipped": (1.0,) * len(plan.question), "target": 0.8}
    return str(drawing.parameter_band(world, [30, 60], 2, **asked, kept=kept))


def calibration(kept):
    recipe = read_recipe("founding-paper")
    found = calibrating.Bank(recipe, 2, 1, kept=kept)
    found.grow(Box(found.prior.low, found.prior.high), 1)
    found.simulate(found.theta[0], found.balanced(found.theta[0]), teams=3)
    return [one.tobytes() for one in (found.theta, found.values, found.levels)], found.spent


JOBS = {
    "saturation": (saturation, seeing, "see_study"),
    "teams": (teams, measuring, "measure_team"),
    "studies": (studies, looking, "look_for_signs"),
    "sensitivity": (sensitivity, answering, "measure_point"),
    "band": (band, drawing, "ask_draw"),
    "calibration": (calibration, calibrating, "point_rows"),
}


@pytest.fixture(autouse=True)
def one_a_file(monkeypatch):
    monkeypatch.setattr(seeing, "STUDIES_A_FILE", 1)
    monkeypatch.setattr(looking, "STUDIES_A_FILE", 1)


def said(rows):
    return str(pa.table(dict(rows)).to_pydict())


def files(folder):
    return {one.relative_to(folder): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


@pytest.mark.parametrize("name", JOBS)
def test_a_job_is_the_same_kept_or_not_and_goes_on_where_it_was_killed(name, tmp_path, monkeypatch):
    job, module, at = JOBS[name]
    run_chunk, done, most = getattr(module, at), [], [1000]

    def counted(spec, chunk):
        if len(done) == most[0]:
            raise KeyboardInterrupt
        done.append((spec, chunk))
        return run_chunk(spec, chunk)

    monkeypatch.setattr(module, at, counted)
    plain, chunks = job(None), len(done)
    assert chunks >= 2
    whole, killed = Run(tmp_path / "whole", "mine"), Run(tmp_path / "killed", "mine")
    assert job(whole) == plain
    done.clear()
    assert job(whole) == plain
    assert done == []
    most[0] = chunks // 2
    with pytest.raises(KeyboardInterrupt):
        job(killed)
    most[0] = 1000
    done.clear()
    assert job(killed) == plain
    assert len(done) == chunks - chunks // 2
    assert files(tmp_path / "killed") == files(tmp_path / "whole")
    spec, chunk = done[-1]
    again = run_chunk(pickle.loads(pickle.dumps(spec)), chunk)  # as another process would
    assert said(again) == said(run_chunk(spec, chunk))


def test_patterns_of_ones_own_are_not_pickled_as_others():
    (pattern,) = choose(["P50"])
    own = measuring.Teams((pattern.__class__(**{**vars(pattern), "off": {}}),), 1, 48)
    with pytest.raises(TypeError, match="not in the catalogue"):
        pickle.dumps(own)
