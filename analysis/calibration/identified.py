"""What a fit has learned, parameter by parameter, and what it has not."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from analysis.calibration.fit import Fit
from analysis.calibration.surface import Box

__all__ = ["CONFOUNDED", "LEARNED", "Learned", "learned"]

LEARNED = 2 / 3
"""An interval that is wider than this share of its range's own has hardly learned anything."""

CONFOUNDED = 0.9
"""Correlation in the posterior from which on two parameters cannot be told apart."""


AT_EDGE = 0.02
"""An interval that ends so near the end of the range, as a share of it, ends because of it."""


class Learned(NamedTuple):
    """What is known of one parameter after a fit.

    Attributes
    ----------
    path : str
    identified : bool
    width : float
        Of the interval, as a share of what it would be without any target.
    reason : str
        Why it is not identified; "" if it is.
    edge : str
        "lowest" or "highest" if the interval reaches that end of the range; else "".
    """

    path: str
    identified: bool
    width: float
    reason: str
    edge: str


def learned(fit: Fit) -> tuple[Learned, ...]:
    """Judge every free parameter."""
    return judge(
        [one.path for one in fit.recipe.free],
        Box(
            np.array([one.low for one in fit.recipe.free]),
            np.array([one.high for one in fit.recipe.free]),
        ),
        Box(fit.low, fit.high),
        fit.draws,
    )


def judge(paths: list[str], ranges: Box, interval: Box, draws: np.ndarray) -> tuple[Learned, ...]:
    """As `learned`, from parts: names, ranges, 90 % intervals, draws (n, p)."""
    width = ranges.high - ranges.low
    shares = (interval.high - interval.low) / (0.9 * width)
    together = np.atleast_2d(np.corrcoef(draws, rowvar=False)) - np.eye(len(paths))
    found = []
    for k, path in enumerate(paths):
        partner = int(np.abs(together[k]).argmax())
        correlation = float(together[k, partner])
        reason = ""
        if shares[k] > LEARNED:
            reason = f"the interval is {100 * min(shares[k], 1):.0f} % as wide as without targets"
        elif abs(correlation) > CONFOUNDED:
            reason = f"confounded with {paths[partner]} (correlation {correlation:.2f})"
        edge = "lowest" if interval.low[k] - ranges.low[k] < AT_EDGE * width[k] else ""
        if ranges.high[k] - interval.high[k] < AT_EDGE * width[k]:
            edge = "highest"
        found.append(Learned(path, not reason, float(shares[k]), reason, edge))
    return tuple(found)
