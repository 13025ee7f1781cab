"""Weights for attrition."""

import numpy as np
import pytest

from analysis.estimators.ancova import ancova
from analysis.estimators.gee import gee
from analysis.estimators.ipw import ancova_weighted, attrition_weights, gee_weighted
from analysis.estimators.kernels.retention import firth
from sim.errors import InputError

ARM = np.arange(200) % 2


def panels(replicates, seed, slope):
    """Panels of three waves: who is low, in the second arm, is missed more often, then for good."""
    rng = np.random.default_rng(seed)
    y = 0.7 * rng.normal(size=(replicates, 200, 1)) + 0.7 * rng.normal(size=(replicates, 200, 3))
    gone = np.zeros((replicates, 200), bool)
    full = y.copy()
    for wave in (1, 2):
        chance = 1 / (1 + np.exp(1.2 + slope * np.where(ARM == 1, 1, -1) * full[..., wave - 1]))
        gone |= rng.random((replicates, 200)) < chance
        y[..., wave][gone] = np.nan
    return y


def test_a_table_of_two_by_two_is_fitted_with_a_half_added_to_each_cell():
    y = np.array([1.0] * 7 + [0.0] * 3 + [1.0] * 5)
    x = np.column_stack([np.ones(15), np.arange(15) >= 10])
    shares = np.empty(15)
    assert firth(y, x, shares)
    assert shares[0] == pytest.approx(7.5 / 11, abs=1e-8)
    assert shares[-1] == pytest.approx(5.5 / 6, abs=1e-8)


def test_weights_undo_selection_on_what_was_recorded():
    y = panels(300, 1, 1.0)
    naive = ancova(y[..., 2], ARM, y[..., 0])
    weighted = ancova_weighted(y, ARM, 2)
    error = weighted.estimate.std() / np.sqrt(300)
    # false alarm once in 10,000 runs, were the weights perfect; they leave a small-sample bias
    assert abs(weighted.estimate.mean()) < 3.9 * error + 0.015
    assert abs(naive.estimate.mean()) > 6 * error + 0.015


def test_weights_average_about_one_and_end_with_the_first_missed_wave():
    y = panels(100, 2, 0.5)
    y[0, :5, 1] = np.nan
    y[0, :5, 2] = 1.0  # they return
    weights = attrition_weights(y, ARM)
    assert (weights[0, :5, 2] == 0).all()
    assert (weights[..., 0] == 1).all()
    seen = weights[..., 2] > 0
    assert weights[..., 2][seen].mean() == pytest.approx(1, abs=0.05)
    assert (weights[..., 2][seen & np.isnan(y[..., 2])]).size == 0


def test_with_nobody_missed_the_weighted_analysis_is_the_plain_one():
    rng = np.random.default_rng(3)
    y = rng.normal(size=(4, 200, 3))
    plain, weighted = ancova(y[..., 2], ARM, y[..., 0]), ancova_weighted(y, ARM, 2)
    np.testing.assert_array_equal(plain.se, weighted.se)
    X = np.broadcast_to(np.stack([np.ones(200), ARM], axis=-1)[:, None], (200, 3, 2))
    assert gee_weighted(y, ARM, X, [0, 1]).se == pytest.approx(
        gee(y, X, [0, 1], working="independence").se
    )


def test_a_covariate_of_everyone_can_carry_the_selection():
    y = panels(40, 4, 1.0)
    risk = np.random.default_rng(5).normal(size=(40, 200))
    assert not np.array_equal(attrition_weights(y, ARM), attrition_weights(y, ARM, risk))


def test_a_model_of_egos_who_do_not_differ_is_reported():
    y = np.ones((2, 8, 2))
    y[1] = np.random.default_rng(1).normal(size=(8, 2))
    y[:, :2, 1] = np.nan
    arm = np.arange(8) % 2
    assert np.isnan(attrition_weights(y, arm)[0]).all()
    assert ancova_weighted(y, arm, 1).converged.tolist() == [False, True]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"arm": ARM + 1}, "0 or 1"),
        ({"wave": 3}, "1 to 2"),
        ({"wave": 0}, "1 to 2"),
        ({"panel": np.ones((2, 200))}, r"\(B, n, T\)"),
    ],
)
def test_bad_input_is_refused(change, says):
    given = {"panel": panels(2, 1, 0.5), "arm": ARM, "wave": 2, **change}
    with pytest.raises(InputError, match=says):
        ancova_weighted(**given)
