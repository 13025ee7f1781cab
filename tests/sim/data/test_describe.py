"""What a bundle says of its columns: names of its own arms, numbers of categories, questions."""

import csv
import io
import json

import numpy as np

from sim.data import codebook, describe, tables
from sim.study.missing import MISSING_CODES


def test_the_dictionary_of_a_bundle_has_the_arms_of_its_study(arrays):
    arms = {"arm": np.array(["walks", "usual_care", ""])}
    persons = tables.build("persons", {**arrays["persons"], **arms})
    rows = csv.DictReader(io.StringIO(describe.codebook_csv({"persons": persons}, 2).decode()))
    found = [
        (r["value"], r["value_code"], r["value_label"]) for r in rows if r["variable"] == "arm"
    ]
    assert found == [("usual_care", "1", "usual care"), ("walks", "2", "walks")]
    content = {"persons.csv": b""}
    said = json.loads(
        describe.datapackage_json({"persons": persons}, content, package="p", title="t", credit={})
    )
    (arm,) = [f for f in said["resources"][0]["schema"]["fields"] if f["name"] == "arm"]
    assert [one["value"] for one in arm["categories"]] == ["usual_care", "walks"]


def test_every_category_has_a_number_of_its_own():
    for one in codebook.tables().values():
        for column in one.columns:
            codes = list(column.codes.values())
            assert len(set(codes)) == len(codes)
            assert not set(codes) & set(MISSING_CODES)


def test_what_was_asked_says_how_or_where_the_words_are():
    """Every column of an interview that a person answered has a question."""
    for name in ("alters", "items"):
        for column in codebook.table(name).columns:
            if column.missing and not column.name.startswith(("map_", "staff_")):
                assert column.question, (name, column.name)
    for column in codebook.table("items").columns:
        if column.question:
            assert column.question.startswith("Words ")  # they belong to others


def test_a_readme_says_whether_other_studies_had_recruited_before():
    said = {"version": "1", "study": "a", "scenario": "b", "seed": 3, "replicate": 7}
    alone, after = (describe.readme(["egos"], **said, earlier=n).decode() for n in (0, 2))
    assert "caseloads" not in alone
    assert "recruited after 2 studies of the same caseloads" in after
