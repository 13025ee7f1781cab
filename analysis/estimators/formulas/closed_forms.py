"""Power and precision of tests of one wave, computed and not simulated.

Tests are two-sided and count a rejection on either side. Each function names its source; all are
exact for normal outcomes unless they say otherwise.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import integrate, special, stats

__all__ = [
    "ancova_power",
    "chance_of_half_width",
    "design_effect",
    "smallest",
    "two_sided_power",
    "welch_power",
]

NEAR, FAR = 5.0, 30.0
"""From here on the wrong sign has a chance below 1e-10; from there on the series is not good."""


def two_sided_power(effect: float, se: float, df: float = np.inf, alpha: float = 0.05) -> float:
    """Chance that |estimate / se| exceeds its critical value, se being estimated on df.

    With infinite df a normal test. The noncentral t distribution is `scipy.special.nctdtr`.
    """
    shift = abs(effect) / se
    if np.isinf(df):
        z = special.ndtri(1 - alpha / 2)
        return float(special.ndtr(shift - z) + special.ndtr(-shift - z))
    t = special.stdtrit(df, 1 - alpha / 2)
    if shift > FAR:  # over the normal part by quadrature, over the estimated error exactly
        nodes, weights = special.roots_hermitenorm(40)
        given = special.chdtr(df, df * ((shift + nodes) / t) ** 2)
        return float(weights @ given / weights.sum())
    wrong = float(special.nctdtr(df, shift, -t)) if shift < NEAR else 0.0
    return float(1 - special.nctdtr(df, shift, t) + wrong)


def ancova_power(
    difference: float, sd: float, correlation: float, n1: float, n2: float, alpha: float = 0.05
) -> float:
    """Two groups, adjusted for one normal covariate that correlates with the outcome.

    Given the covariate the test is a noncentral t on n1 + n2 - 3 df; its variance grows with the
    groups' imbalance in the covariate, which follows F(1, n1 + n2 - 2) and is integrated out
    (Shieh 2020, doi 10.1007/s11336-019-09692-3).

    Parameters
    ----------
    sd
        Of the outcome in a group, before adjustment.
    correlation
        Of outcome and covariate within groups.
    """
    total = n1 + n2
    se = sd * np.sqrt((1 - correlation**2) * (1 / n1 + 1 / n2))

    def at(root: float) -> float:
        inflated = se * np.sqrt(1 + root**2 / (total - 2))
        density = 2 * stats.t.pdf(root, total - 2)  # the root of F(1, m) is |t| on m df
        return two_sided_power(difference, inflated, total - 3, alpha) * float(density)

    return float(integrate.quad(at, 0, np.inf, epsabs=1e-10, epsrel=1e-10, limit=200)[0])


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

    For a partially nested trial the units are clusters in one arm and people in the other
    (Roberts and Roberts 2005, doi 10.1191/1740774505cn076oa). An approximation for few units.
    """
    each = [v / k for v, k in zip(variances, units, strict=True)]
    df = sum(each) ** 2 / sum(v**2 / (k - 1) for v, k in zip(each, units, strict=True))
    return two_sided_power(difference, float(np.sqrt(sum(each))), df, alpha)


def chance_of_half_width(
    half_width: float, unit_se: float, df: float, alpha: float = 0.05
) -> float:
    """Chance that half of a t interval is at most so wide (Kupper and Hafner 1989).

    Parameters
    ----------
    unit_se
        True standard error; its estimate has a chi-square on df.
    """
    t = special.stdtrit(df, 1 - alpha / 2)
    return float(special.chdtr(df, df * (half_width / (t * unit_se)) ** 2))


def smallest(reaches: Callable[[int], bool], low: int, high: int) -> int | None:
    """The smallest whole number from low to high from which on a rising condition holds.

    None if it does not hold at `high`.
    """
    if not reaches(high):
        return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if reaches(middle) else (middle + 1, high)
    return high
