"""The table [errors] of study files, and the words that stand in for it."""

import tomllib

import pytest

from sim.errors import InputError
from sim.study.error_kinds import LEVELS, error_kinds
from sim.study.error_settings import errors_in_words, read_errors, sort_of_errors
from sim.study.spec import parse_study, read_study

FILES = [name for name, kind in error_kinds().items() if kind.sort == "file"]


def with_table(errors):
    return parse_study({**read_study("founding-study").resolved(), "errors": errors})


def test_a_study_has_no_errors_unless_it_asks_for_them():
    study = read_study("founding-study")
    assert study.errors is None
    assert "errors" not in study.resolved()
    assert with_table({}).hash == study.hash


@pytest.mark.parametrize("level", LEVELS)
def test_a_level_stands_for_the_rate_of_each_kind_of_a_sort(level):
    found = with_table({"files": level}).errors
    assert list(found) == FILES
    assert found == {name: getattr(error_kinds()[name], level) for name in FILES}


def test_what_is_more_special_wins():
    found = with_table({"files": "low", "aliases": "high", "duplicates": 0}).errors
    assert (found["aliases"], found["duplicates"], found["groups"]) == (0.25, 0.0, 0.03)


def test_a_settled_study_says_the_same_after_writing_and_reading():
    study = with_table({"files": "typical", "aliases": 0.123})
    assert tomllib.loads(study.to_toml())["errors"] == study.errors
    assert parse_study(tomllib.loads(study.to_toml())).hash == study.hash
    assert study.hash != read_study("founding-study").hash


def test_words_settle_as_the_table_does():
    assert read_errors("files=low, aliases = high,duplicates=0.05") == {
        **with_table({"files": "low"}).errors, "aliases": 0.25, "duplicates": 0.05,
    }  # fmt: skip
    asked = {"aliases": "high", "duplicates": 0.05}
    assert read_errors(errors_in_words(asked)) == read_errors(asked)


def test_errors_given_beside_a_study_stand_in_place_of_its_own():
    study = with_table({"files": "high"})
    assert study.with_errors({"aliases": 0.1}).errors == {"aliases": 0.1}
    assert study.with_errors({}).hash == read_study("founding-study").hash


def test_rates_are_told_apart_by_sort():
    rates = {"forgotten": 0.1, "aliases": 0.2}
    assert sort_of_errors(rates, "condition") == {"forgotten": 0.1}
    assert sort_of_errors(rates, "file") == {"aliases": 0.2}


@pytest.mark.parametrize(
    ("errors", "message"),
    [
        ({"alases": "low"}, 'errors.alases: unknown key "alases"; did you mean "aliases"?'),
        ({"aliases": "hgh"}, 'number from 0 to 1 .*; did you mean "high"'),
        ({"aliases": 1.5}, "1.5 is out of range: must be one of low, typical, high, or a number"),
        ({"aliases": True}, "must be one of low"),
        ({"aliases": float("nan")}, "finite number"),
        ({"files": 0.1}, "is not one of low, typical, high"),
        ("typical", "must be a table"),
    ],
)
def test_a_wrong_table_is_named(errors, message):
    with pytest.raises(InputError, match=message):
        with_table(errors)


@pytest.mark.parametrize("words", ["", "aliases=", "=3", "aliases=1,aliases=0", "alases=0", "typ"])
def test_wrong_words_are_refused(words):
    with pytest.raises(InputError, match="errors"):
        read_errors(words)
