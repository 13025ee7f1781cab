"""`egocohort evidence`: tables, files, exit codes."""

import csv
import json

import pytest

import egocohort as ec
from analysis.evidence.drift import MEASURES
from analysis.evidence.rows import rate_row
from egocohort.results.evidence import Verification


@pytest.fixture(scope="module")
def found():
    """Far too few studies to judge anything, enough to see every row."""
    return ec.evidence(8, 4, seed=1, threads=2)


def test_the_table_is_grouped_and_ends_with_how_many_hold(found):
    lines = found.summary().splitlines()
    assert lines[-1] == f"{found.holding} of {len(found.rows)} hold"
    heads = [line.partition(":")[0] for line in lines if line and line[0] != " "][:-1]
    assert heads == [
        "Means set by calibration", "Counts of one study", "Rates", "Pairing",
        "Drift of usual care over three years",
    ]  # fmt: skip
    (line,) = [line for line in lines if line.startswith("  members on a first map ")]
    assert " 8.76 " in line
    assert "8.32 to 9.2" in line
    assert " N24 " in line
    verdicts = sum(line.endswith(("holds", "DOES NOT HOLD")) for line in lines)
    assert verdicts == len(found.rows)


def test_the_verdict_is_that_of_all_rows(found):
    good, bad = (rate_row("x", "", (0, 1), value, 0.1, 3) for value in (0.5, 2))
    assert Verification((good,), found.drift, 2, 2, 1).holds
    assert not Verification((good, bad), found.drift, 2, 2, 1).holds


def test_it_writes_two_tables_and_two_pictures(found, tmp_path):
    written = found.save(tmp_path / "new")
    assert [file.name for file in written] == [
        "drift.csv", "drift.png", "evidence.csv", "evidence.png",
    ]  # fmt: skip
    assert found.save(tmp_path / "new") == written  # those there are replaced
    with written[2].open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(found.rows)
    assert {row["holds"] for row in rows} <= {"TRUE", "FALSE"}
    assert {row["synthetic"] for row in rows} == {"TRUE"}
    with written[0].open() as file:
        drifts = list(csv.DictReader(file))
    assert len(drifts) == len(MEASURES)
    assert {"month_0", "month_36", "drift_per_year", "mcse_drift"} <= set(drifts[0])
    assert all(file.stat().st_size > 10_000 for file in (written[1], written[3]))


def test_as_a_function_it_gives_a_dataframe(found):
    assert found.table["holds"].sum() == found.holding
    assert f"{found.holding} of {len(found.rows)} hold" in found._repr_html_()


def test_from_the_command_line_it_prints_one_object_and_fails_when_something_does_not_hold(
    invoke, monkeypatch, found, tmp_path
):
    from egocohort.results import evidence as verification

    monkeypatch.setattr(verification, "verify", lambda *_, **__: found)
    run = invoke("evidence", "--studies", 8, "--teams", 4, "--seed", 1, "--json")
    said = json.loads(run.stdout)
    assert said["of"] == len(found.rows)
    assert run.returncode == (0 if said["holds"] else 1)
    assert (tmp_path / "results" / "verification" / "evidence.png").exists()
    good = Verification((rate_row("x", "", (0, 1), 0.5, 0.1, 3),), found.drift, 2, 2, 1)
    monkeypatch.setattr(verification, "verify", lambda *_, **__: good)
    drawn = found.plot("drift")
    monkeypatch.setattr(Verification, "plot", lambda *_: drawn)
    run = invoke("evidence", "--seed", 1, "--out", "mine")
    assert run.returncode == 0
    assert run.stdout.splitlines()[-1] == "1 of 1 hold"


@pytest.mark.parametrize("words", [("--studies", "1"), ("--teams", "0"), ("--studies", "many")])
def test_too_few_to_have_an_error_is_refused(invoke, words):
    run = invoke("evidence", *words)
    assert run.returncode == 2
    assert words[0] in run.stderr
