"""Pictures of the evidence: every target with what must hold and what is simulated; the drift.

Like `analysis.figures.study`, these touch no state of pyplot. Colours are Okabe and Ito's; what
does not hold differs in shape as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from analysis.evidence.drift import A_YEAR, MEASURES, QUARTERS, WITHIN, Drift
from analysis.evidence.rows import EvidenceRow
from analysis.figures.axes import BAR, plain_axes
from analysis.figures.canvas import steady_figure
from analysis.figures.maps import INK, SYNTHETIC_NOTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["drift_figure", "evidence_figure", "forest"]

BAND = "#e3e3e3"
HOLDS, FAILS = "#0072B2", "#D55E00"
LINES = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#222222")
ROW_INCHES, HEAD_INCHES = 0.27, 1.25
FARTHEST = {"mean": 12.0, "count": 1.5, "rate": 2.5, "pairing": 1000.0}
"""Where the axis of a kind ends; what lies farther is drawn there, its number beside it."""
PANELS = {
    "mean": ("Means set by calibration", "difference from the target, %"),
    "count": (
        "Counts the founding paper printed",
        "place in the 95 % predictive interval of simulated studies",
    ),
    "rate": ("Rates from other publications", "place within the bounds"),
    "pairing": ("Pairing", "how many times better than it must be"),
}
LAYERS = {
    "latent ties": "Ties per ego, active and dormant",
    "error-free map": "Ties on an error-free map",
    "egos": "Means over egos",
    "ties to people": "Means over ties to people",
}


def evidence_figure(rows: Sequence[EvidenceRow]) -> Figure:
    """Draw every target but the drifts, a panel for each kind.

    Parameters
    ----------
    rows
        From `analysis.evidence.targets.all_evidence`.
    """
    of = {kind: [row for row in rows if row.kind == kind] for kind in PANELS}
    columns = (("mean", "count"), ("rate", "pairing"))
    lines = [[len(of[kind]) + HEAD_INCHES / ROW_INCHES for kind in kinds] for kinds in columns]
    height = max(sum(column) for column in lines) * ROW_INCHES
    figure = steady_figure((17, height + 0.5))
    parts = figure.subfigures(1, 2, squeeze=False, width_ratios=[1, 1.15])[0]
    for part, kinds, share in zip(parts, columns, lines, strict=True):
        axes = part.subplots(len(kinds), 1, height_ratios=share)
        for ax, kind in zip(axes, kinds, strict=True):
            forest(of[kind], ax)
            title, label = PANELS[kind]
            held = sum(row.holds for row in of[kind])
            ax.set_title(f"{title}: {held} of {len(of[kind])} hold", loc="left", color=INK)
            ax.set_xlabel(label)
    figure.suptitle(f"The simulated world beside the evidence ({SYNTHETIC_NOTE})", color=INK)
    _draw_key(figure)
    return figure


def forest(rows: Sequence[EvidenceRow], ax: Axes) -> Axes:
    """Draw rows of one kind: what must hold as a bar, the target as a stroke, the simulated mean.

    Whiskers are 95 % Monte Carlo intervals; the numbers at the right are simulated and target.
    """
    for y, row in enumerate(rows):
        low, high, target, middle, error = _on_scale(row)
        ax.barh(y, max(high - low, 0.05), left=low, height=0.62, color=BAND, zorder=1)
        ax.plot(target, y, marker="|", ms=13, mew=2, color=INK, ls="none", zorder=3)
        colour, marker, size = (HOLDS, "o", 7) if row.holds else (FAILS, "X", 10)
        ax.errorbar(
            middle, y, xerr=error, marker=marker, ms=size, color=colour, mec="white", mew=0.7,
            capsize=2.5, lw=1.4, ls="none", zorder=4,
        )  # fmt: skip
        said = f"{_number(row.simulated)}  ({_limit(row)})"
        ax.annotate(
            said, (1.01, y), xycoords=("axes fraction", "data"), va="center", fontsize=8.5,
            color=INK if row.holds else FAILS,
        )  # fmt: skip
    ax.set_yticks(range(len(rows)), [row.quantity for row in rows], fontsize=9)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    kind = rows[0].kind if rows else "mean"
    end = FARTHEST[kind]
    if kind == "pairing":
        ax.set_xscale("log")
        ax.set_xlim(0.3, 1.6 * end)
    else:
        ax.set_xlim(-1.05 * end, 1.05 * end)
    return plain_axes(ax)


def _on_scale(row: EvidenceRow) -> tuple[float, float, float, float, np.ndarray]:
    """Band, target, simulated mean and the arms of its interval, on the scale of the row's kind."""
    ends = row.simulated + BAR * row.mcse * np.array([-1.0, 0.0, 1.0])
    if row.kind == "pairing":
        times = ends / row.low if np.isfinite(row.low) else row.high / np.maximum(ends[::-1], 1e-9)
        far = FARTHEST["pairing"]
        at = np.clip(times, 0.3, far)
        return 1.0, 1.6 * far, 1.0, float(at[1]), _arms(at)
    if row.kind == "mean":
        zero, unit = row.target, row.target / 100
    else:
        zero, unit = (row.low + row.high) / 2, max((row.high - row.low) / 2, 1e-9)
    target = np.nan if row.kind == "rate" else row.target  # a middle of bounds is nobody's figure
    low, high, target = ((value - zero) / unit for value in (row.low, row.high, target))
    at = np.clip((ends - zero) / unit, -FARTHEST[row.kind], FARTHEST[row.kind])
    return low, high, target, float(at[1]), _arms(at)


