"""The page on the patterns says what was last measured, which stands in the recorded figures."""

import csv
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "patterns.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (P\d+) \| [^|]+ \| (\w+) \| ([^|]+) \| (passes|fails) \|$", PAGE, re.M)
FIRST = re.compile(r"(-?\.\d+)[^(]*?\((\.\d+)\)|(\d\.\d+) \((\.\d+)\)")
"""A figure and its Monte Carlo error in brackets behind it."""


@pytest.fixture(scope="module")
def recorded():
    path = ROOT / "results" / "verification" / "patterns.csv"
    with path.open(newline="", encoding="utf-8") as source:
        return {row["id"]: row for row in csv.DictReader(source)}


def written(value, like):
    """A number with as many decimals as another has, without the zero before the point."""
    return f"{float(value):.{len(like.partition('.')[2])}f}".replace("0.", ".", 1)


def test_every_new_pattern_has_a_row():
    assert [name for name, *_ in ROWS] == [f"P{number}" for number in range(65, 81)]


@pytest.mark.parametrize(("name", "proof", "measured", "verdict"), ROWS)
def test_a_row_says_what_is_recorded(recorded, name, proof, measured, verdict):
    row = recorded[name]
    effect, error = (found for found in FIRST.search(measured).groups() if found)
    assert effect.lstrip("0") == written(row["effect"], effect)
    assert error == written(row["mcse"], error)
    assert (proof, verdict) == (row["kind"], "passes" if row["passes"] == "True" else "fails")


def test_passes_are_counted_by_proof(recorded):
    for proof, passed, of, failed in re.findall(
        r"^\| (imposed|emergent|reserved) \| (\d+) of (\d+) \| ([^|]*)\|$", PAGE, re.M
    ):
        rows = [row for row in recorded.values() if row["kind"] == proof]
        lost = [row["id"] for row in rows if row["passes"] != "True"]
        assert (int(passed), int(of)) == (len(rows) - len(lost), len(rows))
        assert re.findall(r"P\d+", failed) == lost


def test_every_pattern_that_fails_says_why(recorded):
    path = ROOT / "analysis" / "patterns" / "failures.toml"
    named = {one["id"] for one in tomllib.loads(path.read_text(encoding="utf-8"))["failure"]}
    lost = {name for name, row in recorded.items() if row["passes"] != "True"}
    assert named == lost
