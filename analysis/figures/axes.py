"""What all plots of data have in common: no box about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plain_axes"]


def plain_axes(ax: Axes, *also: str) -> Axes:
    """Hide the spines at the top and the right, and others if named; returns the axes."""
    for side in ("top", "right", *also):
        ax.spines[side].set_visible(False)
    return ax
