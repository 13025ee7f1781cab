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
    bound : str
        The same if the best fit itself lies there, and the scenario's own value does not.
    """

    path: str
    identified: bool
    width: float
    reason: str
    edge: str
    bound: str = ""


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
        fit.best,
        np.array([one.start for one in fit.recipe.free]),
    )


def judge(
    paths: list[str],
    ranges: Box,
    interval: Box,
    draws: np.ndarray,
    best: np.ndarray | None = None,
    starts: np.ndarray | None = None,
) -> tuple[Learned, ...]:
    """As `learned`, from parts: names, ranges, 90 % intervals, draws (n, p), best fit, starts."""
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
        edge = _end(interval.low[k], interval.high[k], ranges.low[k], ranges.high[k])
        bound = ""
        if best is not None and starts is not None:
            ends = [_end(one[k], one[k], ranges.low[k], ranges.high[k]) for one in (best, starts)]
            bound = ends[0] if ends[0] != ends[1] else ""
        found.append(Learned(path, not reason, float(shares[k]), reason, edge, bound))
    return tuple(found)


def _end(low: float, high: float, lowest: float, highest: float) -> str:
    """Which end of a range something reaches, if any."""
    near = AT_EDGE * (highest - lowest)
    if highest - high < near:
        return "highest"
    return "lowest" if low - lowest < near else ""
