"""A line for the ethics committee."""

from __future__ import annotations

from analysis.pages.blocks import Section, section_of
from analysis.pages.render import text

__all__ = ["ethics"]


def ethics(in_world: bool = False) -> Section:
    """That nobody was involved, and what the figures are no evidence of."""
    return section_of(text("pages/ethics.md.j2", {"in_world": in_world}))
