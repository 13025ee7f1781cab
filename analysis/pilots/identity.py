"""Whether an id is the same member at every wave: only then can it be said who stayed.

Ids that start anew in each session look like ids that last, and every figure of who stayed would
be wrong. They are known by what they name (1 is the mother, then the dentist), by never being met
again, or by losing none but the last: who counts 1, 2, 3 anew and names fewer, "loses" the highest
numbers alone, which of members who really leave happens by chance only now and then.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from analysis.pilots.interviews import PilotInterviews

__all__ = ["Lasting", "lasting_ids", "next_maps"]

CHANGED, CHANGED_IF_COUNTED = 0.2, 0.05
"""Share of the ids met again that may name a member of another class or kind before we doubt them;
less where the ids of every map are 1, 2, 3, ..., as they are if they start anew each time."""
COUNTED = 0.9
"""Share of maps that must be numbered without a gap to speak of counting."""
LAST_NUMBER = re.compile(r".*?(\d{1,9})", re.ASCII | re.DOTALL)
BY_CHANCE = 1e-3
"""Chance below which we do not believe that losing none but the last was one."""


@dataclass(frozen=True)
class Lasting:
    """What is known of ids.

    Attributes
    ----------
    holds : bool
        Whether who stayed can be told by them.
    note : str
        Why not, or what it rests on; "" if there is nothing to say.
    """

    holds: bool
    note: str


@dataclass(frozen=True)
class NextMaps:
    """Members whose person made a map at the next wave too, (k,) each.

    Attributes
    ----------
    at : ndarray of int
        Place among all members.
    again : ndarray of int
        Place of the same id at the next wave; -1 if it is not met.
    """

    at: np.ndarray
    again: np.ndarray


def next_maps(found: PilotInterviews, ids: np.ndarray | None = None) -> NextMaps:
    """Look up every member on the next map of the same person.

    Parameters
    ----------
    ids
        Numbers of members, the same for the same one; by default those of `alter_id`.
    """
    members, waves = found.members, found.waves
    mine = members.id if ids is None else ids
    later = np.minimum(members.wave + 1, waves - 1)
    both = (mine >= 0) & (members.wave + 1 < waves) & found.mapped[members.person, members.wave]
    at = np.flatnonzero(both & found.mapped[members.person, later])
    span = int(mine.max(initial=0)) + 2
    keys = (members.person * waves + members.wave) * span + mine + 1
    order = np.argsort(keys, kind="stable")
    wanted = keys[at] + span
    place = np.searchsorted(keys[order], wanted)
    inside = place < len(keys)
    hit = np.zeros(len(at), bool)
    hit[inside] = keys[order][place[inside]] == wanted[inside]
    again = np.full(len(at), -1)
    again[hit] = order[place[hit]]
    return NextMaps(at, again)


def lasting_ids(found: PilotInterviews) -> Lasting:
    """Judge the ids of a pilot."""
    if found.waves == 1 or found.members.linked:
        return Lasting(True, "")
    pairs = next_maps(found)
    held, met = len(pairs.at), pairs.again >= 0
    if not held:
        return Lasting(True, "")
    before, now = pairs.at[met], pairs.again[met]
    roles = found.members.roles
    known = (roles.kind[before] >= 0) & (roles.kind[now] >= 0)
    changed = int((np.where(known, roles.kind[before] != roles.kind[now],
                            roles.what[before] != roles.what[now])).sum())  # fmt: skip
    again = int(met.sum())
    numbers = _numbers(found)
    whole = _counted(found, numbers, by_class=False)
    counted = whole or _counted(found, numbers, by_class=True)
    why = "" if again else "no id is met again at the next wave"
    if changed > max((CHANGED_IF_COUNTED if counted else CHANGED) * again, 1):
        why = f"{changed} of {again} ids name a member of another class or kind at the next wave"
    elif (
        again
        and counted
        and not (whole and _mixed(found))
        and (_chance_of_last(found, by_class=not whole) < BY_CHANCE)
    ):
        part = "" if whole else " within each class"
        why = f"they count 1, 2, 3, ...{part}, and none but the last numbers are ever lost"
    if why:
        return Lasting(False, (
            "alter_id starts anew at each interview, so nothing can be said of who stayed "
            f"({why}); give each member one id at every wave, or link members by name: a file of "
            '--map with same_member = "name, kind and age"'
        ))  # fmt: skip
    if not counted:
        return Lasting(True, "")
    said = "every map's alter_ids are 1, 2, 3, ...; who stayed is right only if a member keeps its"
    return Lasting(True, f"{said} number from wave to wave")


def _numbers(found: PilotInterviews) -> np.ndarray:
    """The number at the end of each member's id, -1 without one, (m,)."""
    cells = found.alters.cells["alter_id"]

    def number(text: str) -> int:
        part = LAST_NUMBER.fullmatch(text)
        return int(part[1]) if part else -1

    return np.asarray(cells.read(number, np.int64))[found.members.rows]


