"""Intervals and p-values of a batch of fits, and what an estimator refuses."""

import numpy as np
import pytest
from scipy import stats

from analysis.estimators.contract import checked, fits_of
from sim.errors import InputError

YES = np.array([True])


def test_interval_and_p_value_are_those_of_students_t():
    fits = fits_of(np.array([1.5]), np.array([0.6]), np.array([11.3]), YES, level=0.9)
    t = stats.t(11.3)
    assert fits.p[0] == pytest.approx(2 * t.sf(2.5), rel=1e-12)
    assert fits.lo[0] == pytest.approx(1.5 - t.ppf(0.95) * 0.6, rel=1e-10)
    assert fits.hi[0] == pytest.approx(1.5 + t.ppf(0.95) * 0.6, rel=1e-10)


def test_infinite_degrees_of_freedom_are_the_normal():
    fits = fits_of(np.array([-1.96]), np.array([1.0]), np.inf, YES)
    assert fits.p[0] == pytest.approx(2 * stats.norm.sf(1.96), rel=1e-12)
    assert fits.hi[0] == pytest.approx(-1.96 + stats.norm.ppf(0.975), rel=1e-10)


def test_a_p_value_far_out_is_not_zero():
    fits = fits_of(np.array([40.0]), np.array([1.0]), np.array([60.0]), YES)
    assert fits.p[0] == pytest.approx(2 * stats.t(60).sf(40), rel=1e-8)
    assert fits.p[0] > 0


@pytest.mark.parametrize(
    ("estimate", "se", "df", "converged"),
    [(1, 1, 10, False), (np.nan, 1, 10, True), (1, 0, 10, True), (1, 1, -2, True)],
)
def test_what_is_no_fit_has_no_figures(estimate, se, df, converged):
    given = (np.array([float(value)]) for value in (estimate, se, df))
    fits = fits_of(*given, np.array([converged]), singular=YES)
    for values in (fits.estimate, fits.se, fits.df, fits.lo, fits.hi, fits.p):
        assert np.isnan(values[0])
    assert not fits.converged[0]
    assert not fits.singular[0]


def test_a_level_out_of_range_is_refused():
    with pytest.raises(InputError, match="between 0 and 1"):
        fits_of(np.ones(1), np.ones(1), 10, YES, level=95)


def _design():
    X = np.ones((6, 2, 3))
    X[:, :, 1] = np.arange(6)[:, None] % 2
    X[:, :, 2] = [0, 1]
    return X


@pytest.mark.parametrize("own", [False, True])
def test_a_redundant_column_is_named(own):
    X = _design()
    X[:, :, 2] = 3 - 2 * X[:, :, 1]
    X = np.broadcast_to(X, (4, 6, 2, 3)) if own else X
    with pytest.raises(InputError, match='column "other arm" of X'):
        checked(np.zeros((4, 6, 2)), X, np.ones(3), ["one", "arm", "other arm"])
    with pytest.raises(InputError, match="column 3 of X"):
        checked(np.zeros((4, 6, 2)), X, np.ones(3))


def test_a_column_of_zeros_is_redundant():
    X = _design()
    X[:, :, 1] = 0
    with pytest.raises(InputError, match="column 2 of X"):
        checked(np.zeros((4, 6, 2)), X, np.ones(3))


def test_columns_of_very_different_size_are_not_redundant():
    X = _design() * [1e-9, 1, 1e9]
    checked(np.zeros((4, 6, 2)), X, np.ones(3))


@pytest.mark.parametrize(
    ("y", "X", "contrast", "message"),
    [
        (np.zeros((6, 2)), _design(), np.ones(3), "have|has shape"),
        (np.zeros((4, 6, 3)), _design(), np.ones(3), "has shape"),
        (np.zeros((4, 6, 2)), _design(), np.ones(2), "has shape"),
        (np.full((4, 6, 2), np.inf), _design(), np.ones(3), "y holds an infinite"),
        (np.zeros((4, 6, 2)), _design() * np.nan, np.ones(3), "no row can be used"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(y, X, contrast, message):
    with pytest.raises(InputError, match=message):
        checked(y, X, contrast)


def test_a_row_without_its_fixed_effects_is_missing():
    X = _design()
    X[2, 1, 0] = np.nan
    y, kept, _ = checked(np.zeros((4, 6, 2)), X, np.ones(3))
    assert np.isnan(y[:, 2, 1]).all()
    assert np.isnan(y).sum() == 4
    assert np.isfinite(kept).all()


@pytest.mark.parametrize("late", [0.0, 1.0])
def test_columns_are_judged_by_all_rows_of_a_large_batch(late):
    """The second column leaves the first, if at all, in the very last row."""
    y, X = np.zeros((40, 20, 3)), np.ones((40, 20, 3, 2))
    X[-1, -1, -1, 1] += late
    if late:
        assert checked(y, X, np.ones(2))[1].shape == X.shape
        return
    with pytest.raises(InputError, match="column 2 of X is a combination"):
        checked(y, X, np.ones(2))
