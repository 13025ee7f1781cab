"""Pictures of the design of a study: power against cost, and recruitment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from analysis.figures.axes import BAR, plain_axes
from analysis.figures.canvas import COLOURS, blank_figure
from analysis.figures.maps import INK
from analysis.planning.design.cheapest import CheapestResult, Point
from analysis.planning.design.cost_words import money
from analysis.planning.design.pareto import FRONT
from analysis.planning.design.recruiting import Recruited
from analysis.questions.of_study import plan_of
from sim.study.spec import Study

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "cheapest_figure",
    "pareto",
    "recruitment",
    "recruitment_figure",
]

MARKERS = "osD^vP*X"
MOST_NAMED = 8
"""Settings that have a colour of their own; the others are grey."""
GREY, TARGET = "#9A9A9A", "#009E73"


def pareto(result: CheapestResult, ax: Axes) -> Axes:
    """Draw power against cost: every simulated design, those that none beats, the cheapest.

    Bars are 95 % Monte Carlo intervals; they rise and fall together, for all share their draws.
    """
    named = [one.variant.words for one in result.contenders]
    named = [words for words in named if any(_is(one, words) for one in result.points)]
    named.sort(key=lambda words: not any(_is(p, words, FRONT) for p in result.points))
    for k, words in enumerate(named):
        mine = [one for one in result.points if _is(one, words)]
        own = k < MOST_NAMED
        colour = COLOURS[k] if own else GREY
        label = words if own else "other settings" if k == MOST_NAMED else None
        _curve(ax, mine, colour, MARKERS[k] if own else ".", label)
    front = [one for one in result.points if one.standing == FRONT]
    ax.plot(
        [one.cost.total for one in front], [one.success.share for one in front],
        color=INK, lw=0.8, ls="-", alpha=0.6, zorder=1, label="none beats these in both",
    )  # fmt: skip
    ax.axhline(result.target, color=INK, lw=0.8, ls=":")
    best = result.best
    if best is not None and best.cost is not None and result.confirmed is not None:
        at, share = best.cost.total, result.confirmed.share
        ax.plot(at, share, marker="o", ms=13, mfc="none", mec=TARGET, mew=2, ls="")
        ax.annotate(
            f"cheapest: {best.variant.words}\nN = {best.n}, {money(result.study, at)}",
            (at, share), (0.56, 0.5), textcoords="axes fraction", fontsize=9, color=TARGET,
            arrowprops={"arrowstyle": "-", "color": TARGET, "lw": 0.8},
        )  # fmt: skip
    prices = plan_of(result.study).costs
    unit = f", {prices.currency}" if prices is not None and prices.currency else ""
    ax.set_xlabel(f"expected cost{unit}")
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    ax.set_ylabel("chance of success")
    ax.set_ylim(min(0.5, min(one.success.low for one in result.points)), 1.01)
    ax.legend(frameon=False, fontsize=8, loc="lower right")
    return plain_axes(ax)


def _is(point: Point, words: str, standing: str = "") -> bool:
    return point.variant.words == words and standing in ("", point.standing)


def _curve(ax: Axes, points: Sequence[Point], colour: str, marker: str, label: str | None) -> None:
    share = np.array([one.success.share for one in points])
    below = share - [one.success.low for one in points]
    above = [one.success.high for one in points] - share
    ax.errorbar(
        [one.cost.total for one in points], share, yerr=[below, above], color=colour,
        marker=marker, ms=5, lw=0, elinewidth=0.8, label=label, alpha=0.9,
    )  # fmt: skip


def cheapest_figure(result: CheapestResult) -> Figure:
    """Power against cost as a figure of its own."""
    figure = blank_figure((8.5, 5.5))
    pareto(result, figure.subplots()).set_title(
        result.study.title, loc="left", color=INK, fontsize=11
    )
    return figure


def recruitment(study: Study, result: Recruited, ax: Axes) -> Axes:
    """Draw the chance that n people have enrolled by each week, and people expected by then."""
    rules = plan_of(study).recruiting
    low, high = result.reached - BAR * result.mcse, result.reached + BAR * result.mcse
    ax.fill_between(result.weeks, low, high, color=COLOURS[0], alpha=0.25, lw=0)
    label = f"chance that {result.n} have enrolled"
    ax.plot(result.weeks, result.reached, color=COLOURS[0], lw=1.8, label=label)
    if rules is not None:
        ax.axvline(rules.weeks, color=COLOURS[5], lw=1.2, ls="--", label="weeks there are")
        ax.annotate(
            f"{result.in_time:.2f}", (rules.weeks, result.in_time), (-30, 6),
            textcoords="offset points", color=COLOURS[5],
        )  # fmt: skip
    ax.plot(
        result.weeks, np.minimum(result.expected / result.n, 1.0), color=INK, lw=1, ls=":",
        label=f"share of {result.n} expected by then",
    )  # fmt: skip
    late = result.weeks_needed[0.95]
    if np.isfinite(late):
        ax.set_xlim(0, max(late * 1.15, rules.weeks * 1.1 if rules else 0))
    ax.set_ylim(0, 1.02)
    ax.set_xlabel("weeks since the first site opened")
    ax.set_ylabel("chance, share")
    ax.legend(frameon=False, loc="best", fontsize=9)
    return plain_axes(ax)


def recruitment_figure(study: Study, result: Recruited) -> Figure:
    """Recruitment as a figure of its own."""
    figure = blank_figure((8, 4.5))
    recruitment(study, result, figure.subplots()).set_title(
        study.title, loc="left", color=INK, fontsize=11
    )
    return figure