def _groups(found: PilotInterviews, *, by_class: bool) -> tuple[np.ndarray, np.ndarray]:
    """The map each member is on, or its class on that map, as numbers; and who is on later ones."""
    members = found.members
    group = members.person * found.waves + members.wave
    if by_class:
        group = group * 5 + members.roles.what
    _, group = np.unique(group, return_inverse=True)
    return group, members.wave > 0


def _counted(found: PilotInterviews, numbers: np.ndarray, *, by_class: bool) -> bool:
    """Whether the ids of later maps are numbers without a gap, from 0 or 1."""
    group, later = _groups(found, by_class=by_class)
    if not later.any():
        return False
    size = np.bincount(group)
    low, high = np.full(len(size), np.iinfo(np.int64).max), np.full(len(size), -1)
    np.minimum.at(low, group, numbers)
    np.maximum.at(high, group, numbers)
    order = np.lexsort((numbers, group))
    same = (np.diff(group[order]) == 0) & (np.diff(numbers[order]) == 0)
    twice = np.zeros(len(size), bool)
    twice[group[order][1:][same]] = True
    gapless = (low >= 0) & (low <= 1) & (high - low + 1 == size) & ~twice
    of_later = np.unique(group[later])
    return bool(gapless[of_later].mean() >= COUNTED)


def _mixed(found: PilotInterviews) -> bool:
    """Whether maps hold several kinds, so that numbers that start anew would change theirs."""
    group, _ = _groups(found, by_class=False)
    kind = 100 * found.members.roles.what + found.members.roles.kind
    first = np.zeros(int(group.max()) + 1, np.int64)
    first[group] = kind
    others = np.zeros(len(first), bool)
    others[group[kind != first[group]]] = True
    return bool(others.mean() >= 0.5)


def _chance_of_last(found: PilotInterviews, *, by_class: bool) -> float:
    """Chance that members who left at random were always those with the highest numbers."""
    from scipy.special import gammaln

    pairs = next_maps(found)
    group, _ = _groups(found, by_class=by_class)
    held = np.bincount(group[pairs.at], minlength=int(group.max()) + 1)
    kept = np.bincount(group[pairs.at[pairs.again >= 0]], minlength=len(held))
    lost = (held > 0) & (kept < held) & (kept > 0)
    numbers = _numbers(found)
    stay, gone = pairs.at[pairs.again >= 0], pairs.at[pairs.again < 0]
    highest = np.full(len(held), -1)
    np.maximum.at(highest, group[stay], numbers[stay])
    lowest = np.full(len(held), np.iinfo(np.int64).max)
    np.minimum.at(lowest, group[gone], numbers[gone])
    if not lost.any() or (lowest < highest)[lost].any():
        return 1.0
    ways = gammaln(held + 1) - gammaln(kept + 1) - gammaln(held - kept + 1)
    return float(np.exp(-ways[lost].sum()))
