"""Models of all waves, and their fixed effects.

Arms that are compared either have a mean each at baseline ("free": outcome on wave, arm and their
product, which is what most fit), or one ("constrained": as randomisation makes them, Liang and
Zeger 2000, Sankhya B 62:134-148, with less error where waves correlate).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from analysis.estimators.asked import Enquiry, OutcomesOfPeople, in_first_arm, level
from analysis.estimators.contract import Fits
from analysis.estimators.known import with_known

__all__ = [
    "all_waves",
    "longitudinal_design",
]


def all_waves(
    asked: Enquiry, studies: OutcomesOfPeople, fit: Callable[..., Fits], *more: object
) -> Fits:
    """The estimate of a model of all waves; `fit` takes outcomes, design, contrast, and `more`."""
    X, contrast = longitudinal_design(asked, in_first_arm(asked, studies.arm))
    if asked.question.about != "mean":  # which would be that of people with covariates of zero
        X, contrast = with_known(X, contrast, studies.known)
    return fit(studies.y, X, contrast, *more, level=level(asked))


def longitudinal_design(asked: Enquiry, first_arm: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Fixed effects of models of all waves, (n, T, p), and the contrast, (p,).

    Parameters
    ----------
    first_arm : ndarray of bool, (n,)
        Who is in the arm named first.
    """
    waves, n = asked.years.size, first_arm.size
    treated = first_arm.astype(np.float64)[:, None, None]
    free = asked.question.baseline != "constrained"
    if asked.question.about == "slope":
        years = np.broadcast_to(asked.years[None, :, None], (n, waves, 1))
        one = np.ones_like(years)
        own = [treated * one] if free else []
        columns = np.concatenate([one, years, *own, treated * years], axis=2)
        return columns, np.eye(columns.shape[2])[-1]
    each = np.broadcast_to(np.eye(waves), (n, waves, waves))
    if asked.question.about == "difference":
        since = 0 if free else 1
        columns = np.concatenate([each, treated * each[:, :, since:]], axis=2)
        return columns, np.eye(columns.shape[2])[waves + asked.wave - since]
    contrast = np.eye(waves)[asked.wave]
    if asked.question.about == "change":
        contrast = contrast - np.eye(waves)[0]
    return np.ascontiguousarray(each), contrast
