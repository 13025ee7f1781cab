"""Chances of going ahead, of pausing and of stopping, by the binomial distribution."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import stats

from analysis.feasibility.settings import Criterion

__all__ = ["Chances", "Errors", "chances", "errors_of", "people_that_tell"]

ALMOST = 1e-9
MOST_PEOPLE = 5_000


class Chances(NamedTuple):
    """Of what is observed against a criterion: they add up to 1.

    Attributes
    ----------
    go, amber, stop : float
    """

    go: float
    amber: float
    stop: float


class Errors(NamedTuple):
    """How a criterion misleads.

    Attributes
    ----------
    wrong_go : float
        Chance of going ahead where the share is no better than where the trial stops.
    wrong_stop : float
        Chance of stopping where it is as good as asked for.
    """

    wrong_go: float
    wrong_stop: float


def chances(one: Criterion, n: int, true: float) -> Chances:
    """Chances in a study of n people if the share is `true`."""
    m = one.people(n)
    counted = stats.binom(m, true)
    if one.more_is_better:
        go = counted.sf(np.ceil(one.go * m - ALMOST) - 1)
        stop = counted.cdf(np.ceil(one.stop * m - ALMOST) - 1)
    else:
        go = counted.cdf(np.floor(one.go * m + ALMOST))
        stop = counted.sf(np.floor(one.stop * m + ALMOST))
    return Chances(float(go), float(max(1 - go - stop, 0.0)), float(stop))


def errors_of(one: Criterion, n: int) -> Errors:
    """How a study of n people misleads."""
    return Errors(chances(one, n, one.stop).go, chances(one, n, one.go).stop)


def people_that_tell(one: Criterion, alpha: float, power: float) -> int | None:
    """People from which on a count tells a share as good as asked for from one where to stop.

    The smallest number of people such that it and every larger one has a count that is reached
    with a chance of at most alpha if the share is `stop`, and of at least `power` if it is `go`:
    the exact form of the test of Lewis et al. 2021 (doi 10.1186/s40814-021-00770-x).

    Returns
    -------
    int or None
        None if more than 5,000.
    """
    bad, good = (one.stop, one.go) if one.more_is_better else (1 - one.stop, 1 - one.go)
    n = np.arange(1, MOST_PEOPLE + 1)
    m = np.maximum(np.round(n * one.counted), 1)
    reached = stats.binom.isf(alpha, m, bad) + 1  # the least count with a chance of at most alpha
    enough = stats.binom.sf(reached - 1, m, good) >= power
    last = np.flatnonzero(~enough)
    if not last.size:
        return 1
    return None if last[-1] == n.size - 1 else int(n[last[-1] + 1])
