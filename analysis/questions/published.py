"""What is published of how an outcome scatters between people."""

from __future__ import annotations

from typing import NamedTuple

from analysis.questions.panel import Panel
from analysis.questions.scales import known_scales
from sim.study.settings import SCORES
from sim.world.parameters import catalogue

__all__ = ["PublishedSd", "published_sd"]


class PublishedSd(NamedTuple):
    """A standard deviation in points, and its source; empty of an assumed one."""

    sd: float
    source: str


def published_sd(panel: Panel) -> PublishedSd | None:
    """The standard deviation on file for the outcome of a panel; None where none is known.

    Those of the world's scales are parameters of the world, those of others of their catalogue.
    """
    if panel.scale is None and panel.outcome in SCORES:
        entry = catalogue()[f"scale.{panel.outcome}.sd"]
        return PublishedSd(float(entry.value), entry.source or "")
    on_file = known_scales().get(panel.outcome)
    typical = (panel.scale and panel.scale.typical) or (on_file and on_file.typical)
    return PublishedSd(typical.sd, typical.source) if typical else None
