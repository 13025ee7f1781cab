"""Damaged bundles and bundles of hardly anybody: one message, or a page."""

import json
import shutil
from pathlib import Path

import pytest

import egocohort as ec
from sim.errors import InputError


@pytest.fixture(scope="module")
def whole(small_study, tmp_path_factory):
    return ec.simulate(small_study, seed=5, out=tmp_path_factory.mktemp("out")).folder


@pytest.fixture
def bundle(whole, tmp_path):
    return shutil.copytree(whole, tmp_path / "given" / whole.name)


def edit(bundle, change):
    file = bundle / "manifest.json"
    said = json.loads(file.read_text())
    change(said)
    file.write_text(json.dumps(said))


def test_a_page_on_a_damaged_bundle_is_refused_and_what_is_proposed_works(invoke, bundle, tmp_path):
    egos = (bundle / "egos.parquet").read_bytes()
    (bundle / "egos.parquet").write_bytes(egos[:-20])
    refused = invoke("report", bundle)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert f"{bundle}: not as its manifest says: egos.parquet (changed)" in refused.stderr
    assert f"egocohort rerun {bundle} --out FOLDER" in refused.stderr
    assert not (bundle / "pictures").exists()
    assert "egos.parquet (changed)" in invoke("rerun", bundle, "--out", "again").stdout
    assert (tmp_path / "again" / bundle.name / "egos.parquet").read_bytes() == egos


@pytest.mark.parametrize("words", [("report",), ("rerun",), ("check",), ("cite",)])
def test_a_damaged_manifest_is_refused_by_every_command_in_one_message(invoke, bundle, words):
    edit(bundle, lambda said: said.update(seed="five"))
    run = invoke(*words, bundle)
    assert (run.returncode, run.stdout) == (2, "")
    assert 'manifest.json, seed: must be a whole number, not "five"' in run.stderr
    assert len(run.stderr.splitlines()) == 1


@pytest.mark.parametrize("kind", ["study", "scenario"])
def test_a_recipe_that_is_not_the_one_of_its_hash_is_not_made_again(invoke, bundle, kind):
    edit(bundle, lambda said: said[kind].update(hash="0" * 64))
    run = invoke("rerun", bundle)
    assert (run.returncode, run.stdout) == (2, "")
    assert f"manifest.json: {kind} id and hash are not those of its resolved recipe" in run.stderr


@pytest.mark.parametrize(
    ("old", "new", "interviews"),
    [("[0.75]", "[1e-6]", 4), ("n = 4", "n = 1\ninterest = 0.01", 0)],
    ids=["nobody comes back", "nobody takes part"],
)
def test_a_study_of_hardly_anybody_has_a_page_and_pictures(
    write_study, tmp_path, old, new, interviews
):
    made = ec.simulate(write_study(old, new), seed=5, out=tmp_path / "out")
    assert len(made.egos) == interviews
    assert made.summary()
    for what in ("maps", "retention", "ties"):
        made.plot(what).savefig(tmp_path / "x.png")
    assert "SYNTHETIC" in ec.report(made.folder).html


def test_a_page_speaks_of_no_bundle_with_an_edited_table(small_study, tmp_path):
    bundle = ec.simulate(small_study, seed=5)
    bundle.save(tmp_path)
    table = bundle.folder / "egos.csv"
    table.write_text(table.read_text().replace("face_to_face", "telephone", 1))
    with pytest.raises(InputError, match=r"egos\.csv \(changed\)"):
        ec.report(bundle.folder)


def test_a_page_takes_no_tables_place(small_study, tmp_path):
    bundle = ec.simulate(small_study, seed=5)
    bundle.save(tmp_path)
    table = bundle.folder / "egos.csv"
    before = table.read_bytes()
    with pytest.raises(InputError, match=r"egos\.csv: is a file of the bundle"):
        ec.report(bundle.folder, out=table, force=True)
    assert table.read_bytes() == before


def test_a_page_reads_no_file_of_the_bundle_twice(bundle, monkeypatch):
    opened = []

    def noted(file, *rest, **options):
        opened.append(file)
        return open_as_ever(file, *rest, **options)

    open_as_ever = Path.open
    monkeypatch.setattr(Path, "open", noted)
    ec.report(bundle)
    listed = [bundle / path for path in json.loads((bundle / "manifest.json").read_text())["files"]]
    assert sorted(one for one in opened if one in listed) == sorted(listed)
