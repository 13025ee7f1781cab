"""Power and precision of tests of one wave, computed and not simulated.

Tests are two-sided and count a rejection on either side. All are exact for normal outcomes unless
they say otherwise. A source is named where its printed examples are found again; the others are
derived here, and simulation and R agree with them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable

import numpy as np
from scipy import special

__all__ = [
    "adjusted_powers",
    "ancova_power",
    "ancova_powers",
    "chance_of_half_width",
    "chances_of_half_width",
    "design_effect",
    "smallest",
    "two_sided_power",
    "two_sided_powers",
    "welch_power",
]

NEAR, FAR = 5.0, 30.0
"""From here on the wrong sign has a chance below 1e-10; from there on the series is not good."""
IMBALANCES = 24
"""Points of the distribution of the groups' imbalance in a covariate."""


def two_sided_power(effect: float, se: float, df: float = np.inf, alpha: float = 0.05) -> float:
    """Chance that |estimate / se| exceeds its critical value, se being estimated on df.

    With infinite df a normal test. The noncentral t distribution is `scipy.special.nctdtr`.
    """
    shift = abs(effect) / se
    if np.isinf(df):
        z = special.ndtri(1 - alpha / 2)
        return float(special.ndtr(shift - z) + special.ndtr(-shift - z))
    return float(two_sided_powers(np.array([shift]), np.array([float(df)]), alpha)[0])


def two_sided_powers(shift: np.ndarray, df: np.ndarray, alpha: float = 0.05) -> np.ndarray:
    """The same for many effects in standard errors and their finite df, arrays of one shape."""
    t = special.stdtrit(df, 1 - alpha / 2)
    wrong = np.where(shift < NEAR, special.nctdtr(df, shift, -t), 0.0)
    found = np.asarray(1 - special.nctdtr(df, shift, t) + wrong)
    far = shift > FAR
    if far.any():  # over the normal part by quadrature, over the estimated error exactly
        nodes, weights = special.roots_hermitenorm(40)
        each = df[far, None]
        given = special.chdtr(each, each * ((shift[far, None] + nodes) / t[far, None]) ** 2)
        found[far] = given @ weights / weights.sum()
    return found


def ancova_power(
    difference: float, sd: float, correlation: float, n1: float, n2: float, alpha: float = 0.05
) -> float:
    """Two groups, adjusted for one normal covariate that correlates with the outcome.

    Given the covariate the test is a noncentral t on n1 + n2 - 3 df; its variance grows with the
    groups' imbalance in the covariate, which follows F(1, n1 + n2 - 2) and is integrated out.

    Parameters
    ----------
    sd
        Of the outcome in a group, before adjustment.
    correlation
        Of outcome and covariate within groups.
    """
    groups = np.array([n1], np.float64), np.array([n2], np.float64)
    return float(ancova_powers(difference, sd, correlation, *groups, alpha)[0])


def ancova_powers(
    difference: float,
    sd: float,
    correlation: float,
    n1: np.ndarray,
    n2: np.ndarray,
    alpha: float = 0.05,
) -> np.ndarray:
    """The same for many sizes of the groups, arrays (K,).

    The root of F(1, m) is |t| on m df; the integral is over its upper tail, in the fourth root of
    that, where the integrand is smooth to the end.
    """
    se = sd * np.sqrt((1 - correlation**2) * (1 / n1 + 1 / n2))
    return adjusted_powers(abs(difference) / se, n1 + n2 - 2, alpha)


def adjusted_powers(shift: np.ndarray, df: np.ndarray, alpha: float = 0.05) -> np.ndarray:
    """Tests on so many df that are adjusted for one normal covariate more, which takes one of them.

    Parameters
    ----------
    shift, df : ndarray, (K,)
        Effects in the standard errors that the design would give with the covariate's variance
        taken off, and degrees of freedom without it.
    """
    at, weights = special.roots_legendre(IMBALANCES)
    m = df[:, None]
    tail = (1 + at) / 2
    root = -special.stdtrit(m, tail**4 / 2)
    shift = shift[:, None] / np.sqrt(1 + root**2 / m)
    powers = two_sided_powers(shift, np.broadcast_to(m - 1, shift.shape), alpha)
    return np.asarray(powers @ (weights * 2 * tail**3))


def design_effect(size: float, icc: float, size_cv: float = 0.0) -> float:
    """By what factor clusters inflate a variance: 1 + ((cv^2 + 1) m - 1) icc.

    Eldridge, Ashby and Kerry 2006 (doi 10.1093/ije/dyl129).
    """
    return 1 + ((size_cv**2 + 1) * size - 1) * icc


def welch_power(
    difference: float,
    variances: tuple[float, float],
    units: tuple[float, float],
    alpha: float = 0.05,
) -> float:
    """Two means of units of unequal variance, df by Satterthwaite from the true variances.

    For a partially nested trial the units are clusters in one arm and people in the other. An
    approximation for few units.
    """
    each = [v / k for v, k in zip(variances, units, strict=True)]
    df = sum(each) ** 2 / sum(v**2 / (k - 1) for v, k in zip(each, units, strict=True))
    return two_sided_power(difference, float(np.sqrt(sum(each))), df, alpha)


def chance_of_half_width(
    half_width: float, unit_se: float, df: float, alpha: float = 0.05
) -> float:
    """Chance that half of a t interval is at most so wide.

    Parameters
    ----------
    unit_se
        True standard error; its estimate has a chi-square on df.
    """
    return float(chances_of_half_width(half_width, np.array([unit_se]), np.array([df]), alpha)[0])


def chances_of_half_width(
    half_width: float, unit_se: np.ndarray, df: np.ndarray, alpha: float = 0.05
) -> np.ndarray:
    """The same for many standard errors and their df, arrays of one shape."""
    t = special.stdtrit(df, 1 - alpha / 2)
    return np.asarray(special.chdtr(df, df * (half_width / (t * unit_se)) ** 2))


def smallest(reaches: Callable[[int], bool], low: int, high: int) -> int | None:
    """The smallest whole number from low to high from which on a rising condition holds.

    None if it does not hold at `high`.
    """
    if not reaches(high):
        return None
    return low + bisect_left(range(low, high), True, key=reaches)
