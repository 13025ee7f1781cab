"""Mixed model for repeated measures, by REML: fixed effects and a covariance between waves.

The covariance of an ego's outcomes is unstructured, or has compound symmetry: equal variances and
equal covariances, which unlike a random intercept may be negative. Egos with missing waves
contribute what was seen. Inference on one contrast is by Student's t with the degrees of freedom
of Satterthwaite, or of Kenward and Roger with the covariance's own elements as parameters.

Where few people are seen at all waves all these degrees of freedom are too many: what people lack
is filled in from what a handful say of the last wave given those before. "complete cases" has no
more of them than that regression, people seen at all waves less the columns that tell people apart
and the earlier waves; and its errors come from the observed information, which unlike the expected
one is right where staying away hangs on earlier waves (Kenward and Molenberghs 1998).
"""

from collections.abc import Sequence

import numpy as np

from analysis.estimators.contract import Fits, fits_of
from analysis.estimators.kernels.descent import LINEAR
from analysis.estimators.kernels.results import KENWARD_ROGER_MAR, SATTERTHWAITE
from analysis.estimators.linear_mixed import (
    components_of,
    fit_rows,
    fits_of_rows,
    method_number,
)
from sim.errors import InputError, meant_or_known

__all__ = ["mmrm", "mmrm_covariance"]

MOST_WAVES = 6
STRUCTURES = ("unstructured", "compound symmetry")
COMPLETE_CASES = "complete cases"


def mmrm(
    y: np.ndarray,
    X: np.ndarray,
    contrast: np.ndarray,
    *,
    covariance: str = "unstructured",
    df: str = "kenward-roger",
    level: float = 0.95,
    threads: int = 1,
    columns: Sequence[str] | None = None,
) -> Fits:
    """Fit the model to each replicate and estimate one contrast.

    Parameters
    ----------
    y : ndarray, (B, n, T)
        At 2 to 6 waves.
    X : ndarray, (n, T, p) or (B, n, T, p)
    contrast : ndarray, (p,)
        See `analysis.estimators.contract`.
    covariance : {"unstructured", "compound symmetry"}
    df : {"kenward-roger", "satterthwaite", "complete cases"}
        The last are Kenward and Roger's, and at most what complete cases allow where any wave of
        anybody is missing.
    level : float
        Of the confidence interval.
    threads : int
        The fits are the same for any number.
    columns : sequence of str, optional
        Names of the columns of X, for messages.

    Returns
    -------
    Fits
        Not converged where columns are dependent over the rows seen, where two waves were never
        seen in one ego, where no degrees of freedom are left, or where the likelihood has no
        maximum at a positive definite covariance.

    Raises
    ------
    sim.errors.InputError
        If there are fewer than 2 waves or more than 6, if the covariance is unknown, and as
        `random_intercept`.
    """
    covariances = _covariances(covariance, np.shape(y))
    method = KENWARD_ROGER_MAR if df == COMPLETE_CASES else method_number(df)
    rows = fit_rows(
        y, X, contrast, covariances, LINEAR, method=method, threads=threads, columns=columns
    )
    fits = fits_of_rows(rows, level)
    if df != COMPLETE_CASES:
        return fits
    most = np.fmin(fits.df, _of_complete_cases(np.asarray(y), np.asarray(X)))
    return fits_of(fits.estimate, fits.se, most, fits.converged, level, singular=fits.singular)


def mmrm_covariance(
    y: np.ndarray, X: np.ndarray, *, covariance: str = "unstructured", threads: int = 1
) -> np.ndarray:
    """REML estimates of the covariance between waves, (B, T, T); NaN where there is no fit.

    Raises
    ------
    sim.errors.InputError
        As `mmrm`.
    """
    covariances = _covariances(covariance, np.shape(y))
    contrast = np.ones(np.shape(X)[-1])
    rows = fit_rows(
        y, X, contrast, covariances, LINEAR, method=SATTERTHWAITE, threads=threads, columns=None
    )
    gammas = components_of(rows)
    return np.tensordot(gammas, covariances, axes=1)


def _covariances(structure: str, shape: tuple[int, ...]) -> np.ndarray:
    waves = shape[-1]
    if not 2 <= waves <= MOST_WAVES:
        raise InputError(f"a model for repeated measures takes 2 to 6 waves; y has {waves}")
    if structure not in STRUCTURES:
        known = meant_or_known(structure, STRUCTURES)
        raise InputError(f'there is no covariance called "{structure}"{known}')
    if structure == "compound symmetry":
        return np.stack([np.ones((waves, waves)), np.eye(waves)])
    pairs = [(t, u) for t in range(waves) for u in range(t + 1)]
    made = np.zeros((len(pairs), waves, waves))
    for one, (t, u) in zip(made, pairs, strict=True):
        one[t, u] = one[u, t] = 1.0
    return made


def _of_complete_cases(y: np.ndarray, X: np.ndarray) -> np.ndarray:
    """Degrees of freedom of the last wave given those before, (B,); infinite if all was seen."""
    seen = ~np.isnan(y)
    complete = seen.all(axis=2).sum(axis=1)
    of_one = np.nan_to_num(X.reshape(-1, *X.shape[-3:])[0])
    columns = max(np.linalg.matrix_rank(of_one[:, wave]) for wave in range(y.shape[2]))
    left = complete - columns - (y.shape[2] - 1)
    missed = (seen.any(axis=2) & ~seen.all(axis=2)).any(axis=1)
    return np.where(missed, left, np.inf)
