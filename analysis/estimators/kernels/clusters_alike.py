"""Estimating equations over clusters that are alike: in their rows, and in which were seen.

All that equations ask of such clusters follows from their number, the sum of their outcomes and
the sum of products of outcomes, so that one pass over the outcomes serves every step.
"""

from typing import NamedTuple

import numpy as np
from numba.extending import register_jitable

from analysis.estimators.kernels.links import moments, on_the_way_to_infinity
from sim.world.compiled import inlined

__all__ = [
    "Alike", "add_up_alike", "gather_alike", "make_exchangeable", "room_for_alike", "rows_alike",
    "spread_alike",
]  # fmt: skip

ROUNDING = 1e-14
"""Residuals whose squares are a smaller share of the outcomes' may be rounding errors of sums."""


class Alike(NamedTuple):
    """Sums over clusters of a kind: a group of equal rows, and which of them were seen.

    Attributes
    ----------
    first : ndarray of int, (G,)
        A cluster of each group.
    many : ndarray of int, (K,)
        Clusters of each kind; K = G * 2^m, and 0 where clusters are told apart one by one.
    sums : ndarray, (K, m)
        Of their outcomes.
    products : ndarray, (K, m, m)
        Of products of two outcomes of one cluster.
    """

    first: np.ndarray
    many: np.ndarray
    sums: np.ndarray
    products: np.ndarray


@register_jitable
def room_for_alike(group: np.ndarray, m: int) -> Alike:
    """Room for the sums of clusters of these groups, each of up to m rows."""
    groups = group.max() + 1 if group.size > 0 else 0
    first = np.full(groups, -1)
    for i in range(group.size - 1, -1, -1):
        first[group[i]] = i
    kinds = groups * 2**m
    return Alike(
        first, np.zeros(kinds, np.int64), np.zeros((kinds, m)), np.zeros((kinds, m, m))
    )  # fmt: skip


@register_jitable
def gather_alike(y: np.ndarray, group: np.ndarray, alike: Alike) -> None:
    """Sum outcomes, (n, m), by kind."""
    many, sums, products = alike.many, alike.sums, alike.products
    many[:] = 0
    sums[:] = 0.0
    products[:] = 0.0
    m = y.shape[1]
    for i in range(group.size):
        kind = group[i]
        for j in range(m):
            kind = 2 * kind + (0 if np.isnan(y[i, j]) else 1)
        many[kind] += 1
        for j in range(m):
            if np.isnan(y[i, j]):
                continue
            sums[kind, j] += y[i, j]
            for h in range(j + 1):
                if not np.isnan(y[i, h]):
                    products[kind, j, h] += y[i, j] * y[i, h]


@inlined
def is_seen(kind: int, j: int, m: int) -> bool:
    """Whether clusters of a kind were seen in row j of m."""
    return (kind >> (m - 1 - j)) & 1 == 1


@inlined
def row_at(
    x: np.ndarray, beta: np.ndarray, i: int, j: int, link: int
) -> tuple[float, float, float, bool]:
    """Mean, slope over deviation, deviation of row j of cluster i; whether it runs away."""
    eta = 0.0
    for k in range(beta.size):
        eta += x[i, j, k] * beta[k]
    mean, slope, variance = moments(link, eta)
    deviation = np.sqrt(variance)
    return mean, slope / deviation, deviation, on_the_way_to_infinity(link, eta)


@inlined
def make_exchangeable(
    alpha: float,
    seen: int,
    summed: float,
    total: np.ndarray,
    information: np.ndarray,
    score: np.ndarray,
) -> None:
    """Sums of independent rows become those of rows that correlate by alpha.

    `summed` is of residuals, of one cluster or of several with the same rows; `total` of the rows.
    """
    a = 1.0 / (1.0 - alpha)
    b = a * alpha / (1.0 + (seen - 1) * alpha)
    for k in range(total.size):
        score[k] = a * score[k] - b * total[k] * summed
        for h in range(k + 1):
            information[k, h] = a * information[k, h] - b * total[k] * total[h]


