"""Negative binomial regression over replicates: variance mu + alpha mu^2, log link.

The log-likelihood, but for y!, is sum_i [y_i log mu_i - (y_i + 1/alpha) log(1 + alpha mu_i)] +
sum_j c_j log(1 + alpha j), with c_j the number of outcomes above j. Coefficients and alpha are
orthogonal, so they are improved in turns. Maximum likelihood underrates alpha, as it does a
variance that is divided by n; the adjusted fit takes half the log determinant of the coefficients'
information off the log-likelihood of alpha (Cox & Reid 1987).
"""

import numpy as np
from numba.extending import register_jitable

from analysis.estimators.compiled import compiled
from analysis.estimators.kernels.small_matrices import factor, left_solve, solve_small

__all__ = ["fit_negative_binomial"]

MOST_STEPS = 60
MOST_TURNS = 200
CLOSE = 1e-11


@register_jitable
def _start(
    y: np.ndarray, x: np.ndarray, offset: np.ndarray, lower: np.ndarray, beta: np.ndarray
) -> int:
    """Least squares on log((y + mean y) / 2), weighted by it; returns the cases, 0 if hopeless."""
    p = beta.size
    mean, seen = 0.0, 0
    for i in range(y.size):
        if not np.isnan(y[i]):
            mean += y[i]
            seen += 1
    if seen <= p or not mean > 0.0:
        return 0
    mean /= seen
    products, sums = np.zeros((p, p)), np.zeros(p)
    for i in range(y.size):
        if np.isnan(y[i]):
            continue
        drawn = 0.5 * (y[i] + mean)
        target = np.log(drawn) + (y[i] - drawn) / drawn - offset[i]
        for j in range(p):
            sums[j] += drawn * x[i, j] * target
            for k in range(p):
                products[j, k] += drawn * x[i, j] * x[i, k]
    if not factor(products, lower):
        return 0
    solve_small(lower, sums, beta)
    return seen


@register_jitable
def _coefficients(
    y: np.ndarray,
    x: np.ndarray,
    offset: np.ndarray,
    alpha: float,
    lower: np.ndarray,
    beta: np.ndarray,
    mu: np.ndarray,
) -> bool:
    """Fisher scoring for the coefficients at a given alpha; fills mu, `lower` factors X'WX."""
    p = beta.size
    products, score = np.empty((p, p)), np.empty(p)
    for _ in range(MOST_STEPS):
        products[:] = 0.0
        score[:] = 0.0
        for i in range(y.size):
            if np.isnan(y[i]):
                continue
            eta = offset[i]
            for j in range(p):
                eta += x[i, j] * beta[j]
            mu[i] = np.exp(eta)
            share = 1.0 / (1.0 + alpha * mu[i])
            for j in range(p):
                score[j] += x[i, j] * (y[i] - mu[i]) * share
                for k in range(p):
                    products[j, k] += mu[i] * share * x[i, j] * x[i, k]
        if not factor(products, lower):
            return False
        solve_small(lower, score, score)
        beta += score
        moved = np.abs(score).max()
        if not moved < np.inf:
            return False
        if moved <= CLOSE * max(1.0, np.abs(beta).max()):
            return True
    return False


@register_jitable
def _slopes(y: np.ndarray, mu: np.ndarray, above: np.ndarray, alpha: float) -> tuple[float, float]:
    """First and second derivative of the log-likelihood in alpha."""
    first, second = 0.0, 0.0
    for j in range(1, above.size):
        ratio = j / (1.0 + alpha * j)
        first += above[j] * ratio
        second -= above[j] * ratio * ratio
    for i in range(y.size):
        if np.isnan(y[i]):
            continue
        t = alpha * mu[i]
        if t < 1e-3:  # the closed forms cancel
            one = 0.5 - t * (2.0 / 3.0 - t * (0.75 - t * (0.8 - t * 5.0 / 6.0)))
            two = -2.0 / 3.0 + t * (1.5 - t * 2.4)
        else:
            one = (np.log1p(t) - t / (1.0 + t)) / (t * t)
            two = 1.0 / (t * (1.0 + t) ** 2) - 2.0 * one / t
        first += mu[i] * mu[i] * one - y[i] * mu[i] / (1.0 + t)
        second += mu[i] ** 3 * two + y[i] * (mu[i] / (1.0 + t)) ** 2
    return first, second


