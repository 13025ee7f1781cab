"""The tables of some studies, recorded: what every table says, and the bytes of its CSV file.

A change that moves numbers, or adds a column, records them anew and says so in CHANGELOG.md:

    python tests/egocohort/test_golden_tables.py
"""

import json
from pathlib import Path

import pytest

import egocohort as ec

GOLDEN = Path(__file__).parents[1] / "golden" / "tables.json"
SHIPPED = [
    (study, scenario, seed)
    for study in ("founding-study", "equip-like")
    for scenario in ("usual-care", "service-cutback")
    for seed in (0, 1, 2)
]
MANY = """\
id = "many"
title = "700 people in six teams, mapped afresh, some by telephone, some who come back"
scenario = "staff-turnover"
[frame]
teams_per_site = [3, 2, 1]
scale = 2.0
[recruitment]
n = 700
interest = 0.8
consent = 0.8
entry = "staggered"
entry_weeks = 30
[arms]
unit = "ego"
share = { one = 1, two = 2 }
[waves]
weeks = [0, 10, 33, 60]
window = 3
[map]
how = "afresh"
telephone_share = 0.3
most_members = 9
circles = false
[participation]
retention = [0.8, 0.7, 0.6]
mechanism = "MNAR-state"
return_rate = 0.6
"""
QUICK = [("founding-study", "usual-care", 0), ("founding-study", "service-cutback", 2)]


def said(study, scenario, seed, folder):
    """What a bundle's manifest says of its tables and its files of text."""
    made = ec.simulate(study, scenario=scenario, seed=seed, out=folder, force=True)
    manifest = json.loads((made.folder / "manifest.json").read_text(encoding="utf-8"))
    files = manifest["files"]
    texts = [name for name in files if name.endswith(".csv") and name != "codebook.csv"]
    kept = {name: files[name] for name in texts}
    return {"tables": manifest["tables"], "files": kept}


def of_many(folder):
    file = folder / "many.toml"
    file.write_text(MANY)
    return said(file, None, 3, folder)


def key(study, scenario, seed):
    return f"{study} in {scenario}, seed {seed}"


@pytest.fixture(scope="module")
def recorded():
    return json.loads(GOLDEN.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "case", [c if c in QUICK else pytest.param(c, marks=pytest.mark.verify) for c in SHIPPED]
)
def test_the_tables_of_shipped_studies_are_as_recorded(case, recorded, tmp_path):
    assert said(*case, tmp_path) == recorded[key(*case)]


@pytest.mark.verify
def test_the_tables_of_many_people_are_as_recorded(recorded, tmp_path):
    assert of_many(tmp_path) == recorded["many"]


def record():
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        found = {key(*case): said(*case, folder) for case in SHIPPED}
        found["many"] = of_many(Path(folder))
    GOLDEN.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    record()
