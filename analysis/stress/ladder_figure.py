"""The picture of where biases come from: the steps of each ladder, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from analysis.figures.axes import plain_axes
from analysis.figures.canvas import COLOURS, blank_figure
from analysis.figures.maps import INK
from analysis.stress.ladder import STEPS, Ladder

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw_ladders", "ladder_figure"]

FARTHEST = 4.0
OF_STEPS = dict(zip(STEPS.values(), ("#8C8C8C", *COLOURS[1:4], COLOURS[0]), strict=True))
"""Whom one meets is nobody's fault: grey."""


def draw_ladders(ladders: Sequence[Ladder], limit: float, ax: Axes) -> Axes:
    """Steps of each term and condition, in empirical standard errors, laid end to end.

    Those that add go to the right of 0, those that take away to the left; the mark is what they add
    up to, the bias.
    """
    height = np.arange(len(ladders))[::-1]
    ax.axvspan(-limit, limit, color=COLOURS[4], alpha=0.15, lw=0)
    shown: set[str] = set()
    farthest = limit
    for y, one in zip(height.tolist(), ladders, strict=True):
        if not one.spread > 0:
            continue
        ends = [0.0, 0.0]
        for step in one.steps:
            size = step.value / one.spread
            side = int(size > 0)
            label = None if step.name in shown else step.name
            ax.barh(y, size, left=ends[side], height=0.62, color=OF_STEPS[step.name], label=label)
            shown.add(step.name)
            ends[side] += size
        farthest = max(farthest, *map(abs, ends))
        ax.plot(one.bias / one.spread, y, marker="D", ms=4.5, color="white", mec=INK, mew=1.1)
    ax.axvline(0, color=INK, lw=0.8)
    wide = min(farthest, FARTHEST) * 1.05
    ax.set_xlim(-wide, wide)
    ax.set_ylim(-0.6, len(ladders) - 0.4)
    ax.set_yticks(height, [f"{one.condition}: {one.term}" for one in ladders])
    ax.tick_params(axis="y", labelsize=8)
    ax.set_xlabel("in empirical standard errors; the mark is the bias")
    plain_axes(ax)
    return ax


def ladder_figure(ladders: Sequence[Ladder], limit: float) -> Figure:
    """The steps of each bias, as `draw_ladders` has them."""
    figure = blank_figure((7.2, 0.28 * max(len(ladders), 4) + 1.7))
    ax = draw_ladders(ladders, limit, figure.subplots())
    handles, names = ax.get_legend_handles_labels()
    order = [names.index(one) for one in STEPS.values() if one in names]
    if order:
        figure.legend(
            [handles[k] for k in order], [names[k] for k in order], loc="outside upper center",
            ncols=len(order), frameon=False, fontsize=8.5, handlelength=1.2, columnspacing=1.2,
        )  # fmt: skip
    return figure