@register_jitable
def _adjustment(y: np.ndarray, x: np.ndarray, mu: np.ndarray, alpha: float) -> tuple[float, float]:
    """First and second derivative in alpha of -log|X'WX| / 2, with w = mu / (1 + alpha mu).

    As dw/dalpha = -w^2 they are tr(Q) / 2 and tr(QQ) / 2 - sum w^3 h, where Q and h are sum w^2 xx'
    and x'x in units of X'WX.
    """
    p = x.shape[1]
    products, lower = np.zeros((p, p)), np.zeros((p, p))
    for i in range(y.size):
        if not np.isnan(y[i]):
            share = mu[i] / (1.0 + alpha * mu[i])
            for j in range(p):
                for k in range(p):
                    products[j, k] += share * x[i, j] * x[i, k]
    if not factor(products, lower):
        return np.nan, np.nan
    squares, z = np.zeros((p, p)), np.empty(p)
    first, second = 0.0, 0.0
    for i in range(y.size):
        if np.isnan(y[i]):
            continue
        share = mu[i] / (1.0 + alpha * mu[i])
        left_solve(lower, x[i], z)
        for j in range(p):
            first += 0.5 * share * share * z[j] * z[j]
            second -= share**3 * z[j] * z[j]
            for k in range(p):
                squares[j, k] += share * share * z[j] * z[k]
    for j in range(p):
        for k in range(p):
            second += 0.5 * squares[j, k] * squares[j, k]
    return first, second


@register_jitable
def _dispersion(
    y: np.ndarray,
    x: np.ndarray,
    mu: np.ndarray,
    above: np.ndarray,
    alpha: float,
    adjusted: bool,
) -> float:
    """Newton in log alpha at given means; NaN if it runs away."""
    for _ in range(MOST_STEPS):
        first, second = _slopes(y, mu, above, alpha)
        if adjusted:
            more, bend = _adjustment(y, x, mu, alpha)
            first, second = first + more, second + bend
        slope = alpha * first
        curve = alpha * alpha * second + slope
        step = -slope / curve if curve < 0.0 else np.sign(slope)
        step = min(max(step, -2.0), 2.0)
        alpha *= np.exp(step)
        if abs(step) <= CLOSE:
            return alpha
        if not 1e-12 < alpha < 1e8:
            return np.nan
    return alpha


@register_jitable
def _count_above(y: np.ndarray) -> np.ndarray:
    """How many outcomes lie above 0, 1, 2, ..."""
    most = 0.0
    for value in y:
        if value > most:
            most = value
    above = np.zeros(int(most) + 1)
    for value in y:
        if not np.isnan(value):
            for j in range(int(value)):
                above[j] += 1.0
    return above


@register_jitable
def _fit(
    y: np.ndarray,
    x: np.ndarray,
    offset: np.ndarray,
    adjusted: bool,
    lower: np.ndarray,
    beta: np.ndarray,
) -> tuple[int, float]:
    """Cases (0 if the fit failed) and alpha; alpha 0 where the Poisson model fits best."""
    mu = np.zeros(y.size)
    seen = _start(y, x, offset, lower, beta)
    if seen == 0 or not _coefficients(y, x, offset, 0.0, lower, beta, mu):
        return 0, np.nan
    excess, size = 0.0, 0.0
    for i in range(y.size):
        if not np.isnan(y[i]):
            excess += (y[i] - mu[i]) ** 2 - y[i]
            size += mu[i] * mu[i]
    if adjusted:
        excess += 2.0 * _adjustment(y, x, mu, 0.0)[0]
    if excess <= 0.0:
        return seen, 0.0
    above = _count_above(y)
    alpha = excess / size
    for _ in range(MOST_TURNS):
        new = _dispersion(y, x, mu, above, alpha, adjusted)
        if np.isnan(new) or not _coefficients(y, x, offset, new, lower, beta, mu):
            return 0, np.nan
        settled = abs(new - alpha) <= 1e-10 * new
        alpha = new
        if settled:
            return seen, alpha
    return 0, np.nan


@compiled
def fit_negative_binomial(
    y: np.ndarray, x: np.ndarray, offset: np.ndarray, contrast: np.ndarray, adjusted: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Estimate, standard error, cases less columns, and alpha, (B,) each, NaN where there is none.

    y is (B, n), x (1 or B, n, p), offset (1 or B, n). Errors come from the expected information.
    """
    replicates, p = y.shape[0], x.shape[2]
    estimate, se = np.full(replicates, np.nan), np.full(replicates, np.nan)
    df, alphas = np.full(replicates, np.nan), np.full(replicates, np.nan)
    lower, beta, whitened = np.zeros((p, p)), np.empty(p), np.empty(p)
    for b in range(replicates):
        rows = x[b if x.shape[0] > 1 else 0]
        time = offset[b if offset.shape[0] > 1 else 0]
        seen, alpha = _fit(y[b], rows, time, adjusted, lower, beta)
        if seen == 0:
            continue
        left_solve(lower, contrast, whitened)
        estimate[b], df[b], alphas[b] = 0.0, seen - p, alpha
        unit = 0.0
        for j in range(p):
            estimate[b] += contrast[j] * beta[j]
            unit += whitened[j] * whitened[j]
        se[b] = np.sqrt(unit)
    return estimate, se, df, alphas
