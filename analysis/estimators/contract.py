"""What every estimator takes and returns: arrays for a batch of replicates in, one fit each out.

An estimator is called with

y : ndarray of float64, (B, n, T)
    Outcomes of B replicates, n egos, T waves. NaN is a missing value; that row is left out and the
    others of the same ego stay.
X : ndarray of float64, (n, T, p), or (B, n, T, p)
    Fixed effects, shared by all replicates wherever they can be. A NaN in X leaves that row out
    as a missing y does.
contrast : ndarray, (p,)
    The estimate is ``contrast @ coefficients``.

A fit depends on its own replicate alone: neither on the others nor on the number of threads.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from sim.errors import InputError

__all__ = ["Fits", "checked", "fits_of", "no_fit"]

RANK_TOLERANCE = 1e-7
"""A column is a combination of those before it when so little of its length is left."""
FEW = 1000
"""Rows looked at first: what is left of a column in some rows is the least that is left in all."""


@dataclass(frozen=True)
class Fits:
    """One estimate of one contrast for each of B replicates; arrays of shape (B,).

    Attributes
    ----------
    estimate, se, df : ndarray of float64
        Estimate, its standard error, its degrees of freedom (infinite: normal).
    lo, hi, p : ndarray of float64
        Confidence interval and two-sided p-value against zero.
    converged : ndarray of bool
        False where there is no fit; all figures of that replicate are then NaN.
    singular : ndarray of bool
        True where a variance component lies on its boundary; the fit itself is a good one.
    """

    estimate: np.ndarray
    se: np.ndarray
    df: np.ndarray
    lo: np.ndarray
    hi: np.ndarray
    p: np.ndarray
    converged: np.ndarray
    singular: np.ndarray


def fits_of(
    estimate: np.ndarray,
    se: np.ndarray,
    df: np.ndarray | float,
    converged: np.ndarray,
    level: float = 0.95,
    *,
    singular: np.ndarray | None = None,
) -> Fits:
    """Add interval and p-value to estimates, from Student's t or, where df is infinite, the normal.

    Parameters
    ----------
    estimate, se, converged : ndarray, (B,)
    df : ndarray, (B,), or float
    level : float
        Of the confidence interval.
    singular : ndarray of bool, (B,), optional
        None of them when left out.

    Returns
    -------
    Fits
        A fit whose figures are not finite, or whose standard error or df is not positive, counts
        as one that did not converge.

    Raises
    ------
    sim.errors.InputError
        If `level` is not between 0 and 1.
    """
    if not 0 < level < 1:
        raise InputError(f"a confidence level lies between 0 and 1; this one is {level}")
    df = np.broadcast_to(np.asarray(df, np.float64), np.shape(estimate))
    good = converged & np.isfinite(estimate) & np.isfinite(se) & (se > 0) & (df > 0)
    estimate, se, df = (np.where(good, values, np.nan) for values in (estimate, se, df))
    with np.errstate(invalid="ignore", over="ignore"):
        t = -np.abs(estimate / se)
        normal = np.isposinf(df)
        finite = np.where(normal, 1.0, df)
        p = 2 * np.where(normal, special.ndtr(t), special.stdtr(finite, t))
        tail = (1 + level) / 2
        width = np.where(normal, special.ndtri(tail), special.stdtrit(finite, tail)) * se
    marked = np.zeros(len(estimate), bool) if singular is None else singular & good
    return Fits(estimate, se, df, estimate - width, estimate + width, p, good, marked)


def no_fit() -> Fits:
    """The fit of one study that allows none."""
    nothing = np.full(1, np.nan)
    return fits_of(nothing, nothing, 1.0, np.zeros(1, bool))


def checked(
    y: np.ndarray, X: np.ndarray, contrast: np.ndarray, columns: Sequence[str] | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What an estimator was called with, contiguous, all missing rows marked in y, X without NaN.

    Parameters
    ----------
    y, X, contrast
        As above.
    columns : sequence of str, optional
        Names of the columns of X, for messages.

    Returns
    -------
    y : ndarray of float64, (B, n, T)
    X : ndarray of float64, (n, T, p) or (B, n, T, p)
    contrast : ndarray of float64, (p,)

    Raises
    ------
    sim.errors.InputError
        If shapes do not fit together, if a value is infinite, or if a column of X is a combination
        of those before it in every replicate (also a column of zeros).
    """
    y = np.ascontiguousarray(y, np.float64)
    X = np.ascontiguousarray(X, np.float64)
    contrast = np.ascontiguousarray(contrast, np.float64)
    rows, p = X.shape[:-1], X.shape[-1]
    if y.ndim != 3 or rows not in (y.shape, y.shape[1:]) or contrast.shape != (p,):
        raise InputError(
            f"y has shape {y.shape}, X {X.shape} and the contrast {contrast.shape}; "
            "right are (B, n, T), (n, T, p) or (B, n, T, p), and (p,)"
        )
    if columns is not None and len(columns) != p:
        raise InputError(f"X has {p} columns, but {len(columns)} are named")
    for name, values in (("y", y), ("X", X)):
        if np.isinf(values).any():
            raise InputError(f"{name} holds an infinite value; a missing one is NaN")
    left_out = np.isnan(X).any(axis=-1)
    if left_out.all():
        raise InputError("every row of X holds a NaN, so that no row can be used")
    if left_out.any():
        # Another row in its place: it is never used, and the columns span what they did.
        y = np.where(left_out, np.nan, y)
        X = np.where(left_out[..., None], X[~left_out][0], X)
    _check_rank(X.reshape(-1, p), columns)
    return y, X, contrast


def _check_rank(rows: np.ndarray, columns: Sequence[str] | None) -> None:
    length = np.sqrt((rows * rows).sum(axis=0))
    if len(rows) > FEW >= rows.shape[1]:
        left = np.abs(np.diag(np.linalg.qr(rows[:FEW], mode="r")))
        if (left > RANK_TOLERANCE * length).all():
            return
    scaled = rows / np.where(length > 0, length, 1)
    left = np.abs(np.diag(np.linalg.qr(scaled, mode="r")))
    short = np.flatnonzero((length == 0) | (left < RANK_TOLERANCE))
    if short.size or rows.shape[0] < rows.shape[1]:
        j = int(short[0]) if short.size else rows.shape[0]
        name = f"{j + 1}" if columns is None else f'"{columns[j]}"'
        raise InputError(
            f"column {name} of X is a combination of the columns before it; leave one of them out"
        )
