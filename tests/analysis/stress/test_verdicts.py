"""Verdicts come of intervals: inside, outside, or undecided, and are seldom false."""

import numpy as np
import pytest

from analysis.stress.criteria import Zones, criteria_of
from analysis.stress.verdicts import (
    FAILS,
    HOLDS,
    NOTHING,
    UNDECIDED,
    Tried,
    is_settled,
    judgements,
    looks_up_to,
)
from analysis.worlds.census import Truth

MOST = 400


def trial(rows, *, must=True, truth=NOTHING, condition="clean", compares=False):
    return Tried(condition, "m", rows, truth, compares, must)


def verdict_of(rows, **how):
    most = rows.usable.size
    one = trial(rows, **how)
    (found,) = judgements([one], {"m": rows}, Zones(), looks_up_to(most), len(looks_up_to(most)))
    return found


def by_name(rows, truth=NOTHING, **how):
    how = {"compares": False, "null": False, "quiet": False, **how}
    return {one.name: one for one in criteria_of(rows, truth, Zones(), **how)}


def test_looks_end_with_the_number_that_was_planned():
    assert looks_up_to(1600) == (100, 200, 400, 800, 1600)
    assert looks_up_to(250) == (100, 200, 250)
    assert looks_up_to(60) == (60,)


def test_a_right_analysis_holds(rows):
    assert verdict_of(rows(1600)).verdict == HOLDS


def test_few_studies_decide_nothing(rows):
    assert verdict_of(rows(40)).verdict == UNDECIDED


def test_bias_is_found_and_named(rows):
    found = verdict_of(rows(400, shift=0.6))
    assert (found.verdict, found.silent) == (FAILS, True)
    assert "bias" in found.broken


def test_standard_errors_that_are_too_small_are_found(rows):
    found = verdict_of(rows(400, se=0.6))
    assert found.verdict == FAILS
    assert set(found.broken) >= {"coverage", "standard error"}


def test_intervals_that_are_too_wide_are_no_failure_but_for_their_standard_error(rows):
    wide = rows(400, se=3.0)
    criteria = by_name(wide)
    assert criteria["coverage"].value > Zones().wasteful
    assert criteria["coverage"].inside > 0.99
    assert criteria["standard error"].inside < 1e-6
    without = verdict_of(rows(1600, se=3.0)._replace(se=np.full(1600, np.nan)))
    assert (without.verdict, without.wasteful) == (HOLDS, True)
    assert not verdict_of(rows(400)).wasteful


def test_measures_are_those_of_their_definitions(rows):
    some = rows(300, seed=3, shift=0.2)
    criteria = by_name(some, null=True)
    error = some.estimate
    assert criteria["bias"].value == pytest.approx(error.mean() / error.std(ddof=1))
    assert criteria["coverage"].value == np.mean((some.lo <= 0) & (some.hi >= 0))
    assert criteria["standard error"].value == pytest.approx(1 / error.std(ddof=1))
    assert criteria["type I error"].value == np.mean((some.lo > 0) | (some.hi < 0))


def test_the_error_of_the_truth_makes_verdicts_more_careful(rows):
    some = rows(1600)
    sure, unsure = by_name(some), by_name(some, Truth(0.0, 0.2, 20))
    for name in ("bias", "coverage"):
        assert unsure[name].outside > sure[name].outside


def test_a_small_share_of_an_effect_is_asked_only_where_there_is_one(rows):
    some = rows(400)
    assert "relative bias" not in by_name(some, Truth(0.5, 0, 9), compares=True)
    assert "relative bias" in by_name(some._replace(), Truth(2.0, 0, 9), compares=True)
    assert "relative bias" not in by_name(some, Truth(2.0, 0, 9))


@pytest.mark.parametrize("share", [0.1, 0.3, 1.0])
def test_no_answer_on_hard_studies_never_holds(rows, share):
    some = rows(1600)
    hard = np.abs(some.estimate) >= np.quantile(np.abs(some.estimate), 1 - share)
    found = verdict_of(some._replace(usable=~hard))
    assert found.verdict == FAILS


def test_an_analysis_that_always_warns_does_not_hold(rows):
    some = rows(1600)
    found = verdict_of(some._replace(warned=np.ones(1600, bool)))
    assert (found.verdict, found.broken) == (FAILS, ("warned",))


def test_a_failure_is_silent_unless_warnings_are_commoner_than_in_clean_studies(rows):
    clean, dirty = rows(400), rows(400, seed=2, shift=1)
    heard = dirty._replace(warned=np.arange(400) < 240)
    for one, silent in ((dirty, True), (heard, False)):
        bad = trial(one, must=False, condition="forgotten")
        (found,) = judgements([bad], {"m": clean}, Zones(), (100, 200, 400), 3)
        assert (found.verdict, found.silent) == (FAILS, silent)
    always = clean._replace(warned=np.arange(400) < 240)  # then a warning says nothing
    (found,) = judgements([bad], {"m": always}, Zones(), (100, 200, 400), 3)
    assert found.silent


