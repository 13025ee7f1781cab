"""Least squares over replicates, with classical and heteroscedasticity-consistent errors."""

import numpy as np
from numba.extending import register_jitable

from analysis.estimators.compiled import compiled
from analysis.estimators.kernels.small_matrices import factor, left_solve, solve_small

__all__ = ["CLASSICAL", "HC2", "HC3", "least_squares"]

CLASSICAL, HC2, HC3 = 0, 1, 2
NO_SPREAD = 1e-24
"""Residuals whose squares are a smaller share of the outcomes' are rounding errors."""


@register_jitable
def _products(
    y: np.ndarray, x: np.ndarray, w: np.ndarray, products: np.ndarray, sums: np.ndarray
) -> int:
    """X'WX and X'Wy of one replicate, into the last two; returns the number of cases."""
    p = x.shape[1]
    products[:] = 0.0
    sums[:] = 0.0
    seen = 0
    for i in range(y.size):
        weight = w[i] if w.size > 1 else 1.0
        if np.isnan(y[i]) or weight == 0.0:
            continue
        seen += 1
        for j in range(p):
            weighted = weight * x[i, j]
            sums[j] += weighted * y[i]
            for k in range(j + 1):
                products[j, k] += weighted * x[i, k]
    for j in range(p):
        for k in range(j):
            products[k, j] = products[j, k]
    return seen


@register_jitable
def _robust(
    y: np.ndarray,
    x: np.ndarray,
    w: np.ndarray,
    lower: np.ndarray,
    beta: np.ndarray,
    whitened: np.ndarray,
    errors: int,
) -> tuple[float, float]:
    """Robust variance of the contrast and its Satterthwaite df; NaN at a leverage of one.

    `whitened` is L^-1 contrast. In z = L^-1 sqrt(w) x, case i adds (u_i e_i)^2 with
    u_i^2 = (z'whitened)^2 / (1 - h_i)^k, h_i = z'z, k = 1 (HC2) or 2 (HC3). Were errors equal, the
    sum would be a quadratic form with traces sum a_i and sum a_i^2 - 2 b_i h_i u_i^2 + |Z'UZ|^2.
    """
    p = beta.size
    z = np.empty(p)
    crossed = np.zeros((p, p))
    total, trace, squared = 0.0, 0.0, 0.0
    for i in range(y.size):
        weight = w[i] if w.size > 1 else 1.0
        if np.isnan(y[i]) or weight == 0.0:
            continue
        left_solve(lower, x[i], z)
        residual, along, leverage = y[i], 0.0, 0.0
        for j in range(p):
            residual -= x[i, j] * beta[j]
            along += z[j] * whitened[j]
            leverage += z[j] * z[j]
        kept = 1.0 - weight * leverage
        if not kept > 1e-9:
            return np.nan, np.nan
        u2 = weight * along * along / (kept if errors == HC2 else kept * kept)
        total += u2 * weight * residual * residual
        trace += u2 * kept
        squared += u2 * u2 * (kept - weight * leverage)
        for j in range(p):
            for k in range(p):
                crossed[j, k] += u2 * weight * z[j] * z[k]
    for j in range(p):
        for k in range(p):
            squared += crossed[j, k] * crossed[j, k]
    return total, trace * trace / squared


@register_jitable
def _residual_squares(y: np.ndarray, x: np.ndarray, w: np.ndarray, beta: np.ndarray) -> float:
    """Weighted residual sum of squares; NaN if it is nothing but rounding."""
    total, size = 0.0, 0.0
    for i in range(y.size):
        weight = w[i] if w.size > 1 else 1.0
        if np.isnan(y[i]) or weight == 0.0:
            continue
        residual = y[i]
        for j in range(beta.size):
            residual -= x[i, j] * beta[j]
        total += weight * residual * residual
        size += weight * y[i] * y[i]
    return total if total > NO_SPREAD * size else np.nan


@compiled
def least_squares(
    y: np.ndarray, x: np.ndarray, w: np.ndarray, contrast: np.ndarray, errors: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Estimate, standard error and df, (B,) each, NaN where there is none.

    y is (B, n), x (1 or B, n, p), w (1 or B, 1 or n); arguments as `designs` checks them.
    """
    replicates, p = y.shape[0], x.shape[2]
    estimate, se = np.full(replicates, np.nan), np.full(replicates, np.nan)
    df = np.full(replicates, np.nan)
    products, lower = np.empty((p, p)), np.zeros((p, p))
    sums, beta, whitened = np.empty(p), np.empty(p), np.empty(p)
    for b in range(replicates):
        rows = x[b if x.shape[0] > 1 else 0]
        weight = w[b if w.shape[0] > 1 else 0]
        seen = _products(y[b], rows, weight, products, sums)
        if seen <= p or not factor(products, lower):
            continue
        solve_small(lower, sums, beta)
        left_solve(lower, contrast, whitened)
        estimate[b], df[b] = 0.0, seen - p
        unit = 0.0
        for j in range(p):
            estimate[b] += contrast[j] * beta[j]
            unit += whitened[j] * whitened[j]
        squares = _residual_squares(y[b], rows, weight, beta)
        if errors == CLASSICAL:
            se[b] = np.sqrt(unit * squares / (seen - p))
        elif squares > 0.0:
            variance, satterthwaite = _robust(y[b], rows, weight, lower, beta, whitened, errors)
            se[b] = np.sqrt(variance)
            if errors == HC2:
                df[b] = satterthwaite
    return estimate, se, df
