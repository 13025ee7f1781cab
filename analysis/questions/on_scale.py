"""Whether what a plan says of an outcome can be true of its scale, which has two ends.

A score between a and b with mean m has an SD of at most sqrt((m - a) (b - m)): half the people at
either end if m is in the middle (Bhatia and Davis 2000,
American Mathematical Monthly 107:353).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from analysis.questions.panel import Panel
from analysis.questions.plan import Plan
from analysis.questions.scales import Scale
from sim.errors import counted
from sim.study.owners import Fail

__all__ = ["Ends", "check_on_scale", "ends_of"]

SLACK = 1e-6


class Ends(NamedTuple):
    """The lowest and the highest score of a scale."""

    low: float
    high: float

    @property
    def width(self) -> float:
        """The largest difference there can be."""
        return self.high - self.low

    def largest_sd(self, mean: float | None = None) -> float:
        """Of scores with this mean, or with any."""
        if mean is None:
            return self.width / 2
        return float(np.sqrt(max((mean - self.low) * (self.high - mean), 0.0)))

    def __str__(self) -> str:
        return f"{self.low:g} to {self.high:g}"


def ends_of(scale: Scale) -> Ends:
    """The ends of a scale."""
    return Ends(scale.low, scale.high)


def check_on_scale(plan: Plan, arms: tuple[str, ...], weeks: tuple[int, ...], fail: Fail) -> None:
    """Whether mean, SD, changes and precision of `[plan.panel]` fit on its outcome's scale.

    Parameters
    ----------
    plan
        With a panel, whose trend and effects have a value for each follow-up.
    arms, weeks
        The study's.
    fail
        Called with the first thing wrong.
    """
    panel = plan.panel
    if panel is None:
        return
    ends = ends_of(panel.measured_on)
    where = ("plan", "panel")
    mean = _mean_of(panel, ends)
    if mean is not None and not ends.low < mean < ends.high:
        fail((*where, "mean"), f"{mean:g} is not within the scale: {panel.outcome} has {ends}")
    most = ends.largest_sd(mean)
    if panel.sd > most:
        about = "" if mean is None else f" around a mean of {mean:g}"
        fail(
            (*where, "sd"),
            f"{panel.sd:g} is more than scores of {ends} ({panel.outcome}) can vary{about}: at "
            f"most {most:.3g}",
        )
    _check_ratios(panel, ends, fail)
    _check_changes(panel, mean, ends, arms, fail)
    if panel.slope_sd * weeks[-1] / 52 > ends.width:
        fail(
            (*where, "slope_sd"),
            f"{panel.slope_sd:g} a year for {counted(weeks[-1], 'week')} is more than the "
            f"{counted(ends.width, 'point')} of {panel.outcome}",
        )
    if panel.members is not None and panel.members.sd > ends.largest_sd():
        fail(
            (*where, "members", "sd"),
            f"{panel.members.sd:g} is more than scores of {ends} can vary: at most "
            f"{ends.largest_sd():g}",
        )
    for number, one in enumerate(plan.question):
        if one.about != "slope" and (one.half_width or 0) > ends.width:
            fail(
                ("plan", "question", number, "half_width"),
                f"{one.half_width:g} is more than the {counted(ends.width, 'point')} of "
                f"{panel.outcome}",
            )


def _check_spread(
    panel: Panel, then: float | None, ends: Ends, arm: str, t: int, key: tuple[str, ...], fail: Fail
) -> None:
    """Near an end of a scale scores cannot differ as much as in its middle."""
    ratios = panel.ratios(arm)
    sd, most = panel.sd * (ratios[t] if ratios else 1.0), ends.largest_sd(then)
    if then is None or sd <= most + SLACK:
        return
    fail(
        ("plan", "panel", *key),
        f"at follow-up {t + 1} the mean becomes {then:.4g}, around which scores of {ends} "
        f"({panel.outcome}) have an SD of at most {most:.3g}, and not the {sd:.3g} assumed; give a "
        "smaller change or SD",
    )


def _check_ratios(panel: Panel, ends: Ends, fail: Fail) -> None:
    for arm, ratios in panel.sd_ratio.items():
        sd = panel.sd * max(ratios, default=1.0)
        if sd > ends.largest_sd():
            fail(
                ("plan", "panel", "sd_ratio", arm),
                f"makes the SD {sd:.3g}, which is more than scores of {ends} ({panel.outcome}) can "
                f"vary: at most {ends.largest_sd():.3g}",
            )


def _mean_of(panel: Panel, ends: Ends) -> float | None:
    """The mean at baseline; None where it is not said, which is 0 off the scale."""
    return None if panel.mean == 0 and not ends.low < 0 < ends.high else panel.mean


def _check_changes(
    panel: Panel, mean: float | None, ends: Ends, arms: tuple[str, ...], fail: Fail
) -> None:
    """Every arm's mean stays on the scale; where no mean is said, no change is wider than it."""
    low, high = (-ends.width, ends.width) if mean is None else ends
    base = mean or 0.0
    for arm in arms or ("",):
        added = panel.effect.get(arm, ())
        waves = max(len(panel.trend), len(added))
        trend = panel.trend or (0.0,) * waves
        for t, step in enumerate(trend):
            then = base + step + (panel.sd * added[t] if added else 0.0)
            key = ("effect", arm) if added and low <= base + step <= high else ("trend",)
            if low - SLACK <= then <= high + SLACK:
                _check_spread(panel, then if mean is not None else None, ends, arm, t, key, fail)
                continue
            said = "the mean changes by" if mean is None else "the mean becomes"
            fail(
                ("plan", "panel", *key),
                f"at follow-up {t + 1} {said} {then:.4g}, which is not within the scale: "
                f"{panel.outcome} has {ends}",
            )
