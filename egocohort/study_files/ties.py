"""The end of a study file from a pilot: its members named again, ready to be planned with."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.world.toml_file import toml_text

if TYPE_CHECKING:
    from analysis.pilots.ties_kept import PilotTies

__all__ = ["ties_text"]

WIDTH = 98
BY_NAME = (
    "Members were known again by name: a name written in another way is a member lost here, so "
    "that the shares kept are too low by as much as names change. Link some maps by hand, set kept "
    "right, and give missed_links and false_links, the shares of errors that your study will make"
)
BY_ID = "Members were known again by an id, so that no errors of linking are in these shares"


def ties_text(said: PilotTies, source: str, weeks: Sequence[int] | None) -> str:
    """A table `[plan.panel.ties]` behind signs of comment, and what to do with it.

    Parameters
    ----------
    said
        What the pilot says.
    source
        What the protocol cites.
    weeks
        Of the pilot's waves, where it says them.
    """
    when = "" if weeks is None else f" in weeks {', '.join(map(str, weeks[1:]))}"
    followed = ", ".join(map(str, said.followed))
    opening = (
        f"Do ties stay? From the {source}: members of the first maps of {said.people} people, and "
        f"how many of them were on later maps{when} (of {followed} people). To plan for that in "
        "place of a score take [plan.panel] and what belongs to it out, put this in without the "
        'signs of comment, and ask for outcome = "ties_lost" with analysis = "gee_share". Absence '
        f'has no score to hang on then: mechanism = "MCAR". {BY_NAME if said.linked else BY_ID}.'
    )
    alike = ""
    if said.icc is not None:
        alike = f"   # {said.icc}, {said.icc.people} people"
    keys = toml_text(
        {
            "number": round(said.number, 2),
            "number_sd": round(min(said.number_sd, max(said.number - 1, 0.0)), 2),
            "kept": [round(one, 4) for one in said.kept],
        }
    ).strip()
    icc = round(min(said.icc.value, 0.9), 4) if said.icc is not None else 0.1
    errors = ["missed_links = 0.0", "false_links = 0.0"] if said.linked else []
    table = ["[plan.panel.ties]", *keys.splitlines(), f"icc = {icc}{alike}", *errors]
    if said.icc is None:
        table[-1 - len(errors)] += "   # assumed: the pilot cannot tell"
    return "\n".join(f"# {one}".rstrip() for one in [*textwrap.wrap(opening, WIDTH), "", *table])
