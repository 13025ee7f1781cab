"""Whom one can count on: closed forms, and where it is switched off."""

import pytest

from sim.world.arithmetic import ONE, ZERO, f4
from sim.world.rules.reliance import (
    formal_security,
    informal_security,
    insecurity_now,
    more_asked,
    needed_units,
    often_enough,
    promise_kept,
)

CLOSE = {"rel": 2e-5, "abs": 1e-6}


@pytest.mark.parametrize(
    ("weeks", "expected"), [(0, 1), (6, 1), (12, 0.5), (24, 0.25), (200, 0.25)]
)
def test_promise_kept_halves_when_twice_the_time_has_passed(weeks, expected):
    assert promise_kept(f4(weeks), f4(6)) == f4(expected)


def test_informal_security_is_half_at_half_and_rises(rates):
    p = rates(insecurity_half=0.5)
    found = [informal_security(f4(x), p) for x in (0, 0.5, 1, 8)]
    assert found[:2] == [0, f4(0.5)]
    assert found == sorted(found)
    assert found[-1] < 1


@pytest.mark.parametrize(
    ("trust", "promise", "expected"), [(0, 1, 0), (0.2, 1, 0.5), (0.2, 0.5, 0.25)]
)
def test_formal_security_is_half_at_half_while_promises_are_kept(trust, promise, expected, rates):
    p = rates(insecurity_trust_half=0.2)
    assert formal_security(f4(trust), f4(promise), p) == pytest.approx(expected, **CLOSE)


@pytest.mark.parametrize(
    ("informal", "formal", "expected"), [(0, 0, 1), (0, 0.5, 0.5), (0.5, 0, 0.5), (1, 0, 0)]
)
def test_insecurity_needs_both_to_fail(informal, formal, expected):
    assert insecurity_now(f4(informal), f4(formal)) == f4(expected)


@pytest.mark.parametrize(
    ("usual", "lately", "lay", "expected"),
    [
        (0.1, 0.1, 0.5, 1),
        (0.1, 0.2, 0.5, 1),  # staff give more than before: nothing is asked less
        (0.3, 0.1, 0.15, 1.5),
        (0.3, 0.1, 0, 2),
        (1, 0, 0.1, 2),
    ],
)
def test_more_is_asked_of_others_for_what_staff_no_longer_give(usual, lately, lay, expected, rates):
    p = rates(takeover_share=0.5, takeover_floor=0.05)
    assert more_asked(f4(usual), f4(lately), f4(lay), p) == pytest.approx(expected, **CLOSE)
    off = rates(takeover_share=0, takeover_floor=0.05)
    assert more_asked(f4(usual), f4(lately), f4(lay), off) == 1


def test_need_is_told_by_the_usual_interval_and_denser_in_an_episode():
    assert needed_units(f4(2), f4(4), ONE, ZERO) == f4(0.5)
    assert needed_units(f4(2), f4(4), ONE, ONE) == 2
    assert needed_units(ONE, f4(4), f4(12), ONE) == f4(0.25)  # never less than when well


def test_often_enough_is_kept_over_needed():
    assert often_enough(f4(0.2), f4(0.4)) == pytest.approx(0.5, **CLOSE)
    assert often_enough(ZERO, ZERO) == 0
