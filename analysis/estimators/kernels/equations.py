"""Generalised estimating equations over replicates: one pass over clusters a step.

With residuals e = (y - mu) / sqrt(v) and rows z = mu' / sqrt(v) x, a cluster of m rows adds
A_i = a sum zz' - b (sum z)(sum z)' to the information and s_i = a sum z e - b (sum z)(sum e) to the
score, where a I - b J is the inverse of its working correlation (1 - alpha) I + alpha J.
"""

import numpy as np
from numba.extending import register_jitable

from analysis.estimators.compiled import compiled
from analysis.estimators.kernels.links import IDENTITY, LOG, moments, on_the_way_to_infinity, start
from analysis.estimators.kernels.small_matrices import (
    diagonalise,
    factor,
    left_solve,
    right_solve,
    solve_small,
    whiten_small,
)
from sim.world.compiled import inlined

__all__ = ["KAUERMANN_CARROLL", "MANCL_DEROUEN", "MODEL", "PLAIN", "equations"]

PLAIN, MANCL_DEROUEN, KAUERMANN_CARROLL, MODEL = 0, 1, 2, 3
MOST_STEPS = 100
CLOSE = 1e-11
NO_SPREAD = 1e-20
"""Residuals whose squares are a smaller share of the outcomes' are rounding errors."""
MOST_ALPHA = 0.98
"""Where the moment estimate of alpha leaves no correlation matrix, alpha stays this far inside."""


@inlined
def cluster_sums(
    y: np.ndarray, x: np.ndarray, w: np.ndarray, link: int, beta: np.ndarray, alpha: float,
    is_new: bool, information: np.ndarray, score: np.ndarray, total: np.ndarray,
) -> tuple[int, float, float, float]:  # fmt: skip
    """s_i of a cluster, and A_i where it is new; rows seen, sums of e, of e^2, of y^2 / v."""
    m, p = x.shape
    for k in range(p):
        score[k], total[k] = 0.0, 0.0
        for h in range(p if is_new else 0):
            information[k, h] = 0.0
    seen, summed, squared, size = 0, 0.0, 0.0, 0.0
    for j in range(m):
        weight = w[j if w.size > 1 else 0]
        if np.isnan(y[j]) or weight == 0.0:
            continue
        eta = 0.0
        for k in range(p):
            eta += x[j, k] * beta[k]
        mean, slope, variance = moments(link, eta)
        deviation = np.sqrt(variance)
        residual, steep = (y[j] - mean) / deviation, slope / deviation
        seen += 1
        summed += residual
        squared += weight * residual * residual
        if on_the_way_to_infinity(link, eta):
            squared = np.nan
        size += weight * y[j] * y[j] / variance
        for k in range(p):
            z = steep * x[j, k]
            total[k] += z
            score[k] += weight * z * residual
            for h in range(k + 1 if is_new else 0):
                information[k, h] += weight * z * steep * x[j, h]
    if alpha != 0.0 and seen > 1:
        _make_exchangeable(alpha, seen, summed, total, is_new, information, score)
    for k in range(p if is_new else 0):
        for h in range(k):
            information[h, k] = information[k, h]
    return seen, summed, squared, size


@inlined
def _make_exchangeable(
    alpha: float,
    seen: int,
    summed: float,
    total: np.ndarray,
    is_new: bool,
    information: np.ndarray,
    score: np.ndarray,
) -> None:
    """Sums of independent rows become those of rows that correlate by alpha."""
    a = 1.0 / (1.0 - alpha)
    b = a * alpha / (1.0 + (seen - 1) * alpha)
    for k in range(total.size):
        score[k] = a * score[k] - b * total[k] * summed
        for h in range(k + 1 if is_new else 0):
            information[k, h] = a * information[k, h] - b * total[k] * total[h]


@register_jitable
def first_beta(
    y: np.ndarray, x: np.ndarray, w: np.ndarray, link: int, lower: np.ndarray, beta: np.ndarray
) -> bool:
    """Start of the coefficients: one weighted least squares step from the outcomes themselves."""
    n, m, p = x.shape
    beta[:] = 0.0
    if link == IDENTITY:
        return True
    mean_of_all, rows = 0.0, 0
    for i in range(n):
        for j in range(m):
            if not np.isnan(y[i, j]):
                mean_of_all += y[i, j]
                rows += 1
    mean_of_all /= rows
    if rows == 0 or (link == LOG and not mean_of_all > 0.0):
        return False
    products, sums = np.zeros((p, p)), np.zeros(p)
    for i in range(n):
        for j in range(m):
            weight = w[i, j] if w.size > 1 else 1.0
            if np.isnan(y[i, j]) or weight == 0.0:
                continue
            eta = start(link, y[i, j], mean_of_all)
            mean, slope, variance = moments(link, eta)
            working = eta + (y[i, j] - mean) / slope
            weight *= slope * slope / variance
            for k in range(p):
                sums[k] += weight * x[i, j, k] * working
                for h in range(p):
                    products[k, h] += weight * x[i, j, k] * x[i, j, h]
    if not factor(products, lower):
        return False
    solve_small(lower, sums, beta)
    return True


