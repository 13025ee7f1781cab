"""Closed forms: how many people until a code is seen, and what a study's own counts tell.

They take people to be independent of one another, and `all_seen` codes as well.

Fugard and Potts 2015, doi 10.1080/13645579.2015.1005453; Chao 1987, doi 10.2307/2531532; Chao and
Jost 2012, doi 10.1890/11-1952.1.
"""

from __future__ import annotations

import numpy as np
from scipy import stats

__all__ = ["all_seen", "chao2", "discovery", "expected_coverage", "people_needed", "seen"]

MOST_PEOPLE = 10_000_000


def seen(n: np.ndarray | int, chance: np.ndarray | float, times: int = 1) -> np.ndarray:
    """P(Bin(n, chance) >= times): that a code is seen in enough of n people.

    Parameters
    ----------
    n : int or ndarray of int
    chance : float or ndarray
        That it is seen in one person: prevalence times detection.
    times : int
        People in whom it must be seen.
    """
    found: np.ndarray = stats.binom.sf(times - 1, n, chance)
    return found


def people_needed(chance: float, power: float, times: int = 1) -> int | None:
    """The smallest n at which a code is seen in enough people with so much power.

    That is `times` and a quantile of those who do not have it before them: negative binomial. None
    if it is never seen, or beyond ten million people.
    """
    if chance <= 0:
        return None
    needed = times + stats.nbinom.ppf(power, times, chance)
    return int(needed) if needed <= MOST_PEOPLE else None


def discovery(n: np.ndarray, chances: np.ndarray, times: int = 1) -> np.ndarray:
    """Expected share of C codes seen after n people, of the shape of n.

    Parameters
    ----------
    n : ndarray of int
    chances : ndarray, (C,)
    """
    found: np.ndarray = seen(np.asarray(n)[..., None], chances, times).mean(axis=-1)
    return found


def all_seen(n: np.ndarray, chances: np.ndarray, times: int = 1) -> np.ndarray:
    """Chance that every one of C independent codes has been seen after n people."""
    found: np.ndarray = seen(np.asarray(n)[..., None], chances, times).prod(axis=-1)
    return found


def chao2(people: np.ndarray, n: np.ndarray | int) -> np.ndarray:
    """How many codes there are, seen or not, by the codes seen in one person and in two.

    S + (n - 1)/n * Q1^2 / (2 Q2), with Q1 (Q1 - 1) / 2 for the last fraction if Q2 = 0.

    Parameters
    ----------
    people : ndarray of int, (..., C)
        In how many people each code was seen.
    n : int or ndarray of int, (...)
        People interviewed.
    """
    once, twice = (people == 1).sum(axis=-1), (people == 2).sum(axis=-1)
    unseen = np.where(twice > 0, once**2 / (2 * np.maximum(twice, 1)), once * (once - 1) / 2)
    found: np.ndarray = (people > 0).sum(axis=-1) + (n - 1) / n * unseen
    return found


def expected_coverage(people: np.ndarray, n: np.ndarray | int) -> np.ndarray:
    """Estimated coverage: chance that a code of one more person has been seen before.

    1 - Q1/U * A, U being all sightings and A = (n - 1) Q1 / ((n - 1) Q1 + 2 Q2); where Q2 = 0,
    (n - 1)(Q1 - 1) / ((n - 1)(Q1 - 1) + 2). NaN if nothing has been seen.

    Parameters
    ----------
    people, n
        As for `chao2`.
    """
    once, twice = (people == 1).sum(axis=-1), (people == 2).sum(axis=-1)
    total = people.sum(axis=-1)
    top = (n - 1) * np.where(twice > 0, once, np.maximum(once - 1, 0))
    rest = np.where(twice > 0, 2 * twice, 2)
    with np.errstate(invalid="ignore", divide="ignore"):
        found: np.ndarray = np.where(total > 0, 1 - once / total * top / (top + rest), np.nan)
    return found
