"""Negative binomial regression against MASS::glm.nb, and where it meets its edges."""

import numpy as np
import pytest

from analysis.estimators.kernels import counts
from analysis.estimators.negative_binomial import negative_binomial
from sim.errors import InputError

ARMS = np.column_stack([np.ones(20), np.arange(20) % 2])


@pytest.mark.parametrize("name", ["small", "many", "rare", "even"])
def test_maximum_likelihood_agrees_with_r(marginal, name):
    case = marginal["counts"][name]
    table = {column: np.array(values, float) for column, values in case["data"].items()}
    X = np.column_stack([np.ones(table["y"].size), table["arm"], table["age"]])
    weeks = np.log(table["weeks"])
    for column in range(3):
        ours = negative_binomial(
            table["y"][None], X, np.eye(3)[column], offset=weeks, dispersion="ml"
        )
        assert ours.estimate[0] == pytest.approx(case["estimate"][column], abs=1e-8)
        assert ours.se[0] == pytest.approx(case["se"][column], abs=1e-8)
        assert ours.singular[0] == (name == "even")
    alpha = counts.fit_negative_binomial(
        table["y"][None], X[None], weeks[None], np.array([0.0, 1, 0]), False
    )[3]
    assert alpha[0] == pytest.approx(case["alpha"], abs=1e-7)


def adjusted_log_likelihood(y, X, alpha):
    """Of two arms: counts given arm means, less half the log determinant of the information."""
    from scipy import stats

    means = np.where(X[:, 1] == 1, y[X[:, 1] == 1].mean(), y[X[:, 1] == 0].mean())
    weight = means / (1 + alpha * means)
    likelihood = stats.nbinom.logpmf(y, 1 / alpha, 1 / (1 + alpha * means)).sum()
    return likelihood - 0.5 * np.linalg.slogdet(X.T * weight @ X)[1]


@pytest.mark.parametrize("size", [0.8, 3.0])
def test_the_adjusted_dispersion_maximises_what_it_should(size):
    rng = np.random.default_rng(8)
    y = rng.negative_binomial(size, size / (size + 9), size=20).astype(float)
    alpha = counts.fit_negative_binomial(
        y[None], ARMS[None], np.zeros((1, 20)), np.array([0.0, 1]), True
    )[3][0]
    around = [adjusted_log_likelihood(y, ARMS, alpha * factor) for factor in (0.999, 1, 1.001)]
    assert around[1] > max(around[0], around[2])


def test_two_arms_are_estimated_by_the_ratio_of_their_means():
    y = np.array([[4, 9, 0, 3, 7, 12, 1, 5, 2, 8] * 2], float)
    y[0, 15] = np.nan
    arm = ARMS[:, 1] == 1
    ratio = np.nanmean(y[0, arm]) / np.nanmean(y[0, ~arm])
    fit = negative_binomial(y, ARMS, [0, 1])
    assert fit.estimate[0] == pytest.approx(np.log(ratio), abs=1e-9)
    assert fit.df[0] == 17


def test_counts_that_vary_little_give_the_poisson_model():
    y = np.array([[3, 4, 4, 3, 3, 4, 4, 4, 3, 3] * 2], float)
    fit = negative_binomial(y, ARMS, [0, 1])
    arm = ARMS[:, 1] == 1
    assert fit.singular[0]
    assert fit.se[0] == pytest.approx(np.sqrt(1 / y[0, arm].sum() + 1 / y[0, ~arm].sum()), rel=1e-9)


def test_a_longer_time_at_risk_is_an_offset():
    y = np.array([[4, 9, 0, 3, 7, 12, 1, 5, 2, 8] * 2], float)
    doubled = negative_binomial(y, ARMS, [0, 1], offset=np.log(2) * ARMS[:, 1])
    plain = negative_binomial(y, ARMS, [0, 1])
    assert doubled.estimate[0] == pytest.approx(plain.estimate[0] - np.log(2), abs=1e-9)
    assert doubled.se[0] == pytest.approx(plain.se[0], rel=1e-8)


def test_no_events_in_an_arm_or_at_all_and_too_few_egos_are_reported():
    y = np.tile(np.array([2.0, 3, 5, 1, 0, 4, 8, 1, 2, 2] * 2), (4, 1))
    y[1, 1::2] = 0
    y[2] = 0
    y[3, 2:] = np.nan
    fits = negative_binomial(y, ARMS, [0, 1])
    assert fits.converged.tolist() == [True, False, False, False]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"y": np.full((1, 20), 0.5)}, "counts"),
        ({"y": np.full((1, 20), -1.0)}, "counts"),
        ({"offset": np.zeros(3)}, "offset"),
        ({"dispersion": "mle"}, 'did you mean "ml"'),
    ],
)
def test_bad_input_is_refused(change, says):
    given = {"y": np.ones((1, 20)), "X": ARMS, "contrast": [0, 1], **change}
    with pytest.raises(InputError, match=says):
        negative_binomial(**given)
