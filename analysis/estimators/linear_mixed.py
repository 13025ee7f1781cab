"""What the mixed models share: a choice of degrees of freedom, and rows of results made fits."""

from collections.abc import Callable, Sequence

import numpy as np

from analysis.estimators.contract import Fits, fits_of
from analysis.estimators.kernels import results
from analysis.estimators.kernels.linear_mixed import fit_mixed_chunk
from analysis.estimators.panel import PanelRows, in_chunks, panel_of
from sim.errors import InputError, meant_or_known

__all__ = ["components_of", "fit_in_chunks", "fit_rows", "fits_of_rows", "method_number"]

METHODS = {
    "satterthwaite": results.SATTERTHWAITE,
    "kenward-roger": results.KENWARD_ROGER,
}


def method_number(name: str) -> int:
    """The kernels' number of a method for degrees of freedom.

    Raises
    ------
    sim.errors.InputError
        If there is none of that name.
    """
    if name not in METHODS:
        known = meant_or_known(name, METHODS)
        raise InputError(f'there are no degrees of freedom called "{name}"{known}')
    return METHODS[name]


def fit_rows(
    y: np.ndarray,
    X: np.ndarray,
    contrast: np.ndarray,
    covariances: np.ndarray,
    kind: int,
    *,
    method: int,
    threads: int,
    columns: Sequence[str] | None,
) -> np.ndarray:
    """Fit a model whose covariance is linear in its parameters; a row of results per replicate.

    Parameters
    ----------
    covariances : ndarray, (k, T, T)
        The covariance of a complete ego is a sum of these times the k parameters; the identity is
        one such sum.
    kind : int
        Parametrisation, by the numbers of `kernels.descent`.
    method : int
        Of `kernels.results`.
    """
    panel = panel_of(y, X, contrast, columns)
    flat = covariances.reshape(len(covariances), -1)
    identity = np.linalg.lstsq(flat.T, np.eye(y.shape[2]).ravel(), rcond=None)[0]
    settings = (covariances, identity, kind, method)
    return fit_in_chunks(fit_mixed_chunk, panel, settings, len(covariances), threads)


def fit_in_chunks(
    kernel: Callable[..., None],
    panel: PanelRows,
    settings: tuple[object, ...],
    components: int,
    threads: int,
) -> np.ndarray:
    """Rows of results, one per replicate, from a kernel that fits a chunk of them.

    Parameters
    ----------
    kernel : callable
        Takes the parts of a panel, `settings`, and the rows to fill.
    components : int
        Parameters of the covariance, at the end of each row.
    """
    rows = np.empty((len(panel.y), results.COMPONENTS + components))

    def work(first: int, last: int) -> None:
        own = panel.X if len(panel.X) == 1 else panel.X[first:last]
        kernel(
            panel.y[first:last], own, panel.group, panel.pooled, panel.contrast, panel.per_unit,
            *settings, rows[first:last],
        )  # fmt: skip

    in_chunks(work, len(rows), threads)
    return rows


def components_of(rows: np.ndarray) -> np.ndarray:
    """Parameters of the covariance in rows of results; NaN where there is no fit."""
    converged = rows[:, [results.CONVERGED]] > 0
    return np.where(converged, rows[:, results.COMPONENTS :], np.nan)


def fits_of_rows(rows: np.ndarray, level: float) -> Fits:
    """The fits in rows of results, with interval and p-value."""
    return fits_of(
        rows[:, results.ESTIMATE],
        np.sqrt(np.maximum(rows[:, results.VARIANCE], 0)),
        rows[:, results.DF],
        rows[:, results.CONVERGED] > 0,
        level,
        singular=rows[:, results.SINGULAR] > 0,
    )
