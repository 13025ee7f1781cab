"""Logistic regression with a normal intercept for each ego, over replicates.

The integral over an ego's intercept is done by Gauss-Hermite quadrature around its mode, at the
scale of its curvature there (Liu & Pierce 1994, doi 10.1093/biomet/81.3.624; Pinheiro & Bates
1995). Scores and information are expectations over the same nodes (Louis 1982).
"""

import numpy as np
from numba.extending import register_jitable

from analysis.estimators.compiled import compiled
from analysis.estimators.kernels.equations import first_beta
from analysis.estimators.kernels.links import LOGIT, on_the_way_to_infinity
from analysis.estimators.kernels.small_matrices import factor, solve_small

__all__ = ["fit_mixed_logit"]

MOST_STEPS = 60
CLOSE = 1e-9
MOST_SIGMA = 50.0
BOUNDARY = 1e-4
"""An SD of intercepts below this is zero."""


@register_jitable
def _mode(y: np.ndarray, eta: np.ndarray, sigma: float) -> tuple[float, float]:
    """Mode of an ego's intercept in SDs, and minus the curvature there."""
    u, curve = 0.0, 1.0
    for _ in range(50):
        slope, curve = -u, 1.0
        for j in range(y.size):
            if np.isnan(y[j]):
                continue
            mean = 1.0 / (1.0 + np.exp(-eta[j] - sigma * u))
            slope += sigma * (y[j] - mean)
            curve += sigma * sigma * mean * (1.0 - mean)
        step = min(max(slope / curve, -2.0), 2.0)
        u += step
        if abs(step) < 1e-11:
            break
    return u, curve


@register_jitable
def _at_node(
    y: np.ndarray,
    x: np.ndarray,
    eta: np.ndarray,
    sigma: float,
    u: float,
    score: np.ndarray,
    information: np.ndarray,
) -> float:
    """Log density of an ego's outcomes and u; score and information given u, into the last two."""
    p = x.shape[1]
    score[:] = 0.0
    information[:] = 0.0
    density = -0.5 * u * u
    for j in range(y.size):
        if np.isnan(y[j]):
            continue
        value = eta[j] + sigma * u
        small = np.exp(-abs(value))
        mean = 1.0 / (1.0 + small) if value > 0.0 else small / (1.0 + small)
        density += y[j] * value - max(value, 0.0) - np.log1p(small)
        other = small / (1.0 + small) if value > 0.0 else 1.0 / (1.0 + small)
        residual, variance = y[j] * other - (1.0 - y[j]) * mean, mean * other
        for k in range(p):
            score[k] += residual * x[j, k]
            for h in range(k + 1):
                information[k, h] += variance * x[j, k] * x[j, h]
            information[p, k] += variance * u * x[j, k]
        score[p] += residual * u
        information[p, p] += variance * u * u
    return density


@register_jitable
def _one_ego(
    y: np.ndarray,
    x: np.ndarray,
    theta: np.ndarray,
    nodes: np.ndarray,
    weights: np.ndarray,
    score: np.ndarray,
    information: np.ndarray,
) -> float:
    """Log-likelihood of one ego; adds to score and (lower half of) information."""
    q = theta.size
    sigma = theta[q - 1]
    eta = np.zeros(y.size)
    for j in range(y.size):
        for k in range(q - 1):
            eta[j] += x[j, k] * theta[k]
    mode, curve = _mode(y, eta, sigma)
    spread = np.sqrt(2.0 / curve)
    mean, one = np.zeros(q), np.empty(q)
    expected, at_one = np.zeros((q, q)), np.empty((q, q))
    peak = _at_node(y, x, eta, sigma, mode, one, at_one)
    total = 0.0
    for r in range(nodes.size):
        density = _at_node(y, x, eta, sigma, mode + spread * nodes[r], one, at_one)
        share = weights[r] * np.exp(density - peak + nodes[r] * nodes[r])
        total += share
        for k in range(q):
            mean[k] += share * one[k]
            for h in range(k + 1):
                expected[k, h] += share * (at_one[k, h] - one[k] * one[h])
    for k in range(q):
        mean[k] /= total
        score[k] += mean[k]
        for h in range(k + 1):
            information[k, h] += expected[k, h] / total + mean[k] * mean[h]
    return peak + np.log(total / np.sqrt(np.pi * curve))


