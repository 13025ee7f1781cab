"""The manifest says where a bundle comes from and whether it is as it was written."""

import hashlib
import json
import re

import pytest

from sim.data import provenance, tables
from sim.errors import InputError


def change(folder, **values):
    file = folder / "manifest.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **values}))


def test_manifest_holds_what_remakes_the_bundle(write, place, built):
    found = provenance.read_manifest(write(place))
    assert {"egocohort", "python", "numpy", "numba", "pyarrow"} == set(found["versions"])
    assert (found["seed"], found["replicate"], found["rng"]) == (0, 3, "Philox4x32-7")
    assert found["scenario"]["id"] == "usual-care"
    assert found["study"]["resolved"]["nested"] == {"share": 0.25}
    assert found["study"]["hash"] == "0" * 64
    assert found["parameters"][0]["path"] == "tie.friend.end_rate"
    assert found["parameters"][0]["source"] == "B16"
    assert found["command"] == ["egocohort", "simulate", "usual-care"]
    assert found["tables"]["alters"] == {"rows": 6, "digest": tables.digest(built["alters"])}


def test_every_other_file_is_listed_with_its_checksum(write, place):
    write(place)
    listed = provenance.read_manifest(place / "manifest.json")["files"]
    found = {p.relative_to(place).as_posix(): p for p in place.rglob("*.*")}
    assert set(listed) == set(found) - {"manifest.json"}
    for path, digest in listed.items():
        assert hashlib.sha256(found[path].read_bytes()).hexdigest() == digest


def test_a_value_of_the_scenario_is_marked(source):
    entry = dict(source.parameters[0])
    assert (entry["value"], entry["set_by"]) == (0.165, "catalogue")
    anew = provenance.collect(
        seed=1,
        parameters=[type("Entry", (), entry)],
        overrides={"tie.friend.end_rate": 0.2},
    )
    assert (anew.parameters[0]["value"], anew.parameters[0]["set_by"]) == (0.2, "scenario")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ([], []),
        (["x", "plan", "--seed", "0"], ["plan", "--seed", "0"]),
        (["x", "plan", "--out", "a", "b"], ["plan", "b"]),
        (["x", "plan", "--out=a", "--json"], ["plan", "--json"]),
        (["x", "/srv/mine/cut.toml", "--study=/srv/s.toml"], ["cut.toml", "--study=s.toml"]),
        (["x", "C:\\mine\\cut.toml", "here/cut.toml"], ["cut.toml", "here/cut.toml"]),
    ],
)
def test_a_command_loses_what_belongs_to_one_computer(given, kept):
    assert provenance.clean_command(given) == ("egocohort", *kept)


def test_commit_is_a_commit_or_nothing(monkeypatch, tmp_path):
    commit = provenance.git_commit()
    assert commit is None or re.fullmatch("[0-9a-f]{40}(-dirty)?", commit)
    monkeypatch.setattr(provenance, "__file__", str(tmp_path / "provenance.py"))
    provenance.git_commit.cache_clear()
    assert provenance.git_commit() is None
    provenance.git_commit.cache_clear()


def test_a_computer_without_git_has_no_commit(monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert provenance._git(provenance.Path(), "status") is None


def test_an_untouched_bundle_differs_in_nothing(write, place):
    write(place)
    (place / "estimates.csv").write_text("a user's own file\n")
    assert provenance.check(place) == []


def test_edited_and_missing_files_are_reported(write, place):
    write(place)
    with (place / "alters.csv").open("a") as sink:
        sink.write("edited\n")
    (place / "truth" / "ties.csv").unlink()
    found = provenance.check(place)
    assert found == [("alters.csv", "changed"), ("truth/ties.csv", "missing")]
    assert str(found[0]) == "alters.csv (changed)"


def test_no_manifest(tmp_path):
    for path in (tmp_path, tmp_path / "manifest.json", tmp_path / "no" / "folder"):
        with pytest.raises(InputError, match="no such file"):
            provenance.read_manifest(path)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"{not json", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[]", "not a manifest"),
        (b"{}", "not a manifest"),
        (b'{"format": "egocohort-bundle/1"}', "versions: missing"),
        (b'{"format": 3}', "not a manifest"),
    ],
)
def test_not_a_manifest(tmp_path, data, problem):
    (tmp_path / "manifest.json").write_bytes(data)
    with pytest.raises(InputError, match=problem) as error:
        provenance.read_manifest(tmp_path)
    assert "manifest.json" in str(error.value)


def test_another_version_is_named(write, place):
    write(place)
    change(place, versions={"egocohort": "99.1"})
    with pytest.raises(InputError, match=r"written by egocohort 99\.1, this is"):
        provenance.read_manifest(place)
    assert provenance.read_manifest(place, any_version=True)["seed"] == 0
    assert provenance.check(place) == []


def test_another_format_is_named(write, place):
    write(place)
    change(place, format="egocohort-bundle/2")
    with pytest.raises(InputError, match=r"bundle format 2; .* reads format 1"):
        provenance.read_manifest(place, any_version=True)


@pytest.mark.parametrize(
    "path", ["../up.csv", "/etc/hostname", "truth/../../up", "C:\\up", "a\\b", "", ".", "x" * 300]
)
def test_a_path_that_leads_out_of_the_bundle_is_refused(write, place, path):
    write(place)
    change(place, files={path: "0" * 64})
    with pytest.raises(InputError, match=r"manifest\.json, files: .* is (no file|a key of 300)"):
        provenance.check(place)


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"seed": -1}, "seed: -1 is out of range"),
        ({"seed": 2**64}, "seed: .* is out of range"),
        ({"seed": "3"}, 'seed: must be a whole number, not "3"'),
        ({"replicate": 1.5}, "replicate: must be a whole number"),
        ({"command": "egocohort"}, "command: must be a list"),
        ({"command": [1]}, "command 1: must be text"),
        ({"files": ["alters.csv"]}, "files: must be a table"),
        ({"files": {"alters.csv": "abc"}}, "files.alters.csv: must be 64 hex digits, not 'abc'"),
        ({"versions": None}, "versions: must be a table"),
        ({"versions": {"egocohort": "1; rm -r x"}}, "versions.egocohort: must be a version"),
        ({"study": {"id": "a", "resolved": {}}}, "study.hash: missing"),
        ({"scenario": []}, "scenario: must be a table"),
        ({"parameters": [{"path": "a"}]}, "parameters 1 value: missing"),
        ({"study": {"id": "a", "hash": "0" * 64, "resolved": {"cite": 5}}}, "cite: must be a list"),
    ],
)
def test_a_key_that_is_wrong_is_named(write, place, values, problem):
    write(place)
    change(place, **values)
    with pytest.raises(InputError, match=problem) as error:
        provenance.read_manifest(place)
    assert "manifest.json, " in str(error.value)
    assert len(str(error.value)) < 400
