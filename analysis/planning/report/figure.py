"""The picture of a plan: the power curve with its band, the target, the answer, the closed form.

Where the world's parameters were drawn, what they leave uncertain is drawn apart from Monte Carlo
error: in another colour on the curve, and the truths of the draws on a strip below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.figures.axes import BAR, plain_axes
from analysis.figures.canvas import steady_figure
from analysis.figures.maps import INK, SYNTHETIC_NOTE
from analysis.planning.band.band import ParameterBand
from analysis.planning.found import PlanResult
from analysis.worlds.estimand import scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["curve", "curve_figure", "truths"]

SIMULATED, CLOSED, ANSWER, DRAWN = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
"""Okabe and Ito (2008)."""


def curve(result: PlanResult, ax: Axes) -> Axes:
    """Draw the chance of success against the number of people.

    The band is the 95 % Monte Carlo interval at each size, reaching up to where the curve would be
    had all failed fits succeeded. Points share their draws, so they rise and fall together.
    """
    n = np.array([one.n for one in result.curve])
    share = np.array([one.success.share for one in result.curve])
    low = np.array([one.success.low for one in result.curve])
    high = np.array([max(one.success.high, one.if_failed_succeed) for one in result.curve])
    studies = result.curve[0].success.n
    if result.band is not None:
        _chances(result.band, ax)
    failed = any(one.failed for one in result.curve)
    said = "95 % interval" + (", and had failed fits succeeded" if failed else "")
    ax.fill_between(n, low, high, color=SIMULATED, alpha=0.2, lw=0, label=said)
    label = f"simulated, {studies} studies a point"
    ax.plot(n, share, color=SIMULATED, marker="o", ms=5, lw=1.8, label=label)
    for number, form in enumerate(result.beside):
        if form is not None:
            values = np.array([one.closed[number] for one in result.curve], np.float64)
            which = f" of question {number + 1}" if len(result.beside) > 1 else ""
            ax.plot(n, values, color=CLOSED, ls="--", lw=1.5, label=f"closed form{which}")
    ax.axhline(result.target, color=INK, lw=0.8, ls=":")
    ax.annotate(
        f"wanted: {result.target:.2f}", (0.995, result.target), (0, 3),
        xycoords=("axes fraction", "data"), textcoords="offset points", fontsize=9, color=INK,
        ha="right",
    )  # fmt: skip
    _mark_answer(result, ax)
    ax.set_ylim(0, 1.02)
    ax.set_xlabel("people enrolled")
    ax.set_ylabel("power" if not result.plan.tests_nothing else "chance of success")
    if result.band is None:
        ax.legend(frameon=False, loc="lower right")
    else:
        ax.legend(framealpha=0.8, edgecolor="none", loc="upper left", fontsize=8)
    return plain_axes(ax)


def _chances(band: ParameterBand, ax: Axes) -> None:
    """The chance averaged over draws with its Monte Carlo interval, and in the middle half."""
    of = band.every.chances
    n, mean, reach = (
        np.array(values) for values in zip(*[(c.n, c.mean, BAR * c.mcse) for c in of], strict=True)
    )
    ax.fill_between(
        n, [one.quarter for one in of], [one.three_quarters for one in of], facecolor="none",
        edgecolor=DRAWN, alpha=0.5, hatch="///", lw=0.8, label="half of draws of the parameters",
    )  # fmt: skip
    ax.errorbar(
        n, np.clip(mean, 0, 1), yerr=[np.minimum(reach, mean), np.minimum(reach, 1 - mean)],
        color=DRAWN, marker="s", ms=4, lw=1.6, ls="-.", capsize=2,
        label="averaged over draws, 95 % interval",
    )  # fmt: skip


def truths(result: PlanResult, number: int, ax: Axes) -> Axes:
    """Draw the truth of one question, from 1: of each draw, their quantiles, and as shipped.

    Truths are corrected for the Monte Carlo error of a draw.
    """
    band, question = result.band, result.plan.question[number - 1]
    if band is None:
        raise ValueError("this plan drew no parameters")
    over = [("all draws", band.every, 1.0)]
    if band.near is not None:
        over.append(("near the\nevidence", band.near, 0.0))
    for _, some, at in over:
        one = some.truths[number - 1]
        values = np.array(one.values)
        jitter = 0.36 * np.modf(np.arange(values.size) * 0.618)[0] + 0.08
        ax.plot(values, at + jitter, "o", color=DRAWN, ms=3.5, alpha=0.6, mew=0)
        ax.plot([one.low[0], one.high[0]], [at, at], color=DRAWN, lw=2.5)
        ax.plot(one.middle[0], at, "s", color=DRAWN, ms=5)
    ax.axvline(0, color=INK, lw=0.8, ls=":")
    ax.axvline(result.truths[number - 1], color=SIMULATED, lw=1.5)
    ax.annotate(
        "as shipped", (result.truths[number - 1], 1), (3, 2), xycoords=("data", "axes fraction"),
        textcoords="offset points", fontsize=8, color=SIMULATED, va="bottom",
    )  # fmt: skip
    ax.set_yticks([at for _, _, at in over], [name for name, _, _ in over], fontsize=8)
    ax.set_ylim(over[-1][2] - 0.25, 1.6)
    which = f"truth of question {number}" if len(result.truths) > 1 else "truth"
    label = f"{which}, {scale(question)}: draws, their median, 95 % of them"
    ax.set_xlabel(label, fontsize=9, loc="left")
    return plain_axes(ax)


def _mark_answer(result: PlanResult, ax: Axes) -> None:
    found = result.found
    if found is None or found.answer is None:
        return
    low, high = max(found.low, 0), min(found.high, ax.get_xlim()[1])
    ax.axvspan(low, high, color=ANSWER, alpha=0.12, lw=0)
    ax.axvline(found.answer, color=ANSWER, lw=1.5)
    sure = f"({found.low:.0f} to {found.high:.0f})" if found.exact is None else "(exact)"
    said = f"N {found.edge or '='} {found.answer:.0f}\n{sure}"
    ax.annotate(
        said, (found.answer, 0.2), (5, 0), textcoords="offset points", fontsize=10, color=ANSWER
    )


def curve_figure(result: PlanResult) -> Figure:
    """The curve as a figure of its own; below it the truths of draws, if there are any."""
    strips = len(result.truths) if result.band is not None else 0
    figure = steady_figure((8, 5 + 1.7 * strips))
    ratios = [5.0, *[1.5] * strips]
    rows = figure.subplots(1 + strips, squeeze=False, height_ratios=ratios)[:, 0]
    ax = curve(result, rows[0])
    for number, strip in enumerate(rows[1:], start=1):
        truths(result, number, strip)
    ax.set_title(result.study.title, loc="left", color=INK, fontsize=11)
    figure.text(0.995, 0.005, SYNTHETIC_NOTE, ha="right", va="bottom", fontsize=7, color=INK)
    return figure
