"""Mixed model for repeated measures, by REML: fixed effects and a covariance between waves.

The covariance of an ego's outcomes is unstructured, or has compound symmetry: equal variances and
equal covariances, which unlike a random intercept may be negative. Egos with missing waves
contribute what was seen. Inference on one contrast is by Student's t with the degrees of freedom
of Satterthwaite, or of Kenward and Roger with the covariance's own elements as parameters.
"""

from collections.abc import Sequence

import numpy as np

from analysis.estimators.contract import Fits
from analysis.estimators.kernels.descent import LINEAR
from analysis.estimators.linear_mixed import components_of, fit_rows, fits_of_rows
from sim.errors import InputError, nearest

__all__ = ["mmrm", "mmrm_covariance"]

MOST_WAVES = 6
STRUCTURES = ("unstructured", "compound symmetry")


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
        Not converged where columns are dependent over the rows seen, where two waves were never
        seen in one ego, or where the likelihood has no maximum at a positive definite covariance.

    Raises
    ------
    sim.errors.InputError
        If there are fewer than 2 waves or more than 6, if the covariance is unknown, and as
        `random_intercept`.
    """
    covariances = _covariances(covariance, np.shape(y))
    rows = fit_rows(y, X, contrast, covariances, LINEAR, df=df, threads=threads, columns=columns)
    return fits_of_rows(rows, level)


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
        y, X, contrast, covariances, LINEAR, df="satterthwaite", threads=threads, columns=None
    )
    gammas = components_of(rows)
    return np.tensordot(gammas, covariances, axes=1)


def _covariances(structure: str, shape: tuple[int, ...]) -> np.ndarray:
    waves = shape[-1]
    if not 2 <= waves <= MOST_WAVES:
        raise InputError(f"a model for repeated measures takes 2 to 6 waves; y has {waves}")
    if structure not in STRUCTURES:
        known = nearest(structure, STRUCTURES) or f"; known: {', '.join(STRUCTURES)}"
        raise InputError(f'there is no covariance called "{structure}"{known}')
    if structure == "compound symmetry":
        return np.stack([np.ones((waves, waves)), np.eye(waves)])
    pairs = [(t, u) for t in range(waves) for u in range(t + 1)]
    made = np.zeros((len(pairs), waves, waves))
    for one, (t, u) in zip(made, pairs, strict=True):
        one[t, u] = one[u, t] = 1.0
    return made
