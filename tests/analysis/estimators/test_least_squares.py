"""Least squares and what is made of it, against R, SciPy and matrices written out."""

import numpy as np
import pytest
from scipy import stats

from analysis.estimators.ancova import ancova
from analysis.estimators.change import change_score, change_within
from analysis.estimators.ols import ols
from sim.errors import InputError


@pytest.fixture
def recorded(marginal):
    """The recorded data set: y (1, n), X (n, 3), and what R made of it."""
    case = marginal["least_squares"]
    columns = {name: np.array(values, float) for name, values in case["data"].items()}
    X = np.column_stack([np.ones(columns["y"].size), columns["arm"], columns["base"]])
    return columns["y"][None], X, case


@pytest.mark.parametrize("column", [0, 1, 2])
def test_hc3_and_hc2_agree_with_r(recorded, column):
    y, X, case = recorded
    contrast = np.eye(3)[column]
    hc2, hc3 = ols(y, X, contrast), ols(y, X, contrast, errors="HC3")
    assert hc2.estimate[0] == pytest.approx(case["estimate"][column], abs=1e-10)
    assert hc2.se[0] == pytest.approx(case["hc2"]["se"][column], abs=1e-10)
    assert hc2.df[0] == pytest.approx(case["hc2"]["df"][column], abs=1e-8)
    assert hc3.se[0] == pytest.approx(case["hc3"][column], abs=1e-10)
    assert hc3.df[0] == 16


def test_the_classical_fit_agrees_with_statsmodels_weighted_or_not(recorded):
    import statsmodels.api as sm

    y, X, _ = recorded
    weights = np.linspace(0.5, 2, 19)
    for fit, w in ((sm.OLS(y[0], X).fit(), None), (sm.WLS(y[0], X, weights).fit(), weights[None])):
        ours = ols(y, X, [0, 1, 0], errors="classical", weights=w)
        assert ours.estimate[0] == pytest.approx(fit.params[1], abs=1e-10)
        assert ours.se[0] == pytest.approx(fit.bse[1], abs=1e-10)
        assert ours.p[0] == pytest.approx(fit.pvalues[1], abs=1e-10)
        assert (ours.lo[0], ours.hi[0]) == pytest.approx(tuple(fit.conf_int()[1]), abs=1e-10)


def test_weighted_hc3_agrees_with_statsmodels(recorded):
    import statsmodels.api as sm

    y, X, _ = recorded
    weights = np.linspace(0.5, 2, 19)
    theirs = sm.WLS(y[0], X, weights).fit(cov_type="HC3")
    ours = ols(y, X, [0, 1, 0], errors="HC3", weights=weights[None])
    assert ours.se[0] == pytest.approx(theirs.bse[1], abs=1e-10)


def test_two_arms_give_student_and_the_error_of_welch():
    rng = np.random.default_rng(3)
    y, arm = rng.normal(size=(1, 21)), np.repeat([0.0, 1.0], [8, 13])
    X = np.column_stack([np.ones(21), arm])
    student = stats.ttest_ind(y[0, arm == 1], y[0, arm == 0])
    welch = stats.ttest_ind(y[0, arm == 1], y[0, arm == 0], equal_var=False)
    classical, hc2 = ols(y, X, [0, 1], errors="classical"), ols(y, X, [0, 1])
    assert classical.p[0] == pytest.approx(student.pvalue, abs=1e-12)
    assert hc2.estimate[0] / hc2.se[0] == pytest.approx(welch.statistic, abs=1e-10)


def test_ancova_is_least_squares_on_arm_and_baseline_of_complete_cases(recorded):
    y, X, _ = recorded
    holed, baseline = y.copy(), X[None, :, 2].copy()
    holed[0, 3] = baseline[0, 7] = np.nan
    seen = np.isfinite(holed[0]) & np.isfinite(baseline[0])
    expected = ols(y[:, seen], X[seen], [0, 1, 0])
    found = ancova(holed, X[:, 1], baseline)
    assert (found.estimate, found.se, found.df) == (expected.estimate, expected.se, expected.df)


def test_ancova_does_not_mind_how_outcome_and_baseline_are_scaled(recorded):
    y, X, _ = recorded
    plain = ancova(y, X[:, 1], X[None, :, 2])
    scaled = ancova(7 + 28 * y, X[:, 1], 7 + 28 * X[None, :, 2])
    assert scaled.estimate[0] == pytest.approx(28 * plain.estimate[0], rel=1e-9)
    assert scaled.p[0] == pytest.approx(plain.p[0], rel=1e-9)


def test_a_covariate_of_ancova_is_one_more_column(recorded):
    y, X, _ = recorded
    age = np.arange(19.0)
    found = ancova(y, X[:, 1], X[None, :, 2], age)
    assert found.se[0] == ols(y, np.column_stack([X, age]), [0, 1, 0, 0]).se[0]


def test_change_scores_are_differences_between_arms_and_paired_t_tests_within(recorded):
    y, X, _ = recorded
    before, arm = X[None, :, 2], X[:, 1]
    paired = stats.ttest_rel(y[0], before[0])
    within, between = change_within(y, before), change_score(y, arm, before, errors="classical")
    student = stats.ttest_ind((y - before)[0, arm == 1], (y - before)[0, arm == 0])
    assert within.p[0] == pytest.approx(paired.pvalue, abs=1e-12)
    assert within.df[0] == 18
    assert between.p[0] == pytest.approx(student.pvalue, abs=1e-12)


def test_what_cannot_be_fitted_is_reported():
    X = np.column_stack([np.ones(6), [0, 0, 0, 1, 1, 1]])
    y = np.array(
        [
            [1.0, 2, 4, 2, 3, 5],  # fine
            [1.0, 2, 4, np.nan, np.nan, np.nan],  # an arm is gone
            [1.0, 2, 4, 2, np.nan, np.nan],  # one ego is an arm
            [1.0, 1, 1, 1, 1, 1],  # no spread
            [np.nan] * 6,
        ]
    )
    fits = ols(y, X, [0, 1])
    assert fits.converged.tolist() == [True, False, False, False, False]
    assert np.isnan(fits.p[1:]).all()
    classical = ols(y, X, [0, 1], errors="classical")  # it can use an arm of one
    assert classical.converged.tolist() == [True, False, True, False, False]


def test_a_redundant_column_is_named():
    arm = np.array([0.0, 1, 0, 1, 0])
    with pytest.raises(InputError, match=r"baseline.*combination"):
        ancova(np.ones((2, 5)), arm, 1 - arm)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"errors": "HC33"}, 'did you mean "HC3"'),
        ({"weights": np.ones((1, 4))}, "weights have shape"),
        ({"weights": np.full((1, 5), -1.0)}, "negative"),
        ({"y": np.ones(5)}, "right are"),
        ({"contrast": [1.0]}, "contrast"),
        ({"level": 95}, "between 0 and 1"),
    ],
)
def test_bad_input_is_refused_with_what_would_be_right(change, says):
    X = np.column_stack([np.ones(5), [0, 1, 0, 1, 0]])
    given = {"y": np.arange(5.0)[None] ** 2, "X": X, "contrast": [0.0, 1.0], **change}
    with pytest.raises(InputError, match=says):
        ols(**given)
