"""What all plots of data have in common: no box about them, bars of 95 %."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["BAR", "plain_axes"]

BAR = 1.96
"""Standard errors from a mark to either end of its bar: 95 %, as drawn and written beside marks."""


def plain_axes(ax: Axes, *also: str) -> Axes:
    """Hide the spines at the top and the right, and others if named; returns the axes."""
    for side in ("top", "right", *also):
        ax.spines[side].set_visible(False)
    return ax
