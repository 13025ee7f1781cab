"""The catalogue of errors keeps its own rules."""

import re

import pytest

from sim.study.error_kinds import LEVELS, error_kinds


def test_every_kind_says_what_it_rests_on():
    for name, kind in error_kinds().items():
        assert re.fullmatch("[a-z]+(_[a-z]+)*", name)
        assert kind.source or "no published figure" in kind.note.lower(), name
        assert kind.grade == "assumed", f"{name}: no rate of another kind of people is more"


def test_numbers_are_those_of_no_other_kind():
    numbers = [kind.number for kind in error_kinds().values()]
    assert len(set(numbers)) == len(numbers)


def test_a_rate_of_none_can_be_asked_of_every_kind():
    assert {kind.range[0] for kind in error_kinds().values()} == {0}


@pytest.mark.parametrize("level", LEVELS)
def test_a_level_is_its_rate(level):
    for kind in error_kinds().values():
        assert kind.rate(level) == getattr(kind, level)
