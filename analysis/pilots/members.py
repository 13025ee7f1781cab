"""Members of maps put to the interviews they were named in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis.pilots.faults import Faults, shown
from analysis.pilots.given import LINKED_BY_NAME, PilotMap
from analysis.pilots.linkage import linked_ids
from analysis.pilots.meanings import Roles
from analysis.pilots.sheet import Cells
from analysis.pilots.spelling import bare_id, one_spelling
from analysis.pilots.table import NOBODY, PilotTable, no_column
from analysis.pilots.waves import PilotWaves

__all__ = ["PilotMembers", "members_in"]

SOME = 3
"""Ids that a message names."""


@dataclass(frozen=True)
class PilotMembers:
    """Members of all maps, (m,) each.

    Attributes
    ----------
    person, wave : ndarray of int
        Rows and columns of `PilotInterviews.attended`.
    id : ndarray of int
        Number of the member's own id; -1 where the table has none.
    roles : Roles
    rows : ndarray of int
        Of alters.csv, as it was read.
    linked : bool
        Whether members are known again by name, kind and age, and not by an id.
    """

    person: np.ndarray
    wave: np.ndarray
    id: np.ndarray
    roles: Roles
    rows: np.ndarray
    linked: bool = False


def members_in(
    egos: PilotTable,
    alters: PilotTable,
    held: np.ndarray,
    person: np.ndarray,
    row: np.ndarray,
    waves: PilotWaves,
    roles: Roles,
    given: PilotMap,
    faults: Faults,
) -> tuple[PilotMembers, tuple[str, ...]]:
    """Members with the numbers of their person, wave and id; faults where there is no interview.

    Parameters
    ----------
    held : ndarray of bool, (rows of egos,)
    person : ndarray of int, (held rows,)
    row : ndarray of int, (people, W)
        Row of egos.csv of each interview, -1 without one.

    Returns
    -------
    PilotMembers
    notes : tuple of str
    """
    number = _numbers_by_text(egos.cells["ego_pid"].of(held), person)
    pids = alters.cells["ego_pid"]
    same, notes = _as_in_egos(pids, number)
    whose = pids.merged(same).read(lambda text: number.get(text, NOBODY), np.int64)
    wave = waves.of(alters, faults) - 1
    blank = pids.blank()
    alters.add(faults, np.flatnonzero(blank), "no ego_pid; every member needs its person's id")
    _check_places(alters, whose, wave, row, faults)
    linked = given.same_member == LINKED_BY_NAME
    if linked:
        ids, note = linked_ids(alters, whose, wave, 100 * roles.what + roles.kind, given, faults)
        notes = (*notes, note)
    elif "alter_id" in alters.cells:
        ids, note = _ids(alters, whose, wave, faults)
        notes = (*notes, note)
    else:
        ids = np.full(len(alters), NOBODY)
        if waves.count > 1:
            lacks = no_column(alters, "alter_id", "a member's own id, the same at every wave")
            faults.add(alters.where, f"{lacks}; without it nobody sees who stayed")
    return PilotMembers(whose, wave, ids, roles, np.arange(len(alters)), linked), notes


def _check_places(
    alters: PilotTable, whose: np.ndarray, wave: np.ndarray, row: np.ndarray, faults: Faults
) -> None:
    """Whether every member is on the map of an interview that took place."""
    pids = alters.cells["ego_pid"]
    strange = (whose == NOBODY) & ~pids.blank()
    if strange.any():
        alters.add(
            faults, np.flatnonzero(strange),
            "egos.csv has no interview of it (ego_pid, wave): no interview at all of "
            f"{_some(pids, strange)}",
        )  # fmt: skip
    placed = (whose >= 0) & (wave >= 0)
    absent = placed.copy()
    absent[placed] = row[whose[placed], wave[placed]] < 0
    alters.add(
        faults, np.flatnonzero(absent),
        "egos.csv has no interview of it (ego_pid, wave) that took place",
    )  # fmt: skip


def _numbers_by_text(cells: Cells, person: np.ndarray) -> Mapping[str, int]:
    first = np.full(len(cells.texts), NOBODY)
    first[cells.codes] = person
    return {text: int(n) for text, n in zip(cells.texts, first, strict=True) if n >= 0 and text}


def _ids(
    alters: PilotTable, whose: np.ndarray, wave: np.ndarray, faults: Faults
) -> tuple[np.ndarray, str]:
    """Number of each member's id, and what was done to ids."""
    cells, changed = one_spelling(alters.cells["alter_id"], (whose, wave))
    blank = cells.blank()
    alters.add(
        faults, np.flatnonzero(blank),
        f"no {alters.called('alter_id')}; every member needs its id",
    )  # fmt: skip
    order = np.lexsort((np.arange(len(whose)), cells.codes, wave, whose))
    keys = np.stack([whose[order], wave[order], cells.codes[order]])
    again = np.flatnonzero((keys[:, 1:] == keys[:, :-1]).all(axis=0)) + 1
    again = again[~blank[order[again]]]
    if again.size:
        first = int(alters.lines[order[again[0] - 1]])
        alters.add(
            faults, np.sort(order[again]),
            f"a member is on this map twice ({alters.called('alter_id')}); first on line {first}",
        )  # fmt: skip
    note = f"{alters.called('alter_id')} written in more than one way, read as one: {changed}"
    return np.where(blank, NOBODY, cells.codes), note if changed else ""


def _as_in_egos(pids: Cells, number: Mapping[str, int]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Ids that egos.csv writes otherwise, with zeros in front or in capitals, if each is one."""
    odd = [text for text in pids.texts if text and text not in number]
    if not odd:
        return {}, ()
    theirs: dict[str, list[str]] = {}
    for text in number:
        theirs.setdefault(bare_id(text), []).append(text)
    found = {text: near[0] for text in odd if len(near := theirs.get(bare_id(text), [])) == 1}
    if not found:
        return {}, ()
    return found, (
        "ids written otherwise in alters.csv than in egos.csv, as a spreadsheet does that takes "
        f"leading zeros away; read as the same: {len(found)}",
    )


def _some(pids: Cells, rows: np.ndarray) -> str:
    codes = np.unique(pids.codes[rows])
    told = ", ".join(shown(pids.texts[code]) for code in codes[:SOME].tolist())
    more = len(codes) - SOME
    return f"{told} and {more} more" if more > 0 else told
