"""The picture of a feasibility study: what is decided, whatever the truth may be."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from analysis.feasibility.chances import chances
from analysis.feasibility.result import FeasibilityResult
from analysis.feasibility.settings import Criterion
from analysis.figures.axes import plain_axes
from analysis.figures.canvas import steady_figure
from analysis.figures.maps import INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["decisions", "feasibility_figure"]

GO, AMBER, STOP = "#009E73", "#E69F00", "#D55E00"
"""Okabe and Ito (2008)."""
STEPS = 161


def decisions(one: Criterion, n: int, ax: Axes) -> Axes:
    """Draw the chances of go, amber and stop against the true share."""
    low = max(min(one.go, one.stop, one.expected) - 0.2, 0.0)
    high = min(max(one.go, one.stop, one.expected) + 0.2, 1.0)
    true = np.linspace(low, high, STEPS)
    found = np.array([chances(one, n, share) for share in true.tolist()]).T
    order = found[[2, 1, 0]] if one.more_is_better else found
    colours = (STOP, AMBER, GO) if one.more_is_better else (GO, AMBER, STOP)
    names = ("stop", "amber", "go") if one.more_is_better else ("go", "amber", "stop")
    ax.stackplot(100 * true, *order, colors=colours, labels=names, alpha=0.75, lw=0)
    ax.axvline(100 * one.expected, color=INK, lw=1.2, ls=":")
    ax.annotate("expected", (100 * one.expected, 1), (3, -11), textcoords="offset points",
                fontsize=9, color=INK)  # fmt: skip
    ax.set_title(f"{one.name} (of {one.people(n)})", fontsize=10, loc="left")
    ax.set_xlabel("true share, %")
    ax.set_ylabel("chance")
    ax.set_xlim(100 * low, 100 * high)
    ax.set_ylim(0, 1)
    plain_axes(ax)
    return ax


def feasibility_figure(result: FeasibilityResult) -> Figure:
    """One panel for each criterion."""
    criteria = result.asked.criterion
    columns = min(len(criteria), 3)
    rows = ceil(len(criteria) / columns)
    figure = steady_figure((4.2 * columns, 3.4 * rows + 0.6))
    axes = figure.subplots(rows, columns, squeeze=False).ravel()
    for one, ax in zip(criteria, axes, strict=False):
        decisions(one, result.own.n, ax)
    for ax in axes[len(criteria) :]:
        ax.set_axis_off()
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, frameon=False, ncols=3, loc="outside lower center")
    figure.suptitle(f"What {result.own.n} people decide", fontsize=11)
    return figure
