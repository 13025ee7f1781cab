"""What docs/measures.md says of columns is of those that there are, all of them."""

import re
from pathlib import Path

import pytest

import egocohort as ec

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "measures.md").read_text(encoding="utf-8")
OF_INTERVIEW = {"egoID", "ego_pid", "wave", "aaties_asked", "synthetic"}
OF_GROUP = {"tie_class", "from_wave", "to_wave", "members"}


@pytest.fixture(scope="module")
def found():
    return ec.measures(ec.simulate("founding-study", seed=3))


def rows(title):
    """First cell and the rest of each row of the table below a heading."""
    section = TEXT.partition(f"# {title}\n")[2].partition("\n## ")[0]
    return re.findall(r"^\| (`[^|]+) \|(.*)$", section, re.MULTILINE)


def told(title):
    """Names that the first column has, what stands in brackets left out."""
    cells = (re.sub(r"\(.*\)", "", cell) for cell, _ in rows(title))
    return {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}


def test_every_table_is_described(found):
    assert told("Measures of networks") == set(found.tables)


def test_every_measure_of_an_interview_is_defined_and_every_definition_is_of_one(found):
    named = {
        name
        for table in (found.interviews, found.with_objects, found.classes)
        for name in table.columns
    }
    defined = told("Who is on the map") | told("How they hang together")
    assert defined == named - OF_INTERVIEW - OF_GROUP


def test_every_measure_of_change_is_defined_and_every_definition_is_of_one(found):
    assert told("What changed") == set(found.change.columns) - OF_INTERVIEW - OF_GROUP


@pytest.mark.parametrize(
    ("column", "least"),
    [("density", 2), ("constraint", 1), ("effective_size", 1), ("betweenness", 2),
     ("max_betweenness", 3), ("share_kin", 1)],
)  # fmt: skip
def test_what_is_said_to_be_missing_is(column, least, found):
    """NA below so many people, and only there, where ties were asked about."""
    both = rows("Who is on the map") + rows("How they hang together")
    (rest,) = (rest for cell, rest in both if f"`{column}`" in cell)
    assert f"| n < {least} |" in rest or (least == 1 and "| n = 0 |" in rest)
    asked = found.interviews[found.interviews["aaties_asked"] == 1]
    assert (asked[column].isna() == (asked["size"] < least)).all()