@register_jitable
def _all_egos(
    y: np.ndarray,
    x: np.ndarray,
    theta: np.ndarray,
    nodes: np.ndarray,
    weights: np.ndarray,
    score: np.ndarray,
    information: np.ndarray,
) -> float:
    """Log-likelihood, score and observed information."""
    score[:] = 0.0
    information[:] = 0.0
    total = 0.0
    for i in range(y.shape[0]):
        for value in y[i]:
            if not np.isnan(value):
                total += _one_ego(y[i], x[i], theta, nodes, weights, score, information)
                break
    for k in range(theta.size):
        for h in range(k):
            information[h, k] = information[k, h]
    return total


@register_jitable
def _runs_away(y: np.ndarray, x: np.ndarray, theta: np.ndarray) -> bool:
    """Whether some tie's linear predictor is on its way to infinity."""
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            eta = 0.0
            for k in range(x.shape[2]):
                eta += x[i, j, k] * theta[k]
            if not np.isnan(y[i, j]) and on_the_way_to_infinity(LOGIT, eta):
                return True
    return False


@register_jitable
def _climb(
    y: np.ndarray,
    x: np.ndarray,
    nodes: np.ndarray,
    weights: np.ndarray,
    theta: np.ndarray,
    lower: np.ndarray,
) -> bool:
    """Newton with a ridge and halving; `lower` then factors the information at the maximum.

    The likelihood is the same for sigma and -sigma, so that zero is no edge on the way.
    """
    q = theta.size
    score, information = np.empty(q), np.empty((q, q))
    step, trial = np.empty(q), np.empty(q)
    height = _all_egos(y, x, theta, nodes, weights, score, information)
    for _ in range(MOST_STEPS):
        ridge = 0.0
        while not factor(information, lower):
            for k in range(q):
                information[k, k] += max(ridge, 1e-3 * (1.0 + abs(information[k, k])))
            ridge = max(1e-3, 4.0 * ridge)
            if not ridge < 1e6:
                return False
        solve_small(lower, score, step)
        if ridge == 0.0 and np.abs(step).max() <= CLOSE * max(1.0, np.abs(theta).max()):
            return not _runs_away(y, x, theta)
        promised, share = (score * step).sum(), 1.0
        before = height
        for _half in range(30):
            trial[:] = theta + share * step
            height = _all_egos(y, x, trial, nodes, weights, score, information)
            if promised < 1e-6 or height >= before + 1e-4 * share * promised:
                break
            share *= 0.5
        theta[:] = trial
        if not abs(theta[q - 1]) < MOST_SIGMA:
            return False
    return False


@register_jitable
def _between_within(y: np.ndarray, x: np.ndarray, contrast: np.ndarray) -> int:
    """Degrees of freedom, by whether what is contrasted varies within egos or only between them."""
    n, m, p = x.shape
    varies = np.zeros(p, np.bool_)
    rows, egos = 0, 0
    for i in range(n):
        first = -1
        for j in range(m):
            if np.isnan(y[i, j]):
                continue
            rows += 1
            if first < 0:
                first, egos = j, egos + 1
            for k in range(p):
                if x[i, j, k] != x[i, first, k]:
                    varies[k] = True
    within = varies.sum()
    for k in range(p):
        if contrast[k] != 0.0 and not varies[k]:
            return egos - (p - within)
    return rows - egos - within


@compiled
def fit_mixed_logit(
    y: np.ndarray, x: np.ndarray, contrast: np.ndarray, nodes: np.ndarray, weights: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Estimate, standard error, df and SD of intercepts, (B,) each, NaN where there is none.

    y is (B, n, m), x (1 or B, n, m, p); nodes and weights are Gauss-Hermite's.
    """
    replicates, p = y.shape[0], x.shape[3]
    estimate, se = np.full(replicates, np.nan), np.full(replicates, np.nan)
    df, sigma = np.full(replicates, np.nan), np.full(replicates, np.nan)
    first, lower, wide = np.zeros((p, p)), np.zeros((p + 1, p + 1)), np.zeros(p + 1)
    theta, spread, one = np.empty(p + 1), np.empty(p + 1), np.ones((1, 1))
    wide[:p] = contrast
    for b in range(replicates):
        rows = x[b if x.shape[0] > 1 else 0]
        if not first_beta(y[b], rows, one, LOGIT, first, theta[:p]):
            continue
        theta[p] = 1.0
        if not _climb(y[b], rows, nodes, weights, theta, lower):
            continue
        solve_small(lower, wide, spread)
        estimate[b], sigma[b] = 0.0, abs(theta[p]) if abs(theta[p]) > BOUNDARY else 0.0
        variance = 0.0
        for k in range(p):
            estimate[b] += contrast[k] * theta[k]
            variance += contrast[k] * spread[k]
        se[b] = np.sqrt(variance)
        df[b] = _between_within(y[b], rows, contrast)
    return estimate, se, df, sigma
