"""Loss of ties in intervals between interviews."""

import warnings

import numpy as np
import pytest

from analysis.estimators.hazard import hazard, losses
from sim.errors import InputError


def test_a_tie_is_at_risk_while_it_stands_and_its_ego_is_interviewed():
    unknown = np.nan
    standing = np.array(
        [
            [1, 1, 1, 1],
            [1, 1, 0, 0],
            [1, 0, 1, 0],  # revives: no longer followed
            [0, 1, 1, 0],  # enters late
            [1, unknown, 1, 0],  # a missed interview ends it
            [0, unknown, 1, 0],
            [0, 0, 0, 0],
        ]
    )[None, None]
    expected = np.array(
        [
            [0, 0, 0],
            [0, 1, unknown],
            [1, unknown, unknown],
            [unknown, 0, 1],
            [unknown, unknown, unknown],
            [unknown, unknown, 1],
            [unknown, unknown, unknown],
        ]
    )[None, None]
    np.testing.assert_array_equal(losses(standing), expected)


@pytest.fixture(scope="module")
def followed():
    """Losses (2, 20, 6, 2) and two covariates, kin and arm."""
    rng = np.random.default_rng(6)
    arm = np.broadcast_to((np.arange(20) % 2)[:, None, None] * 1.0, (20, 6, 2))
    kin = np.broadcast_to((np.arange(6) % 3 == 0)[None, :, None] * 1.0, (20, 6, 2))
    rate = np.exp(-1.2 + 0.4 * arm - 0.6 * kin + 0.5 * rng.normal(size=(2, 20, 1, 1)))
    lost = 1.0 * (rng.random((2, 20, 6, 2)) < 1 - np.exp(-rate))
    lost[..., 1][lost[..., 0] == 1] = np.nan
    lost[:, -3:, :, 1] = np.nan
    return lost, np.stack([arm, kin], axis=-1)


@pytest.mark.parametrize("link", ["cloglog", "logit"])
def test_it_agrees_with_a_binomial_model_of_person_periods(followed, link):
    import statsmodels.api as sm

    lost, X = followed
    links = {"cloglog": sm.families.links.CLogLog(), "logit": sm.families.links.Logit()}
    seen = ~np.isnan(lost[0])
    ego = np.broadcast_to(np.arange(20)[:, None, None], seen.shape)[seen]
    interval = np.broadcast_to(np.arange(2), seen.shape)[seen]
    design = np.column_stack([interval == 0, interval == 1, X[seen]]).astype(float)
    model = sm.GLM(lost[0][seen], design, family=sm.families.Binomial(links[link]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit = model.fit(tol=1e-14, maxiter=200)
        groups = sm.GEE(lost[0][seen], design, ego, family=sm.families.Binomial(links[link])).fit(
            ctol=1e-12, maxiter=200, cov_type="bias_reduced"
        )
    for column in (0, 1):
        ours = hazard(lost, X, np.eye(2)[column], link=link, errors="mancl-derouen")
        assert ours.estimate[0] == pytest.approx(fit.params[2 + column], abs=1e-7)
        assert ours.se[0] == pytest.approx(groups.bse[2 + column], abs=1e-7)


def test_with_one_covariate_of_two_values_the_ratio_is_that_of_log_shares_kept():
    lost = np.zeros((1, 12, 4, 1))
    lost[0, ::2, 0] = 1  # a quarter in one arm
    lost[0, 1::2, :2] = 1  # half in the other
    lost[0, 0] = 0
    lost[0, 2, 1] = 1
    arm = np.broadcast_to((np.arange(12) % 2)[:, None, None, None] * 1.0, (12, 4, 1, 1))
    fit = hazard(lost, arm, [1.0])
    assert fit.estimate[0] == pytest.approx(np.log(np.log(0.5) / np.log(0.75)), abs=1e-9)


def test_an_interval_without_a_loss_is_reported(followed):
    lost, X = followed
    quiet = lost.copy()
    quiet[0, ..., 1][quiet[0, ..., 1] == 1] = 0
    assert hazard(quiet, X, [1, 0]).converged.tolist() == [False, True]


def test_shapes_values_and_links_are_checked(followed):
    lost, X = followed
    with pytest.raises(InputError, match="standing has shape"):
        losses(np.ones((2, 3, 4)))
    with pytest.raises(InputError, match="to be 1, 0, or NaN"):
        losses(np.full((1, 1, 1, 2), 2.0))
    with pytest.raises(InputError, match="lost has shape"):
        hazard(lost, X[:-1], [1, 0])
    with pytest.raises(InputError, match='did you mean "cloglog"'):
        hazard(lost, X, [1, 0], link="clog-log")
    extra = np.concatenate([X, np.ones_like(X[..., :1])], axis=-1)
    with pytest.raises(InputError, match="intercept"):
        hazard(lost, extra, [1, 0, 0], columns=["arm", "kin", "intercept"])
