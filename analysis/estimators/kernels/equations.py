"""Generalised estimating equations over replicates: one pass over clusters a step.

With residuals e = (y - mu) / sqrt(v) and rows z = mu' / sqrt(v) x, a cluster of m rows adds
A_i = a sum zz' - b (sum z)(sum z)' to the information and s_i = a sum z e - b (sum z)(sum e) to the
score, where a I - b J is the inverse of its working correlation (1 - alpha) I + alpha J.
"""

import numpy as np
from numba.extending import register_jitable

from analysis.estimators.compiled import compiled
from analysis.estimators.kernels.clusters_alike import (
    Alike,
    add_up_alike,
    gather_alike,
    make_exchangeable,
    room_for_alike,
    rows_alike,
    spread_alike,
)
from analysis.estimators.kernels.directions import KAUERMANN_CARROLL, MODEL, look_along
from analysis.estimators.kernels.links import IDENTITY, LOG, moments, on_the_way_to_infinity, start
from analysis.estimators.kernels.small_matrices import (
    factor,
    left_solve,
    right_solve,
    solve_small,
)
from analysis.estimators.kernels.weighted_rows import (
    NO_SPREAD,
    WeightedRows,
    add_up_weighted,
    are_of_kinds,
    gather_weighted,
    room_for_weighted,
    sandwich_of_weighted,
)
from sim.world.compiled import inlined

__all__ = ["equations"]

MOST_STEPS = 100
CLOSE = 1e-11
MOST_ALPHA = 0.98
"""Where the moment estimate of alpha leaves no correlation matrix, alpha stays this far inside."""


@inlined
def cluster_sums(
    y: np.ndarray, x: np.ndarray, w: np.ndarray, link: int, beta: np.ndarray, alpha: float,
    information: np.ndarray, score: np.ndarray, total: np.ndarray,
) -> tuple[int, float, float, float]:  # fmt: skip
    """A_i and s_i of one cluster; rows seen, sums of e, of e^2, of y^2 / v."""
    m, p = x.shape
    for k in range(p):
        score[k], total[k] = 0.0, 0.0
        for h in range(p):
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
            for h in range(k + 1):
                information[k, h] += weight * z * steep * x[j, h]
    if alpha != 0.0 and seen > 1:
        make_exchangeable(alpha, seen, summed, total, information, score)
    for k in range(p):
        for h in range(k):
            information[h, k] = information[k, h]
    return seen, summed, squared, size


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
    y: np.ndarray,
    x: np.ndarray,
    w: np.ndarray,
    link: int,
    beta: np.ndarray,
    alpha: float,
    information: np.ndarray,
    score: np.ndarray,
) -> tuple[int, int, int, float, float, float]:
    """Sums over clusters: rows, clusters, most rows in one, pairs, squares, cross products.

    Squares that are nothing but rounding, or of a fit on its way to infinity, come as NaN.
    """
    p = beta.size
    one_information, one_score, total = np.empty((p, p)), np.empty(p), np.empty(p)
    information[:] = 0.0
    score[:] = 0.0
    rows, clusters, most, pairs, squared, crossed, size = 0, 0, 0, 0.0, 0.0, 0.0, 0.0
    for i in range(y.shape[0]):
        weight = w[i if w.size > 1 else 0]
        seen, summed, own, outcomes = cluster_sums(
            y[i], x[i], weight, link, beta, alpha, one_information, one_score, total
        )
        if seen == 0:
            continue
        rows += seen
        clusters += 1
        most = max(most, seen)
        pairs += 0.5 * seen * (seen - 1)
        squared += own
        size += outcomes
        crossed += 0.5 * (summed * summed - own)
        for k in range(p):
            score[k] += one_score[k]
            for h in range(p):
                information[k, h] += one_information[k, h]
    if not squared > NO_SPREAD * size:
        squared = np.nan
    return rows, clusters, most, pairs, squared, crossed


@register_jitable
def _settle(
    y: np.ndarray, x: np.ndarray, w: np.ndarray, link: int, exchangeable: bool, alike: Alike,
    weighted: WeightedRows, lower: np.ndarray, beta: np.ndarray,
) -> tuple[bool, float, bool, float, int, int]:  # fmt: skip
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
        if alike.many.size > 0:
            sums = add_up_alike(x, alike, link, beta, alpha, information, score)
        elif are_of_kinds(weighted):
            sums = add_up_weighted(y, x, w, weighted, link, beta, information, score)
        else:
            sums = _add_up(y, x, w, link, beta, alpha, information, score)
        rows, clusters, most, pairs, squared, crossed = sums
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


