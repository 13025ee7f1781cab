"""Keys of a study file, and comments that say where their numbers come from."""

from __future__ import annotations

import textwrap
from typing import Any

from egocohort.study_files.questions import OWN_FIGURE, Answer, Proposal
from sim.world.toml_file import toml_text

__all__ = ["as_keys", "comment", "why"]

WIDTH = 100


def why(one: Answer) -> str:
    """Where a number comes from, as a sentence."""
    if one.source == OWN_FIGURE:
        return "Given by the study team."
    note = f": {one.note}" if one.note else ""
    origin = Proposal(one.value, one.source, "").origin
    return f"{'Assumed' if origin == 'assumed' else f'From {origin}'}{note}."


def as_keys(**values: Any) -> str:
    """Keys with their values, a line each."""
    return toml_text(values).strip()


def comment(text: str) -> str:
    """A paragraph behind signs of comment, in lines that fit a page."""
    return "\n".join(f"# {line}" for line in textwrap.wrap(text, WIDTH - 2))
