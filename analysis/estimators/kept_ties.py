"""The share of ties that still stand at an interview."""

from __future__ import annotations

import numpy as np

from analysis.estimators.contract import Fits
from analysis.estimators.gee import gee

__all__ = ["kept_ties"]


def kept_ties(standing: object, *, level: float = 0.95) -> Fits:
    """Share of ties that stand, every tie alike, with errors robust to what an ego's ties share.

    Parameters
    ----------
    standing : array, (B, n, m)
        1 the tie stands, 0 it does not, NaN no such tie, or its ego was not seen.
    level : float
        Of the interval.

    Returns
    -------
    Fits
        As from `gee` with the identity link and working independence.

    Raises
    ------
    sim.errors.InputError
        As from `gee`.
    """
    y = np.asarray(standing, np.float64)
    X = np.ones((*y.shape[1:], 1))
    return gee(y, X, [1.0], working="independence", level=level)
