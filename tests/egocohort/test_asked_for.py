"""A study in memory makes what is asked for, and no more."""

import gc
import subprocess
import weakref

import pytest

import egocohort as ec
from sim.data import provenance, tables
from sim.data.bundle import read_bundle


@pytest.fixture
def made(monkeypatch):
    """Names of the tables made so far."""
    names = []
    for what in ("build", "missing_cells"):
        real = getattr(tables, what)

        def making(name, columns, real=real, what=what):
            names.append(name if what == "build" else f"missing cells of {name}")
            return real(name, columns)

        monkeypatch.setattr(tables, what, making)
    return names


def test_only_the_tables_asked_for_are_made_and_each_once(small_study, made):
    study = ec.simulate(small_study, seed=1)
    assert made == []
    assert len(study.alters) == study.arrow("alters").num_rows > 0
    assert made == ["alters"]
    assert study.truth_ties.alter_id.is_unique
    assert made == ["alters", "truth/ties"]


def test_a_notebook_makes_no_truth(small_study, made):
    study = ec.simulate(small_study, seed=1)
    assert set(study.tables) > {"alters", "truth/weekly", "table_one"}
    assert made == []
    assert "data:image/png" in study._repr_html_()
    assert made
    assert not [name for name in made if name.startswith("truth/")]


def test_saving_makes_the_rest(small_study, made, tmp_path):
    study = ec.simulate(small_study, seed=1)
    early = study.arrow("alters")
    study.save(tmp_path)
    assert study.arrow("alters") is early
    assert made.count("alters") == 1
    assert {"persons", "flow", "truth/weekly", "missing cells of alters"} <= set(made)
    assert read_bundle(study.folder).arrow("alters").equals(early)


def test_a_saved_study_lets_go_of_its_world(small_study, tmp_path):
    study = ec.simulate(small_study, seed=1)
    world = weakref.ref(
        study._content.truth._makers["ladder"].args[1]._makers["truth/ladder"].args[0]
    )
    assert world() is not None
    study.save(tmp_path)
    gc.collect()
    assert world() is None
    assert len(study.persons) == 4


def test_where_it_comes_from_is_gathered_when_the_manifest_is_asked_for(small_study, monkeypatch):
    real, gathered = provenance.collect, []

    def collect(**said):
        gathered.append(said["seed"])
        return real(**said)

    monkeypatch.setattr(provenance, "collect", collect)
    study = ec.simulate(small_study, seed=1)
    assert len(study.egos) > 0
    assert (study.study_id, study.seed, study.replicate) == ("small", 1, None)
    assert gathered == []
    assert study.manifest["study"]["id"] == "small"
    assert study.manifest["seed"] == 1
    assert gathered == [1]


def test_git_and_versions_are_asked_once(monkeypatch):
    provenance.collect(seed=1)

    def refuse(*_, **__):
        raise AssertionError("asked again")

    monkeypatch.setattr(subprocess, "run", refuse)
    monkeypatch.setattr(provenance.metadata, "version", refuse)
    assert provenance.collect(seed=2).versions == provenance.collect(seed=1).versions


def test_one_run_can_be_made_twice(small_study):
    from egocohort.simulation_run import carry_out, read_run

    run = read_run(small_study, None, seed=1, replicate=None)
    first = carry_out(run)
    assert first.manifest["scenario"]["hash"] == run.scenario.hash
    assert carry_out(run).arrow("alters").equals(first.arrow("alters"))


def test_a_study_that_nobody_joins_has_empty_tables(write_study, invoke, tmp_path):
    file = write_study("n = 4", "n = 4\ninterest = 0.0001")
    run = invoke("simulate", file, "--seed", 1, "--out", tmp_path / "out")
    assert run.returncode == 0, run.stderr
    alters = next((tmp_path / "out").glob("*/alters.csv")).read_text().splitlines()
    assert len(alters) == 1
