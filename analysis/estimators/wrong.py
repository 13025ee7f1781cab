"""Analyses that are wrong on purpose: a stress test has to convict each of them.

Each makes one mistake that is made in print, and no other. (Student's t test on egos whose teams
were allocated needs no function of its own.)
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.estimators.contract import Fits
from analysis.estimators.designs import in_columns
from analysis.estimators.gee import gee
from analysis.estimators.kept_ties import kept_ties
from analysis.estimators.ols import ols
from sim.errors import InputError

__all__ = [
    "complete_cases",
    "kept_with_closed_cases",
    "logit_ignoring_egos",
]


def complete_cases(y: object, arm: object, *, level: float = 0.95) -> Fits:
    """Difference between arms among those seen, as if they were all: wrong under MNAR.

    Where those who do badly are missed, and more of them in one arm, the arms seen are not the arms
    allocated. (With equal mechanisms and losses in both arms there is nothing to convict.)

    Parameters
    ----------
    y : array, (B, n)
    arm : array, (n,) or (B, n)
    level : float

    Returns
    -------
    Fits
        As from `ols`, with HC2 errors.
    """
    outcome = np.asarray(y, np.float64)
    X = in_columns(outcome.shape, 1.0, arm)
    return ols(outcome, X, [0.0, 1.0], level=level, columns=["intercept", "arm"])


def logit_ignoring_egos(
    y: object,
    X: object,
    contrast: object,
    *,
    level: float = 0.95,
    columns: Sequence[str] | None = None,
) -> Fits:
    """Logistic regression on ties as if each had an ego of its own: wrong for what egos share.

    Parameters
    ----------
    y : array, (B, n, m)
    X : array, (n, m, p) or (B, n, m, p)
    contrast : array, (p,)
    level : float
    columns : sequence of str, optional

    Returns
    -------
    Fits
        As from `gee` with working independence and the model's own errors.
    """
    return gee(
        y,
        X,
        contrast,
        link="logit",
        working="independence",
        errors="model",
        level=level,
        columns=columns,
    )


def kept_with_closed_cases(standing: object, closed: object, *, level: float = 0.95) -> Fits:
    """Share of ties that stand if a closed case still counts as one: wrong, it is too large.

    A professional who has discharged a person stays in the records, and on lists made from them.

    Parameters
    ----------
    standing, closed : array, (B, n, m)
        1 or 0; NaN as for `kept_ties`. `closed` marks ties that ended because the case was closed.
    level : float

    Returns
    -------
    Fits
        As from `kept_ties`.

    Raises
    ------
    sim.errors.InputError
        Arrays of different shapes.
    """
    stands, over = np.asarray(standing, np.float64), np.asarray(closed, np.float64)
    if stands.shape != over.shape:
        raise InputError(f"standing has shape {stands.shape}, but closed {over.shape}")
    return kept_ties(np.maximum(stands, over), level=level)
