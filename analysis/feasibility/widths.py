"""How precisely a feasibility study tells a share, an SD, an intracluster correlation."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import stats

__all__ = ["CAUTIOUS", "IccWidth", "SdWidth", "icc_width", "sd_width", "share_width"]

CAUTIOUS = 0.8
"""Level of the upper limit of an SD that is taken for planning (Browne 1995)."""
STEPS = 2_000


class SdWidth(NamedTuple):
    """What n people tell of an SD, as multiples of the true one.

    Attributes
    ----------
    low, high : float
        Where the observed SD lies with the chance of the level.
    cautious : float
        By how much the observed SD is raised to be too small in one study of five only
        (Browne 1995, doi 10.1002/sim.4780141709).
    people : float
        By how many times that makes the trial larger.
    """

    low: float
    high: float
    cautious: float
    people: float


class IccWidth(NamedTuple):
    """Where the interval of an intracluster correlation ends, on average.

    Attributes
    ----------
    low, high : float
    clusters : int
    """

    low: float
    high: float
    clusters: int


def share_width(m: int, share: float, level: float) -> float:
    """Mean width of the Wilson interval of a share of m.

    Wilson 1927, doi 10.1080/01621459.1927.10502953; the mean is over the counts there may be.
    """
    counts = np.arange(m + 1)
    z2 = stats.norm.isf((1 - level) / 2) ** 2
    seen = counts / m
    half = np.sqrt(z2) / (1 + z2 / m) * np.sqrt(seen * (1 - seen) / m + z2 / (4 * m * m))
    return float(2 * half @ stats.binom.pmf(counts, m, share))


def sd_width(n: int, level: float) -> SdWidth | None:
    """What n people tell of the SD of a normal outcome; None for one person."""
    df = n - 1
    if df < 1:
        return None
    ends = stats.chi2.ppf([(1 - level) / 2, (1 + level) / 2], df)
    low, high = np.sqrt(ends / df).tolist()
    cautious = float(np.sqrt(df / stats.chi2.ppf(1 - CAUTIOUS, df)))
    return SdWidth(low, high, cautious, cautious**2)


def icc_width(clusters: int, size: int, icc: float, level: float) -> IccWidth | None:
    """The exact interval of the analysis of variance, on average (Searle 1971).

    Parameters
    ----------
    clusters, size
        Whole clusters and people in each.
    icc
        The true one.
    level
        Of the interval.

    Returns
    -------
    IccWidth or None
        None with fewer than two clusters. Ends below zero are zero.
    """
    if clusters < 2:
        return None
    between, within = clusters - 1, clusters * (size - 1)
    spread = stats.f(between, within)
    # What the ratio of mean squares may be, each as likely as the next.
    ratio = spread.ppf((np.arange(STEPS) + 0.5) / STEPS) * (1 + size * icc / (1 - icc))
    least, most = spread.ppf([(1 - level) / 2, (1 + level) / 2])
    low, high = ratio / most, ratio / least
    ends = [np.clip((one - 1) / (one + size - 1), 0, 1).mean() for one in (low, high)]
    return IccWidth(float(ends[0]), float(ends[1]), clusters)
