"""Pictures of a sweep: dose and response, and a map of two dimensions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.compare.figures import legend_above, panels_for
from analysis.compare.shown import unit_of_change
from analysis.figures.axes import plain_axes
from analysis.figures.canvas import COLOURS
from analysis.figures.maps import INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["doses_figure", "heat_figure"]

Row = Mapping[str, Any]
IN_A_ROW = 2
PANEL_INCHES, BESIDE = (3.8, 2.8), 0.4
MOST_WRITTEN = 7
"""Columns of a map in whose cells numbers can be read."""


def doses_figure(
    rows: Sequence[Row], thresholds: Sequence[Row], over: str, label: str, second: str | None = None
) -> Figure:
    """Differences by dose with their 95 % intervals, a panel for each outcome.

    Parameters
    ----------
    rows, thresholds
        Of `sweep.Sweep`.
    over, label : str
        The first dimension, and what it is called.
    second : str, optional
        The other one: a line for each of its values.
    """
    outcomes = list(dict.fromkeys(row["outcome"] for row in rows))
    figure, panels = panels_for(outcomes, IN_A_ROW, PANEL_INCHES, BESIDE)
    for panel, outcome in zip(panels, outcomes, strict=False):
        _curve([row for row in rows if row["outcome"] == outcome], over, second, panel)
        for one in thresholds:
            if one["outcome"] == outcome:
                panel.axhline(one["level"], color=INK, lw=0.8, ls=":")
                panel.axvline(one["dose"], color=INK, lw=0.8, ls=":")
        panel.set_xlabel(label, fontsize=8)
    if second is not None:
        legend_above(figure, panels[0])
    return figure


def heat_figure(
    rows: Sequence[Row], levels: Mapping[str, float], over: Sequence[str], labels: Sequence[str]
) -> Figure:
    """A map of differences over two dimensions, a panel for each outcome.

    Parameters
    ----------
    levels
        By outcome: where a line is drawn.
    over, labels : sequence of str
        The two dimensions, and what they are called.
    """
    outcomes = list(dict.fromkeys(row["outcome"] for row in rows))
    figure, panels = panels_for(outcomes, IN_A_ROW, PANEL_INCHES, BESIDE)
    for panel, outcome in zip(panels, outcomes, strict=False):
        mine = [row for row in rows if row["outcome"] == outcome]
        _heat(mine, levels.get(outcome), over, panel)
        panel.set_xlabel(labels[0], fontsize=8)
        panel.set_ylabel(labels[1], fontsize=8)
    return figure


def _curve(rows: Sequence[Row], over: str, second: str | None, ax: Axes) -> None:
    ax.axhline(0, color=INK, lw=0.8)
    lines = list(dict.fromkeys(row[second] for row in rows)) if second else [None]
    for at, line in enumerate(lines):
        mine = [row for row in rows if second is None or row[second] == line]
        colour, doses = COLOURS[at % len(COLOURS)], [row[over] for row in mine]
        name = f"{second} {line:g}" if line is not None else None
        ax.plot(doses, [row["difference"] for row in mine], "o-", color=colour, ms=3, label=name)
        low, high = ([row[f"difference_{end}"] for row in mine] for end in ("lo", "hi"))
        ax.fill_between(doses, low, high, color=colour, alpha=0.2, lw=0)
    ax.set_title(rows[0]["label"], fontsize=9, loc="left")
    ax.set_ylabel(unit_of_change(rows[0]["unit"]), fontsize=8)
    ax.tick_params(labelsize=8)
    plain_axes(ax)


def _heat(rows: Sequence[Row], level: float | None, over: Sequence[str], ax: Axes) -> None:
    from matplotlib.patheffects import withStroke

    across, down = (sorted({row[name] for row in rows}) for name in over)
    cells = np.full((len(down), len(across)), np.nan)
    for row in rows:
        cells[down.index(row[over[1]]), across.index(row[over[0]])] = row["difference"]
    most = float(np.abs(cells).max()) or 1.0
    drawn = ax.imshow(cells, origin="lower", aspect="auto", cmap="RdBu_r", vmin=-most, vmax=most)
    if level is not None and min(cells.shape) > 1 and cells.min() < level < cells.max():
        ax.contour(cells, levels=[level], colors=[INK])
    if len(across) <= MOST_WRITTEN:
        for (y, x), value in np.ndenumerate(cells):
            dark = abs(value) > 0.6 * most
            said = ax.text(x, y, f"{value:.2g}", ha="center", va="center", fontsize=7,
                           color="white" if dark else INK)  # fmt: skip
            halo = drawn.cmap(drawn.norm(value))  # so that a line does not run through it
            said.set_path_effects([withStroke(linewidth=3, foreground=halo)])
    ax.set_xticks(range(len(across)), [f"{one:g}" for one in across])
    ax.set_yticks(range(len(down)), [f"{one:g}" for one in down])
    ax.tick_params(labelsize=8)
    ax.set_title(f"{rows[0]['label']} ({unit_of_change(rows[0]['unit'])})", fontsize=9, loc="left")
    ax.figure.colorbar(drawn, ax=ax).ax.tick_params(labelsize=7)
