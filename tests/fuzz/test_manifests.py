"""Spoilt manifests and bundles: read, or refused in a few lines; never a traceback."""

import json
import shutil
import tomllib
from hashlib import sha256
from random import Random

import pytest

from egocohort.results.citations import citations
from egocohort.results.reproduction import run_of_manifest
from egocohort.results.simulation import Simulation
from egocohort.simulation_run import SimulationRun, carry_out
from sim.data.bundle import read_bundle
from sim.data.provenance import check, read_manifest
from sim.errors import InputError
from sim.study.spec import parse_study
from sim.world.scenario import read_scenario
from tests.fuzz.records import answered, spoilt_bytes, spoilt_json

STUDY = """
id = "small"
title = "Four people in one small team"
frame = { teams_per_site = [1], egos_per_team = 24 }
recruitment = { n = 4 }
waves = { weeks = [0, 4] }
participation = { retention = [0.75] }
"""
TABLES = ("persons", "egos", "alters", "aaties", "attrition", "flow", "truth/ties", "truth/weekly")


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """The bundle of a small study."""
    study, scenario = parse_study(tomllib.loads(STUDY)), read_scenario("usual-care")
    command = ("egocohort", "simulate", "small.toml", "--seed", "3")
    run = SimulationRun(study, scenario, 3, None, command, "lived")
    return carry_out(run).save(tmp_path_factory.mktemp("made"))[-1].parent


@pytest.fixture
def folder(made, tmp_path):
    return shutil.copytree(made, tmp_path / "given" / made.name)


def use(folder):
    """What the commands do with a manifest before they simulate or draw."""
    said = read_manifest(folder, any_version=True)
    check(folder)
    text = citations(folder).summary()
    assert answered(run_of_manifest, said, "manifest.json") is None or text
    found = Simulation.from_bundle(read_bundle(folder))
    assert repr(found)
    return answered(lambda: len(found.persons))


def spoil_manifests(folder, seeds):
    """How many of so many spoilt manifests are still read."""
    file = folder / "manifest.json"
    written, beside, read = file.read_bytes(), sorted(folder.parent.rglob("*")), 0
    whole = json.loads(written)
    for seed in seeds:
        file.write_bytes(spoilt_json(whole, Random(seed)))
        try:
            read += answered(use, folder) is not None
        except Exception as error:
            raise AssertionError(f"seed {seed}: {error!r}") from error
    assert sorted(folder.parent.rglob("*")) == beside
    file.write_bytes(written)
    return read


def spoil_tables(folder, seeds):
    """How many tables out of so many spoilt files are read though the manifest vouches for them."""
    manifest = folder / "manifest.json"
    listed, read = json.loads(manifest.read_text()), 0
    for seed in seeds:
        random = Random(seed)
        name = random.choice(TABLES)
        path = f"{name}.{random.choice(('csv', 'parquet'))}"
        if path not in listed["files"]:
            continue
        whole = (folder / path).read_bytes()
        damaged = spoilt_bytes(whole, random)
        (folder / path).write_bytes(damaged)
        others = [p for p in listed["files"] if p.startswith(f"{name}.") and p != path]
        kept = {p: sha256(damaged).hexdigest() if p == path else d
                for p, d in listed["files"].items() if p not in others}  # fmt: skip
        try:
            if damaged != whole:
                manifest.write_text(json.dumps({**listed, "files": {**kept, path: "0" * 64}}))
                with pytest.raises(InputError, match=path.rpartition("/")[2]):
                    read_bundle(folder).table(name)
            manifest.write_text(json.dumps({**listed, "files": kept}))
            read += answered(read_bundle(folder).table, name) is not None
        except Exception as error:
            raise AssertionError(f"seed {seed}: {error!r}") from error
        (folder / path).write_bytes(whole)
    return read


def test_a_spoilt_manifest_is_read_or_refused(folder):
    assert 0 < spoil_manifests(folder, range(300)) < 150


def test_a_spoilt_file_is_refused_and_no_garbage_is_a_traceback(folder):
    assert 0 < spoil_tables(folder, range(100)) < 60


@pytest.mark.verify
def test_many_spoilt_manifests_and_files(folder):
    assert spoil_manifests(folder, range(1000, 2500))
    assert spoil_tables(folder, range(1000, 2000))
