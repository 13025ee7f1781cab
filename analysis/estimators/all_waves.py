"""Models of all waves, and their fixed effects.

These give both arms one mean at baseline, as randomisation does (Liang and Zeger 2000, Sankhya B
62:134-148): columns for the waves, and for the second arm at each later wave.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from analysis.estimators.asked import Enquiry, OutcomesOfPeople, in_first_arm, level
from analysis.estimators.contract import Fits

__all__ = [
    "all_waves",
    "longitudinal_design",
]


def all_waves(
    asked: Enquiry, studies: OutcomesOfPeople, fit: Callable[..., Fits], *more: object
) -> Fits:
    """The estimate of a model of all waves; `fit` takes outcomes, design, contrast, and `more`."""
    X, contrast = longitudinal_design(asked, in_first_arm(asked, studies.arm))
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
    if asked.question.about == "slope":
        years = np.broadcast_to(asked.years[None, :, None], (n, waves, 1))
        columns = np.concatenate([np.ones_like(years), years, treated * years], axis=2)
        return columns, np.array([0.0, 0.0, 1.0])
    each = np.broadcast_to(np.eye(waves), (n, waves, waves))
    if asked.question.about == "difference":
        columns = np.concatenate([each, treated * each[:, :, 1:]], axis=2)
        contrast = np.zeros(2 * waves - 1)
        contrast[waves + asked.wave - 1] = 1
        return columns, contrast
    contrast = np.eye(waves)[asked.wave]
    if asked.question.about == "change":
        contrast = contrast - np.eye(waves)[0]
    return np.ascontiguousarray(each), contrast
