"""A chance near 1 from estimates and their intervals, where counting failures would take too long.

An estimate is significant where it lies further from zero than half of its interval reaches. Given
that reach h the estimate is taken for normal, with a mean a + b h and one standard deviation, so
that a study adds its chance of success and not only whether it succeeded. At a chance of .999 this
takes a tenth of the studies. What is assumed is that the tail beyond the critical value is a normal
one; the studies that fail are counted beside it.
"""

from __future__ import annotations

import numpy as np
from scipy import special

__all__ = ["by_normal_tail"]

FEWEST = 20


def by_normal_tail(estimate: np.ndarray, reach: np.ndarray) -> np.ndarray:
    """Values whose mean is the chance of success, and whose spread its error, (R,).

    A value is a study's own chance plus what that study did to the fitted mean and deviation (its
    influence), so that errors of sums of values hold the error of the fit.

    Parameters
    ----------
    estimate, reach : ndarray, (R,)
        NaN where there was no fit, which is no success.
    """
    fitted = np.isfinite(estimate) & np.isfinite(reach)
    values = np.zeros(estimate.size)
    studies = int(fitted.sum())
    if studies < FEWEST:
        values[fitted] = np.abs(estimate[fitted]) >= reach[fitted]
        return values
    y, h = estimate[fitted], reach[fitted]
    design = np.stack([np.ones(studies), h - h.mean()], axis=1)
    inner = np.linalg.pinv(design.T @ design)
    slopes = inner @ (design.T @ y)
    left = y - design @ slopes
    sd = float(np.sqrt((left**2).mean()))
    if sd == 0:
        values[fitted] = np.abs(y) >= h
        return values
    mean = design @ slopes
    above, below = (mean - h) / sd, (-mean - h) / sd
    chance = special.ndtr(above) + special.ndtr(below)
    up, down = _density(above) / sd, _density(below) / sd
    by_mean = design.T @ (up - down)
    by_sd = float(-(up * above + down * below).sum())
    influence = left * (design @ (inner @ by_mean)) + by_sd * (left**2 - sd**2) / (2 * sd * studies)
    values[fitted] = chance + influence
    return values


def _density(z: np.ndarray) -> np.ndarray:
    return np.asarray(np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi))
