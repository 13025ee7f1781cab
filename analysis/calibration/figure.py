"""The picture of a fit: targets beside the fitted world, and what was learned of each parameter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.calibration.fit import Fit
from analysis.calibration.identified import learned
from analysis.figures.axes import plain_axes
from analysis.figures.canvas import steady_figure
from analysis.figures.maps import INK, SYNTHETIC_NOTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["learned_axes", "predictive_axes", "predictive_figure"]

TARGET, SIMULATED, LOOKED_AT, GREY = "#222222", "#0072B2", "#E69F00", "#e3e3e3"
ROW_INCHES, HEAD_INCHES, FARTHEST = 0.28, 1.5, 4.0


def predictive_figure(fit: Fit) -> Figure:
    """Draw a fit: targets on the left, parameters on the right."""
    rows = max(len(fit.targets), len(fit.recipe.free))
    figure = steady_figure((13, HEAD_INCHES + ROW_INCHES * rows))
    left, right = figure.subplots(1, 2, gridspec_kw={"width_ratios": [1.25, 1]})
    predictive_axes(fit, left)
    learned_axes(fit, right)
    figure.text(0.005, 0.002, SYNTHETIC_NOTE, ha="left", va="bottom", fontsize=7, color=INK)
    return figure


def predictive_axes(fit: Fit, axes: Axes) -> Axes:
    """Each target with its error, and what the fitted world would show in a study of its size.

    In standard errors of the target, so that all can share an axis.
    """
    axes.axvspan(-1.645, 1.645, color=GREY, lw=0, label="target, 90 % of its error")
    axes.axvline(0, color=TARGET, lw=1)
    names, told = [], set()
    for at, one in enumerate(fit.targets):
        se = max(fit.target_se[at], 1e-12)
        low, high, middle = (
            float(np.clip((v - one.value) / se, -FARTHEST, FARTHEST))
            for v in (fit.predicted_low[at], fit.predicted_high[at], fit.simulated[at])
        )
        fitted = one.use == "calibration"
        colour, mark = (SIMULATED, "o") if fitted else (LOOKED_AT, "D")
        label = "simulated, fitted to the target" if fitted else "simulated, target not fitted to"
        axes.plot([low, high], [at, at], color=colour, lw=2)
        axes.plot(middle, at, mark, color=colour, ms=6, label=None if fitted in told else label)
        told.add(fitted)
        names.append(f"{one.key}   {one.value:.3g}, simulated {fit.simulated[at]:.3g}")
    axes.set_yticks(range(len(names)), names, fontsize=8)
    axes.set(ylim=(len(names) - 0.4, -0.6), xlim=(-FARTHEST - 0.1, FARTHEST + 0.1))
    axes.set_xlabel("simulated less target, in standard errors of the target\nbar: 90 % predictive")
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), fontsize=7.5, frameon=False, ncols=3)
    return plain_axes(axes, "left")


def learned_axes(fit: Fit, axes: Axes) -> Axes:
    """The interval of each parameter within its range."""
    for at, (one, known) in enumerate(zip(fit.recipe.free, learned(fit), strict=True)):
        width = one.high - one.low
        low, high, best = ((v - one.low) / width for v in (fit.low[at], fit.high[at], fit.best[at]))
        axes.plot([0, 1], [at, at], color=GREY, lw=7, solid_capstyle="butt", zorder=0)
        style = "-" if known.identified else ":"
        axes.plot([low, high], [at, at], style, color=SIMULATED, lw=2.4)
        axes.plot(best, at, "o" if known.identified else "X", color=SIMULATED, ms=6)
    names = [
        f"{one.path}   {best:.3g}" for one, best in zip(fit.recipe.free, fit.best, strict=True)
    ]
    axes.set_yticks(range(len(names)), names, fontsize=8)
    axes.set(ylim=(len(names) - 0.4, -0.6), xlim=(-0.03, 1.03))
    axes.set_xlabel("place in its range (0 lowest, 1 highest)\ndotted, cross: not identified")
    axes.set_title("Parameters, best fit with 90 % interval", fontsize=10, loc="left")
    return plain_axes(axes, "left")