@register_jitable
def rows_alike(
    x: np.ndarray, alike: Alike, kind: int, link: int, beta: np.ndarray, alpha: float,
    summed: np.ndarray, information: np.ndarray, score: np.ndarray,
) -> int:  # fmt: skip
    """The information of one cluster of a kind, and the score of all of them; rows seen of each.

    `summed` has the sums of residuals by row, or zeros where no score is wanted.
    """
    m, p = x.shape[1], beta.size
    information[:] = 0.0
    score[:] = 0.0
    i, seen, total = alike.first[kind >> m], 0, np.zeros(p)
    for j in range(m):
        if not is_seen(kind, j, m):
            continue
        seen += 1
        _, steep, _, _ = row_at(x, beta, i, j, link)
        for k in range(p):
            z = steep * x[i, j, k]
            total[k] += z
            score[k] += z * summed[j]
            for h in range(k + 1):
                information[k, h] += z * steep * x[i, j, h]
    if alpha != 0.0 and seen > 1:
        make_exchangeable(alpha, seen, summed.sum(), total, information, score)
    for k in range(p):
        for h in range(k):
            information[h, k] = information[k, h]
    return seen


@register_jitable
def residuals_alike(
    x: np.ndarray, alike: Alike, kind: int, link: int, beta: np.ndarray, summed: np.ndarray,
    products: np.ndarray,
) -> bool:  # fmt: skip
    """Sums of residuals of a kind, (m,), and of their products; whether one runs away."""
    m = x.shape[1]
    i, many, runs_away = alike.first[kind >> m], alike.many[kind], False
    products[:] = 0.0
    for j in range(m):
        summed[j] = 0.0
        if not is_seen(kind, j, m):
            continue
        mean, _, deviation, away = row_at(x, beta, i, j, link)
        runs_away |= away
        summed[j] = (alike.sums[kind, j] - many * mean) / deviation
        for h in range(j + 1):
            if is_seen(kind, h, m):
                other, _, spread, _ = row_at(x, beta, i, h, link)
                products[j, h] = products[h, j] = (
                    alike.products[kind, j, h] - mean * alike.sums[kind, h]
                    - other * alike.sums[kind, j] + many * mean * other
                ) / (deviation * spread)  # fmt: skip
    return runs_away


@register_jitable
def add_up_alike(
    x: np.ndarray, alike: Alike, link: int, beta: np.ndarray, alpha: float,
    information: np.ndarray, score: np.ndarray,
) -> tuple[int, int, int, float, float, float]:  # fmt: skip
    """Rows, clusters, most rows in one, pairs, squares, cross products; as one by one."""
    m, p = x.shape[1], beta.size
    summed, products = np.empty(m), np.zeros((m, m))
    one_information, one_score = np.empty((p, p)), np.empty(p)
    information[:] = 0.0
    score[:] = 0.0
    rows, clusters, most, pairs, squared, crossed, size = 0, 0, 0, 0.0, 0.0, 0.0, 0.0
    for kind in range(alike.many.size):
        many, i = alike.many[kind], alike.first[kind >> m]
        if many == 0 or kind % 2**m == 0:
            continue
        if residuals_alike(x, alike, kind, link, beta, summed, products):
            squared = np.nan
        seen = rows_alike(x, alike, kind, link, beta, alpha, summed, one_information, one_score)
        score += one_score
        information += many * one_information
        own = 0.0
        for j in range(m):
            _, _, deviation, _ = row_at(x, beta, i, j, link)
            own += products[j, j]
            size += alike.products[kind, j, j] / (deviation * deviation)
        rows += many * seen
        clusters += many
        most = max(most, seen)
        pairs += 0.5 * many * seen * (seen - 1)
        squared += own
        crossed += 0.5 * (products.sum() - own)
    if not squared > ROUNDING * size:
        squared = np.nan
    return rows, clusters, most, pairs, squared, crossed


@register_jitable
def spread_alike(
    x: np.ndarray, alike: Alike, kind: int, link: int, beta: np.ndarray, alpha: float,
    along: np.ndarray,
) -> float:  # fmt: skip
    """Sum over clusters of a kind of the squares of their score along a direction, (p,)."""
    m, i = x.shape[1], alike.first[kind >> x.shape[1]]
    summed, products, weight = np.empty(m), np.zeros((m, m)), np.zeros(m)
    residuals_alike(x, alike, kind, link, beta, summed, products)
    seen, total = 0, 0.0
    for j in range(m):
        if is_seen(kind, j, m):
            seen += 1
            _, steep, _, _ = row_at(x, beta, i, j, link)
            for k in range(along.size):
                weight[j] += steep * x[i, j, k] * along[k]
            total += weight[j]
    a = 1.0 / (1.0 - alpha)
    b = a * alpha / (1.0 + (seen - 1) * alpha)
    spread = 0.0
    for j in range(m):
        for h in range(m):
            spread += (a * weight[j] - b * total) * products[j, h] * (a * weight[h] - b * total)
    return spread
