"""Pictures of a stress test: intervals as a zip, and bias by condition."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from textwrap import fill
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

__all__ = [
    "NARROW_INCHES",
    "SMALL_POINTS",
    "bias_figure",
    "draw_bias",
    "draw_zip",
    "row_label",
    "zip_figure",
    "zip_strips",
]

COVERS, MISSES, OPEN = "#0072B2", "#D55E00", "#8C8C8C"
"""Okabe and Ito (2008), and a grey."""
NARROW_INCHES = 4.0
"""Inches across of a picture that can be read on a telephone, where it is some 350 dots wide."""
SMALL_POINTS = 8.5
"""Points of its letters."""
NOTE_INCHES = 0.13
COLUMNS, IN_A_STRIP = 4, 2
LABEL, TITLE = 26, 20
"""Letters on a line of a label beside an axis, and of a title."""


def row_label(condition: str, term: str) -> str:
    """A condition and a term beside an axis, on as many lines as they need."""
    both = f"{condition}: {term}"
    return both if len(both) <= LABEL else _lines(LABEL, f"{condition}:", term)


def _lines(longest: int, *said: str) -> str:
    return "\n".join(fill(one, longest) for one in said)


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
    said = () if share is None else (f"covers {share.value:.2f}",)
    crossed = f"{one.trial.condition}:".replace("+", "+ ").split()
    title = _lines(TITLE, *crossed, one.trial.term, *said)
    ax.set_title(title, fontsize=SMALL_POINTS, loc="left")
    ax.set_ylim(0, 100)
    ax.tick_params(labelsize=SMALL_POINTS)
    ax.locator_params(axis="x", nbins=4)
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
    ax.set_yticks(height, [row_label(one.trial.condition, one.trial.term) for one in judged])
    ax.tick_params(labelsize=SMALL_POINTS)
    ax.set_xlabel("bias in empirical standard errors\n(beyond 4 drawn at 4)", fontsize=SMALL_POINTS)
    plain_axes(ax)
    return ax


def zip_figure(result: StressResult) -> Figure:
    """A zip of each term and condition, all together."""
    columns = min(COLUMNS, max(len(result.judged), 1))
    rows = ceil(max(len(result.judged), 1) / columns)
    return _zips(result.judged, rows, columns, (3.1 * columns, 2.5 * rows + 0.4))


def zip_strips(result: StressResult) -> list[Figure]:
    """The same, in pictures of two each."""
    pairs = [
        result.judged[first : first + IN_A_STRIP]
        for first in range(0, len(result.judged), IN_A_STRIP)
    ]
    return [_zips(pair, 1, IN_A_STRIP, (NARROW_INCHES, 2.5)) for pair in pairs]


def _zips(
    judged: Sequence[Judgement], rows: int, columns: int, inches: tuple[float, float]
) -> Figure:
    figure = blank_figure(inches, NOTE_INCHES / inches[1])
    axes = figure.subplots(rows, columns, squeeze=False).ravel()
    for one, ax in zip(judged, axes, strict=False):
        draw_zip(one, ax)
    for ax in axes[len(judged) :]:
        ax.set_axis_off()
    figure.supylabel("centile of distance from truth", fontsize=SMALL_POINTS)
    return figure


def bias_figure(result: StressResult) -> Figure:
    """Bias by condition."""
    figure = blank_figure((NARROW_INCHES, 0.32 * max(len(result.judged), 4) + 1.2))
    draw_bias(result.judged, result.zones.bias, figure.subplots())
    return figure
