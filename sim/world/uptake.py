"""Uptake, adherence and decay: what becomes of an offer that a shock makes to people.

Who takes an offer up, and for how long, follows from two uniforms at the person's address, so that
a larger share keeps everybody who was in a smaller one, and stays them no shorter. What is left
of an effect when somebody has stopped goes in eighths, so that a few records of parameters serve
all: each eighth goes after the mean time at which exponential decay passes through it, and the sum
over all weeks is that of exponential decay, to within the rounding to weeks.
"""

from __future__ import annotations

import numpy as np

from sim.world.arithmetic import f4, logarithm
from sim.world.kinds import WEEKS_A_YEAR

__all__ = ["EIGHTHS", "eighths_left", "takes_up", "weeks_of_falls", "weeks_stayed"]

NEVER = np.iinfo(np.int64).max
"""The week of what does not come."""

LONGEST = 10_000_000
"""Weeks after which nobody is told apart from those who never stop."""

EIGHTHS = 8
"""Of an effect, when all of it is there."""

_HALF_LIVES = (0.0942, 0.3010, 0.5426, 0.8331, 1.1976, 1.6878, 2.4427, 4.4427)
"""Mean time at which 2^-t passes through each eighth from the top, in half-lives.

8 (F(b) - F(a)) from a to b, with F(s) = s / ln 2 - s log2 s; their mean is 1 / ln 2.
"""


def takes_up(u: np.ndarray, uptake: float) -> np.ndarray:
    """(n,) bool: whether those of the uniforms `u` take an offer up, a share `uptake` of them."""
    return np.asarray(u) < f4(uptake)


def weeks_stayed(u: np.ndarray, adherence: float) -> np.ndarray:
    """Whole weeks for which each attends: a constant hazard of stopping.

    Parameters
    ----------
    u : ndarray of float32, shape (n,)
        Uniforms; the smaller, the longer.
    adherence : float
        Share still attending after a year, more than 0; 1 means that nobody stops.

    Returns
    -------
    ndarray of int64, shape (n,)
        1 or more, NEVER for those who do not stop. A share `adherence` to the power of t/52 of all
        stays for more than t weeks.
    """
    if adherence >= 1:
        return np.full(np.shape(u), NEVER)
    # in double precision, for a share so near to 1 that float32 could not tell them apart
    in_years = logarithm(np.asarray(u, np.float64)) / logarithm(np.float64(adherence))
    return 1 + np.floor(np.minimum(in_years * WEEKS_A_YEAR, LONGEST)).astype(np.int64)


def weeks_of_falls(half_life: float | None) -> np.ndarray:
    """Weeks after the end at which each eighth of an effect goes, in order.

    Parameters
    ----------
    half_life : float or None
        In weeks; without one everything goes at once.

    Returns
    -------
    ndarray of int64, shape (EIGHTHS,)
    """
    times = np.array(_HALF_LIVES) * (half_life or 0)
    return np.floor(times + 0.5).astype(np.int64)


def eighths_left(weeks: np.ndarray, falls: np.ndarray) -> np.ndarray:
    """Eighths of an effect that are there so many weeks after its end; all of them before it.

    Parameters
    ----------
    weeks : ndarray of int, shape (n,)
        Weeks since the end, below 0 before it.
    falls : ndarray of int64, shape (EIGHTHS,)
        From `weeks_of_falls`.

    Returns
    -------
    ndarray of int64, shape (n,)
    """
    return EIGHTHS - np.searchsorted(falls, weeks, side="right")
