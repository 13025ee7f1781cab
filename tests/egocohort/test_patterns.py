"""``egocohort patterns``: verdicts on the command line, as data, as a table and a picture."""

import dataclasses
import json

import pytest

import egocohort as ec
from analysis.patterns.catalogue import OF_ALL
from egocohort.results import patterns as patterning


@pytest.fixture
def small(monkeypatch):
    """Three teams and no studies of 29."""
    monkeypatch.setattr(patterning, "QUICK_RUN", (3, 0))


@pytest.fixture(scope="module")
def found():
    from analysis.patterns.catalogue import choose
    from analysis.patterns.run import verdicts

    both = verdicts(choose(["P50", "P54"]), 3, 0, seed=1, threads=1, egos=96)
    passing = dataclasses.replace(both[0], D=True, M=True, A=True, reason="")
    failing = dataclasses.replace(both[1], D=False, reason="x is not below 0")
    return patterning.PatternVerdicts((passing, failing), frozenset(), frozenset(), OF_ALL, 3, 0, 1)


def test_it_prints_one_object_with_a_list_of_verdicts(invoke, small, tmp_path):
    run = invoke("patterns", "P50", "--quick", "--seed", 1, "--json")
    said = json.loads(run.stdout)
    assert (said["measured"], said["of_all"]) == (1, OF_ALL)
    assert said["by_proof"] == {"imposed": {"passing": said["passing"], "measured": 1}}
    entry = said["patterns"][0]
    asked = "id claim kind D M A effect lo hi mcse n v29 reason"
    assert set(asked.split()) <= set(entry)
    assert entry["id"] == "P50"
    assert entry["lo"] <= entry["effect"] <= entry["hi"]
    assert run.returncode == (0 if entry["passes"] else 1)
    assert not list(tmp_path.iterdir())


def test_a_failure_is_shown_with_its_reason_and_only_a_documented_one_is_forgiven(found):
    assert not found.as_documented
    assert "P54: x is not below 0" in found.summary()
    assert found.summary().splitlines()[-1] == (
        f"1 of 2 pass (imposed 1 of 1, reserved 0 of 1); 2 of {OF_ALL} patterns were measured"
    )
    assert "FAILS" in found.summary()
    known = dataclasses.replace(found, documented=frozenset({"P54"}))
    assert known.as_documented
    assert known.passing == 1
    assert "known to fail" in known.summary()


def test_the_exit_code_says_whether_all_is_as_documented(invoke, found, monkeypatch):
    monkeypatch.setattr(patterning, "find_patterns", lambda *_, **__: found)
    assert invoke("patterns", "P50", "P54", "--seed", 1).returncode == 1
    known = dataclasses.replace(found, documented=frozenset({"P54"}))
    monkeypatch.setattr(patterning, "find_patterns", lambda *_, **__: known)
    assert invoke("patterns", "P50", "P54", "--seed", 1).returncode == 0


def test_table_and_picture_are_saved(found, tmp_path):
    names = {file.name for file in found.save(tmp_path)}
    assert names == {"patterns.csv", "patterns.png"}
    lines = (tmp_path / "patterns.csv").read_text().splitlines()
    assert lines[0].startswith("id,claim,kind,D,M,A,effect,lo,hi,mcse,n,v29,reason")
    assert all(line.endswith("TRUE") for line in lines[1:])
    assert found.table["id"].tolist() == ["P50", "P54"]


def test_as_a_function_it_gives_the_same(small):
    assert ec.patterns(["p6"], quick=True, seed=4).verdicts[0].id == "P6"


def test_an_unknown_pattern_is_wrong_input(invoke):
    run = invoke("patterns", "P99", "--quick")
    assert run.returncode == 2
    assert 'no pattern "P99"' in run.stderr


@pytest.mark.verify
def test_a_quick_run_of_all_patterns_is_as_documented():
    """The real one, ten teams: no pattern fails beyond its error but those known to."""
    found = patterning.find_patterns(quick=True, seed=1, threads=1)
    assert found.of_all == len(found.verdicts) == OF_ALL
    assert found.passing > OF_ALL // 2
    assert found.as_documented
