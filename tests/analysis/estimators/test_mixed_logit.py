"""The mixed logit against lme4, a brute integral, and its edges."""

import numpy as np
import pytest
from scipy import integrate

from analysis.estimators.gee import gee
from analysis.estimators.kernels import quadrature
from analysis.estimators.mixed_logit import mixed_logit
from sim.errors import InputError


def sigma_of(y, X, nodes):
    """The SD of intercepts."""
    points, weights = np.polynomial.hermite.hermgauss(nodes)
    contrast = np.eye(X.shape[-1])[0]
    return quadrature.fit_mixed_logit(y, X[None], contrast, points, weights)[3][0]


@pytest.mark.parametrize("nodes", [15, 25])
@pytest.mark.parametrize("name", ["few", "usual", "many", "none"])
def test_estimates_and_errors_agree_with_lme4(marginal, panel_of, name, nodes):
    case = marginal["ties"][name]
    y, X = panel_of(case["data"], ["arm", "kin", "age"], "y")
    for column, row in enumerate(np.eye(4)):
        ours = mixed_logit(y, X, row, nodes=nodes)
        assert ours.estimate[0] == pytest.approx(case["estimate"][column], abs=1e-6)
        assert ours.se[0] == pytest.approx(case["se"][column], abs=1e-6)
        assert ours.singular[0] == (name == "none")
    assert sigma_of(y, X, nodes) == pytest.approx(case["sigma"], abs=1e-6)


def log_likelihood(y, X, beta, sigma):
    """By adaptive integration over each ego's intercept."""
    total = 0.0
    for outcome, rows in zip(y, X, strict=True):
        seen = ~np.isnan(outcome)
        eta, own = rows[seen] @ beta, outcome[seen]

        def density(u, eta=eta, own=own):
            value = eta + sigma * u
            return np.exp((own * value - np.logaddexp(0, value)).sum() - u * u / 2)

        total += np.log(integrate.quad(density, -9, 9, epsabs=1e-14, epsrel=1e-12)[0])
    return total


def test_the_estimate_is_the_top_of_the_likelihood(marginal, panel_of):
    y, X = panel_of(marginal["ties"]["few"]["data"], ["arm", "kin"], "y")
    beta = np.array([mixed_logit(y, X, row).estimate[0] for row in np.eye(3)])
    sigma = sigma_of(y, X, 15)
    top = log_likelihood(y[0], X, beta, sigma)
    for step in np.eye(4) * 0.01:
        for sign in (-1, 1):
            moved = log_likelihood(y[0], X, beta + sign * step[:3], sigma + sign * step[3])
            assert moved < top


def test_it_lies_further_from_zero_than_the_marginal_odds_ratio():
    rng = np.random.default_rng(4)
    arm = np.broadcast_to((np.arange(200) % 2)[:, None] * 1.0, (200, 10))
    X = np.stack([np.ones_like(arm), arm], axis=-1)
    chance = 1 / (1 + np.exp(-(0.2 + 1.2 * arm + 1.5 * rng.normal(size=(200, 1)))))
    y = (rng.random((200, 10)) < chance)[None] * 1.0
    conditional = mixed_logit(y, X, [0, 1]).estimate[0]
    marginal = gee(y, X, [0, 1], link="logit", working="independence").estimate[0]
    assert conditional > 1.15 * marginal > 0


def test_df_lie_between_egos_or_within_them(marginal, panel_of):
    y, X = panel_of(marginal["ties"]["usual"]["data"], ["arm", "kin", "age"], "y")
    egos, rows = y.shape[1], int((~np.isnan(y)).sum())
    assert mixed_logit(y, X, [0, 1, 0, 0]).df[0] == egos - 3  # intercept, arm, age
    assert mixed_logit(y, X, [0, 0, 1, 0]).df[0] == rows - egos - 1
    assert mixed_logit(y, X, [0, 1, 1, 0]).df[0] == egos - 3


def test_separation_and_no_events_are_reported():
    rng = np.random.default_rng(2)
    arm = np.broadcast_to((np.arange(16) % 2)[:, None] * 1.0, (16, 5))
    X = np.stack([np.ones_like(arm), arm], axis=-1)
    y = 1.0 * (rng.random((4, 16, 5)) < 0.5)
    y[1, 1::2] = 1
    y[2] = 0
    y[3] = np.nan
    fits = mixed_logit(y, X, [0, 1])
    assert fits.converged.tolist() == [True, False, False, False]


def test_impossible_nodes_and_outcomes_are_refused():
    with pytest.raises(InputError, match="1 to 100"):
        mixed_logit(np.ones((1, 3, 2)), np.ones((3, 2, 1)), [1], nodes=0)
    with pytest.raises(InputError, match="between 0 and 1"):
        mixed_logit(np.full((1, 3, 2), 2.0), np.ones((3, 2, 1)), [1])
