"""Errors from the observed information, and degrees of freedom that complete cases allow."""

import numpy as np
import pytest

from analysis.estimators.mmrm import mmrm, mmrm_covariance
from sim.errors import InputError

N, T = 24, 3
ARM = np.arange(N) % 2
X = np.concatenate(
    [np.broadcast_to(np.eye(T), (N, T, T)), ARM[:, None, None] * np.eye(T)[None, :, 1:]], axis=2
)
PAIRS = [(t, u) for t in range(T) for u in range(t + 1)]
CAUTIOUS = "complete cases"
LAST, CHANGE = np.eye(5)[4], np.eye(5)[2] - np.eye(5)[0]


@pytest.fixture
def y():
    """One study, in which those who were low at baseline leave."""
    rng = np.random.default_rng(0)
    values = rng.normal(size=(1, N, 1)) + rng.normal(size=(1, N, T))
    values[0][(values[0, :, 0] < 0) & (rng.random(N) < 0.6), 1:] = np.nan
    values[0][rng.random(N) < 0.2, 2] = np.nan
    return values


def minus_log(parameters, y):
    """-log REML at any coefficients and covariance, but for a constant; dense matrices."""
    beta, gamma = parameters[:5], parameters[5:]
    V, total, A = np.zeros((T, T)), 0.0, np.zeros((5, 5))
    for value, (t, u) in zip(gamma, PAIRS, strict=True):
        V[t, u] = V[u, t] = value
    for i in range(N):
        seen = ~np.isnan(y[0, i])
        own, x = V[np.ix_(seen, seen)], X[i, seen]
        rest = y[0, i, seen] - x @ beta
        total += (np.linalg.slogdet(own)[1] + rest @ np.linalg.solve(own, rest)) / 2
        A += x.T @ np.linalg.solve(own, x)
    return total + np.linalg.slogdet(A)[1] / 2, A


def second_derivatives(f, at, h=1e-4):
    """By central differences."""
    steps = h * np.eye(at.size)
    return np.array(
        [
            [
                (f(at + a + b) - f(at + a - b) - f(at - a + b) + f(at - a - b)) / (4 * h * h)
                for b in steps
            ]
            for a in steps
        ]
    )


def coefficients(y):
    """All five estimates, one contrast at a time."""
    return np.array([mmrm(y, X, one).estimate[0] for one in np.eye(5)])


@pytest.mark.parametrize("contrast", [LAST, CHANGE], ids=["difference", "change"])
def test_errors_gain_what_the_inverse_of_the_full_information_has_more(y, contrast):
    S = mmrm_covariance(y, X)[0]
    at = np.concatenate([coefficients(y), [S[t, u] for t, u in PAIRS]])
    full = np.linalg.inv(second_derivatives(lambda x: minus_log(x, y)[0], at))[:5, :5]
    naive = np.linalg.inv(minus_log(at, y)[1])
    kenward_roger, cautious = (mmrm(y, X, contrast, df=df) for df in ("kenward-roger", CAUTIOUS))
    gained = cautious.se[0] ** 2 - kenward_roger.se[0] ** 2
    assert gained > 1e-4
    assert gained == pytest.approx(contrast @ (full - naive) @ contrast, rel=1e-3)


def test_degrees_of_freedom_are_those_of_the_last_wave_given_the_earlier_ones(y):
    complete = (~np.isnan(y)).all(axis=2).sum()
    fits = mmrm(y, X, LAST, df=CAUTIOUS)
    assert fits.df[0] == complete - 2 - 2 < mmrm(y, X, LAST).df[0]
    assert fits.p[0] > mmrm(y, X, LAST).p[0]


def test_complete_data_with_a_mean_for_each_arm_and_wave_have_kenward_and_roger_s_figures():
    y = np.random.default_rng(1).normal(size=(5, N, T))
    own = np.concatenate([X, np.where(np.arange(T) == 0, ARM[:, None], 0)[..., None]], axis=2)
    one, other = (mmrm(y, own, np.append(LAST, 0), df=df) for df in ("kenward-roger", CAUTIOUS))
    assert other.df == pytest.approx(one.df, rel=1e-9)
    assert other.se == pytest.approx(one.se, rel=1e-9)


def test_there_is_no_fit_without_degrees_of_freedom(y):
    y[0, 3:, 2] = np.nan
    assert not mmrm(y, X, LAST, df=CAUTIOUS).converged[0]


def test_other_models_do_not_know_these_degrees_of_freedom(y):
    from analysis.estimators.random_intercept import random_intercept

    with pytest.raises(InputError, match="complete cases"):
        random_intercept(y, X, LAST, df=CAUTIOUS)
