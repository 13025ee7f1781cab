"""Pictures of a study: ego maps over the waves, retention, what became of the ties.

Each function takes data and an Axes, draws, and returns the Axes; `ego_maps` fills a Figure. No
state of pyplot is touched, so they work in threads, on servers and in notebooks alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from analysis.figures.axes import plain_axes
from analysis.figures.maps import (
    CLASS_COLOURS,
    CLASS_LABELS,
    INK,
    ego_map,
    ego_maps,
    people_to_show,
)
from analysis.measures.study import Loss, Visit

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["ego_map", "ego_maps", "people_to_show", "retention_axes", "ties_by_cause"]

CAUSE_COLOURS = (  # Okabe and Ito (2008)
    "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#999999",
)  # fmt: skip


def retention_axes(
    visits: Sequence[Visit], ax: Axes, *, months: Mapping[int, float] | None = None
) -> Axes:
    """Draw the share interviewed at each wave with its 95 % interval, beside the founding paper.

    Parameters
    ----------
    visits
        From `analysis.measures.study.retention`.
    ax
        Where to draw.
    months
        Month of each wave, for the axis; waves are numbered by default.
    """
    at = [months.get(one.wave, one.wave) if months else one.wave for one in visits]
    share = np.array([one.share for one in visits])
    low, high = (np.array([getattr(one, end) for one in visits]) for end in ("low", "high"))
    errors = np.maximum(np.stack([share - low, high - share]), 0)
    ax.errorbar(
        at, share, errors, color=CLASS_COLOURS["kin"], marker="o", capsize=4, lw=1.5,
        label="simulated, 95 % interval",
    )  # fmt: skip
    paper = np.array([one.paper_share for one in visits])
    if np.isfinite(paper).any():
        ax.plot(
            at, paper, ls="none", marker="_", ms=18, mew=2.5, color=CLASS_COLOURS["friend"],
            label="founding paper",
        )  # fmt: skip
    for x, one in zip(at, visits, strict=True):
        said = f"{one.interviewed} of {one.enrolled}"
        ax.annotate(said, (x, one.low), (0, -6), textcoords="offset points", ha="center", va="top")
    ax.set_ylim(0, 1.04)
    ax.margins(x=0.12)
    ax.set_xticks(at)
    ax.set_xlabel("months since baseline" if months else "wave")
    ax.set_ylabel("share of those enrolled")
    ax.legend(frameon=False, loc="lower left")
    return _on_white(ax)


def ties_by_cause(
    losses: Sequence[Loss], ax: Axes, *, cause_labels: Mapping[str, str] | None = None
) -> Axes:
    """Draw the share of true ties that ended, by class, stacked by cause.

    Parameters
    ----------
    losses
        From `analysis.measures.study.ties_lost`.
    ax
        Where to draw; the legend stands to the right of it.
    cause_labels
        What the causes are called; their codes by default.
    """
    causes = list(dict.fromkeys(cause for one in losses for cause in one.causes))
    styles = _cause_styles(causes)
    rows = [one for one in losses if one.alive]
    left = np.zeros(len(rows))
    for cause in causes:
        width = np.array([one.causes.get(cause, 0) / one.alive for one in rows])
        label = (cause_labels or {}).get(cause, cause)
        colour, hatch = styles[cause]
        ax.barh(
            range(len(rows)), width, left=left, color=colour, hatch=hatch, edgecolor="white",
            lw=0.6, label=label,
        )  # fmt: skip
        left += width
    for y, (end, one) in enumerate(zip(left, rows, strict=True)):
        said = f" {one.share:.0%} ({one.ended} of {one.alive})"
        ax.text(end, y, said, va="center", ha="left", fontsize=9, color=INK)
    ax.set_yticks(range(len(rows)), [CLASS_LABELS[one.tie_class] for one in rows])
    ax.invert_yaxis()
    ax.set_xlim(0, max(left.max(initial=0) * 1.35, 0.05))
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    within = f" within {losses[0].weeks} weeks" if losses else ""
    ax.set_xlabel(f"share of the ties alive at baseline that ended{within}")
    if causes:
        ax.legend(frameon=False, loc="center left", bbox_to_anchor=(1.02, 0.5), fontsize=9)
    return _on_white(ax)


def _cause_styles(causes: Sequence[str]) -> dict[str, tuple[str, str]]:
    """A colour and a hatching for each cause; the colours come round again with lines across."""
    n = len(CAUSE_COLOURS)
    return {
        cause: (CAUSE_COLOURS[i % n], ("", "////", "xxxx")[i // n % 3])
        for i, cause in enumerate(causes)
    }


def _on_white(ax: Axes) -> Axes:
    ax.set_facecolor("white")
    return plain_axes(ax)