def _arms(at: np.ndarray) -> np.ndarray:
    return np.array([[at[1] - at[0]], [at[2] - at[1]]])


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _limit(row: EvidenceRow) -> str:
    if row.kind == "rate":
        return f"{_number(row.low)} to {_number(row.high)}"
    if row.kind == "pairing":
        sign = "≥" if np.isfinite(row.low) else "≤"
        return f"{sign} {_number(row.target)}"
    return _number(row.target)


def _draw_key(figure: Figure) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    marks = [
        Patch(color=BAND, label="must lie in here (count: the target must)"),
        Line2D([], [], ls="none", marker="|", ms=13, mew=2, color=INK, label="target"),
        Line2D([], [], marker="o", color=HOLDS, label="simulated mean, 95 % Monte Carlo: holds"),
        Line2D([], [], marker="X", color=FAILS, label="does not hold"),
    ]
    figure.legend(handles=marks, ncols=4, loc="outside lower center", frameon=False)


def drift_figure(drift: Drift) -> Figure:
    """Draw three years by quarter with 95 % Monte Carlo bands, and each drift a year."""
    figure = steady_figure((16, 9))
    grid = figure.add_gridspec(2, 3, width_ratios=[1, 1, 0.95])
    change, error = drift.change
    for number, (layer, title) in enumerate(LAYERS.items()):
        ax = figure.add_subplot(grid[number // 2, number % 2])
        _by_quarter(layer, change, error, ax)
        ax.set_title(title, loc="left", color=INK)
    _slopes(drift, figure.add_subplot(grid[:, 2]))
    figure.suptitle(
        f"Three years of usual care, {len(drift.values)} simulated teams, {drift.egos:,} people "
        f"({SYNTHETIC_NOTE}); bands: 95 % Monte Carlo over teams; grey: 2 % a year",
        color=INK,
    )
    return figure


def _by_quarter(layer: str, change: np.ndarray, error: np.ndarray, ax: Axes) -> Axes:
    years = np.arange(QUARTERS + 1) / A_YEAR
    ax.fill_between(years, -100 * WITHIN * years, 100 * WITHIN * years, color=BAND, lw=0, zorder=0)
    mine = [n for n, measure in enumerate(MEASURES) if measure.layer == layer]
    for n, colour in zip(mine, LINES, strict=False):
        line, band = 100 * change[:, n], 100 * BAR * error[:, n]
        ax.fill_between(years, line - band, line + band, color=colour, alpha=0.15, lw=0)
        ax.plot(years, line, color=colour, lw=1.8, label=MEASURES[n].name.replace("_", " "))
    ax.legend(frameon=False, fontsize=9, loc="upper left", ncols=2)
    ax.set_xticks(range(QUARTERS // A_YEAR + 1))
    ax.set_xlabel("years since week 0")
    unit = "the mean" if MEASURES[mine[0]].size == "mean" else "a standard deviation"
    ax.set_ylabel(f"change since week 0, % of {unit}")
    low, high = ax.get_ylim()
    ax.set_ylim(min(low, -7), max(high, 7) * 1.25)
    return plain_axes(ax)


def _slopes(drift: Drift, ax: Axes) -> Axes:
    slope, error = drift.a_year
    ax.axvspan(-100 * WITHIN, 100 * WITHIN, color=BAND, zorder=0)
    for y, (value, mcse) in enumerate(zip(100 * slope, 100 * error, strict=True)):
        holds = abs(value) <= 100 * WITHIN
        colour, marker, size = (HOLDS, "o", 7) if holds else (FAILS, "X", 10)
        ax.errorbar(
            value, y, xerr=BAR * mcse, marker=marker, color=colour, capsize=2.5, mec="white",
            mew=0.7, ms=size, ls="none",
        )  # fmt: skip
    names = [f"{one.layer}: {one.name.replace('_', ' ')}" for one in MEASURES]
    ax.set_yticks(range(len(names)), names, fontsize=9)
    ax.set_ylim(len(names) - 0.4, -0.6)
    low, high = ax.get_xlim()
    ax.set_xlim(min(low, -3), max(high, 3))
    ax.set_title("Drift a year", loc="left", color=INK)
    ax.set_xlabel("% of the mean (ties) or of a standard deviation, a year")
    return plain_axes(ax)
