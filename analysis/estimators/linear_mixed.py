"""What the models with a covariance linear in its parameters share: from arrays to fits."""

from collections.abc import Sequence

import numpy as np

from analysis.estimators.contract import Fits, fits_of
from analysis.estimators.kernels import linear_mixed as kernel
from analysis.estimators.methods import method_number
from analysis.estimators.panel import in_chunks, panel_of

__all__ = ["fit_rows", "fits_of_rows"]


def fit_rows(
    y: np.ndarray,
    X: np.ndarray,
    contrast: np.ndarray,
    covariances: np.ndarray,
    kind: int,
    *,
    df: str,
    threads: int,
    columns: Sequence[str] | None,
) -> np.ndarray:
    """Fit each replicate; a row of results by the columns of `kernels.linear_mixed`.

    Parameters
    ----------
    covariances : ndarray, (k, T, T)
        The covariance of a complete ego is a sum of these times the k parameters; the identity is
        one such sum.
    kind : int
        Parametrisation, by the numbers of `kernels.descent`.
    """
    method, panel = method_number(df), panel_of(y, X, contrast, columns)
    flat = covariances.reshape(len(covariances), -1)
    identity = np.linalg.lstsq(flat.T, np.eye(y.shape[2]).ravel(), rcond=None)[0]
    rows = np.empty((len(panel.y), kernel.GAMMAS + len(covariances)))

    def work(first: int, last: int) -> None:
        own = panel.X if len(panel.X) == 1 else panel.X[first:last]
        kernel.fit_chunk(
            panel.y[first:last], own, panel.group, panel.pooled, panel.contrast, panel.per_unit,
            covariances, identity, kind, method, rows[first:last],
        )  # fmt: skip

    in_chunks(work, len(rows), threads)
    return rows


def fits_of_rows(rows: np.ndarray, level: float) -> Fits:
    """The fits in rows of results, with interval and p-value."""
    return fits_of(
        rows[:, kernel.ESTIMATE],
        np.sqrt(np.maximum(rows[:, kernel.VARIANCE], 0)),
        rows[:, kernel.DF],
        rows[:, kernel.CONVERGED] > 0,
        level,
        singular=rows[:, kernel.SINGULAR_FIT] > 0,
    )
