"""Formulas of power against published tables and R (closed_forms.R makes the numbers of R)."""

import numpy as np
import pytest
from scipy import special, stats

from analysis.estimators.formulas import closed_forms as closed
from analysis.estimators.formulas.longitudinal import (
    Seen,
    contrast_variance,
    monotone,
    random_effects,
    sandwich_variance,
)
from analysis.planning.formulas.exaggeration import exaggeration, power_of_type_m

NEAR = 1e-6
DIGGLE_SLOPE = {  # Diggle et al. 2002, page 29: n per group by correlation, variance 100, 200, 300
    0.2: (313, 625, 938),
    0.5: (196, 391, 586),
    0.8: (79, 157, 235),
}
DIGGLE_MEAN = {  # page 30: by correlation, difference of .2, .3, .4, .5 SD
    0.2: (145, 65, 37, 24),
    0.5: (207, 92, 52, 33),
    0.8: (268, 120, 67, 43),
}
LU_TABLE_2 = [  # Lu, Luo and Chen 2008: drop-out .1 to .4; AR(1) over waves 1 to 4
    (1.11111111, 1.10050207, 1.08280449, 1.06283003, 1.03996686, 1.01408550),
    (1.25, 1.22474451, 1.18392909, 1.13886229, 1.08796962, 1.03089518),
    (1.42857143, 1.38254162, 1.31065330, 1.23318261, 1.14702200, 1.05142637),
    (1.66666667, 1.59010471, 1.47488823, 1.35405270, 1.22198949, 1.07728040),
]
FIRST_TO_LAST = (0, 0.1, 0.3, 0.5, 0.7, 0.9)
"""Correlation of the first wave with the last."""


def z_sum(power, alpha):
    return special.ndtri(power) + special.ndtri(1 - alpha)


def t_test_power(difference, sd, n1, n2):
    """Two independent groups (Cohen 1988, chapter 2)."""
    return closed.two_sided_power(difference, sd * np.sqrt(1 / n1 + 1 / n2), n1 + n2 - 2)


@pytest.mark.parametrize(
    ("computed", "expected"),
    [
        (t_test_power(0.5, 1, 64, 64), 0.801458623368),
        (t_test_power(1, 1, 20, 20), 0.868953027725),
        (t_test_power(0.6, 1, 28, 35), 0.643977345106),
        (t_test_power(1, 1, 11, 18), 0.711980255567),
        (closed.two_sided_power(0.4, 1 / np.sqrt(29), 28), 0.547750606226),
        (closed.ancova_power(0.5, 1, 0.6, 40, 40), 0.782962842581),
        (closed.ancova_power(1, 1.5, 0.7, 11, 18), 0.634938447418),
        (  # the means of 18 clusters of 16 in each arm
            closed.two_sided_power(0.3, np.sqrt(2 * (0.05 + 0.95 / 16) / 18), 34),
            0.752960392555,
        ),
        (  # the same by the design effect
            closed.two_sided_power(0.3, np.sqrt(2 / 288 * closed.design_effect(16, 0.05)), 34),
            0.752960392555,
        ),
        (closed.chance_of_half_width(0.7, np.sqrt(2 / 20), 38), 0.810085484345),
    ],
)
def test_power_and_precision_are_those_of_r(computed, expected):
    assert computed == pytest.approx(expected, abs=NEAR)


def test_wrong_signs_and_exaggeration_are_those_of_r():
    # power .06, S 24 % and M 9.7 by simulation in Gelman and Carlin 2014
    assert exaggeration(2, 8.1) == pytest.approx((0.0570129406, 0.2396176545, 9.5366275941))
    assert exaggeration(-0.3, 0.1) == pytest.approx((0.8508387683, 4.14333790e-07, 1.0910035336))


def test_power_of_a_type_m_is_found_again():
    for power in (0.06, 0.3, 0.8, 0.95):
        shift = special.ndtri(power) + 1.96
        known = exaggeration(float(shift), 1.0)
        assert power_of_type_m(known.type_m) == pytest.approx(known.power, abs=1e-9)


def test_the_design_effect_is_eldridge_s():
    assert closed.design_effect(20, 0.05) == pytest.approx(1.95)
    assert closed.design_effect(20, 0.05, 0.5) == pytest.approx(1 + (1.25 * 20 - 1) * 0.05)


def test_a_partially_nested_trial_without_an_effect_of_clusters_is_welch_s_test():
    # variances 1 and 1, units 30 and 30: df 58, as the t test has
    found = closed.welch_power(0.7, (1, 1), (30, 30))
    assert found == pytest.approx(t_test_power(0.7, 1, 30, 30), abs=1e-12)


@pytest.mark.parametrize("rho", DIGGLE_SLOPE)
def test_slopes_need_the_people_of_diggle_s_table(rho):
    t = np.array([0.0, 2, 5])
    v = np.full((3, 3), rho) + (1 - rho) * np.eye(3)
    one = np.ones(3)
    x = [np.stack([one, t, 0 * t, 0 * t], 1), np.stack([one, t, one, t], 1)]
    contrast = np.array([0, 0, 0, 1.0])
    everybody = [monotone(one)] * 2
    for variance, expected in zip((100, 200, 300), DIGGLE_SLOPE[rho], strict=True):
        each = [variance * v] * 2
        unit = contrast_variance(x, each, everybody, [1, 1], contrast)
        assert np.ceil(z_sum(0.8, 0.05) ** 2 * unit / 0.5**2) == expected
        sandwich = sandwich_variance(x, each, each, everybody, [1, 1], contrast)
        assert sandwich == pytest.approx(unit)


