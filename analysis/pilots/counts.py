"""How much of what a pilot holds: interviews, members and ids, before anything is fitted."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from analysis.pilots.identity import next_maps
from analysis.pilots.interviews import PilotInterviews
from analysis.pilots.words import KIND_WORDS, STATUSES
from analysis.worlds.moments import MOMENT_CLASSES

__all__ = ["FEWEST_TOLD", "PilotCount", "counts_of"]

FEWEST_TOLD = 5
"""People behind a number that is told."""


class PilotCount(NamedTuple):
    """One number, or the fact that it would tell of fewer than five people.

    Attributes
    ----------
    of : str
        "interviews", "members" or "ids".
    name, kind : str
        The status, "with a map" or "no row" (of those interviewed at the first wave); the class
        and the kind; or what is counted of ids.
    wave : int
    n : int or None
        None where it would tell of fewer than five people, who have it or who lack it.
    most : bool
        Whether all but fewer than five have it.
    """

    of: str
    name: str
    kind: str
    wave: int
    n: int | None
    most: bool = False


def counts_of(found: PilotInterviews, *, lasting: bool) -> list[PilotCount]:
    """Interviews by status and wave, members by class, kind and wave, ids met again by wave.

    Parameters
    ----------
    lasting
        Whether ids tell who stayed; nothing is counted of them if not.
    """
    counts = []
    enrolled = int(found.attended[:, 0].sum())
    for wave in range(found.waves):
        held = {status: found.status[:, wave] == n for n, status in enumerate(STATUSES)}
        held["with a map"] = found.mapped[:, wave]
        if wave:
            held["no row"] = found.attended[:, 0] & (found.status[:, wave] < 0)
        for name, which in held.items():
            n = int(which.sum())
            most = wave > 0 and 0 < enrolled - n < FEWEST_TOLD
            told = None if most else _told(n, n)
            counts.append(PilotCount("interviews", name, "", wave + 1, told, most))
    return [*counts, *_members(found), *(_ids(found) if lasting else [])]


def _told(n: int, people: int) -> int | None:
    return None if 0 < people < FEWEST_TOLD else n


def _members(found: PilotInterviews) -> list[PilotCount]:
    members, kinds = found.members, len(KIND_WORDS) + 1
    cell = (members.roles.what * kinds + members.roles.kind + 1) * found.waves + members.wave
    counts = []
    for one in np.unique(cell).tolist():
        mine = cell == one
        rest, wave = divmod(one, found.waves)
        what, kind = divmod(rest, kinds)
        people = len(np.unique(members.person[mine]))
        name = KIND_WORDS[kind - 1] if kind else ""
        counts.append(
            PilotCount(
                "members", MOMENT_CLASSES[what], name, wave + 1, _told(int(mine.sum()), people)
            )
        )
    return counts


def _ids(found: PilotInterviews) -> list[PilotCount]:
    pairs, counts = next_maps(found), []
    for wave in range(1, found.waves):
        mine = found.members.wave[pairs.at] == wave - 1
        people = len(np.unique(found.members.person[pairs.at[mine]]))
        held, met = int(mine.sum()), int((pairs.again[mine] >= 0).sum())
        counts.append(PilotCount("ids", "on the map before", "", wave + 1, _told(held, people)))
        counts.append(PilotCount("ids", "of these, met again", "", wave + 1, _told(met, people)))
    return counts
