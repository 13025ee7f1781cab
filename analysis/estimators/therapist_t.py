"""Arms compared within therapists: a t test of the differences between their two means."""

from __future__ import annotations

import numpy as np

from analysis.estimators.contract import Fits
from analysis.estimators.kernels.teams import team_means
from analysis.estimators.precision import mean
from sim.errors import InputError

__all__ = ["therapist_t"]


def therapist_t(y: object, arm: object, therapist: object, *, level: float = 0.95) -> Fits:
    """Mean over therapists of the difference between their people of two arms.

    Parameters
    ----------
    y : array, (B, n)
        NaN = not seen.
    arm : array, (n,)
        0 or 1.
    therapist : array of int, (n,)
        0, 1, 2, ..., each with people of both arms.
    level : float
        Of the interval.

    Returns
    -------
    Fits
        Student's t on therapists - 1 degrees of freedom, of those of whom people of both arms were
        seen. Not converged: fewer than two.

    Raises
    ------
    sim.errors.InputError
        Somebody without a therapist, or shapes that do not fit.
    """
    values, of = np.ascontiguousarray(y, np.float64), np.asarray(therapist)
    treated = np.asarray(arm, bool)
    if values.ndim != 2 or of.shape != values.shape[1:] or treated.shape != of.shape:
        raise InputError(
            f"y has shape {values.shape}, arm {treated.shape} and therapist {of.shape}; right are "
            "(B, n), (n,) and (n,)"
        )
    if not np.issubdtype(of.dtype, np.integer) or of.size == 0 or of.min() < 0:
        raise InputError("therapist is to hold whole numbers, 0, 1, 2, ..., of everybody")
    count = int(of.max()) + 1
    unit = (of + count * treated).astype(np.int64)
    means = team_means(values, unit[None], 2 * count)
    return mean(means[:, count:] - means[:, :count], level=level)
