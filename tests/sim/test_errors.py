import pytest

from sim.errors import InputError, RunError, counted, nearest


def test_nearest_names_the_word_that_was_meant():
    assert nearest("intervall_weeks", ["interval_weeks", "posts"]) == (
        '; did you mean "interval_weeks"?'
    )


def test_nearest_ignores_case_and_gives_the_known_spelling():
    assert nearest("cpn", ["CPN", "GP"]) == '; did you mean "CPN"?'


def test_nearest_is_silent_when_nothing_is_close():
    assert nearest("zebra", ["interval_weeks", "posts"]) == ""
    assert nearest("anything", []) == ""


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
