"""Interviews without a single member: no map, nobody to name, or no interview at all.

Taking one for the other makes ties vanish, so what the tables leave open is asked about.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.pilots.faults import Faults
from analysis.pilots.given import PilotMap
from analysis.pilots.meanings import VisitStatus
from analysis.pilots.members import PilotMembers
from analysis.pilots.table import PilotTable
from sim.study.settings import SCORES

__all__ = ["MapsMade", "maps_made"]

SINGLY = 5
"""Interviews that are told one by one, with both numbers; more are told together."""

ASK = (
    'say which in a file of --map: empty_map = "nobody named", "no map" (broken off before it) or '
    '"missed"'
)


@dataclass(frozen=True)
class MapsMade:
    """What became of each interview, (people, W) each.

    Attributes
    ----------
    attended : ndarray of bool
        Who was interviewed.
    mapped : ndarray of bool
        Who made a map, be it an empty one.
    status : ndarray of int
        Number among `words.STATUSES`; -1 without an interview.
    notes : tuple of str
        What was taken for what.
    """

    attended: np.ndarray
    mapped: np.ndarray
    status: np.ndarray
    notes: tuple[str, ...]


def maps_made(
    egos: PilotTable,
    row: np.ndarray,
    status: np.ndarray,
    members: PilotMembers,
    given: PilotMap,
    faults: Faults,
) -> MapsMade:
    """Tell maps, empty maps and interviews without a map apart.

    Parameters
    ----------
    row : ndarray of int, (people, W)
        Of egos.csv, for each interview; -1 without one.
    status : ndarray of int, (people, W)
        As the table has it.
    """
    there = row >= 0
    good = (members.person >= 0) & (members.wave >= 0)
    at = members.person[good] * row.shape[1] + members.wave[good]
    named = np.bincount(at, minlength=row.size).reshape(row.shape)
    empty = there & (named == 0)
    said = _said_number(egos, row, faults)
    _compare(egos, row, said, named, empty & (status == VisitStatus.PARTIAL), faults)
    nobody = empty & (said == 0)
    if "interview_status" in egos.cells:
        nobody |= empty & (status == VisitStatus.COMPLETE)
    elif given.empty_map is None:
        status = _by_scores(egos, row, empty & ~nobody, status, faults)
    else:
        taken = {
            "nobody named": VisitStatus.COMPLETE,
            "no map": VisitStatus.PARTIAL,
            "missed": VisitStatus.MISSED,
        }[given.empty_map]
        status = np.where(empty & ~nobody, taken, status)
        nobody = empty & (status == VisitStatus.COMPLETE)
    attended = there & (status != VisitStatus.MISSED)
    _whole_waves(egos, attended, named, status, faults)
    notes = (
        _note("interviews that broke off before the map, no empty maps",
              attended & empty & ~nobody),
        _note("rows without scores and without a map, taken for missed interviews",
              there & (status == VisitStatus.MISSED)),
        _note("interviews of people who named nobody, counted as empty maps", nobody & attended),
    )  # fmt: skip
    return MapsMade(attended, attended & (~empty | nobody), status, notes)


def _compare(
    egos: PilotTable,
    row: np.ndarray,
    said: np.ndarray,
    named: np.ndarray,
    broken: np.ndarray,
    faults: Faults,
) -> None:
    """Whether egos.csv and alters.csv agree on how many members were named."""
    wrong = np.argwhere(np.isfinite(said) & (said != named) & ~broken)
    column = egos.called("n_alters")
    for person, wave in wrong[:SINGLY].tolist():
        egos.add(
            faults, row[[person], wave],
            f"{column} is {said[person, wave]:.0f}, but alters.csv has {named[person, wave]} of "
            "this interview; correct it, or leave the column out",
        )  # fmt: skip
    rest = wrong[SINGLY:]
    egos.add(
        faults, row[rest[:, 0], rest[:, 1]],
        f"{column} is another number than alters.csv has of this interview",
    )  # fmt: skip


def _note(what: str, which: np.ndarray) -> str:
    return f"{what}: {int(which.sum())}" if which.any() else ""


def _said_number(egos: PilotTable, row: np.ndarray, faults: Faults) -> np.ndarray:
    """How many members egos.csv says were named, nan where it does not, (people, W)."""
    if "n_alters" not in egos.cells:
        return np.full(row.shape, np.nan)
    numbers = egos.numbers("n_alters", faults, whole=True)
    return np.where(row >= 0, numbers[row], np.nan)


def _by_scores(
    egos: PilotTable, row: np.ndarray, empty: np.ndarray, status: np.ndarray, faults: Faults
) -> np.ndarray:
    """Without a status: rows without a score were no interviews; of others nobody can tell."""
    scores = [name for name in SCORES if name in egos.cells]
    if not empty.any():
        return status
    filled = np.zeros(len(egos), bool)
    for name in scores:
        filled |= ~egos.cells[name].blank()
    missed = empty & ~filled[row] & bool(scores)
    unclear = empty & ~missed
    egos.add(
        faults, row[unclear],
        "nobody is on the map of this interview and there is no interview_status, so this may be a "
        f"missed interview, one without a map, or somebody without ties; {ASK}",
    )  # fmt: skip
    return np.where(missed, VisitStatus.MISSED, status)


def _whole_waves(
    egos: PilotTable, attended: np.ndarray, named: np.ndarray, status: np.ndarray, faults: Faults
) -> None:
    """A wave of complete interviews of which alters.csv has nobody was not entered."""
    for wave in np.flatnonzero(attended.any(axis=0) & (named.sum(axis=0) == 0)).tolist():
        complete = int((attended & (status == VisitStatus.COMPLETE))[:, wave].sum())
        if complete:
            faults.add(
                egos.where,
                f"wave {wave + 1} has {complete} complete interviews and alters.csv has nobody of "
                "it; add its members, or say interview_status = partial",
            )
