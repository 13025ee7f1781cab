"""Pictures of a comparison: differences over weeks, what takes the place of help, subgroups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from typing import TYPE_CHECKING, Any

from analysis.compare.shown import unit_of_change
from analysis.compare.substitution import BY_NOBODY, SOURCES
from analysis.figures.axes import plain_axes
from analysis.figures.canvas import COLOURS, blank_figure
from analysis.figures.maps import INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "RIBBONS", "equity_figure", "forest_figure", "legend_above", "panels_for", "ribbons_figure",
    "substitution_figure",
]  # fmt: skip

Row = Mapping[str, Any]
RIBBONS = (
    "kept", "enough", "help_professionals", "worker_trust", "insecurity", "family_load",
    "treated", "episode", "crises", "hospital_days", "wellbeing", "isolated",
)  # fmt: skip
"""Outcomes that are drawn where no others are asked for."""
NEITHER = "#8A8A8A"
"""Of what no source gives."""
IN_A_ROW = 3
PANEL_INCHES = (3.4, 2.3)
FEW, FEW_INCHES = 6, (2.7, 2.1)
"""So many panels stand two in a row, and can be read on a narrow screen too."""


def ribbons_figure(rows: Sequence[Row], start: int) -> Figure:
    """Differences over weeks with their 95 % intervals, a panel for each outcome.

    Parameters
    ----------
    rows
        Of `tables.difference_rows`, of everybody.
    start
        The week in which the first difference begins, before which worlds are one.
    """
    outcomes = list(dict.fromkeys(row["outcome"] for row in rows))
    few = len(outcomes) <= FEW
    figure, panels = panels_for(outcomes, IN_A_ROW - few, FEW_INCHES if few else PANEL_INCHES)
    for panel, outcome in zip(panels, outcomes, strict=False):
        ribbons([row for row in rows if row["outcome"] == outcome], start, panel)
    if len(panels[0].get_legend_handles_labels()[0]) > 1:
        legend_above(figure, panels[0])
    return figure


def panels_for(
    outcomes: Sequence[str], in_a_row: int, inches: tuple[float, float], beside: float = 0.0
) -> tuple[Figure, Sequence[Axes]]:
    """A figure with a panel for each outcome, and the panels; those left over are not seen.

    Parameters
    ----------
    inches : (float, float)
        Of a panel, across and down.
    beside : float
        Inches that the figure is wider than its panels.
    """
    across = min(in_a_row, len(outcomes))
    down = ceil(len(outcomes) / across)
    figure = blank_figure((inches[0] * across + beside, inches[1] * down + 0.5))
    panels = list(figure.subplots(down, across, squeeze=False).ravel())
    for panel in panels[len(outcomes) :]:
        panel.set_visible(False)
    return figure, panels


def legend_above(figure: Figure, panel: Axes) -> None:
    """The legend of a panel, above all of them."""
    names, labels = panel.get_legend_handles_labels()
    figure.legend(names, labels, loc="outside upper left", ncols=4, frameon=False, fontsize=9)


def ribbons(rows: Sequence[Row], start: int, ax: Axes) -> Axes:
    """One outcome: a line and a ribbon for each scenario; returns the axes."""
    ax.axhline(0, color=INK, lw=0.8)
    for scenario, colour in zip(_scenarios(rows), COLOURS * len(rows), strict=False):
        mine = [row for row in rows if row["scenario"] == scenario]
        later = [row for row in mine if row["week"] >= start]
        weeks = [0, start, *(row["week"] + 1 for row in later)]
        lines = {
            end: [0.0, 0.0, *(row[f"difference{end}"] for row in later)]
            for end in ("", "_lo", "_hi")
        }
        ax.plot(weeks, lines[""], color=colour, lw=1.6, label=scenario)
        ax.fill_between(weeks, lines["_lo"], lines["_hi"], color=colour, alpha=0.25, lw=0)
    ax.set_title(rows[0]["label"], fontsize=9, loc="left")
    ax.set_xlabel("week", fontsize=8)
    ax.set_ylabel(unit_of_change(rows[0]["unit"]), fontsize=8)
    ax.tick_params(labelsize=8)
    return plain_axes(ax)


def substitution_figure(rows: Sequence[Row]) -> Figure:
    """What each source of help gives more or less, and unmet need beside it, with 95 % intervals.

    Parameters
    ----------
    rows
        Of `tables.substitution_rows`.
    """
    few = len(_scenarios(rows))
    figure = blank_figure((6.2, 1.7 + 1.1 * few), 0.06)
    given, unmet = figure.subplots(1, 2, sharey=True, width_ratios=(2, 1))
    heads = [row for row in rows if row["source"] == BY_NOBODY]
    changes = {"professionals": (heads, "lost")} | {
        source: ([row for row in rows if row["source"] == source], "gain") for source in SOURCES
    }
    _bars(changes, COLOURS, given)
    given.set_title("help", fontsize=9, loc="left")
    given.set_xlabel("acts a week and person", fontsize=8)
    legend_above(figure, given)
    _bars({"unmet need": (heads, "unmet")}, [NEITHER], unmet)
    unmet.set_title("unmet need", fontsize=9, loc="left")
    unmet.set_xlabel("0-1", fontsize=8)
    given.invert_yaxis()
    return figure


def _bars(
    changes: Mapping[str, tuple[Sequence[Row], str]], colours: Sequence[str], ax: Axes
) -> None:
    """A bar for each scenario and change, whose rows and name are given by its label."""
    for at, ((label, (rows, name)), colour) in enumerate(
        zip(changes.items(), colours, strict=False)
    ):
        shift = 0.8 * (at + 0.5) / len(changes) - 0.4
        ax.barh(
            [place + shift for place in range(len(rows))], [row[name] for row in rows],
            0.7 / len(changes),
            xerr=[(row[f"{name}_hi"] - row[f"{name}_lo"]) / 2 for row in rows], color=colour,
            label=label, error_kw={"lw": 1, "capsize": 2},
        )  # fmt: skip
        ax.set_yticks(range(len(rows)), [row["scenario"] for row in rows], fontsize=9)
    ax.axvline(0, color=INK, lw=0.8)
    ax.tick_params(axis="x", labelsize=8)
    ax.locator_params(axis="x", nbins=4)
    plain_axes(ax)


def forest_figure(rows: Sequence[Row]) -> Figure:
    """Differences in subgroups with 95 % intervals, a panel for each outcome.

    Parameters
    ----------
    rows
        Of `tables.subgroup_rows`.
    """
    outcomes = list(dict.fromkeys(row["outcome"] for row in rows))
    cells = list(dict.fromkeys((row["by"], row["level"]) for row in rows))
    figure = blank_figure((1.6 + 2.5 * len(outcomes), 2.2 + 0.27 * len(cells)))
    panels = figure.subplots(1, len(outcomes), sharey=True, squeeze=False)[0]
    for panel, outcome in zip(panels, outcomes, strict=True):
        forest([row for row in rows if row["outcome"] == outcome], cells, panel)
    if len(panels[0].get_legend_handles_labels()[0]) > 1:
        legend_above(figure, panels[0])
    return figure


def forest(rows: Sequence[Row], cells: Sequence[tuple[str, str]], ax: Axes) -> Axes:
    """One outcome: a mark and a bar for each subgroup and scenario; returns the axes."""
    ax.axvline(0, color=INK, lw=0.8)
    scenarios = _scenarios(rows)
    for at, scenario in enumerate(scenarios):
        mine = [row for row in rows if row["scenario"] == scenario]
        shift = 0.5 * ((at + 0.5) / len(scenarios) - 0.5)
        places = [cells.index((row["by"], row["level"])) + shift for row in mine]
        reach = [(row["difference_hi"] - row["difference_lo"]) / 2 for row in mine]
        ax.errorbar(
            [row["difference"] for row in mine], places, xerr=reach, fmt="o", ms=4, lw=1.2,
            color=COLOURS[at % len(COLOURS)], label=scenario,
        )  # fmt: skip
    names = [f"{by.replace('*', ' × ')}: {level.replace('*', ', ')}" for by, level in cells]
    ax.set_yticks(range(len(cells)), [one.replace("_", " ") for one in names], fontsize=8)
    ax.set_ylim(len(cells) - 0.4, -0.6)
    ax.set_title(rows[0]["label"], fontsize=9, loc="left")
    ax.set_xlabel(unit_of_change(rows[0]["unit"]), fontsize=8)
    ax.tick_params(axis="x", labelsize=8)
    ax.locator_params(axis="x", nbins=4)
    return plain_axes(ax)


def equity_figure(rows: Sequence[Row]) -> Figure:
    """Concentration curves, a panel for each outcome, a line for each scenario and breakdown.

    Parameters
    ----------
    rows
        Of `equity.curve_rows`.
    """
    outcomes = list(dict.fromkeys(row["outcome"] for row in rows))
    lines = list(dict.fromkeys((row["scenario"], row["by"]) for row in rows))
    figure, panels = panels_for(outcomes, 2, (2.7, 2.8))
    for panel, outcome in zip(panels, outcomes, strict=False):
        equity_curves([row for row in rows if row["outcome"] == outcome], lines, panel)
    drawn = {
        label: name for panel in panels[: len(outcomes)]
        for name, label in zip(*panel.get_legend_handles_labels(), strict=True)
    }  # fmt: skip
    figure.legend(
        drawn.values(), drawn.keys(), loc="outside upper left", ncols=1, frameon=False, fontsize=9
    )
    return figure


def equity_curves(rows: Sequence[Row], lines: Sequence[tuple[str, str]], ax: Axes) -> Axes:
    """One outcome: its curves, and the diagonal on which everybody bears as much."""
    ax.plot([0, 100], [0, 100], color=INK, lw=0.8)
    for at, (scenario, by) in enumerate(lines):
        mine = [row for row in rows if (row["scenario"], row["by"]) == (scenario, by)]
        if mine:
            ax.plot(
                [0, *(100 * row["people_share"] for row in mine)],
                [0, *(100 * row["change_share"] for row in mine)], "o-", ms=3, lw=1.4,
                color=COLOURS[at % len(COLOURS)], label=f"{scenario}, by {by}",
            )  # fmt: skip
    ax.set_title(rows[0]["label"], fontsize=9, loc="left")
    ax.set_xlabel("% of people, from the first level", fontsize=8)
    ax.set_ylabel("% of the change", fontsize=8)
    ax.tick_params(labelsize=8)
    return plain_axes(ax)


def _scenarios(rows: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(row["scenario"] for row in rows))
