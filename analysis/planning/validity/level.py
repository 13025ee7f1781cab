"""How often an analysis is wrong where it may be wrong one time in twenty: measured, and judged."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from analysis.estimators.contract import Fits
from analysis.trials.performance import Measured, share_of
from analysis.trials.success import significant

__all__ = ["MISSES", "WASTES", "Level", "level_of"]

MISSES, WASTES = 1.2, 0.8
"""Beyond so many times alpha an analysis misses its level; below so many it wastes people."""
Z_99 = float(special.ndtri(0.995))


@dataclass(frozen=True)
class Level:
    """How often a question is answered wrongly at its planned size.

    Attributes
    ----------
    alpha : float
        How often it may be.
    type_i : Measured or None
        Share significant where there is nothing to find; failed fits are not. None where nothing
        like that can be simulated.
    coverage : Measured
        Share of intervals that hold the truth as planned, among the fits.
    """

    alpha: float
    type_i: Measured | None
    coverage: Measured

    @property
    def wrong(self) -> Measured:
        """What is judged: the type I error, or else the share of intervals beside the truth."""
        if self.type_i is not None:
            return self.type_i
        return Measured(1 - self.coverage.value, self.coverage.mcse, self.coverage.n)

    @property
    def misses(self) -> bool:
        """Whether it is wrong too often, by more than chance."""
        one = self.wrong
        return one.value > MISSES * self.alpha and one.value - Z_99 * _error(one) > self.alpha

    @property
    def wastes(self) -> bool:
        """Whether it is wrong more seldom than it may be, by more than chance."""
        one = self.wrong
        return one.value < WASTES * self.alpha and one.value + Z_99 * _error(one) < self.alpha

    @property
    def covers_too_little(self) -> bool:
        """Whether intervals hold the truth too seldom although the test holds its level."""
        beside = 1 - self.coverage.value
        far = beside - Z_99 * _error(self.coverage) > self.alpha
        return not self.misses and beside > MISSES * self.alpha and far

    def price(self, power: float) -> float:
        """Share of the people that a test this cautious takes more than one at its level.

        By the normal approximation: people grow with the square of the sum of two quantiles.
        """
        own, fair = (
            _two_sided(one) + special.ndtri(power) for one in (self.wrong.value, self.alpha)
        )
        return float((own / fair) ** 2 - 1)


def level_of(null: Fits | None, planned: Fits, truth: float, alpha: float) -> Level:
    """The level of one question.

    Parameters
    ----------
    null
        Estimates of studies in which there is nothing to find; None if there are none such.
    planned
        Estimates of studies as planned.
    truth, alpha
        Of the question, as planned.
    """
    type_i = None
    if null is not None:
        type_i = share_of(significant(null, alpha))
    used = planned.converged
    return Level(alpha, type_i, share_of((planned.lo <= truth)[used] & (truth <= planned.hi)[used]))


def _error(one: Measured) -> float:
    """Its Monte Carlo error, were the share one study away from all or nothing at the least."""
    share = np.clip(one.value, 1 / one.n, 1 - 1 / one.n) if one.n else np.nan
    return float(np.sqrt(share * (1 - share) / one.n)) if one.n else np.nan


def _two_sided(alpha: float) -> float:
    return float(-special.ndtri(max(alpha, 1e-12) / 2))
