"""Ties in egos, yes or no: logistic regression with a normal intercept for each ego.

It estimates a *conditional* log odds ratio: between two ties of one ego, or of egos with the same
intercept. That lies further from zero than the marginal one that estimating equations give, and is
not wrong for it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.estimators.contract import Fits, fits_of
from analysis.estimators.designs import checked_clusters
from analysis.estimators.gee import refuse_impossible
from analysis.estimators.kernels import quadrature
from sim.errors import InputError

__all__ = ["NODES", "mixed_logit"]

NODES = 15
"""Points of quadrature; from 10 on estimates move in the sixth digit for networks of usual size."""


def mixed_logit(
    y: object,
    X: object,
    contrast: object,
    *,
    nodes: int = NODES,
    level: float = 0.95,
    columns: Sequence[str] | None = None,
) -> Fits:
    """Fit each replicate by maximum likelihood, with adaptive Gauss-Hermite quadrature.

    Parameters
    ----------
    y : array, (B, n, m)
        0 or 1 for up to m ties of each of n egos; NaN = no such tie, or not seen.
    X : array, (n, m, p) or (B, n, m, p)
    contrast : array, (p,)
    nodes : int
        Points of quadrature, 1 (Laplace's approximation) to 100.
    level : float
        Of the interval.
    columns : sequence of str, optional
        Names of the columns of X, for messages.

    Returns
    -------
    Fits
        Errors from the observed information, of the SD of intercepts too. Student's t with degrees
        of freedom between and within: for a contrast of columns that all vary within egos, rows -
        egos - such columns; otherwise egos - columns that do not (Li & Redden 2015,
        doi 10.1186/s12874-015-0026-x). Not converged: separation, no events, a singular design, 60
        steps. Singular: the SD of intercepts is 0, and the fit plain logistic regression.

    Raises
    ------
    sim.errors.InputError
        Shapes that do not fit, a redundant column, outcomes outside [0, 1], impossible nodes.
    """
    if not 1 <= nodes <= 100:
        raise InputError(f"nodes = {nodes}; right is a whole number from 1 to 100")
    outcome, design, direction = checked_clusters(y, X, contrast, columns)
    refuse_impossible(outcome, "logit")
    points, weights = np.polynomial.hermite.hermgauss(nodes)
    estimate, se, df, sigma = quadrature.fit_mixed_logit(
        outcome, design, direction, points, weights
    )
    return fits_of(estimate, se, df, np.isfinite(se), level, singular=sigma == 0.0)