@register_jitable
def _add_up(
    y: np.ndarray, x: np.ndarray, w: np.ndarray, link: int, beta: np.ndarray, alpha: float,
    alike: np.ndarray, tables: tuple[np.ndarray, np.ndarray], information: np.ndarray,
    score: np.ndarray,
) -> tuple[int, int, int, float, float, float]:  # fmt: skip
    """Sums over clusters: rows, clusters, most rows in one, pairs, squares, cross products.

    Squares that are nothing but rounding, or of a fit on its way to infinity, come as NaN.
    """
    p = beta.size
    known, count = tables
    one_score, total = np.empty(p), np.empty(p)
    information[:] = 0.0
    score[:] = 0.0
    count[:] = 0
    rows, clusters, most, pairs, squared, crossed, size = 0, 0, 0, 0.0, 0.0, 0.0, 0.0
    for i in range(y.shape[0]):
        weight = w[i if w.size > 1 else 0]
        like = alike[i]
        seen, summed, own, outcomes = cluster_sums(
            y[i], x[i], weight, link, beta, alpha, count[like] == 0, known[like], one_score, total
        )
        if seen == 0:
            continue
        count[like] += 1
        rows += seen
        clusters += 1
        most = max(most, seen)
        pairs += 0.5 * seen * (seen - 1)
        squared += own
        size += outcomes
        crossed += 0.5 * (summed * summed - own)
        for k in range(p):
            score[k] += one_score[k]
    for like in range(count.size):
        for k in range(p if count[like] > 0 else 0):
            for h in range(p):
                information[k, h] += count[like] * known[like, k, h]
    if not squared > NO_SPREAD * size:
        squared = np.nan
    return rows, clusters, most, pairs, squared, crossed


@register_jitable
def _settle(
    y: np.ndarray,
    x: np.ndarray,
    w: np.ndarray,
    link: int,
    exchangeable: bool,
    alike: np.ndarray,
    tables: tuple[np.ndarray, np.ndarray],
    lower: np.ndarray,
    beta: np.ndarray,
) -> tuple[bool, float, bool, float, int, int]:
    """Converged, alpha, whether it was held in its range, scale, rows, clusters.

    `lower` then factors sum A_i. Scale is the sum of squares over rows - p, alpha the sum of cross
    products over pairs - p, in units of the scale (Liang & Zeger 1986, doi 10.1093/biomet/73.1.13).
    """
    p = beta.size
    information, score = np.empty((p, p)), np.empty(p)
    alpha, held, scale, rows, clusters = 0.0, False, 1.0, 0, 0
    if not first_beta(y, x, w, link, lower, beta):
        return False, alpha, held, scale, rows, clusters
    for _ in range(MOST_STEPS):
        rows, clusters, most, pairs, squared, crossed = _add_up(
            y, x, w, link, beta, alpha, alike, tables, information, score
        )
        if clusters <= p or not factor(information, lower):
            break
        solve_small(lower, score, score)
        beta += score
        moved, size = np.abs(score).max(), max(1.0, np.abs(beta).max())
        settled = moved <= CLOSE * size
        scale = squared / (rows - p)
        if exchangeable and pairs > p and scale > 0.0:
            new = crossed / scale / (pairs - p)
            inside = min(max(new, -MOST_ALPHA / max(1, most - 1)), MOST_ALPHA)
            settled = settled and abs(inside - alpha) <= CLOSE
            alpha, held = inside, inside != new
        if settled and scale > 0.0:
            return True, alpha, held, scale, rows, clusters
        if not moved < np.inf:
            break
    return False, alpha, held, scale, rows, clusters


@inlined
def _direction(
    whitened: np.ndarray, share: np.ndarray, errors: int, vectors: np.ndarray, out: np.ndarray
) -> bool:
    """(I - C_i)^-k of the whitened contrast, k = 0, 1 or 1/2; False if C_i has an eigenvalue 1."""
    p = whitened.size
    out[:] = whitened
    if errors == PLAIN:
        return True
    diagonalise(share, vectors)
    out[:] = 0.0
    for k in range(p):
        left = 1.0 - share[k, k]
        if not left > 1e-9:
            return False
        along = 0.0
        for h in range(p):
            along += vectors[h, k] * whitened[h]
        along /= left if errors == MANCL_DEROUEN else np.sqrt(left)
        for h in range(p):
            out[h] += vectors[h, k] * along
    return True


@inlined
def _covaried(
    share: np.ndarray, along: np.ndarray, clusters: int, part: np.ndarray, crossed: np.ndarray
) -> tuple[float, float]:
    """g' C g and (C g)' (C g) of clusters alike, whose (C g)(C g)' is added to `crossed`."""
    p = along.size
    own, shared = 0.0, 0.0
    for k in range(p):
        part[k] = 0.0
        for h in range(p):
            part[k] += share[k, h] * along[h]
        own += along[k] * part[k]
        shared += part[k] * part[k]
    for k in range(p):
        for h in range(p):
            crossed[k, h] += clusters * part[k] * part[h]
    return own, shared


