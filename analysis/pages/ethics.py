"""A line for the ethics committee."""

from __future__ import annotations

from analysis.pages.blocks import Paragraph, Section

__all__ = ["ethics"]


def ethics(in_world: bool = False) -> Section:
    """That nobody was involved, and what the figures are no evidence of."""
    lives = ""
    if in_world:
        lives = (
            " Their lives, illnesses and deaths are made up by rules that rest on published "
            "figures and, where there are none, on assumptions; nobody's record was used to make "
            "them."
        )
    said = (
        "The people behind these figures are simulated by a computer program. Nobody was "
        f"approached for them and nobody's data were used.{lives} The figures follow from the "
        "assumptions named above; they are no evidence about patients, about services, or about "
        "what the study will find."
    )
    return Section("For the ethics committee", [Paragraph(said)])
