"""The page on errors says what the catalogue does, and its examples can be asked for."""

import re
import tomllib
from pathlib import Path

import pytest

from sim.study.error_kinds import error_kinds
from sim.study.error_settings import read_errors
from sim.study.spec import parse_study, read_study
from tests.docs.made import program

PAGE = Path(__file__).resolve().parents[2] / "docs" / "errors.md"
TEXT = PAGE.read_text(encoding="utf-8")


def test_the_page_is_that_of_the_catalogue():
    assert program("errors").page() == TEXT, "python docs/errors.py makes it anew"


def test_every_kind_is_on_it_twice():
    for mark in (r"^\| `(\w+)` \|", r"^- `(\w+)`: "):
        named = re.findall(mark, TEXT, re.MULTILINE)
        assert sorted(named) == sorted(error_kinds())


@pytest.mark.parametrize("words", re.findall(r'--errors "?([^"\n]+)"?\n', TEXT))
def test_its_words_can_be_asked_for(words):
    assert read_errors(words)


def test_its_table_can_be_asked_for():
    said = tomllib.loads(re.search(r"```toml\n(.*?)```", TEXT, re.DOTALL)[1])
    found = parse_study({**read_study("founding-study").resolved(), **said}).errors
    assert (found["aliases"], found["duplicates"], found["groups"]) == (0.25, 0.05, 0.03)
