"""The picture of a plan: the power curve with its band, the target, the answer, the closed form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.maps import INK, SYNTHETIC_NOTE
from analysis.planning.found import PlanResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["curve", "curve_figure"]

SIMULATED, CLOSED, ANSWER = "#0072B2", "#D55E00", "#009E73"
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
    ax.fill_between(n, low, high, color=SIMULATED, alpha=0.2, lw=0, label="95 % interval")
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
    ax.legend(frameon=False, loc="lower right")
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    return ax


def _mark_answer(result: PlanResult, ax: Axes) -> None:
    found = result.found
    if found is None or found.answer is None:
        return
    low, high = max(found.low, 0), min(found.high, ax.get_xlim()[1])
    ax.axvspan(low, high, color=ANSWER, alpha=0.12, lw=0)
    ax.axvline(found.answer, color=ANSWER, lw=1.5)
    said = f"N {found.edge or '='} {found.answer:.0f}\n({found.low:.0f} to {found.high:.0f})"
    ax.annotate(
        said, (found.answer, 0.2), (5, 0), textcoords="offset points", fontsize=10, color=ANSWER
    )


def curve_figure(result: PlanResult) -> Figure:
    """The curve as a figure of its own."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 5), facecolor="white", layout="constrained")
    ax = curve(result, figure.subplots())
    ax.set_title(result.study.title, loc="left", color=INK, fontsize=11)
    figure.text(0.995, 0.005, SYNTHETIC_NOTE, ha="right", va="bottom", fontsize=7, color=INK)
    return figure
