"""What a search is for: the target, what x may be, and how sure the answer is to be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import special

__all__ = ["Crossing", "Rules"]

Z_95 = float(special.ndtri(0.975))


class Rules(NamedTuple):
    """What is searched for and how; see `analysis.planning.search.search`."""

    target: float
    low: float
    high: float
    whole: bool
    precision: float
    by_tail: bool = False

    def scale(self, x: float) -> float:
        """The root of a size, an effect itself: a test's probit is nearly straight in it."""
        return float(np.sqrt(x)) if self.whole else float(x)

    def back(self, s: float) -> float:
        """What has this place on the scale."""
        return max(s, 0.0) ** 2 if self.whole else max(s, 0.0)

    def allowed(self, x: float) -> float:
        """The nearest x that may be asked about; four digits will do, so that points repeat."""
        x = min(max(x, self.low), self.high)
        return float(round(x)) if self.whole else float(f"{x:.4g}")

    def around(self, x: float, shares: Sequence[float], reach: float = 1.0) -> list[float]:
        """What may be asked about x, shares of it being pulled towards 1 by a reach below 1."""
        return [self.allowed(x * (1 + (share - 1) * reach)) for share in shares]

    def sufficient(self, x: float) -> float:
        """The smallest x allowed that is no less than this."""
        return min(max(float(np.ceil(x - 1e-9)), self.low), self.high) if self.whole else x

    @property
    def density(self) -> float:
        """How much a chance at the target changes with its probit."""
        return float(np.exp(-(special.ndtri(self.target) ** 2) / 2) / np.sqrt(2 * np.pi))

    @property
    def error_of_a_study(self) -> float:
        """Error of the probit at the target from one study, counted or by the normal tail."""
        if self.by_tail:
            return float(np.sqrt(1 + special.ndtri(self.target) ** 2 / 2))
        return float(np.sqrt(self.target * (1 - self.target))) / self.density


class Crossing(NamedTuple):
    """Where the curve crosses the target.

    Attributes
    ----------
    at, low, high : float
        With its 95 % interval.
    error : float
        Standard error of `at` as a share of it; infinite if unknown.
    slope : float
        Probits by which the curve rises there as x grows by its own size; NaN if unknown.
    edge : {"", "<=", ">="}
        "<=": the smallest x allowed is enough. ">=": the largest is not.
    reach : float
        Shortens steps on a curve so steep that success would be certain at their ends.
    """

    at: float
    low: float
    high: float
    error: float = np.inf
    slope: float = np.nan
    edge: str = ""
    reach: float = 1.0
