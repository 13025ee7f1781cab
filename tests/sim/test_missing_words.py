"""Names that a reader of a CSV file takes for a missing value are refused before one is written."""

import tomllib

import pytest
from pandas._libs.parsers import STR_NA_VALUES

from analysis.stress.asked import estimated_by
from analysis.stress.conditions import CONDITIONS
from sim.errors import InputError
from sim.missing_words import MISSING_WORDS, names_a_value
from sim.study.spec import parse_study, read_study
from sim.world.ids import names_a_folder

STUDY = """
id = "missing-words"
title = "Arms of any name"
recruitment = { n = 20 }
waves = { weeks = [0, 26] }
"""
ARMS = 'arms = { share = { control = 1, "%s" = 1 } }\n'
OWN = '[stress.condition.%s]\nwords = "where some are forgotten"\nmap.cap = 8\n'


@pytest.fixture
def refused():
    """What is wrong with the text of a study file; nothing if nothing is."""

    def said(text):
        try:
            parse_study(tomllib.loads(text), "study.toml")
        except InputError as error:
            return str(error)
        return ""

    return said


def test_they_are_those_of_pandas_and_of_r():
    assert STR_NA_VALUES - {""} == MISSING_WORDS
    assert "NA" in MISSING_WORDS


@pytest.mark.parametrize("word", ["null", "nan"])
def test_no_folder_has_such_a_name(word):
    with pytest.raises(ValueError, match="reads as a missing value"):
        names_a_folder(word)
    assert names_a_folder(f"{word}-1") == f"{word}-1"


def test_no_shipped_condition_has_such_a_name():
    assert not {one.name for one in CONDITIONS} & MISSING_WORDS


@pytest.mark.parametrize("word", ["None", "NA", "n/a"])
def test_an_arm_of_such_a_name_is_refused_in_one_line(word, refused):
    said = refused(STUDY + ARMS % word)
    assert f'"{word}" is what pandas or R reads as a missing value; rename it' in said


def test_an_arm_called_none_in_small_letters_is_read_as_it_is(refused):
    assert refused(STUDY + ARMS % "none") == ""


@pytest.mark.parametrize("word", ["null", "nan"])
def test_a_condition_of_such_a_name_is_refused_in_one_line(word, refused):
    assert f'"{word}" is what pandas or R reads' in refused(STUDY + OWN % word)


def test_a_term_of_such_a_name_is_refused():
    with pytest.raises(InputError, match='--estimates: "NA" is what pandas or R reads'):
        estimated_by(read_study("founding-study"), code=None, said=["NA = mean map_size 52"])


def test_a_word_that_is_none_of_them_passes():
    assert names_a_value("Nan") == "Nan"
