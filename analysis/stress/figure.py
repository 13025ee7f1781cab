"""Pictures of a stress test: intervals as a zip, and bias by condition."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from analysis.figures.axes import plain_axes
from analysis.figures.canvas import blank_figure
from analysis.figures.maps import INK
from analysis.stress.result import StressResult
from analysis.stress.verdicts import FAILS, HOLDS, Judgement

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["bias_figure", "draw_bias", "draw_zip", "zip_figure"]

COVERS, MISSES, OPEN = "#0072B2", "#D55E00", "#8C8C8C"
"""Okabe and Ito (2008), and a grey."""
COLUMNS = 4


def draw_zip(one: Judgement, ax: Axes) -> Axes:
    """Intervals of one term in one condition, the farthest from the truth on top.

    Study by study (Morris, White and Crowther 2019): at the height of the centile of its distance
    from the truth in standard errors; those that miss the truth in another colour.
    """
    rows, true = one.trial.rows, one.trial.truth.value
    used = rows.usable
    lo, hi, estimate = rows.lo[used], rows.hi[used], rows.estimate[used]
    far = np.abs(estimate - true) / np.maximum((hi - lo) / 2, 1e-12)
    order = np.argsort(far, kind="stable")
    height = 100 * (np.arange(order.size) + 0.5) / max(order.size, 1)
    covers = ((lo <= true) & (true <= hi))[order]
    for mine, colour in ((covers, COVERS), (~covers, MISSES)):
        ax.hlines(height[mine], lo[order][mine], hi[order][mine], color=colour, lw=0.7)
    ax.axvline(true, color=INK, lw=1.1)
    ax.axhline(95, color=INK, lw=0.8, ls=":")
    share = one.of("coverage")
    said = "" if share is None else f", covers {share.value:.2f}"
    ax.set_title(f"{one.trial.condition}: {one.trial.term}{said}", fontsize=8, loc="left")
    ax.set_ylim(0, 100)
    plain_axes(ax)
    return ax


def draw_bias(judged: list[Judgement], limit: float, ax: Axes) -> Axes:
    """Bias of each term and condition in empirical standard errors, with 95 % intervals."""
    height = np.arange(len(judged))[::-1]
    ax.axvspan(-limit, limit, color="#009E73", alpha=0.12, lw=0)
    for y, one in zip(height.tolist(), judged, strict=True):
        bias = one.of("bias")
        if bias is None or not np.isfinite(bias.value):
            continue
        colour = {HOLDS: COVERS, FAILS: MISSES}.get(one.verdict, OPEN)
        ax.errorbar(np.clip(bias.value, -4, 4), y, xerr=min(1.96 * bias.mcse, 4), fmt="o", ms=4,
                    color=colour, lw=1.2)  # fmt: skip
    ax.axvline(0, color=INK, lw=0.8)
    ax.set_xlim(-4, 4)
    ax.set_ylim(-0.6, len(judged) - 0.4)
    ax.set_yticks(height, [f"{one.trial.condition}: {one.trial.term}" for one in judged])
    ax.tick_params(axis="y", labelsize=8)
    ax.set_xlabel("bias in empirical standard errors (beyond 4 drawn at 4)")
    plain_axes(ax)
    return ax


def zip_figure(result: StressResult) -> Figure:
    """A zip of each term and condition."""
    judged = result.judged
    columns = min(COLUMNS, max(len(judged), 1))
    rows = ceil(max(len(judged), 1) / columns)
    figure = blank_figure((3.1 * columns, 2.4 * rows + 0.4))
    axes = figure.subplots(rows, columns, squeeze=False).ravel()
    for one, ax in zip(judged, axes, strict=False):
        draw_zip(one, ax)
    for ax in axes[len(judged) :]:
        ax.set_axis_off()
    figure.supylabel("centile of the distance from the truth", fontsize=9)
    return figure


def bias_figure(result: StressResult) -> Figure:
    """Bias by condition."""
    figure = blank_figure((7.2, 0.26 * max(len(result.judged), 4) + 1.2))
    draw_bias(result.judged, result.zones.bias, figure.subplots())
    return figure
