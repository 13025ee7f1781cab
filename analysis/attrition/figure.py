"""Retention by mechanism, and what it costs, as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np

from analysis.attrition.dial import AttritionResult, CaseResult
from analysis.figures.axes import BAR, plain_axes
from analysis.figures.canvas import COLOURS, blank_figure
from analysis.figures.maps import INK
from analysis.questions.of_study import plan_of
from analysis.worlds.estimand import scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["attrition_figure"]

MEASURES = (("bias", "bias"), ("coverage", "coverage"), ("power", "share significant"))


def attrition_figure(result: AttritionResult) -> Figure:
    """Retention by mechanism: the same share kept, who it is, and what that costs.

    Bars are 95 % Monte Carlo intervals; in the last three panels of paired differences. Those are
    of the first question.
    """
    questions = plan_of(result.study).question
    figure = blank_figure((12, 0.42 * len(result.cases) + 2.2))
    axes = figure.subplots(1, 2 + len(MEASURES), sharey=True)
    rows = list(result.cases)[::-1]
    _dots(axes[0], rows, [(one.kept.value, one.kept.mcse) for one in rows])
    axes[0].set_xlim(0, 1.02)
    axes[0].set_xlabel("share interviewed")
    _dots(axes[1], rows, [(one.better.value, one.better.mcse) for one in rows])
    axes[1].set_xlabel(f"those interviewed: better\noff than all, by SD of\n{result.scale}")
    for ax, (name, words) in zip(axes[2:], MEASURES, strict=True):
        found = [(one.cost[0][name].value, one.cost[0][name].mcse) if one.cost else (0.0, 0.0)
                 for one in rows]  # fmt: skip
        _dots(ax, rows, found)
        ax.axvline(0, color=INK, lw=0.8, ls=":")
        unit = f",\n{fill(scale(questions[0]), 24)}" if name == "bias" else ""
        ax.set_xlabel(f"{words}\nbeyond MCAR{unit}")
    axes[0].set_yticks(range(len(rows)), [one.case.name for one in rows])
    which = "; question 1" if len(questions) > 1 else ""
    figure.suptitle(
        f"{result.study.title}\n{result.n} people, {result.studies} studies of the same people"
        f"{which}",
        x=0.01, ha="left", color=INK, fontsize=11,
    )  # fmt: skip
    return figure


def _dots(ax: Axes, rows: Sequence[CaseResult], found: Sequence[tuple[float, float]]) -> None:
    values = np.array(found)
    ax.errorbar(
        values[:, 0], range(len(rows)), xerr=BAR * values[:, 1], color=COLOURS[0], marker="o",
        ms=5, lw=0, elinewidth=1.2,
    )  # fmt: skip
    ax.grid(axis="y", color="#DDDDDD", lw=0.6)
    plain_axes(ax)
