"""The input of a mixed model, made fit for fast and stable sums; replicates on threads."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from analysis.estimators.contract import checked
from sim.side_by_side import side_by_side

__all__ = ["PanelRows", "in_chunks", "panel_of"]

REPLICATES_A_CHUNK = 256
EGOS_A_GROUP = 4
"""Egos with the same X are pooled when there are so many of them to a group on average."""
MOST_POOLED_WAVES = 6
"""Pooling keeps a table of every pattern of missing waves."""


@dataclass(frozen=True)
class PanelRows:
    """Outcomes, fixed effects and contrast, in a basis in which the columns of X are orthonormal.

    Attributes
    ----------
    y : ndarray, (B, n, T)
    X : ndarray, (1, G, T, p) or (B, n, T, p)
        Rows shared by all replicates, one block for each of G groups of egos; or each replicate's
        own, in the basis in which they came.
    group : ndarray of int64, (n,)
        Block of X of each ego.
    pooled : bool
        Whether egos of a group are to be summed before X is looked at.
    contrast : ndarray, (p,)
    per_unit : float
        What the estimate gains when 1 is added to all of y; NaN if no combination of the columns
        is constant.
    """

    y: np.ndarray
    X: np.ndarray
    group: np.ndarray
    pooled: bool
    contrast: np.ndarray
    per_unit: float


def panel_of(
    y: np.ndarray, X: np.ndarray, contrast: np.ndarray, columns: Sequence[str] | None = None
) -> PanelRows:
    """Check what an estimator was called with and prepare it.

    Shared columns become orthonormal, so that squares and products of columns of any scale lose no
    digits; sums over y are later taken about its mean where X has a constant.

    Raises
    ------
    sim.errors.InputError
        As `analysis.estimators.contract.checked`.
    """
    y, X, contrast = checked(y, X, contrast, columns)
    egos, waves, p = y.shape[1], y.shape[2], contrast.size
    if X.ndim == 4:
        return PanelRows(y, X, np.arange(egos), False, contrast, _per_unit_of_own(X, contrast))
    blocks, first, group, many = np.unique(
        X.reshape(egos, waves * p), axis=0, return_index=True, return_inverse=True,
        return_counts=True,
    )  # fmt: skip
    pooled = len(blocks) * EGOS_A_GROUP <= egos and waves <= MOST_POOLED_WAVES
    if not pooled:
        first = group = np.arange(egos)
    weighted = np.sqrt(many)[:, None, None] * blocks.reshape(-1, waves, p)
    turned = np.asarray(np.linalg.qr(weighted.reshape(-1, p), mode="r")).T
    new_contrast = np.linalg.solve(turned, contrast)
    rows = np.linalg.solve(turned, X[first].reshape(-1, p).T).T
    one = np.linalg.lstsq(rows, np.ones(len(rows)), rcond=None)[0]
    constant = np.abs(rows @ one - 1).max() < 1e-8
    shared = np.ascontiguousarray(rows.reshape(1, -1, waves, p))
    per_unit = float(new_contrast @ one) if constant else np.nan
    return PanelRows(y, shared, group.reshape(-1).astype(np.int64), pooled, new_contrast, per_unit)


def _per_unit_of_own(X: np.ndarray, contrast: np.ndarray) -> float:
    rows = X.reshape(-1, X.shape[-1])
    for j in np.flatnonzero((rows == rows[0]).all(axis=0)):
        return float(contrast[j] / rows[0, j])
    return float("nan")


def in_chunks(work: Callable[[int, int], None], replicates: int, threads: int) -> None:
    """Call ``work(first, last)`` for all replicates, a chunk at a time, on so many threads."""
    edges = [*range(0, replicates, REPLICATES_A_CHUNK), replicates]
    chunks = list(pairwise(edges))
    for _ in side_by_side(lambda chunk: work(*chunk), chunks, threads):
        pass
