"""Linear mixed model with a random intercept per ego, by REML.

y = X b + u + e with u ~ N(0, s_u^2) per ego and e ~ N(0, s^2) per row, both independent. Inference
on one contrast of b is by Student's t with the degrees of freedom of Satterthwaite (Fai and
Cornelius 1996, as in lmerTest) or of Kenward and Roger 1997, who also adjust the standard error.
A variance between egos estimated as zero is a singular fit, and as in lme4 a fit all the same.
"""

from collections.abc import Sequence

import numpy as np

from analysis.estimators.contract import Fits
from analysis.estimators.kernels.random_intercept import fit_chunk
from analysis.estimators.linear_mixed import (
    components_of,
    fit_in_chunks,
    fits_of_rows,
    method_number,
)
from analysis.estimators.panel import panel_of

__all__ = ["random_intercept", "random_intercept_variances"]


def random_intercept(
    y: np.ndarray,
    X: np.ndarray,
    contrast: np.ndarray,
    *,
    df: str = "kenward-roger",
    level: float = 0.95,
    threads: int = 1,
    columns: Sequence[str] | None = None,
) -> Fits:
    """Fit the model to each replicate and estimate one contrast.

    Parameters
    ----------
    y : ndarray, (B, n, T)
    X : ndarray, (n, T, p) or (B, n, T, p)
    contrast : ndarray, (p,)
        See `analysis.estimators.contract`.
    df : {"kenward-roger", "satterthwaite"}
    level : float
        Of the confidence interval.
    threads : int
        The fits are the same for any number.
    columns : sequence of str, optional
        Names of the columns of X, for messages.

    Returns
    -------
    Fits
        Not converged where a replicate has no ego seen twice, no more rows than columns, columns
        that its missing rows have made dependent, or no variance within egos.

    Raises
    ------
    sim.errors.InputError
        If shapes do not fit together, a column of X is redundant, or `df` is unknown.
    """
    return fits_of_rows(_fitted(y, X, contrast, df, threads, columns), level)


def random_intercept_variances(y: np.ndarray, X: np.ndarray, *, threads: int = 1) -> np.ndarray:
    """REML estimates of the variances between and within egos, (B, 2); NaN where there is no fit.

    Raises
    ------
    sim.errors.InputError
        As `random_intercept`.
    """
    return components_of(_fitted(y, X, np.ones(np.shape(X)[-1]), "satterthwaite", threads, None))


def _fitted(
    y: np.ndarray,
    X: np.ndarray,
    contrast: np.ndarray,
    df: str,
    threads: int,
    columns: Sequence[str] | None,
) -> np.ndarray:
    method, panel = method_number(df), panel_of(y, X, contrast, columns)
    return fit_in_chunks(fit_chunk, panel, (method,), 2, threads)