@pytest.mark.parametrize("rho", DIGGLE_MEAN)
def test_differences_of_averages_need_the_people_of_diggle_s_table(rho):
    v = np.full((3, 3), rho) + (1 - rho) * np.eye(3)
    x = [np.array([[1.0, 0]] * 3), np.array([[1.0, 1]] * 3)]
    unit = contrast_variance(x, [v, v], [monotone(np.ones(3))] * 2, [1, 1], np.array([0, 1.0]))
    for difference, expected in zip((0.2, 0.3, 0.4, 0.5), DIGGLE_MEAN[rho], strict=True):
        assert np.ceil(z_sum(0.8, 0.05) ** 2 * unit / difference**2) == expected


def test_random_slopes_need_the_people_of_longpower():
    # longpower's lmmpower: 207.310093 in each arm
    t = np.arange(0, 1.51, 0.25)
    v = random_effects(t, 55, 24, 0.8 * np.sqrt(55 * 24), 10)
    one, none = np.ones(7), np.zeros(7)
    x = [np.stack([one, t, none, none], 1), np.stack([one, t, one, t], 1)]
    unit = contrast_variance(x, [v, v], [monotone(one)] * 2, [1, 1], np.array([0, 0, 0, 1.0]))
    assert z_sum(0.8, 0.025) ** 2 * unit / 1.5**2 == pytest.approx(207.310093300903)


def test_slopes_from_a_common_baseline_lose_to_drop_out_as_hu_mackey_and_thomas_say():
    t = np.arange(0, 3.6, 0.5)
    last = np.array([0.0397, 0.0381, 0.0366, 0.0351, 0.2740, 0.2535, 0.2343, 0.0886])
    v = random_effects(t, 0.54, 1.01, 0.07 * np.sqrt(0.54 * 1.01), 0.81)
    one = np.ones(8)
    x = [np.stack([one, t, 0 * t], 1), np.stack([one, t, t], 1)]
    seen = [Seen(np.tri(8, dtype=bool), last)] * 2
    variance = contrast_variance(x, [v, v], seen, [184, 184], np.array([0, 0, 1.0]))
    power = special.ndtr(0.33 / np.sqrt(variance) - special.ndtri(0.95))
    assert power == pytest.approx(0.873552188556, abs=NEAR)


@pytest.mark.parametrize("lost", [0.1, 0.2, 0.3, 0.4])
def test_repeated_measures_are_inflated_as_in_lu_luo_and_chen_s_table(lost):
    lags = np.abs(np.subtract.outer(np.arange(4), np.arange(4)))
    kept = np.linspace(1, 1 - lost, 4)
    for ends, expected in zip(FIRST_TO_LAST, LU_TABLE_2[round(lost * 10) - 1], strict=True):
        v = (ends ** (1 / 3)) ** lags
        unit = contrast_variance([np.eye(4)], [v], [monotone(kept)], [1], np.eye(4)[3])
        assert unit == pytest.approx(expected, abs=NEAR)


def test_lu_luo_and_chen_s_example_needs_80_people():
    # Table 5: AR(1) of .6, both arms' own drop-out, a difference of .9 SD, power .903
    v = 0.6 ** np.abs(np.subtract.outer(np.arange(4), np.arange(4)))
    arms = [monotone((1, 0.76, 0.63, 0.52)), monotone((1, 0.87, 0.81, 0.78))]
    x = [np.hstack([np.eye(4), a * np.eye(4)]) for a in (0, 1)]
    unit = contrast_variance(x, [v, v], arms, [1, 1], np.eye(8)[7])
    assert 2 * np.ceil(z_sum(0.903, 0.025) ** 2 * unit / 0.9**2) == 80


def test_who_never_comes_adds_nothing():
    seen = Seen(np.array([[True, True], [False, False]]), np.array([0.5, 0.5]))
    v = [np.eye(2)]
    half = contrast_variance([np.eye(2)], v, [seen], [10], np.array([0, 1.0]))
    assert half == pytest.approx(1 / 5)


def test_the_smallest_number_is_found_or_none():
    assert closed.smallest(lambda n: n >= 37, 8, 100) == 37
    assert closed.smallest(lambda n: True, 8, 100) == 8
    assert closed.smallest(lambda n: n > 100, 8, 100) is None


def test_no_effect_is_found_at_alpha_and_a_huge_one_surely():
    assert t_test_power(0, 1, 50, 50) == pytest.approx(0.05)
    for effect in (1, 2, 5, 6, 7, 100):
        assert 0.99 < t_test_power(effect, 1, 50, 50) <= 1


@pytest.mark.parametrize("shift", [4.9, 5.1, 29.9, 30.1])
@pytest.mark.parametrize("df", [1, 3, 30])
def test_the_pieces_of_the_noncentral_t_meet(shift, df):
    t = special.stdtrit(df, 0.975)

    def given(u):  # the error being sqrt(u / df) times the true one, u of a chi-square
        return special.ndtr(shift - t * np.sqrt(u / df)) + special.ndtr(
            -shift - t * np.sqrt(u / df)
        )

    at = stats.chi2.ppf((np.arange(200_000) + 0.5) / 200_000, df)
    assert closed.two_sided_power(shift, 1, df) == pytest.approx(given(at).mean(), abs=2e-5)
