"""Inverse probability weights for attrition: those seen stand for those like them who were not.

At each wave, in each arm, being seen is modelled among those seen at all waves before, by the last
recorded outcome (and covariates). A weight is the product over waves of the arm's share seen over
the modelled one (Robins, Rotnitzky & Zhao 1995, doi 10.1080/01621459.1995.10476493; stabilised as
Robins, Hernan & Brumback 2000). Right if being seen depends on what was recorded (MAR) and nobody's
chance is zero; wrong if it depends on what was not (MNAR). Who returns after a missed wave is left
out from that wave on. Errors take the weights as known, which errs on the cautious side.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.estimators.ancova import ancova
from analysis.estimators.contract import Fits
from analysis.estimators.designs import in_columns
from analysis.estimators.gee import gee
from analysis.estimators.kernels.retention import seen_weights
from sim.errors import InputError

__all__ = ["ancova_weighted", "attrition_weights", "gee_weighted"]


def attrition_weights(panel: object, arm: object, *covariates: object) -> np.ndarray:
    """Stabilised weights of each ego at each wave, (B, n, T).

    Parameters
    ----------
    panel : array, (B, n, T)
        Outcomes, the first wave being the baseline; NaN = not seen.
    arm : array, (n,) or (B, n)
        0 or 1.
    *covariates : array, (n,) or (B, n)
        Further predictors of being seen, known of all.

    Returns
    -------
    ndarray, (B, n, T)
        1 at baseline, 0 from the first missed wave on; an arm in which nobody is missed keeps its
        weights. All NaN for a replicate in which a model cannot be fitted: egos at risk who do not
        differ. Being seen is modelled with Firth's correction, so that separation does no harm.

    Raises
    ------
    sim.errors.InputError
        Shapes that do not fit, arms other than 0 and 1, a covariate that is missing.
    """
    values = np.ascontiguousarray(panel, np.float64)
    if values.ndim != 3 or np.isinf(values).any():
        raise InputError(f"panel has shape {values.shape}; right is (B, n, T), finite or NaN")
    of = in_columns(values.shape[:2], arm)
    of = np.ascontiguousarray(of[..., 0]).reshape(-1, values.shape[1])
    if not np.isin(of, (0.0, 1.0)).all():
        raise InputError("arm is to be 0 or 1 for every ego")
    beside = np.zeros((1, values.shape[1], 0))
    if covariates:
        stacked = in_columns(values.shape[:2], *covariates)
        beside = np.ascontiguousarray(stacked).reshape(-1, *stacked.shape[-2:])
        if not np.isfinite(beside).all():
            raise InputError("a covariate of the weights is missing or infinite")
    return seen_weights(values, of, beside)


def ancova_weighted(
    panel: object, arm: object, wave: int, *covariates: object, level: float = 0.95
) -> Fits:
    """ANCOVA at a wave of a panel, each ego weighted for those lost on the way there.

    Parameters
    ----------
    panel, arm, *covariates
        As for `attrition_weights`; covariates enter the weights alone.
    wave : int
        Which wave, from 1.
    level : float
        Of the interval.

    Returns
    -------
    Fits
        As from `ancova`, with HC2 errors; not converged also where the weights failed.

    Raises
    ------
    sim.errors.InputError
        As from `attrition_weights` and `ancova`, or an impossible wave.
    """
    values = np.asarray(panel, np.float64)
    if values.ndim == 3 and not 1 <= wave < values.shape[2]:
        raise InputError(f"wave = {wave}; right are 1 to {values.shape[2] - 1}, 0 is the baseline")
    known = values[..., : wave + 1]
    y, weights = _usable(known, attrition_weights(known, arm, *covariates))
    return ancova(y[..., wave], arm, values[..., 0], weights=weights[..., wave], level=level)


def gee_weighted(
    panel: object,
    arm: object,
    X: object,
    contrast: object,
    *covariates: object,
    link: str = "identity",
    level: float = 0.95,
    columns: Sequence[str] | None = None,
) -> Fits:
    """Estimating equations over the waves of a panel, each row weighted; working independence.

    Parameters
    ----------
    panel, arm, *covariates
        As for `attrition_weights`.
    X, contrast, link, level, columns
        As for `gee`.

    Returns
    -------
    Fits
        As from `gee`; not converged also where the weights failed.

    Raises
    ------
    sim.errors.InputError
        As from `attrition_weights` and `gee`.
    """
    values = np.asarray(panel, np.float64)
    y, weights = _usable(values, attrition_weights(values, arm, *covariates))
    return gee(
        y,
        X,
        contrast,
        link=link,
        working="independence",
        weights=weights,
        level=level,
        columns=columns,
    )


def _usable(values: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Outcomes that are all missing where the weights are, so that no fit comes of them."""
    failed = np.isnan(weights)
    return np.where(failed, np.nan, values), np.where(failed, 0.0, weights)
