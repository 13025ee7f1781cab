import shlex
from pathlib import Path

import pytest

from sim.errors import InputError, RunError, counted, meant_or_known, nearest, typed


def test_nearest_names_the_word_that_was_meant():
    assert nearest("intervall_weeks", ["interval_weeks", "posts"]) == (
        '; did you mean "interval_weeks"?'
    )


def test_nearest_ignores_case_and_gives_the_known_spelling():
    assert nearest("cpn", ["CPN", "GP"]) == '; did you mean "CPN"?'


def test_nearest_is_silent_when_nothing_is_close():
    assert nearest("zebra", ["interval_weeks", "posts"]) == ""
    assert nearest("anything", []) == ""


def test_where_nothing_is_close_all_that_is_known_is_said():
    assert meant_or_known("cpn", ["CPN", "GP"]) == nearest("cpn", ["CPN", "GP"])
    assert meant_or_known("zebra", ["CPN", "GP"]) == "; known: CPN, GP"
    assert meant_or_known("zebra", (one for one in ("a", "b")), "it has") == "; it has a, b"
    assert meant_or_known("zebra", [], "it has") == "; it has none"
    assert meant_or_known("zebra", ["CPN", "GP"], listed=["CPN"]) == "; known: CPN"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("plan", "study.toml"), "plan study.toml"),
        (("plan", "my study.toml"), 'plan "my study.toml"'),
        (("plan", Path("it's & so.toml")), 'plan "it\'s & so.toml"'),
        (("stress", 'Rscript "my fit.R"'), "stress 'Rscript \"my fit.R\"'"),
        (("report", Path("-x")), "report ./-x"),
    ],
)
def test_a_command_is_as_a_shell_takes_it(words, said):
    assert typed(*words) == said


@pytest.mark.parametrize(
    "name", ["a b", "a'b", 'a"b', "$HOME", "a`b", "a\\b", "a!b", "*", "", "é;|<"]
)
def test_a_shell_gives_back_the_words(name):
    assert shlex.split(typed("egocohort", name, "--json")) == ["egocohort", name, "--json"]


def test_bad_input_and_a_failed_run_are_told_apart():
    assert issubclass(InputError, ValueError)
    assert issubclass(RunError, RuntimeError)
    assert not issubclass(RunError, InputError)


@pytest.mark.parametrize(
    ("n", "noun", "said"),
    [
        (1, "point", "1 point"),
        (1.0, "point", "1 point"),
        (0, "week", "0 weeks"),
        (0.5, "point", "0.5 points"),
        (1, "person", "1 person"),
        (12000, "person", "12000 people"),
        (2, "study", "2 studies"),
    ],
)
def test_one_is_counted_in_the_singular(n, noun, said):
    assert counted(n, noun) == said
