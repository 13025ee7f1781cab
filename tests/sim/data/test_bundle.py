"""A bundle is written whole or not at all, says SYNTHETIC, and reads back as it was."""

import csv
import errno
import hashlib
import io
import json
import os
import shutil
import threading
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pyarrow as pa
import pytest

from sim.data import bundle, codebook, recipes, tables
from sim.data.credits import credits_of
from sim.data.place import Which
from sim.data.provenance import check, read_manifest
from sim.errors import HeldError, InputError, RunError
from sim.files import folder, system
from sim.world.parameters import sources

DISK_FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
READ_ONLY = OSError(errno.EROFS, os.strerror(errno.EROFS))


def contents_of(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.*")}


def names_beside(folder):
    return [] if not folder.parent.exists() else [path.name for path in folder.parent.iterdir()]


def fail_at(nth, error):
    """A stand-in for a system call that fails the nth time."""
    calls = []

    def failing(*_arguments, **_keywords):
        calls.append(1)
        if len(calls) == nth:
            raise error

    return failing


def test_all_files_are_there(write, place):
    found = set(contents_of(write(place)))
    main = ["persons", "egos", "items", "alters", "aaties", "attrition", "flow"]
    expected = {f"{name}.{extension}" for name in main for extension in ("csv", "parquet")}
    expected |= {f"{name}_miss.csv" for name in ("persons", "egos", "items", "alters")}
    expected |= {"truth/ties.csv", "truth/events.csv", "truth/weekly.parquet"}
    expected |= {f"truth/{name}.csv" for name in ("waves", "items", "members", "pairs", "missing")}
    expected |= {"truth/estimands.csv", "truth/ladder.csv", "README_SYNTHETIC.md"}
    expected |= {"codebook.csv", "datapackage.json", "manifest.json"}
    assert found == expected | {"scenario.toml", "study.toml"}
    assert names_beside(place) == [place.name]


def test_everything_says_synthetic(write, place):
    found = contents_of(write(place))
    assert "__SYNTHETIC__" in place.name
    assert found["README_SYNTHETIC.md"].startswith(b"# SYNTHETIC")
    assert json.loads(found["manifest.json"])["synthetic"] is True
    for name in ("scenario.toml", "study.toml", "datapackage.json"):
        assert b"SYNTHETIC" in found[name]
    for path, data in found.items():
        if path.endswith(".csv") and path != "codebook.csv":
            assert set(pd.read_csv(io.BytesIO(data))["synthetic"]) == {True}


def test_the_name_of_the_folder_is_part_of_the_mark(write, tmp_path):
    assert Which("founding", "cuts", 0).folder_name == "founding__cuts__SYNTHETIC__s0"
    assert Which("founding", "cuts", 7, 0).folder_name == "founding__cuts__SYNTHETIC__s7-r0"
    with pytest.raises(InputError, match="founding__usual-care__SYNTHETIC__s0-r3"):
        write(tmp_path / "founding")


def test_reads_back_as_written(write, place, built):
    again = bundle.read_bundle(write(place))
    for name, made in built.items():
        assert again.arrow(name).equals(made)
    assert len(again.persons) == 3
    assert again.alters["map_x"].isna().sum() == 2
    assert again.truth_ties["began_week"].tolist() == [-624, -7, 3]
    assert again.truth_weekly["wellbeing"].tolist()[1] == -7.0
    assert [len(again.egos), len(again.aaties), len(again.attrition), len(again.flow)] == [
        4,
        1,
        6,
        3,
    ]
    assert [len(again.truth_events), len(again.truth_missing)] == [2, 1]
    assert again.estimands["value"].tolist()[0] == 0.75
    assert [len(again.truth_waves), len(again.truth_members), len(again.truth_pairs)] == [2, 2, 1]
    assert again.truth_ladder["rung"].tolist() == ["frame_true", "as_collected"]
    with pytest.raises(InputError, match="no table truth/counterfactual"):
        _ = again.truth_counterfactual
    assert again.egos["interview_date"].dt.year.tolist() == [2015] * 4
    assert "SYNTHETIC" in repr(again)


def test_csv_is_read_where_parquet_is_gone(write, place, built):
    write(place)
    (place / "alters.parquet").unlink()
    assert bundle.read_bundle(place).arrow("alters").equals(built["alters"])
    (place / "alters.csv").unlink()
    with pytest.raises(InputError, match=r"no table alters; alters\.csv is gone: egocohort rerun"):
        bundle.read_bundle(place).table("alters")


@pytest.mark.parametrize("file", ["alters.parquet", "truth/ties.csv"])
@pytest.mark.parametrize("damage", [lambda raw: raw[:-9], lambda raw: raw + b"1", lambda _: b""])
def test_a_changed_file_is_refused_with_the_way_to_get_it_back(write, place, file, damage):
    write(place)
    (place / file).write_bytes(damage((place / file).read_bytes()))
    opened = bundle.read_bundle(place)
    assert len(opened.persons) == 3
    with pytest.raises(InputError, match="changed since it was written") as error:
        opened.table(file.partition(".")[0])
    assert str(place / file) in str(error.value)
    assert f"egocohort rerun {place} --out" in str(error.value)


@pytest.mark.parametrize("data", [b"", b"PAR1", b"egoID\n101\n", b"\0" * 99, b"a,b\n1\n\xff,,,\n"])
@pytest.mark.parametrize("file", ["alters.parquet", "alters.csv"])
def test_garbage_that_a_manifest_vouches_for_is_not_as_the_codebook_says(write, place, file, data):
    write(place)
    (place / file).write_bytes(data)
    listed = place / "manifest.json"
    said = json.loads(listed.read_text())
    listed.write_text(json.dumps({**said, "files": {file: hashlib.sha256(data).hexdigest()}}))
    with pytest.raises(InputError, match=f"{file}: not as the codebook says"):
        bundle.read_bundle(place).table("alters")


def test_a_table_that_no_codebook_knows_is_named(write, place):
    with pytest.raises(InputError, match='did you mean "alters"'):
        bundle.read_bundle(write(place)).table("alter")


def test_the_same_bytes_in_another_folder(write, place, tmp_path):
    first = contents_of(write(place))
    second = contents_of(write(tmp_path / "elsewhere" / place.name))
    assert first == second
    assert not any(str(tmp_path).encode() in data for data in first.values())


def test_recipes_are_written_as_used(write, place):
    write(place)
    study = tomllib.loads((place / "study.toml").read_text())
    assert study == {"id": "founding", "seats": 3, "nested": {"share": 0.25}}


def test_dictionary_has_a_row_for_every_code(write, place):
    rows = list(csv.DictReader(io.StringIO((write(place) / "codebook.csv").read_text())))
    circle = [r for r in rows if (r["file"], r["variable"]) == ("alters.csv", "circle")]
    said = ("value", "value_code", "value_label", "is_missing")
    assert [tuple(r[name] for name in said) for r in circle] == [
        ("1", "1", "inner", "FALSE"),
        ("2", "2", "middle", "FALSE"),
        ("3", "3", "outer", "FALSE"),
        ("-6", "-6", "not asked at this wave or in this version", "TRUE"),
    ]
    assert {r["position"] for r in circle} == {"10"}
    assert {(r["wave_from"], r["wave_to"]) for r in circle} == {("1", "2")}
    same = [r for r in rows if r["variable"] == "same_person_as_last_wave"]
    assert {r["wave_from"] for r in same if r["file"] == "alters.csv"} == {"2"}
    assert [r for r in rows if r["variable"] == "week" and r["file"] == "truth/weekly.parquet"]
    assert {r["question"] for r in circle} == {codebook.table("alters").column("circle").question}
    assert {r["question"] for r in rows if r["file"].startswith("truth/")} == {"NA"}
    ages = [r for r in rows if (r["file"], r["variable"]) == ("persons.csv", "age_baseline")]
    assert [(r["minimum"], r["maximum"], r["value_code"]) for r in ages] == [("16", "110", "NA")]
    described = {(r["file"], r["variable"]) for r in rows}
    for path, data in contents_of(place).items():
        if path.endswith(".csv") and path != "codebook.csv":
            header = data.decode().splitlines()[0].split(",")
            assert {(path, name) for name in header} <= described


def test_datapackage_is_sound(write, place):
    package = json.loads((write(place) / "datapackage.json").read_text())
    resources = {resource["name"]: resource for resource in package["resources"]}
    assert len(resources) == len(package["resources"])
    assert "profile" not in package
    for resource in resources.values():
        data = (place / resource["path"]).read_bytes()
        assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        kind = "table" if resource["format"] == "csv" else "file"
        assert (resource["bytes"], resource["type"]) == (len(data), kind)
        fields = [field["name"] for field in resource["schema"]["fields"]]
        if resource["format"] == "csv":
            assert data.decode().splitlines()[0].split(",") == fields
            assert resource["schema"]["missingValues"] == ["NA"]
        assert set(resource["schema"].get("primaryKey", [])) <= set(fields)
        for key in resource["schema"].get("foreignKeys", []):
            other = resources[key["reference"]["resource"]]
            other_fields = {field["name"] for field in other["schema"]["fields"]}
            assert set(key["fields"]) <= set(fields)
            assert set(key["reference"]["fields"]) <= other_fields
    ties = resources["aaties"]["schema"]["foreignKeys"]
    assert ties[1]["reference"] == {"resource": "alters", "fields": ["egoID", "alterID"]}


def test_datapackage_says_whose_it_is_and_on_what_it_rests(write, place):
    package = json.loads((write(place) / "datapackage.json").read_text())
    manifest = json.loads((place / "manifest.json").read_text())
    assert package["version"] == manifest["versions"]["egocohort"]
    assert package["licenses"][0].keys() == {"name", "title", "path"}
    assert package["contributors"] == [{"title": "the egocohort authors", "role": "author"}]
    assert package["version"] in package["citation"]
    assert isinstance(package["sources"], list)


def test_sources_of_a_package_are_those_that_were_read_once_each():
    known = sources()
    rows = [{"source": "N1 N2"}, {"source": "solmi2022 ucla3_recalled"}, {"source": ""}]
    source = SimpleNamespace(versions={"egocohort": "9.8"}, parameters=rows)
    found = credits_of(source, (["brooks2020"], ["solmi2022"]))["sources"]
    paper, solmi = found  # figures of the founding paper are that paper; what is recalled is none
    assert paper["title"] == known["brooks2020"].text
    assert solmi["path"] == f"https://doi.org/{known['solmi2022'].doi}"


def test_readme_explains_every_file(write, place):
    text = (write(place) / "README_SYNTHETIC.md").read_text()
    for path in set(contents_of(place)) - {"README_SYNTHETIC.md"}:
        assert f"`{path}`" in text
    for phrase in (recipes.RECIPES, "egocohort rerun manifest.json", "no evidence"):
        assert phrase in text


def test_an_existing_bundle_is_kept_unless_forced(write, place):
    before = contents_of(write(place))
    with pytest.raises(InputError, match="already exists"):
        write(place, command=("second",))
    assert contents_of(place) == before
    write(place, command=("second",), force=True)
    assert read_manifest(place)["command"] == ["second"]
    assert names_beside(place) == [place.name]


def test_force_replaces_nothing_but_bundles(write, place):
    place.mkdir(parents=True)
    (place / "thesis.txt").write_text("years of work")
    with pytest.raises(InputError, match="not a bundle"):
        write(place, force=True)
    assert (place / "thesis.txt").read_text() == "years of work"


def test_no_bundle_inside_a_file(write, tmp_path):
    (tmp_path / "results").write_text("a file")
    with pytest.raises(InputError, match="results: not a folder"):
        write(tmp_path / "results" / Which("founding", "usual-care", 1).folder_name)


@pytest.mark.parametrize("nth", [1, 5, 27])
@pytest.mark.parametrize("error", [DISK_FULL, READ_ONLY], ids=["full", "read-only"])
def test_a_failed_write_leaves_nothing(write, place, monkeypatch, nth, error):
    monkeypatch.setattr(os, "fsync", fail_at(nth, error))
    with pytest.raises(RunError, match=error.strerror) as caught:
        write(place)
    assert str(place) in str(caught.value)
    assert names_beside(place) == []


def test_a_read_only_disk_is_no_traceback(write, place, monkeypatch):
    def refuse(*_arguments, **_keywords):
        raise READ_ONLY

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(RunError, match="Read-only"):
        write(place)
    assert names_beside(place) == []


def test_an_interrupt_leaves_nothing(write, place, monkeypatch):
    monkeypatch.setattr(os, "fsync", fail_at(3, KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        write(place)
    assert names_beside(place) == []


@pytest.mark.parametrize("failing", ["write", "rename"])
def test_a_failed_replacement_brings_the_old_bundle_back(write, place, monkeypatch, failing):
    before = contents_of(write(place))
    rename = Path.rename

    def second_rename_fails(self, target):
        if self.name.endswith(".unfinished"):
            raise DISK_FULL
        return rename(self, target)

    if failing == "rename":
        monkeypatch.setattr(system, "exchange", lambda *_: False)
        monkeypatch.setattr(Path, "rename", second_rename_fails)
    else:
        monkeypatch.setattr(os, "fsync", fail_at(4, DISK_FULL))
    with pytest.raises(RunError):
        write(place, command=("second",), force=True)
    assert contents_of(place) == before
    assert names_beside(place) == [place.name]


def test_two_writers_of_one_bundle_do_not_mix(write, place, monkeypatch):
    write_new, refused = folder.write_new, []

    def another():
        with pytest.raises(
            HeldError, match=rf"another run is at work there: process {os.getpid()}"
        ):
            write(place, command=("second",), force=True)
        refused.append(1)

    def while_another_tries(file, data):
        if not refused:
            thread = threading.Thread(target=another)
            thread.start()
            thread.join()
        write_new(file, data)

    monkeypatch.setattr(folder, "write_new", while_another_tries)
    write(place, command=("first",))
    assert refused
    assert read_manifest(place)["command"] == ["first"]
    assert names_beside(place) == [place.name]


def test_another_bundle_under_the_same_name_is_not_replaced(write, place):
    write(place)
    before = contents_of(place)
    with pytest.raises(InputError, match="is study founding in scenario usual-care, seed 0, repl"):
        write(place, force=True, scenario=SimpleNamespace(id="cuts", hash="", resolved=dict))
    assert contents_of(place) == before


@pytest.mark.parametrize(
    ("mine", "says"),
    [
        (["analysis.R"], "a file that is no part of the bundle: analysis.R"),
        (["pictures/mine.png"], "a file that is no part of the bundle: pictures/mine.png"),
        ([f"my/{n}.csv" for n in "abcde"], "5 files .*: my/a.csv, my/b.csv, my/c.csv and 2 more"),
    ],
)
def test_force_deletes_nothing_that_is_not_the_bundle(write, place, mine, says):
    write(place)
    for name in mine:
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).write_text("years of work")
    before = contents_of(place)
    with pytest.raises(InputError, match=says):
        write(place, command=("second",), force=True)
    assert contents_of(place) == before
    assert names_beside(place) == [place.name]


def test_a_link_is_no_part_of_a_bundle_either(write, place, tmp_path):
    write(place)
    (place / "mine").symlink_to(tmp_path)
    with pytest.raises(InputError, match=r"no part of the bundle: mine\n"):
        write(place, force=True)


def test_what_comes_while_the_new_bundle_is_made_is_seen(write, place, monkeypatch):
    write(place)
    write_new = folder.write_new

    def while_somebody_saves(file, data):
        (place / "late.txt").write_text("years of work")
        write_new(file, data)

    monkeypatch.setattr(folder, "write_new", while_somebody_saves)
    with pytest.raises(InputError, match=r"late\.txt"):
        write(place, command=("second",), force=True)
    assert (place / "late.txt").read_text() == "years of work"
    assert names_beside(place) == [place.name]


def test_pictures_of_ours_and_files_of_systems_keep_no_bundle_from_being_replaced(write, place):
    write(place)
    for name in ("pictures/maps.png", "pictures/report.html", ".DS_Store"):
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).write_text("drawn")
    write(place, force=True)
    assert not (place / "pictures").exists()


@pytest.mark.parametrize("opener", [bundle.read_bundle, check])
def test_a_bundle_whose_replacement_was_killed_is_brought_back(write, place, opener):
    write(place)
    place.rename(place.with_name(f".{place.name}.0123abcd.old"))
    opener(place)
    assert check(place) == []
    assert names_beside(place) == [place.name]


def test_a_bundle_that_was_never_finished_is_never_taken(write, place):
    write(place)
    place.rename(place.with_name(f".{place.name}.0123abcd.unfinished"))
    with pytest.raises(InputError, match="no such file"):
        bundle.read_bundle(place)
    assert not place.exists()


def test_an_old_bundle_does_not_come_back_over_a_new_one(write, place):
    write(place, command=("first",))
    old = place.with_name(f".{place.name}.0123abcd.old")
    shutil.copytree(place, old)
    write(place, command=("second",), force=True)
    assert bundle.read_bundle(place).manifest["command"] == ["second"]
    assert names_beside(place) == [place.name]


def test_what_a_killed_run_left_is_cleared_by_the_next(write, place):
    litter = place.with_name(f".{place.name}.0123abcd.unfinished") / "truth"
    litter.mkdir(parents=True)
    (litter / "weekly.parquet").write_text("half")
    other = place.with_name(".another__SYNTHETIC__s1.0123abcd.unfinished")
    other.mkdir()
    write(place)
    assert sorted(names_beside(place)) == [other.name, place.name]


def test_tables_that_were_not_built_or_are_absent_are_refused(write, place, built):
    main = {name: made for name, made in built.items() if not codebook.table(name).is_truth}
    with pytest.raises(codebook.CodebookError, match="its schema is another"):
        write(place, tables={**main, "egos": pa.table({"egoID": [101]})})
    without = {name: made for name, made in main.items() if name != "flow"}
    with pytest.raises(codebook.CodebookError, match="needs the table flow"):
        write(place, tables=without)
    assert names_beside(place) == []


def test_optional_tables_are_described_where_present(write, place, built, arrays):
    truth = {n.removeprefix("truth/"): t for n, t in built.items() if n.startswith("truth/")}
    one = {"ego_pid": arrays["persons"]["ego_pid"]}
    numbers = arrays["persons"]["ego_num"]
    names = ("world_site", "world_team", "world_ego", "baseline_week")
    addresses = tables.build("truth/world_addresses", {**one, **dict.fromkeys(names, numbers)})
    write(place, truth={**truth, "world_addresses": addresses})
    assert "truth/world_addresses.csv" in (place / "README_SYNTHETIC.md").read_text()
    assert bundle.read_bundle(place).table("truth/world_addresses")["world_ego"].tolist() == [
        1,
        2,
        3,
    ]
