"""Inverse probability weights of being seen, wave after wave, over replicates."""

import numpy as np
from numba.extending import register_jitable

from analysis.estimators.compiled import compiled
from analysis.estimators.kernels.small_matrices import factor, left_solve, solve_small

__all__ = ["firth", "seen_weights"]

MOST_STEPS = 200
CLOSE = 1e-9
LONGEST_STEP = 2.0


@register_jitable
def _height(
    y: np.ndarray, x: np.ndarray, beta: np.ndarray, shares: np.ndarray, lower: np.ndarray
) -> float:
    """Log-likelihood and half the log determinant of the information; -inf if that is singular."""
    n, p = x.shape
    products, height = np.zeros((p, p)), 0.0
    for i in range(n):
        eta = 0.0
        for j in range(p):
            eta += x[i, j] * beta[j]
        small = np.exp(-abs(eta))
        shares[i] = 1.0 / (1.0 + small) if eta > 0.0 else small / (1.0 + small)
        height += y[i] * eta - max(eta, 0.0) - np.log1p(small)
        for j in range(p):
            for k in range(p):
                products[j, k] += small / (1.0 + small) ** 2 * x[i, j] * x[i, k]
    if not factor(products, lower):
        return -np.inf
    for j in range(p):
        height += np.log(lower[j, j])
    return height


@register_jitable
def firth(y: np.ndarray, x: np.ndarray, shares: np.ndarray) -> bool:
    """Logistic regression with Firth's correction; fitted shares into the last; False if it fails.

    Each outcome y is pulled to a half by its leverage h: the score is sum (y - mu + h (1/2 - mu)) x
    (Firth 1993, doi 10.1093/biomet/80.1.27). Estimates exist even where seen and missed separate.
    """
    n, p = x.shape
    beta, step, z, lower = np.zeros(p), np.empty(p), np.empty(p), np.zeros((p, p))
    height = _height(y, x, beta, shares, lower)
    if not height > -np.inf:
        return False
    for _ in range(MOST_STEPS):
        step[:] = 0.0
        for i in range(n):
            left_solve(lower, x[i], z)
            leverage = shares[i] * (1.0 - shares[i]) * (z * z).sum()
            pull = y[i] - shares[i] + leverage * (0.5 - shares[i])
            for j in range(p):
                step[j] += pull * x[i, j]
        solve_small(lower, step, step)
        longest = 0.0
        for i in range(n):
            moved = 0.0
            for j in range(p):
                moved += x[i, j] * step[j]
            longest = max(longest, abs(moved))
        step *= min(1.0, LONGEST_STEP / max(longest, 1e-300))
        before = height
        for _half in range(30):
            height = _height(y, x, beta + step, shares, lower)
            if height >= before - 1e-12 * abs(before):
                break
            step *= 0.5
        beta += step
        if longest <= CLOSE:
            return True
    return False


@register_jitable
def _one_wave(
    panel: np.ndarray,
    covariates: np.ndarray,
    member: np.ndarray,
    wave: int,
    weights: np.ndarray,
) -> bool:
    """Carry one arm's weights, (n, T), from the wave before to this one; False if it fails."""
    n, p = panel.shape[0], 2 + covariates.shape[1]
    rows = np.empty(n, np.int64)
    at_risk, seen = 0, 0
    for i in range(n):
        if member[i] and weights[i, wave - 1] > 0.0:
            rows[at_risk] = i
            at_risk += 1
            seen += not np.isnan(panel[i, wave])
    if seen == at_risk:
        for r in range(at_risk):
            weights[rows[r], wave] = weights[rows[r], wave - 1]
        return True
    if seen == 0:
        return True
    y, x, shares = np.empty(at_risk), np.ones((at_risk, p)), np.empty(at_risk)
    for r in range(at_risk):
        y[r] = 0.0 if np.isnan(panel[rows[r], wave]) else 1.0
        x[r, 1] = panel[rows[r], wave - 1]
        x[r, 2:] = covariates[rows[r]]
    for k in range(1, p):
        x[:, k] -= x[:, k].mean()
    if not firth(y, x, shares):
        return False
    for r in range(at_risk):
        if y[r] > 0.0:
            weights[rows[r], wave] = weights[rows[r], wave - 1] * (seen / at_risk) / shares[r]
    return True


@compiled
def seen_weights(panel: np.ndarray, arm: np.ndarray, covariates: np.ndarray) -> np.ndarray:
    """Weights (B, n, T), 0 from an ego's first missed wave on; all NaN where a model failed.

    panel is (B, n, T), arm (1 or B, n) of 0 and 1, covariates (1 or B, n, q).
    """
    replicates, n, waves = panel.shape
    weights = np.zeros((replicates, n, waves))
    for b in range(replicates):
        of = arm[b if arm.shape[0] > 1 else 0]
        beside = covariates[b if covariates.shape[0] > 1 else 0]
        for i in range(n):
            if not np.isnan(panel[b, i, 0]):
                weights[b, i, 0] = 1.0
        for which in range(2):
            member = of == which
            for wave in range(1, waves):
                if not _one_wave(panel[b], beside, member, wave, weights[b]):
                    weights[b, 0, 0] = np.nan
        if np.isnan(weights[b, 0, 0]):
            weights[b] = np.nan
    return weights
