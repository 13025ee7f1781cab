"""The worked questions can be asked: their scenarios are compared, their figures are there."""

import re
from pathlib import Path

import pytest

from analysis.compare.asked import asked_comparison

DOCS = Path(__file__).resolve().parents[2] / "docs"
TEXT = (DOCS / "questions.md").read_text(encoding="utf-8")
OWN = sorted((DOCS / "questions").glob("*.toml"))


@pytest.mark.parametrize("file", OWN, ids=lambda file: file.stem)
def test_each_scenario_of_its_own_is_compared_with_usual_care_and_told_of(file):
    spec = asked_comparison(["usual-care", file], seed=1)
    assert spec.scenarios[1].id == file.stem
    assert spec.scenarios[1].shocks
    assert f"In 52 weeks of {file.stem}, beside usual-care" in TEXT


def test_every_question_has_its_figure():
    sections = TEXT.split("\n## ")[1:]
    assert len(sections) == 8
    for one in sections:
        (image,) = re.findall(r"!\[.*\]\((.*)\)", one)
        assert (DOCS / image).is_file()
