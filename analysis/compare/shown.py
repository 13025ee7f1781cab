"""Figures as they are shown: in their units, with error and ends of the interval."""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.compare.estimates import Figures
from analysis.compare.outcomes import LIFE_OUTCOMES

__all__ = ["PER", "ShownFigures", "figure_or_none", "no_figure", "unit_of_change"]

Row = dict[str, Any]
PER = np.array([one.per for one in LIFE_OUTCOMES])
"""By which each outcome is multiplied where it is shown."""


class ShownFigures:
    """Figures as they are shown: with error and ends of the interval.

    Parameters
    ----------
    figures : Figures
    per : ndarray or float
        By which they are multiplied; by default they are of all outcomes, each in its unit.
    """

    def __init__(self, figures: Figures, per: np.ndarray | float = PER) -> None:
        value, reach = figures.value * per, figures.reach * per
        ends = {"": value, "_mcse": figures.mcse * per, "_lo": value - reach, "_hi": value + reach}
        self.ends = ends

    def row(self, name: str, *at: int) -> Row:
        """One figure: value, error and ends under names that begin with `name`."""
        return {f"{name}{end}": float(values[at]) for end, values in self.ends.items()}


def no_figure(name: str) -> Row:
    """The row of a figure that is not told: everything missing."""
    return {f"{name}{end}": float("nan") for end in ("", "_mcse", "_lo", "_hi")}


def figure_or_none(name: str, figures: Figures | None) -> Row:
    """The row of a single figure in its own unit; of one that is not told if there is none."""
    return no_figure(name) if figures is None else ShownFigures(figures, 1).row(name)


def unit_of_change(unit: str) -> str:
    """What a difference is counted in: shares in %, but how far they move in points of them."""
    return "percentage points" if unit == "%" else unit
