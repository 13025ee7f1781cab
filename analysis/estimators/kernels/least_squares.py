"""Least squares over replicates, with the sums that classical and HC3 errors need."""

import numpy as np
from numba.extending import register_jitable

from analysis.estimators.compiled import compiled
from analysis.estimators.kernels.small_matrices import factor, solve

__all__ = ["least_squares"]


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
def _squares(
    y: np.ndarray,
    x: np.ndarray,
    w: np.ndarray,
    lower: np.ndarray,
    beta: np.ndarray,
    direction: np.ndarray,
    hc3: bool,
) -> float:
    """HC3 variance of the contrast (NaN at a leverage of one), or the residual sum of squares."""
    p = beta.size
    spread = np.empty(p)
    total = 0.0
    for i in range(y.size):
        weight = w[i] if w.size > 1 else 1.0
        if np.isnan(y[i]) or weight == 0.0:
            continue
        residual, along, leverage = y[i], 0.0, 0.0
        for j in range(p):
            residual -= x[i, j] * beta[j]
            along += x[i, j] * direction[j]
        if not hc3:
            total += weight * residual * residual
            continue
        solve(lower, x[i], spread)
        for j in range(p):
            leverage += weight * x[i, j] * spread[j]
        if not 1.0 - leverage > 1e-9:
            return np.nan
        total += (weight * along * residual / (1.0 - leverage)) ** 2
    return total


@compiled
def least_squares(
    y: np.ndarray, x: np.ndarray, w: np.ndarray, contrast: np.ndarray, hc3: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Estimate, standard error and df, (B,) each, NaN where there is none."""
    replicates, p = y.shape[0], x.shape[2]
    estimate, se = np.full(replicates, np.nan), np.full(replicates, np.nan)
    df = np.full(replicates, np.nan)
    products, lower = np.empty((p, p)), np.zeros((p, p))
    sums, beta, direction = np.empty(p), np.empty(p), np.empty(p)
    for b in range(replicates):
        rows = x[b if x.shape[0] > 1 else 0]
        weight = w[b if w.shape[0] > 1 else 0]
        seen = _products(y[b], rows, weight, products, sums)
        if seen <= p or not factor(products, lower):
            continue
        solve(lower, sums, beta)
        solve(lower, contrast, direction)
        variance = _squares(y[b], rows, weight, lower, beta, direction, hc3)
        estimate[b], df[b] = 0.0, seen - p
        unit = 0.0
        for j in range(p):
            estimate[b] += contrast[j] * beta[j]
            unit += contrast[j] * direction[j]
        se[b] = np.sqrt(variance if hc3 else variance * unit / (seen - p))
    return estimate, se, df
