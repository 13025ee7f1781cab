"""What a pilot says of members named again, for a plan of whether ties stay."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from analysis.pilots.counts import FEWEST_TOLD
from analysis.pilots.estimates import Range, icc_of
from analysis.pilots.identity import lasting_ids
from analysis.pilots.interviews import PilotInterviews

__all__ = ["PilotTies", "ties_of"]


class PilotTies(NamedTuple):
    """Members of first maps, and how many of them are on later ones.

    Attributes
    ----------
    people : int
        With a first map on which somebody is.
    number, number_sd : float
        Members on it, as far as they can be known again.
    kept : tuple of float
        Share of them on each later map, of people who have that map.
    followed : tuple of int
        Those people, by wave.
    icc : Range or None
        Correlation of kept, yes or no, of two members of one person at the last wave, from analysis
        of variance; None where too few can tell.
    linked : bool
        Whether members were known again by name, and not by an id.
    """

    people: int
    number: float
    number_sd: float
    kept: tuple[float, ...]
    followed: tuple[int, ...]
    icc: Range | None
    linked: bool


def ties_of(found: PilotInterviews) -> PilotTies | None:
    """Follow the members of first maps; None where ids do not last or too few people tell."""
    if found.waves == 1 or not lasting_ids(found).holds:
        return None
    members = found.members
    first = np.flatnonzero((members.wave == 0) & (members.id >= 0))
    first = first[found.mapped[members.person[first], 0]]
    whose = members.person[first]
    sizes = np.bincount(whose, minlength=len(found.attended))
    sizes = sizes[sizes > 0]
    shares, people, last = [], [], None
    for wave in range(1, found.waves):
        there = found.mapped[whose, wave]
        kept = _on_map(found, wave)[first][there]
        people.append(int(np.unique(whose[there]).size))
        shares.append(float(kept.mean()) if kept.size else 0.0)
        last = icc_of(kept.astype(float), whose[there]) if kept.size else None
    if min(people) < FEWEST_TOLD or not all(0 < one < 1 for one in shares):
        return None
    return PilotTies(
        sizes.size, float(sizes.mean()), float(sizes.std(ddof=1)), tuple(shares), tuple(people),
        None if last is None else last[0]._replace(people=people[-1]), members.linked,
    )  # fmt: skip


def _on_map(found: PilotInterviews, wave: int) -> np.ndarray:
    """Whether each member, by its id, is on the map of the same person at a wave, (m,)."""
    members = found.members
    span = int(members.id.max(initial=0)) + 2
    keys = members.person * span + members.id + 1
    return np.asarray(np.isin(keys, keys[(members.wave == wave) & (members.id >= 0)]))
