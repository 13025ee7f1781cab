"""Figures and their errors: against closed forms, and what is made of figures."""

import numpy as np
import pytest
from scipy.stats import skew

from analysis.compare.estimates import per_person

RNG = np.random.default_rng(3)
ONE = np.zeros(12, int)


SYMMETRIC = np.array([-3, -2, -2, -1, -1, 0, 0, 1, 1, 2, 2, 3.0])
"""Twelve teams of skewness zero."""


def figures(n=12, people=None, strata=None, k=2):
    people = np.full(n, 10.0) if people is None else people
    strata = np.zeros(n, int) if strata is None else strata
    return per_person(RNG.normal(50, 5, (n, k)), people, strata)


def test_with_teams_of_one_size_the_error_is_that_of_a_mean():
    sums = 50 + np.outer(SYMMETRIC, [1, 7])
    found = per_person(sums, np.full(12, 10.0), ONE)
    assert found.value == pytest.approx(sums.mean(axis=0) / 10)
    assert found.mcse == pytest.approx(sums.std(axis=0, ddof=1) / 10 / np.sqrt(12))
    assert found.reach == pytest.approx(found.mcse * 2.200985)  # Student's t, 11 degrees of freedom


def test_places_that_differ_add_nothing_to_the_error():
    sums, places = RNG.normal(50, 5, (12, 1)), np.arange(12) % 2
    apart = sums + 1000 * places[:, None]
    people = np.full(12, 10.0)
    assert per_person(apart, people, places).mcse == pytest.approx(
        per_person(sums, people, places).mcse
    )
    assert per_person(apart, people, ONE).mcse > 5 * per_person(apart, people, places).mcse


def test_degrees_of_freedom_are_those_of_places_in_which_something_varies():
    places = np.repeat([0, 1], 6)
    sums = np.concatenate([np.full((6, 1), 7.0), 50 + SYMMETRIC[::2, None] + SYMMETRIC[1::2, None]])
    found = per_person(sums, np.full(12, 10.0), places)
    assert found.reach == pytest.approx(found.mcse * 2.570582)  # Student's t, 5


def test_intervals_widen_with_skewness_as_edgeworth_says():
    sums = RNG.poisson(0.5, (8, 1)).astype(float)
    found = per_person(sums, np.full(8, 10.0), np.zeros(8, int))
    usual = found.mcse * 2.364624  # Student's t, 7 degrees of freedom
    z = 1.959964
    wider = skew(sums[:, 0], bias=True) ** 2 / 8 * (z**4 + 2 * z**2 - 3) / 18
    assert wider > 0.02
    assert found.reach == pytest.approx(usual * (1 + wider))
    twice = per_person(np.concatenate([sums, sums]), np.full(16, 10.0), np.arange(16) // 8)
    of_14 = 2.144787
    assert twice.reach == pytest.approx(np.sqrt(0.5) * found.mcse * of_14 * (1 + wider / 2))


def test_intervals_of_what_happens_to_few_hold_the_truth_as_often_as_they_say():
    """Two events a team, eight teams: 94 to 97 of 100, where Student's t alone falls short."""
    sums = RNG.poisson(2, (8, 20_000)).astype(float)
    found = per_person(sums, np.full(8, 1.0), np.zeros(8, int))
    held = np.mean(np.abs(found.value - 2) <= found.reach)
    alone = np.mean(np.abs(found.value - 2) <= found.mcse * 2.364624)
    assert 0.94 < held < 0.97
    assert held > alone + 0.01


def test_errors_of_differences_sums_and_ratios_are_of_the_same_teams():
    a, b = figures(), figures()
    assert a.less(a).mcse == pytest.approx(0)
    assert a.plus(a).mcse == pytest.approx(2 * a.mcse)
    assert a.times(-3).mcse == pytest.approx(3 * a.mcse)
    assert a.over(a).mcse == pytest.approx(0)
    ratio = a.over(b)
    assert ratio.value == pytest.approx(a.value / b.value)


def test_the_error_of_a_ratio_agrees_with_leaving_teams_out_in_turn():
    sums, people = RNG.normal(50, 5, (30, 2)), RNG.integers(8, 13, 30).astype(float)
    strata = np.zeros(30, int)

    def ratio(keep):
        one = per_person(sums[keep], people[keep], strata[keep])
        return one.value[0] / one.value[1]

    left_out = np.array([ratio(np.arange(30) != i) for i in range(30)])
    jackknife = np.sqrt(29 / 30 * ((left_out - left_out.mean()) ** 2).sum())
    whole = per_person(sums, people, strata)
    assert whole.at(0).over(whole.at(1)).mcse == pytest.approx(jackknife, rel=0.03)


def test_clear_is_what_leaves_zero_out_and_nothing_is_not():
    nothing = per_person(np.zeros((12, 1)), np.full(12, 10.0), ONE)
    assert not nothing.clear.any()
    assert figures().clear.all()
    single = figures(n=1)
    assert np.isnan(single.mcse).all()
    assert not single.clear.any()