def test_a_verdict_once_given_stays(rows):
    first, rest = rows(100, shift=2), rows(300, seed=9)
    joined = type(first)(*(np.concatenate(pair) for pair in zip(first, rest, strict=True)))
    (found,) = judgements([trial(joined)], {}, Zones(), (100, 200, 400), 3)
    assert (found.verdict, found.n) == (FAILS, 100)


def test_what_need_not_hold_settles_nothing(rows):
    open_ = trial(rows(100), must=False)
    held = judgements([open_], {}, Zones(), (100,), 5)
    assert is_settled(held)
    assert not is_settled(judgements([trial(rows(100))], {}, Zones(), (100,), 5))


def in_worlds(some, studies):
    """The same rows, so many of each world."""
    return some._replace(world=np.arange(some.world.size) // studies)


def test_studies_that_are_alike_in_their_world_count_as_one(rows):
    one = rows(300, seed=5, shift=0.2)
    twice = type(one)(*(np.repeat(column, 2) for column in one))
    for name, found in by_name(in_worlds(twice, 2), null=True).items():
        alone = by_name(one, null=True)[name]
        assert found.value == pytest.approx(alone.value, rel=2e-3)
        assert found.mcse == pytest.approx(alone.mcse, rel=5e-3)
        assert found.n == 600
        assert found.effective == pytest.approx(300, rel=5e-3) or alone.mcse == 0


def test_studies_that_are_not_alike_lose_next_to_nothing_by_sharing_worlds(rows):
    some = rows(1600, seed=8)
    shared = by_name(in_worlds(some, 2))
    for name, alone in by_name(some).items():
        assert alone.effective == 1600
        assert shared[name].effective > 1400
        assert shared[name].mcse == pytest.approx(alone.mcse, rel=0.07)


EDGE = {  # how a fake analysis is, a little inside and a little outside one zone
    "bias": ({"shift": 0.235}, {"shift": 0.265}),
    "standard error low": ({"se": 0.865}, {"se": 0.835}),
    "standard error high": ({"se": 1.135}, {"se": 1.165}),
}
RUNS, MOST_FALSE = 200, 6
"""Verdicts at 1 %: more than 6 of 200 have a chance of .0043."""


@pytest.mark.verify
@pytest.mark.parametrize("zone", EDGE)
def test_verdicts_at_the_edge_of_a_zone_are_seldom_false(rows, zone):
    """Of 200 each inside and outside at most 6 are false; false alarm of the test: 1 in 115."""
    inside, outside = EDGE[zone]
    false = {"fails inside": 0, "holds outside": 0}
    for run in range(RUNS):
        good = verdict_of(rows(MOST, seed=[run, 1], **inside))
        name = zone.removesuffix(" low").removesuffix(" high")
        false["fails inside"] += good.verdict == FAILS and name in good.broken
        bad = verdict_of(rows(MOST, seed=[run, 2], **outside))
        false["holds outside"] += bad.verdict == HOLDS
    assert max(false.values()) <= MOST_FALSE, false


@pytest.mark.verify
def test_verdicts_are_seldom_false_where_studies_of_a_world_are_alike(rows):
    """As above with two studies a world, correlated .5; as if independent, far more are false."""
    false = {"fails inside": 0, "holds outside": 0, "naive": 0}
    for run in range(RUNS):
        for k, shift in enumerate((0.235, 0.265)):
            own, common = rows(MOST, seed=[run, k]), rows(MOST // 2, seed=[run, k, 1])
            error = (own.estimate + np.repeat(common.estimate, 2)) / np.sqrt(2) + shift
            moved = error - own.estimate
            some = own._replace(estimate=error, lo=own.lo + moved, hi=own.hi + moved)
            found = verdict_of(in_worlds(some, 2))
            if k == 0:
                false["fails inside"] += "bias" in found.broken
            else:
                false["holds outside"] += found.verdict == HOLDS
                false["naive"] += verdict_of(some).verdict == HOLDS
    assert max(false["fails inside"], false["holds outside"]) <= MOST_FALSE, false
    assert false["naive"] >= false["holds outside"], false


SHARES = {"coverage": (0.93, 0.92), "type I error": (0.07, 0.08), "usable": (0.955, 0.945)}


@pytest.mark.verify
@pytest.mark.parametrize("zone", SHARES)
def test_verdicts_of_shares_at_the_edge_are_seldom_false(rows, zone):
    """As above, of shares that are drawn."""
    false = {"fails inside": 0, "holds outside": 0}
    for run in range(RUNS):
        for k, share in enumerate(SHARES[zone]):
            one = _with_share(rows(MOST, seed=[run, k]), zone, share, [run, k])
            found = verdict_of(one, compares=zone == "type I error")
            if k == 0:
                false["fails inside"] += zone in found.broken
            else:
                false["holds outside"] += found.verdict == HOLDS
    assert max(false.values()) <= MOST_FALSE, false


def _with_share(rows, zone, share, seed):
    hits = np.random.default_rng([*seed, 7]).random(rows.usable.size) < share
    if zone == "usable":
        return rows._replace(usable=hits)
    if zone == "type I error":
        return rows._replace(p=np.where(hits, 0.01, 0.5))
    lo = np.where(hits, -9.0, np.abs(rows.estimate) + 0.1)
    return rows._replace(lo=lo, hi=lo + 20)
