"""The picture of saturation: discovery curve with its spread, and where the rules stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.figures.axes import BAR, plain_axes
from analysis.figures.canvas import steady_figure
from analysis.figures.maps import INK, SYNTHETIC_NOTE
from analysis.saturation.result import SaturationResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["discovery_curve", "saturation_figure", "stopping_points"]

SIMULATED, CLOSED, EVERY = "#0072B2", "#D55E00", "#009E73"
RULES = ("#CC79A7", "#E69F00", "#56B4E9", "#000000", "#D55E00", "#009E73", "#0072B2")
"""Okabe and Ito (2008)."""
MARKS = "osD^vPX"


def discovery_curve(result: SaturationResult, ax: Axes) -> Axes:
    """Draw the share of codes seen against the number of people.

    The band holds nine simulated studies of ten; the Monte Carlo error of the mean is thinner than
    the line; marks are where the rules stop. The other curve is the chance that every frequent code
    has been seen, with its 95 % Monte Carlo band.
    """
    curve = result.curve
    n = curve.people
    ax.fill_between(n, curve.low, curve.high, color=SIMULATED, alpha=0.18, lw=0,
                    label="nine studies of ten")  # fmt: skip
    ax.plot(n, curve.share, color=SIMULATED, lw=2, label="share of codes seen, mean")
    ax.plot(n, curve.exact, color=CLOSED, lw=1.4, ls="--", label="closed form, people independent")
    if result.frequent:
        half = BAR * curve.all_mcse
        low, high = np.clip([curve.all_seen - half, curve.all_seen + half], 0, 1)
        ax.fill_between(n, low, high, color=EVERY, alpha=0.2, lw=0)
        label = (
            f"chance that all {len(result.frequent)} codes of\n"
            f"prevalence {result.asked.prevalence_above:g} or more are seen"
        )
        ax.plot(n, curve.all_seen, color=EVERY, lw=1.6, label=label)
    for number, one in enumerate(result.rules):
        colour, mark = _look(number)
        stop = min(one.people_at[1], n[-1])
        ax.plot(stop, one.share.value, color=colour, marker=mark, ms=8, mec="white", ls="none")
    wanted = result.asked.share_wanted
    ax.axhline(wanted, color=INK, lw=0.8, ls=":")
    ax.annotate(f"wanted: {wanted:g}", (n[-1], wanted), (0, -11), textcoords="offset points",
                ha="right", fontsize=9, color=INK)  # fmt: skip
    ax.set_xlim(0, n[-1])
    ax.set_ylim(0, 1.02)
    ax.set_ylabel("share of codes, or chance")
    ax.legend(frameon=False, loc="lower right", fontsize=9)
    plain_axes(ax)
    return ax


def stopping_points(result: SaturationResult, ax: Axes) -> Axes:
    """Draw when each rule stops: median and nine studies of ten, with what has been seen by then.

    An arrow runs on where some of the nine studies never stop.
    """
    last = int(result.curve.people[-1])
    for row, one in enumerate(result.rules):
        low, middle, high = (min(value, last) for value in one.people_at)
        colour, mark = _look(row)
        ax.plot([low, high], [row, row], color=colour, lw=3, alpha=0.5, solid_capstyle="butt")
        ax.plot(middle, row, color=colour, marker=mark, ms=8, ls="none")
        if np.isinf(one.people_at[2]):
            ax.plot(last, row, color=colour, marker=">", ms=8, ls="none", clip_on=False)
        said = (
            f"{one.rule.name}: {100 * one.share.value:.0f} % of codes; "
            f"too early in {100 * one.too_early.value:.0f} % of studies"
        )
        ax.annotate(said, (0.01 * last, row), (0, 9), textcoords="offset points", fontsize=9,
                    color=INK)  # fmt: skip
    ax.set_ylim(len(result.rules) - 0.6, -0.9)
    ax.set_yticks([])
    ax.set_xlabel("people interviewed")
    plain_axes(ax)
    ax.spines["left"].set_visible(False)
    return ax


def _look(number: int) -> tuple[str, str]:
    """Colour and mark of a rule."""
    return RULES[number % len(RULES)], MARKS[number % len(MARKS)]


def saturation_figure(result: SaturationResult) -> Figure:
    """The curve, and below it the rules, on one scale of people."""
    rules = len(result.rules)
    figure = steady_figure((8.5, 5 + 0.5 * rules))
    if rules:
        upper, lower = figure.subplots(
            2, 1, sharex=True, height_ratios=[5, 0.6 + 0.5 * rules]
        ).tolist()
        stopping_points(result, lower)
    else:
        upper = figure.subplots()
        upper.set_xlabel("people interviewed")
    discovery_curve(result, upper)
    upper.set_title(result.study.title, loc="left", color=INK, fontsize=11)
    figure.text(0.995, 0.003, SYNTHETIC_NOTE, ha="right", va="bottom", fontsize=7, color=INK)
    return figure
