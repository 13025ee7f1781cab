"""A figure to draw on, with the note that its people are simulated, and colours for lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.figures.maps import INK, SYNTHETIC_NOTE

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["COLOURS", "blank_figure", "steady_figure"]

COLOURS = (
    "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#8C6D1F", "#000000",
)  # fmt: skip
"""Okabe and Ito (2008), its yellow darkened."""
BELOW = 0.025
"""Share of a figure's height that is left for the note; of a low one it takes more."""


def steady_figure(
    size: tuple[float, float], rect: tuple[float, float, float, float] = (0, 0, 1, 1)
) -> Figure:
    """A white figure laid out in the same bytes in every process, in a part of it (x, y, w, h)."""
    from matplotlib.figure import Figure

    from analysis.figures.steady_layout import SteadyLayout

    return Figure(figsize=size, facecolor="white", layout=SteadyLayout(rect=rect))


def blank_figure(size: tuple[float, float], below: float = BELOW) -> Figure:
    """A figure with room below, a share of it, for the note that its people are simulated."""
    figure = steady_figure(size, (0, below, 1, 1 - below))
    figure.text(0.995, 0.005, SYNTHETIC_NOTE, ha="right", va="bottom", fontsize=7, color=INK)
    return figure
