"""The picture of where biases come from: the steps of each ladder, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from analysis.figures.axes import BAR, plain_axes
from analysis.figures.canvas import COLOURS, blank_figure
from analysis.figures.maps import INK
from analysis.stress.figure import NARROW_INCHES, SMALL_POINTS, row_label
from analysis.stress.ladder import NO_ANSWER, Ladder

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw_ladders", "ladder_figure"]

FARTHEST = 4.0
OF_STEPS = {
    "recruitment": "#8C8C8C", NO_ANSWER: COLOURS[5], "absence": COLOURS[1],
    "measurement": COLOURS[2], "file errors": COLOURS[3], "analysis": COLOURS[0],
}  # fmt: skip
"""Whom one meets is nobody's fault: grey."""
PALE = 0.35


def draw_ladders(ladders: Sequence[Ladder], limit: float, ax: Axes) -> Axes:
    """Steps of each term and condition, in empirical standard errors, laid end to end.

    Those that add go to the right of 0, those that take away to the left; pale are those that may
    be chance. The mark is what they add up to, the bias, with its 95 % interval.
    """
    height = np.arange(len(ladders))[::-1]
    ax.axvspan(-limit, limit, color=COLOURS[4], alpha=0.15, lw=0)
    farthest = limit
    for y, one in zip(height.tolist(), ladders, strict=True):
        if not one.spread > 0:
            continue
        ends = [0.0, 0.0]
        for step in one.steps:
            size = step.value / one.spread
            side = int(size > 0)
            look = 1.0 if step.is_sure else PALE
            ax.barh(
                y, size, left=ends[side], height=0.62, color=OF_STEPS[step.name], alpha=look, lw=0
            )
            ends[side] += size
        bias, off = one.bias / one.spread, BAR * one.mcse / one.spread
        ax.errorbar(bias, y, xerr=off, fmt="D", ms=4.5, mfc="white", mec=INK, mew=1.1, ecolor=INK,
                    elinewidth=0.9)  # fmt: skip
        farthest = max(farthest, abs(bias) + off, *map(abs, ends))
    ax.axvline(0, color=INK, lw=0.8)
    wide = min(farthest, FARTHEST) * 1.05
    ax.set_xlim(-wide, wide)
    ax.set_ylim(-0.6, len(ladders) - 0.4)
    ax.set_yticks(height, [row_label(one.condition, one.term) for one in ladders])
    ax.tick_params(labelsize=SMALL_POINTS)
    cut = f" (cut at {FARTHEST:g})" if farthest > FARTHEST else ""
    ax.set_xlabel(f"empirical standard errors{cut}", fontsize=SMALL_POINTS)
    plain_axes(ax)
    return ax


def ladder_figure(ladders: Sequence[Ladder], limit: float) -> Figure:
    """The steps of each bias, as `draw_ladders` has them."""
    from matplotlib.patches import Patch

    figure = blank_figure((NARROW_INCHES, 0.32 * max(len(ladders), 4) + 1.8))
    draw_ladders(ladders, limit, figure.subplots())
    there = {step.name for one in ladders for step in one.steps}
    figure.legend(
        handles=[Patch(color=of, label=name) for name, of in OF_STEPS.items() if name in there],
        loc="outside upper center", ncols=3, frameon=False, fontsize=SMALL_POINTS, handlelength=1.2,
    )  # fmt: skip
    return figure
