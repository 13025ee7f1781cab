"""What is published of the scores that people have: their mean, and how they scatter.

Those of the world's scales are parameters of the world, those of others of their catalogue.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from analysis.questions.scales import Scale, known_scales
from sim.study.settings import SCORES
from sim.world.parameters import catalogue

if TYPE_CHECKING:
    from analysis.questions.panel import Panel

__all__ = ["Published", "published", "published_sd"]

What = Literal["mean", "sd"]


class Published(NamedTuple):
    """A figure in points, its source, empty of an assumed one, and a note on it."""

    value: float
    source: str
    note: str


def published(outcome: str, what: What) -> Published | None:
    """Mean or SD of an outcome; None where none is known."""
    if outcome in SCORES:
        entry = catalogue()[f"scale.{outcome}.{what}"]
        return Published(entry.value, entry.source, entry.note)
    return _of_scale(known_scales().get(outcome), what)


def published_sd(panel: Panel) -> Published | None:
    """The standard deviation of a panel's outcome, on a scale of its own or a known one."""
    if panel.scale is None:
        return published(panel.outcome, "sd")
    return _of_scale(panel.scale, "sd") or _of_scale(known_scales().get(panel.outcome), "sd")


def _of_scale(scale: Scale | None, what: What) -> Published | None:
    if scale is None or scale.typical is None:
        return None
    one = scale.typical
    return Published(getattr(one, what), one.source, f"in {one.of}")
