"""Estimating equations over clusters of one row each, weighted by small whole numbers.

Rows of one group that have the same weight are of a kind: all that a row adds follows from its kind
and its residual. Sums run over clusters in the order in which they are, so that they are to the
last digit what they would be cluster by cluster.
"""

from typing import NamedTuple

import numpy as np
from numba.extending import register_jitable

from analysis.estimators.kernels.directions import look_along
from analysis.estimators.kernels.links import moments, on_the_way_to_infinity
from analysis.estimators.kernels.small_matrices import right_solve
from sim.world.compiled import inlined

__all__ = [
    "NO_SPREAD", "WeightedRows", "add_up_weighted", "are_of_kinds", "gather_weighted",
    "room_for_weighted", "sandwich_of_weighted",
]  # fmt: skip

HEAVIEST = 64
"""Weights from which on rows are not told apart by them."""
NO_SPREAD = 1e-20
"""Residuals whose squares are a smaller share of the outcomes' are rounding errors."""


class WeightedRows(NamedTuple):
    """Kinds of rows in one study, numbered as they are met.

    Attributes
    ----------
    kind : ndarray of int, (n,)
        Of each cluster; -1 where nothing was seen or nothing weighs.
    number : ndarray of int, (K,)
        Number of the kind of a group and weight, -1 where there is none; K = G * HEAVIEST.
    first : ndarray of int, (K,)
        A cluster of each kind; -1 from the first number that no kind has.
    at : ndarray of float64, (K, 4)
        Mean, deviation, variance of an outcome, and 1 where the mean runs away.
    row : ndarray of float64, (K, p)
        What a residual of 1 adds to the score.
    information : ndarray of float64, (K, p, p)
        What a row adds.
    """

    kind: np.ndarray
    number: np.ndarray
    first: np.ndarray
    at: np.ndarray
    row: np.ndarray
    information: np.ndarray


@register_jitable
def room_for_weighted(group: np.ndarray, n: int, p: int) -> WeightedRows:
    """Room for the kinds of n clusters of these groups; none where there are no groups."""
    kinds = HEAVIEST * (group.max() + 1) if group.size > 0 else 0
    return WeightedRows(
        np.full(n, -1), np.full(kinds, -1), np.full(kinds, -1),
        np.empty((kinds, 4)), np.empty((kinds, p)), np.empty((kinds, p, p)),
    )  # fmt: skip


@inlined
def are_of_kinds(rows: WeightedRows) -> bool:
    """Whether the rows of the study at hand are told apart by kind."""
    return rows.first.size > 0 and rows.first[0] >= 0


@register_jitable
def gather_weighted(y: np.ndarray, w: np.ndarray, group: np.ndarray, rows: WeightedRows) -> None:
    """Number the kinds of a study, y and w (n, 1); none where a weight is not small and whole."""
    rows.number[:] = -1
    rows.first[:] = -1
    found = 0
    for i in range(group.size):
        weight = int(w[i, 0]) if w[i, 0] < HEAVIEST else 0
        rows.kind[i] = -1
        if weight != w[i, 0]:
            rows.first[:] = -1
            return
        if np.isnan(y[i, 0]) or weight == 0:
            continue
        cell = group[i] * HEAVIEST + weight
        if rows.number[cell] < 0:
            rows.number[cell], rows.first[found] = found, i
            found += 1
        rows.kind[i] = rows.number[cell]


@register_jitable
def _weigh_kinds(
    x: np.ndarray, w: np.ndarray, rows: WeightedRows, link: int, beta: np.ndarray
) -> None:
    """What rows of each kind are at these coefficients."""
    p = beta.size
    for kind in range(rows.first.size):
        i = rows.first[kind]
        if i < 0:
            return
        eta = 0.0
        for k in range(p):
            eta += x[i, 0, k] * beta[k]
        mean, slope, variance = moments(link, eta)
        deviation = np.sqrt(variance)
        steep = slope / deviation
        rows.at[kind, 0], rows.at[kind, 1], rows.at[kind, 2] = mean, deviation, variance
        rows.at[kind, 3] = 1.0 if on_the_way_to_infinity(link, eta) else 0.0
        for k in range(p):
            z = w[i, 0] * (steep * x[i, 0, k])
            rows.row[kind, k] = z
            for h in range(k + 1):
                rows.information[kind, k, h] = z * steep * x[i, 0, h]
                rows.information[kind, h, k] = rows.information[kind, k, h]


@register_jitable
def add_up_weighted(
    y: np.ndarray, x: np.ndarray, w: np.ndarray, rows: WeightedRows, link: int, beta: np.ndarray,
    information: np.ndarray, score: np.ndarray,
) -> tuple[int, int, int, float, float, float]:  # fmt: skip
    """Rows, clusters, most rows in one, pairs, squares, cross products; as one by one."""
    p = beta.size
    _weigh_kinds(x, w, rows, link, beta)
    information[:] = 0.0
    score[:] = 0.0
    clusters, squared, size = 0, 0.0, 0.0
    for i in range(rows.kind.size):
        kind = rows.kind[i]
        if kind < 0:
            continue
        clusters += 1
        weight, outcome = w[i, 0], y[i, 0]
        residual = (outcome - rows.at[kind, 0]) / rows.at[kind, 1]
        squared += np.nan if rows.at[kind, 3] > 0.0 else weight * residual * residual
        size += weight * outcome * outcome / rows.at[kind, 2]
        for k in range(p):
            score[k] += rows.row[kind, k] * residual
            for h in range(p):
                information[k, h] += rows.information[kind, k, h]
    if not squared > NO_SPREAD * size:
        squared = np.nan
    return clusters, clusters, min(clusters, 1), 0.0, squared, 0.0


@register_jitable
def sandwich_of_weighted(
    y: np.ndarray, x: np.ndarray, w: np.ndarray, rows: WeightedRows, link: int, beta: np.ndarray,
    lower: np.ndarray, whitened: np.ndarray, errors: int,
) -> tuple[float, float]:  # fmt: skip
    """Error of the contrast and its df; directions are found once for all rows of a kind."""
    p, kinds = beta.size, rows.first.size
    information, share, vectors = np.empty((p, p)), np.empty((p, p)), np.empty((p, p))
    along, part, sums = np.empty((kinds, p)), np.empty((kinds, p)), np.empty((kinds, 2))
    crossed, variance, trace, squared = np.zeros((p, p)), 0.0, 0.0, 0.0
    _weigh_kinds(x, w, rows, link, beta)
    for kind in range(kinds):
        if rows.first[kind] < 0:
            break
        information[:] = rows.information[kind]
        sums[kind, 0], sums[kind, 1] = look_along(
            lower, information, whitened, errors, share, vectors, along[kind], part[kind]
        )
        right_solve(lower, along[kind], along[kind])
    for i in range(rows.kind.size):
        kind = rows.kind[i]
        if kind < 0:
            continue
        residual, term = (y[i, 0] - rows.at[kind, 0]) / rows.at[kind, 1], 0.0
        for k in range(p):
            term += along[kind, k] * (rows.row[kind, k] * residual)
            for h in range(p):
                crossed[k, h] += part[kind, k] * part[kind, h]
        own, shared = sums[kind, 0], sums[kind, 1]
        variance += term * term
        trace += own - shared
        squared += (own - shared) ** 2 - shared * shared
    return np.sqrt(variance), trace * trace / (squared + np.sum(crossed * crossed))
