"""Pictures of what an answer depends on, and of the statements over all that is assumed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.figures.axes import BAR, plain_axes
from analysis.figures.canvas import steady_figure
from analysis.figures.maps import INK, SYNTHETIC_NOTE
from analysis.sensitivity.names import OUTPUTS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from analysis.sensitivity.band import Band
    from analysis.sensitivity.morris import Screening
    from analysis.sensitivity.plan import Findings
    from analysis.sensitivity.sobol import Shares

__all__ = ["band_axes", "band_figure", "flips_axes", "screening_axes", "sensitivity_figure",
           "shares_axes"]  # fmt: skip

MOVES, WITHIN, FIRST = "#0072B2", "#999999", "#E69F00"
FOR, UNDECIDED, AGAINST = "#0072B2", "#d9d9d9", "#D55E00"
MOST, MOST_FLIPS, FEWEST_ROWS = 20, 4, 8
ROW_INCHES, HEAD_INCHES = 0.27, 1.5


def sensitivity_figure(found: Findings) -> Figure:
    """Draw the screening and the shares of variance, as far as there are any."""
    screenings = [one for one in (found.families, found.parameters) if one is not None]
    panels = len(screenings) + (found.shares is not None)
    rows = max([min(len(one.names), MOST) for one in screenings] + [6])
    figure = steady_figure((6.2 * panels, HEAD_INCHES + ROW_INCHES * rows))
    axes = iter(np.atleast_1d(figure.subplots(1, panels)))
    unit = OUTPUTS[found.output][0]
    for one in screenings:
        axis = screening_axes(one, unit, next(axes))
        axis.set_title("Families of parameters" if one is found.families else "Parameters")
    if found.shares is not None:
        shares_axes(found.shares, next(axes)).set_title("Shares of the variance")
    figure.suptitle(f"What {found.output} depends on: {OUTPUTS[found.output][1]}", fontsize=11)
    return _signed(figure)


def screening_axes(found: Screening, unit: str, axes: Axes) -> Axes:
    """Draw mu* with its 95 % interval, the noise of each as a bar behind."""
    order = found.order[:MOST]
    places = np.arange(order.size)
    axes.barh(places, found.noise[order], color="#ececec", height=0.8, label="noise alone")
    for above, colour, mark, label in (
        (True, MOVES, "o", "above noise"), (False, WITHIN, "X", "not told from noise"),
    ):  # fmt: skip
        of = found.above_noise[order] == above
        if of.any():
            axes.errorbar(
                found.mu_star[order][of], places[of], xerr=found.reach[order][of], fmt=mark,
                color=colour, ms=5, lw=1.5, label=label,
            )  # fmt: skip
    axes.set_yticks(places, [_labelled(found, at) for at in order], fontsize=8)
    axes.set(ylim=(order.size - 0.4, -0.6))
    axes.set_xlim(left=0)
    axes.set_xlabel(f"mu*: change over the whole range, {unit}\nwith 95 % bootstrap interval")
    axes.legend(loc="lower right", fontsize=8, frameon=False)
    return plain_axes(axes, "left")


def _labelled(found: Screening, at: int) -> str:
    name = found.names[at]
    if np.isfinite(found.mu[at]):
        return f"{name}  {'+' if found.mu[at] > 0 else '–'}"
    return f"{name} ({len(found.members[at])})"


def shares_axes(found: Shares, axes: Axes) -> Axes:
    """Draw total and first-order shares with their 95 % intervals, and the noise of the total."""
    order, places = found.order, np.arange(len(found.names))
    axes.barh(places, found.noise[order], color="#ececec", height=0.8, label="noise alone")
    for shift, mark, colour, what, values, reach in (
        (-0.12, "o", MOVES, "total", found.total, found.total_reach),
        (0.12, "s", FIRST, "by itself", found.first, found.first_reach),
    ):
        axes.errorbar(
            values[order], places + shift, xerr=reach[order], fmt=mark, color=colour, ms=5, lw=1.5,
            label=what,
        )  # fmt: skip
    axes.axvline(0, color=INK, lw=0.8)
    axes.set_yticks(places, [found.names[at] for at in order], fontsize=8)
    axes.set(ylim=(max(places.size, FEWEST_ROWS) - 0.4, -0.6))
    axes.set_xlabel("share of variance, with 95 % bootstrap interval\nall others as shipped")
    axes.legend(loc="lower right", fontsize=8, frameon=False)
    return plain_axes(axes, "left")


def band_figure(band: Band) -> Figure:
    """Draw how each statement fared, and what speaks for and against it."""
    figure = steady_figure((14, 6.6))
    left, right = figure.subplots(1, 2)
    band_axes(band, left)
    flips_axes(band, right)
    figure.suptitle(
        f"{len(band.points)} joint draws of {len(band.space.paths)} parameters "
        f"({band.space.among}), {band.teams} teams each",
        fontsize=11,
    )
    return _signed(figure)


def band_axes(band: Band, axes: Axes) -> Axes:
    """Draw the draws decided for, undecided and decided against, and the share that agrees."""
    names = list(band.held)
    for at, name in enumerate(names):
        one, start = band.held[name], 0.0
        for count, colour, label in (
            (one.decided_for, FOR, "decided for"), (one.undecided, UNDECIDED, "undecided"),
            (one.decided_against, AGAINST, "decided against"),
        ):  # fmt: skip
            width = count / max(one.n, 1)
            axes.barh(at, width, left=start, color=colour, height=0.5,
                      label=label if at == 0 else None)  # fmt: skip
            start += width
        gap = [[one.share - one.low], [one.high - one.share]]
        axes.errorbar(one.share, at + 0.36, xerr=np.abs(gap), fmt="o", color=INK, ms=4, lw=1.4,
                      label="share with the sign claimed, 95 %" if at == 0 else None)  # fmt: skip
        axes.plot(one.near_share, at + 0.36, "D", mfc="white", color=INK, ms=5, clip_on=False,
                  label="the same, draws near the losses of B16" if at == 0 else None)  # fmt: skip
    texts = [_claimed(band, name) for name in names]
    axes.set_yticks(range(len(names)), texts, fontsize=9)
    axes.set(xlim=(0, 1), ylim=(len(names) - 0.3, -0.6), xlabel="share of draws")
    axes.legend(loc="upper center", bbox_to_anchor=(0.3, -0.1), ncols=3, fontsize=8, frameon=False)
    return plain_axes(axes, "left")


def _claimed(band: Band, name: str) -> str:
    from textwrap import fill

    one = band.held[name]
    said = f"shipped world: {one.shipped:.2g} ± {BAR * one.shipped_mcse:.1g}"
    return f"{fill(one.statement.text, 30)}\n{said} {OUTPUTS[one.statement.output][0]}"


def flips_axes(band: Band, axes: Axes) -> Axes:
    """Draw the parameters that move each contrast most, in SDs of the contrast over draws."""
    at, ticks, labels = 0, [], []
    for name, flips in band.flips.items():
        size = float(np.nanstd(band.contrasts[name].value)) or 1.0
        axes.text(
            0, at - 0.1, band.held[name].statement.text, fontsize=8.5, ha="center", va="bottom",
            bbox={"color": "white", "pad": 1},
        )  # fmt: skip
        for one in flips[:MOST_FLIPS]:
            at += 1
            colour = WITHIN if not one.certain else (FOR if one.slope > 0 else AGAINST)
            axes.plot([one.low / size, one.high / size], [at, at], color=colour, lw=1.8)
            axes.plot(one.slope / size, at, "o" if one.certain else "X", color=colour, ms=5)
            ticks.append(at)
            labels.append(one.path)
        at += 2
    axes.axvline(0, color=INK, lw=0.8, zorder=0)
    axes.set_yticks(ticks, labels, fontsize=8)
    axes.set(ylim=(at - 1, -1.2))
    axes.set_xlabel(
        "change of the contrast from lowest to highest value,\nin its SDs over draws; right "
        "strengthens the statement;\nintervals hold for all parameters together (95 %)"
    )
    return plain_axes(axes, "left")


def _signed(figure: Figure) -> Figure:
    figure.text(0.995, 0.995, SYNTHETIC_NOTE, ha="right", va="top", fontsize=7, color=INK)
    return figure
