"""What a fit has learned, parameter by parameter, and what it has not."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from analysis.calibration.fit import Fit

__all__ = ["CONFOUNDED", "LEARNED", "Learned", "learned"]

LEARNED = 2 / 3
"""An interval that is wider than this share of its range's own has hardly learned anything."""

CONFOUNDED = 0.9
"""Correlation in the posterior from which on two parameters cannot be told apart."""


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
    """

    path: str
    identified: bool
    width: float
    reason: str


def learned(fit: Fit) -> tuple[Learned, ...]:
    """Judge every free parameter."""
    return judge(
        [one.path for one in fit.recipe.free],
        np.array([one.high - one.low for one in fit.recipe.free]), fit.high - fit.low, fit.draws,
    )  # fmt: skip


def judge(
    paths: list[str], ranges: np.ndarray, widths: np.ndarray, draws: np.ndarray
) -> tuple[Learned, ...]:
    """As `learned`, from parts: names, widths of ranges and of 90 % intervals, draws (n, p)."""
    shares = widths / (0.9 * ranges)
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
        found.append(Learned(path, not reason, float(shares[k]), reason))
    return tuple(found)