@register_jitable
def _sandwich(
    y: np.ndarray, x: np.ndarray, w: np.ndarray, link: int, beta: np.ndarray, alpha: float,
    alike: np.ndarray, tables: tuple[np.ndarray, np.ndarray], lower: np.ndarray,
    whitened: np.ndarray, errors: int,
) -> tuple[float, float]:  # fmt: skip
    """Variance of the contrast, and Satterthwaite's df were the working covariance true.

    C_i is a cluster's share of the information, whitened. With g_i = (I - C_i)^-k whitened, a
    cluster adds (g_i' L^-1 s_i)^2; under the working covariance these terms have covariances
    [i = j] g_i' C_i g_i - (C_i g_i)' (C_j g_j), whose traces give the df.
    """
    p = beta.size
    known, count = tables
    share, turned, vectors = np.empty((p, p)), np.empty((p, p)), np.empty((p, p))
    score, total, along, part = np.empty(p), np.empty(p), np.empty(p), np.empty(p)
    crossed, onto = np.zeros((p, p)), np.empty((count.size, p))
    variance, trace, squared = 0.0, 0.0, 0.0
    for like in range(count.size):
        if count[like] == 0:
            continue
        whiten_small(lower, known[like], share)
        turned[:] = share
        if not _direction(whitened, turned, errors, vectors, along):
            return np.nan, np.nan
        own, shared = _covaried(share, along, count[like], part, crossed)
        trace += count[like] * (own - shared)
        squared += count[like] * ((own - shared) ** 2 - shared * shared)
        right_solve(lower, along, onto[like])
    for i in range(y.shape[0]):
        weight = w[i if w.size > 1 else 0]
        like = alike[i]
        seen, _, _, _ = cluster_sums(
            y[i], x[i], weight, link, beta, alpha, False, share, score, total
        )
        term = 0.0
        for k in range(p if seen > 0 else 0):
            term += onto[like, k] * score[k]
        variance += term * term
    for one in crossed.flat:
        squared += one * one
    return variance, trace * trace / squared


@register_jitable
def _find_alike(y: np.ndarray, group: np.ndarray, alike: np.ndarray) -> None:
    """Number clusters alike in their rows and in which of them were seen."""
    n, m = y.shape
    for i in range(n):
        alike[i] = i
        if group.size > 0:
            alike[i] = group[i]
            for j in range(m):
                alike[i] = 2 * alike[i] + (0 if np.isnan(y[i, j]) else 1)


@compiled
def equations(
    y: np.ndarray, x: np.ndarray, w: np.ndarray, group: np.ndarray, contrast: np.ndarray,
    link: int, exchangeable: bool, errors: int,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """Estimate, standard error, df, alpha, and whether alpha was kept in range, (B,) each.

    y is (B, n, m), x (1 or B, n, m, p), w (1, 1, 1) or (B, n, m). Clusters of one group, (n,), have
    the same x and no weights, so that what hangs on x alone is found once for all of them that were
    seen in the same rows; empty where there is nothing to share.
    """
    replicates, n, m = y.shape
    p = x.shape[3]
    kinds = (group.max() + 1) * 2**m if group.size > 0 else n
    tables = (np.empty((kinds, p, p)), np.zeros(kinds, np.int64))
    alike = np.empty(n, np.int64)
    estimate, se = np.full(replicates, np.nan), np.full(replicates, np.nan)
    df, alphas = np.full(replicates, np.nan), np.full(replicates, np.nan)
    held = np.zeros(replicates, np.bool_)
    lower, beta, whitened = np.zeros((p, p)), np.empty(p), np.empty(p)
    for b in range(replicates):
        rows = x[b if x.shape[0] > 1 else 0]
        weight = w[b if w.size > 1 else 0]
        _find_alike(y[b], group, alike)
        converged, alpha, at_bound, scale, n_rows, clusters = _settle(
            y[b], rows, weight, link, exchangeable, alike, tables, lower, beta
        )
        if not converged:
            continue
        left_solve(lower, contrast, whitened)
        estimate[b], alphas[b], df[b] = 0.0, alpha, clusters - p
        held[b] = at_bound
        unit = 0.0
        for k in range(p):
            estimate[b] += contrast[k] * beta[k]
            unit += whitened[k] * whitened[k]
        if errors == MODEL:
            se[b] = np.sqrt(unit * scale) if link == IDENTITY else np.sqrt(unit)
            df[b] = n_rows - p
            continue
        variance, satterthwaite = _sandwich(
            y[b], rows, weight, link, beta, alpha, alike, tables, lower, whitened, errors
        )
        se[b] = np.sqrt(variance)
        if errors == KAUERMANN_CARROLL:
            df[b] = satterthwaite
    return estimate, se, df, alphas, held
