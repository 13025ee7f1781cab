"""A fitted world as a scenario file: what was fitted, with intervals, and what was solved."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from analysis.calibration.fit import Fit
from analysis.calibration.identified import learned
from sim.world.parameters import catalogue
from sim.world.toml_file import as_path, toml_text

__all__ = ["overlay_text"]


def overlay_text(fit: Fit, folder: Path | None = None, unmet: Sequence[str] = ()) -> str:
    """The scenario file.

    Parameters
    ----------
    folder
        Where it will lie, if the scenario it extends is a file.
    unmet
        Why it is not one to use as it is.
    """
    recipe, known = fit.recipe, catalogue()
    base = recipe.base
    if as_path(base) is not None:
        base = os.path.relpath(base, folder or Path())
    own = {one.path for one in recipe.free}
    low, high = (
        dict(zip([one.path for one in recipe.free], bounds.tolist(), strict=True))
        for bounds in (fit.low, fit.high)
    )
    known_of = {one.path: one for one in learned(fit)}
    lines = [
        f"# Fitted by `egocohort calibrate`, seed {fit.seed}; intervals: 90 % of the posterior.",
        "# Simulated people were fitted to figures: nothing here is evidence about patients.",
        *(f"# NOT MET: {one}." for one in unmet),
        toml_text(
            {"id": f"{recipe.id}-fitted", "title": f"Fitted: {recipe.title}", "extends": base}
        ),
        "[parameters]",
        "# grade fitted",
    ]
    for path, value in fit.expanded.items():
        what = f"keeps its proportion ({known[path].unit})"
        if path in own:
            one = known_of[path]
            what = f"{low[path]:.4g} to {high[path]:.4g} {known[path].unit}"
            what += "" if one.identified else f"; NOT IDENTIFIED: {one.reason}"
        lines.append(f"{_line(path, value)}  # {what}")
    lines += ["# grade fitted: solved so that births balance losses and levels are the usual ones"]
    lines += [_line(path, value) for path, value in fit.solved.items()]
    return "\n".join(lines) + "\n"


def _line(path: str, value: float) -> str:
    """Six figures, and never past a bound of the range by rounding."""
    entry = catalogue()[path]
    return toml_text({path: min(max(float(f"{value:.6g}"), entry.low), entry.high)}).strip()
