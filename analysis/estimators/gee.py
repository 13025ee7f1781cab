"""Generalised estimating equations: effects on the average over egos, robust to clustering.

The working correlation within a cluster is exchangeable or none; the sandwich makes the errors
right even if it is wrong, once there are many clusters. With few, residuals are too small and the
sandwich with them. Two remedies are offered beside the plain one: each cluster's residuals divided
by what the fit left of them (Mancl & DeRouen 2001, doi 10.1111/j.0006-341X.2001.00126.x), or by
the root of it (Kauermann & Carroll 2001, doi 10.1198/016214501753382309), which is unbiased if the
working covariance is true.

Degrees of freedom are Satterthwaite's under the working covariance for "kauermann-carroll"
(Pustejovsky & Tipton 2018, doi 10.1080/07350015.2016.1247004), clusters - p for "mancl-derouen"
and "plain", rows - p for "model".
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.estimators.contract import Fits, fits_of
from analysis.estimators.designs import checked_clusters, checked_weights, one_named
from analysis.estimators.kernels import directions, links
from analysis.estimators.kernels import equations as kernel
from sim.errors import InputError

__all__ = ["GEE_ERRORS", "LINKS", "gee"]

LINKS = {
    "identity": links.IDENTITY,
    "logit": links.LOGIT,
    "log": links.LOG,
    "cloglog": links.CLOGLOG,
}
GEE_ERRORS = {
    "kauermann-carroll": directions.KAUERMANN_CARROLL,
    "mancl-derouen": directions.MANCL_DEROUEN,
    "plain": directions.PLAIN,
    "model": directions.MODEL,
}
WORKING = ("exchangeable", "independence")
NO_GROUPS = np.zeros(0, np.int64)
MOST_ROWS, CLUSTERS_A_GROUP = 6, 4
"""Clusters are told apart by group and rows seen, or weight, where there are few of both."""


def gee(
    y: object,
    X: object,
    contrast: object,
    *,
    link: str = "identity",
    working: str = "exchangeable",
    errors: str = "kauermann-carroll",
    weights: object = None,
    level: float = 0.95,
    columns: Sequence[str] | None = None,
) -> Fits:
    """Fit each replicate by estimating equations; the second axis of y is the cluster.

    Parameters
    ----------
    y : array, (B, n, m)
        Up to m rows of each of n clusters (waves or ties of an ego, egos of a team); NaN = none.
    X : array, (n, m, p) or (B, n, m, p)
    contrast : array, (p,)
    link : {"identity", "logit", "log", "cloglog"}
        With variances 1, mu (1 - mu), mu and mu (1 - mu). The estimate is on the link's scale.
    working : {"exchangeable", "independence"}
    errors : {"kauermann-carroll", "mancl-derouen", "plain", "model"}
        "model" believes the working correlation, and so with "independence" ignores clustering.
    weights : array, (B, n, m), optional
        Of the rows, with working independence alone; zero leaves a row out.
    level : float
        Of the interval.
    columns : sequence of str, optional
        Names of the columns of X, for messages.

    Returns
    -------
    Fits
        Singular: the correlation was kept in range. Not converged: clusters <= p, a singular
        design, separation, no events or spread, 100 steps, or a cluster a coefficient hangs on.

    Raises
    ------
    sim.errors.InputError
        Shapes that do not fit, a redundant column, an unknown word, impossible outcomes or weights.
    """
    one_named("link", link, tuple(LINKS))
    one_named("working", working, WORKING)
    one_named("errors", errors, tuple(GEE_ERRORS))
    outcome, design, direction = checked_clusters(y, X, contrast, columns)
    refuse_impossible(outcome, link)
    if weights is not None and working != "independence":
        raise InputError('weights of rows need working = "independence"')
    estimate, se, df, _, held = kernel.equations(
        outcome,
        design,
        checked_weights(weights, outcome.shape),
        _groups(design) if weights is None or outcome.shape[2] == 1 else NO_GROUPS,
        direction,
        LINKS[link],
        working == "exchangeable",
        GEE_ERRORS[errors],
    )
    return fits_of(estimate, se, df, np.isfinite(se), level, singular=held)


def _groups(design: np.ndarray) -> np.ndarray:
    """Number of the rows that each cluster has, (n,); empty if they are of too many kinds."""
    shared, n, rows, _ = design.shape
    if shared > 1 or rows > MOST_ROWS:
        return NO_GROUPS
    kinds, group = np.unique(design.reshape(n, -1), axis=0, return_inverse=True)
    return NO_GROUPS if len(kinds) * CLUSTERS_A_GROUP > n else group.reshape(-1).astype(np.int64)


def refuse_impossible(y: np.ndarray, link: str) -> None:
    """Raise InputError if outcomes lie where the link has no means."""
    with np.errstate(invalid="ignore"):
        if link in ("logit", "cloglog") and ((y < 0) | (y > 1)).any():
            raise InputError(f'link = "{link}" is for outcomes between 0 and 1; some lie outside')
        if link == "log" and (y < 0).any():
            raise InputError('link = "log" is for outcomes of 0 and more; some are negative')
