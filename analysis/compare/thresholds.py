"""From which dose on an effect is larger than a level, with the doses that are as good an answer.

Between the doses lived the curve is taken as straight. The interval holds the doses at which the
level is in the effect's own interval, so it may have no end where nothing lived is clear.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from analysis.compare.asked import outcome_and_number
from sim.errors import InputError

__all__ = ["EffectLevel", "Threshold", "effect_level_of", "threshold"]


class EffectLevel(NamedTuple):
    """What an effect is to exceed: downwards below zero, in the unit in which it is shown."""

    outcome: str
    value: float


class Threshold(NamedTuple):
    """The first dose, in the order from least to most, whose effect is past a level.

    Attributes
    ----------
    dose, least, most : float
        nan where no dose lived is past it; `least` is nan where even the first may be, and where
        even the last clearly is not; `most` where even the last may not be.
    from_start : bool
        Whether the first dose lived is past it already.
    surely_none : bool
        Whether every dose lived clearly is not past it: the interval lies beyond the last.
    """

    dose: float
    least: float
    most: float
    from_start: bool
    surely_none: bool


def effect_level_of(words: str) -> EffectLevel:
    """The level meant by words such as ``unmet_visits=2`` or ``wellbeing=-0.05``.

    Raises
    ------
    InputError
        If there is no such outcome, or no number but zero.
    """
    name, value = outcome_and_number(words)
    if value == 0:
        raise InputError(
            f"--threshold {words}: give a difference other than 0, as in {name}=0.5 (or -0.5)"
        )
    return EffectLevel(name, value)


def threshold(
    doses: Sequence[float], effect: np.ndarray, reach: np.ndarray, level: float
) -> Threshold:
    """Where a curve passes a level.

    Parameters
    ----------
    doses
        From the least to the most of the cut: rising, or falling.
    effect, reach : ndarray, (doses,)
        Effects and half-widths of their intervals.
    level
        Not zero; what counts as past it lies beyond it, seen from zero.
    """
    side = np.sign(level)
    past = side * effect - abs(level)
    likely, surely = (_first(doses, past + by * reach) for by in (1, -1))
    least = np.nan if past[0] + reach[0] > 0 else likely
    none = bool((past + reach <= 0).all())
    return Threshold(_first(doses, past), least, surely, bool(past[0] > 0), none)


def _first(doses: Sequence[float], past: np.ndarray) -> float:
    """The first dose at which a curve is above zero; nan if none is."""
    above = np.flatnonzero(past > 0)
    if not above.size:
        return float("nan")
    at = int(above[0])
    if at == 0:
        return float(doses[0])
    low, high = past[at - 1], past[at]
    return float(doses[at - 1] + (doses[at] - doses[at - 1]) * low / (low - high))
