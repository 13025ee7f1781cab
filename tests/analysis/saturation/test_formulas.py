"""Closed forms against enumeration of everything that can happen."""

from itertools import product

import numpy as np
import pytest

from analysis.saturation.formulas import (
    all_seen,
    chao2,
    discovery,
    expected_coverage,
    people_needed,
    seen,
)


def enumerated(n, chance, times):
    """P(seen in at least `times` of n people), over all 2^n outcomes."""
    return sum(
        chance ** sum(who) * (1 - chance) ** (n - sum(who))
        for who in product((0, 1), repeat=n)
        if sum(who) >= times
    )


@pytest.mark.parametrize(("n", "chance", "times"), [(1, 0.3, 1), (6, 0.2, 1), (7, 0.45, 3)])
def test_the_chance_that_a_code_is_seen(n, chance, times):
    assert seen(n, chance, times) == pytest.approx(enumerated(n, chance, times), abs=1e-12)


@pytest.mark.parametrize(
    ("chance", "power", "times", "n"),
    [(0.1, 0.8, 1, 16), (0.05, 0.95, 1, 59), (0.5, 0.9, 1, 4), (0.1, 0.8, 2, 29)],
)
def test_people_needed_is_the_smallest_number_that_is_enough(chance, power, times, n):
    """The last is the published example: two instances at prevalence .1 with power .8 need 29."""
    found = people_needed(chance, power, times)
    assert found == n
    assert seen(n, chance, times) >= power > seen(n - 1, chance, times)


def test_a_code_that_is_never_seen_needs_more_people_than_there_are():
    assert people_needed(0.0, 0.9) is None
    assert people_needed(1e-9, 0.9) is None


def test_discovery_and_all_seen_over_codes():
    chances, n = np.array([0.1, 0.5, 0.9]), np.array([1, 2, 5])
    single = np.array([[enumerated(int(k), c, 1) for c in chances] for k in n])
    np.testing.assert_allclose(discovery(n, chances), single.mean(axis=1), atol=1e-12)
    np.testing.assert_allclose(all_seen(n, chances), single.prod(axis=1), atol=1e-12)


def test_richness_and_coverage_by_hand():
    people = np.array([3, 1, 1, 2, 0])  # 4 codes seen, Q1 = 2, Q2 = 1, U = 7
    assert chao2(people, 5) == pytest.approx(4 + 4 / 5 * 4 / 2)
    assert expected_coverage(people, 5) == pytest.approx(1 - 2 / 7 * 8 / (8 + 2))
    without_twos = np.array([3, 1, 1])
    assert chao2(without_twos, 4) == pytest.approx(3 + 3 / 4 * 1)
    assert expected_coverage(without_twos, 4) == pytest.approx(1 - 2 / 5 * 3 / (3 + 2))
    assert np.isnan(expected_coverage(np.zeros(3, int), 4))


def test_all_codes_seen_often_leaves_nothing_unseen():
    assert chao2(np.array([4, 5]), 6) == 2
    assert expected_coverage(np.array([4, 5]), 6) == 1