@register_jitable
def _sandwich(
    y: np.ndarray, x: np.ndarray, w: np.ndarray, link: int, beta: np.ndarray, alpha: float,
    alike: Alike, lower: np.ndarray, whitened: np.ndarray, errors: int,
) -> tuple[float, float]:  # fmt: skip
    """Error of the contrast, and Satterthwaite's df were the working covariance true.

    C_i is a cluster's share of the information, whitened. With g_i = (I - C_i)^-k whitened, a
    cluster adds (g_i' L^-1 s_i)^2; under the working covariance these terms have covariances
    [i = j] g_i' C_i g_i - (C_i g_i)' (C_j g_j), whose traces give the df.
    """
    p, pooled = beta.size, alike.many.size > 0
    information, share, vectors = np.empty((p, p)), np.empty((p, p)), np.empty((p, p))
    score, total, along, part = np.empty(p), np.empty(p), np.empty(p), np.empty(p)
    crossed, nothing = np.zeros((p, p)), np.zeros(y.shape[1])
    variance, trace, squared = 0.0, 0.0, 0.0
    for i in range(alike.many.size if pooled else y.shape[0]):
        if pooled:
            seen = rows_alike(x, alike, i, link, beta, alpha, nothing, information, score)
            many = alike.many[i] if seen > 0 else 0
        else:
            weight = w[i if w.size > 1 else 0]
            sums = cluster_sums(y[i], x[i], weight, link, beta, alpha, information, score, total)
            many = min(sums[0], 1)
        if many == 0:
            continue
        own, shared = look_along(lower, information, whitened, errors, share, vectors, along, part)
        right_solve(lower, along, along)
        term = 0.0
        for k in range(p):
            term += along[k] * score[k]
            for h in range(p):
                crossed[k, h] += many * part[k] * part[h]
        if pooled:
            variance += spread_alike(x, alike, i, link, beta, alpha, along)
        else:
            variance += term * term
        trace += many * (own - shared)
        squared += many * ((own - shared) ** 2 - shared * shared)
    return np.sqrt(variance), trace * trace / (squared + np.sum(crossed * crossed))


@register_jitable
def _error_of_contrast(
    y: np.ndarray, x: np.ndarray, w: np.ndarray, link: int, beta: np.ndarray, alpha: float,
    alike: Alike, weighted: WeightedRows, lower: np.ndarray, whitened: np.ndarray, errors: int,
) -> tuple[float, float]:  # fmt: skip
    """The sandwich, by kinds of weighted rows where they are told apart."""
    if are_of_kinds(weighted):
        return sandwich_of_weighted(y, x, w, weighted, link, beta, lower, whitened, errors)
    return _sandwich(y, x, w, link, beta, alpha, alike, lower, whitened, errors)


@compiled
def equations(
    y: np.ndarray, x: np.ndarray, w: np.ndarray, group: np.ndarray, contrast: np.ndarray,
    link: int, exchangeable: bool, errors: int,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """Estimate, standard error, df, alpha, and whether alpha was kept in range, (B,) each.

    y is (B, n, m), x (1 or B, n, m, p), w (1, 1, 1) or (B, n, m). Clusters of one group, (n,), have
    the same x, so that what hangs on x alone is found once for all of them that were seen in the
    same rows, or whose only rows have the same weight; empty where there is nothing to share.
    """
    replicates, p = y.shape[0], x.shape[3]
    estimate, se, df, alphas = np.full((4, replicates), np.nan)
    held = np.zeros(replicates, np.bool_)
    lower, beta, whitened = np.zeros((p, p)), np.empty(p), np.empty(p)
    alike = room_for_alike(group if w.size == 1 else group[:0], y.shape[2])
    weighted = room_for_weighted(group if w.size > 1 else group[:0], y.shape[1], p)
    for b in range(replicates):
        rows = x[b if x.shape[0] > 1 else 0]
        weight = w[b if w.size > 1 else 0]
        if w.size > 1:
            gather_weighted(y[b], weight, group, weighted)
        else:
            gather_alike(y[b], group, alike)
        converged, alpha, at_bound, scale, n_rows, clusters = _settle(
            y[b], rows, weight, link, exchangeable, alike, weighted, lower, beta
        )
        if not converged:
            continue
        left_solve(lower, contrast, whitened)
        estimate[b], alphas[b], df[b], held[b] = 0.0, alpha, clusters - p, at_bound
        unit = 0.0
        for k in range(p):
            estimate[b] += contrast[k] * beta[k]
            unit += whitened[k] * whitened[k]
        if errors == MODEL:
            se[b] = np.sqrt(unit * scale) if link == IDENTITY else np.sqrt(unit)
            df[b] = n_rows - p
            continue
        se[b], freedom = _error_of_contrast(
            y[b], rows, weight, link, beta, alpha, alike, weighted, lower, whitened, errors
        )
        if errors == KAUERMANN_CARROLL:
            df[b] = freedom
    return estimate, se, df, alphas, held
