"""The picture of the patterns: each leading contrast, its interval, what is left switched off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from analysis.figures.axes import plain_axes
from analysis.figures.canvas import steady_figure
from analysis.figures.maps import INK, SYNTHETIC_NOTE
from analysis.patterns.protocol import QUARTER, Verdict

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["patterns_axes", "patterns_figure"]

PASSES, FAILS, OFF = "#0072B2", "#D55E00", "#222222"
ROW_INCHES, HEAD_INCHES, FARTHEST = 0.24, 1.3, 2.5


def patterns_figure(verdicts: Sequence[Verdict]) -> Figure:
    """Draw the verdicts, one line each."""
    figure = steady_figure((11, HEAD_INCHES + ROW_INCHES * len(verdicts)))
    patterns_axes(verdicts, figure.subplots())
    figure.text(0.005, 0.002, SYNTHETIC_NOTE, ha="left", va="bottom", fontsize=7, color=INK)
    return figure


def patterns_axes(verdicts: Sequence[Verdict], axes: Axes) -> Axes:
    """Draw each contrast as a multiple of its own size, so that all can share an axis.

    Parameters
    ----------
    verdicts
        From `analysis.patterns.run.verdicts`.
    """
    axes.axvspan(-QUARTER, QUARTER, color="#e3e3e3", lw=0, label="a quarter of the contrast")
    axes.axvline(0, color=INK, lw=0.8)
    for at, one in enumerate(verdicts):
        size = max(abs(one.effect), 1e-12)
        low, high = np.clip([one.lo / size, one.hi / size], -FARTHEST, FARTHEST)
        colour, mark = (PASSES, "o") if one.passes else (FAILS, "X")
        axes.plot([low, high], [at, at], color=colour, lw=2)
        axes.plot(np.sign(one.effect), at, mark, color=colour, ms=5)
        if one.off_effect is not None:
            left = np.clip(one.off_effect / size, -FARTHEST, FARTHEST)
            axes.plot(left, at, "|", color=OFF, ms=9, mew=1.6)
    names = [f"{one.id}  {one.claim}" for one in verdicts]
    axes.set_yticks(range(len(verdicts)), names, fontsize=8)
    axes.set(ylim=(len(verdicts) - 0.4, -0.6), xlim=(-FARTHEST - 0.1, FARTHEST + 0.1))
    axes.set_xlabel(
        "leading contrast over its own size, with 95 % Monte Carlo interval\n"
        "dot: passes; cross: fails; bar: what is left with the rule switched off"
    )
    axes.legend(loc="lower right", fontsize=8, frameon=False)
    return plain_axes(axes, "left")
