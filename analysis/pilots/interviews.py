"""From a pilot's two tables to its interviews: who came when, and who was on whose map.

What cannot be read for certain is refused with its file and line; what is left out is noted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from analysis.pilots.empty_maps import maps_made
from analysis.pilots.faults import Faults
from analysis.pilots.given import NOTHING_SAID, PilotMap
from analysis.pilots.meanings import VisitStatus, member_roles, statuses_of
from analysis.pilots.members import PilotMembers, members_in
from analysis.pilots.spelling import one_spelling
from analysis.pilots.table import NOBODY, PilotTable, no_column
from analysis.pilots.waves import WEEKS_IN, PilotWaves, waves_of

__all__ = ["PilotInterviews", "interviews_in"]

SINGLY = 5
"""Faults of one sort that are told one by one, with both lines; more are told together."""


@dataclass(frozen=True)
class PilotInterviews:
    """What the two tables say.

    Attributes
    ----------
    attended : ndarray of bool, (people, W)
        Who was interviewed, with a map or without.
    mapped : ndarray of bool, (people, W)
        Who made a map.
    status : ndarray of int, (people, W)
        Number among `words.STATUSES`; -1 without a row.
    members : PilotMembers
    weeks : tuple of int or None
        Of the waves, from the first; None if the tables do not say when they were.
    row : ndarray of int, (people, W)
        Of egos.csv, as it was read, for each interview held; -1 without one.
    egos, alters : PilotTable
    notes : tuple of str
        What was mended or left out.
    """

    attended: np.ndarray
    mapped: np.ndarray
    status: np.ndarray
    members: PilotMembers
    weeks: tuple[int, ...] | None
    row: np.ndarray
    egos: PilotTable
    alters: PilotTable
    notes: tuple[str, ...]

    @property
    def waves(self) -> int:
        """Number of waves."""
        return int(self.attended.shape[1])

    def by_interview(self, column: np.ndarray) -> np.ndarray:
        """A column of egos.csv as (people, W); nan where there was no interview."""
        return np.where(self.row >= 0, np.asarray(column, float)[self.row], np.nan)


def interviews_in(
    egos: PilotTable,
    alters: PilotTable,
    given: PilotMap = NOTHING_SAID,
    faults: Faults | None = None,
) -> PilotInterviews:
    """Check both tables and put them together.

    Raises
    ------
    InputError
        Naming every fault with its file, line and column, and what would be right.
    """
    faults = Faults() if faults is None else faults
    _check_columns(egos, alters, faults)
    faults.check()
    egos = _one_spelling(egos)
    status, notes = statuses_of(egos, given, faults)
    faults.check()
    held = status != VisitStatus.MISSED
    places = Faults()
    waves = _waves(egos, held, given, places)
    wave = waves.of(egos.of(held), places) - 1
    person, people = _people(egos, held, places)
    roles = member_roles(alters, given, faults)
    weeks = _weeks(egos.of(held), wave, waves, given, faults)
    placed = _placed(egos, held, person, wave, (people, waves.count), places)
    members, member_notes = members_in(
        egos, alters, held, person, placed, waves, roles, given, places
    )
    status = np.where(placed >= 0, status[placed], NOBODY)
    maps = None if places else maps_made(egos, placed, status, members, given, faults)
    if maps is not None:
        _check_people(egos, maps.attended, faults)
    faults.join(places)
    faults.check()
    assert maps is not None  # noqa: S101  # or something was refused
    said = (
        *egos.notes, *alters.notes, waves.note, *_columns_read(egos, alters), *notes,
        *roles.notes, *member_notes, *maps.notes,
    )  # fmt: skip
    return PilotInterviews(
        maps.attended, maps.mapped, _with_missed(egos, maps.status, held, waves), members, weeks,
        np.where(maps.attended, placed, NOBODY), egos, alters,
        tuple(note for note in said if note),
    )  # fmt: skip


def _check_columns(egos: PilotTable, alters: PilotTable, faults: Faults) -> None:
    """Whether the columns are there without which nothing can be read."""
    for table in (egos, alters):
        if "ego_pid" not in table.cells:
            faults.add(table.where, no_column(table, "ego_pid", "the person's id"))
    if not {"tie_class", "tie_kind"} & set(alters.cells):
        faults.add(alters.where, no_column(alters, "tie_class", "what a member is"))
    if ("wave" in egos.cells) != ("wave" in alters.cells):
        lacking = alters if "wave" in egos.cells else egos
        faults.add(lacking.where, no_column(lacking, "wave", "the other table has it"))


def _waves(egos: PilotTable, held: np.ndarray, given: PilotMap, faults: Faults) -> PilotWaves:
    """The waves there are; refused if there is none."""
    waves = waves_of(egos, held, given, faults)
    if not held.any():
        faults.add(egos.where, "holds no interviews")
    if not waves.count:
        faults.check()
    return waves


def _one_spelling(egos: PilotTable) -> PilotTable:
    """The table with people whose id is written in two ways as one, and a note of it."""
    place = [egos.cells["wave"].codes] if "wave" in egos.cells else []
    cells, changed = one_spelling(egos.cells["ego_pid"], place)
    if not changed:
        return egos
    note = f"{egos.called('ego_pid')} written in more than one way, read as one: {changed}"
    return replace(egos, cells={**egos.cells, "ego_pid": cells}, notes=(*egos.notes, note))


def _check_people(egos: PilotTable, attended: np.ndarray, faults: Faults) -> None:
    """Whether anybody is met at two waves; if not, ids are of interviews."""
    if attended.shape[1] > 1 and not (attended.sum(axis=1) > 1).any():
        faults.add(
            egos.where,
            f"nobody has an interview at two waves, so {egos.called('ego_pid')} is no id of a "
            "person; give each person one id at every wave",
        )


def _with_missed(
    egos: PilotTable, status: np.ndarray, held: np.ndarray, waves: PilotWaves
) -> np.ndarray:
    """Statuses with those of rows that stand for missed interviews, (people, W)."""
    pids = egos.cells["ego_pid"]
    people = sorted({pids.texts[code] for code in np.unique(pids.codes[held]).tolist()})
    number = {pid: place for place, pid in enumerate(people)}
    missed = egos.of(~held)
    wave = waves.of(missed, Faults()) - 1
    person = missed.cells["ego_pid"].read(lambda text: number.get(text, NOBODY), np.int64)
    known = (wave >= 0) & (person >= 0)
    found = status.copy()
    free = known.copy()
    free[known] = found[person[known], wave[known]] == NOBODY
    found[person[free], wave[free]] = VisitStatus.MISSED
    return found


def _columns_read(egos: PilotTable, alters: PilotTable) -> tuple[str, ...]:
    """Columns that are called something else than ours."""
    told = []
    for table, name in ((egos, "egos"), (alters, "alters")):
        other = [f'"{theirs}" as {ours}' for ours, theirs in table.theirs.items() if theirs != ours]
        told += [f"columns of {name} read as ours: {', '.join(other)}"] if other else []
    return tuple(told)


def _people(egos: PilotTable, held: np.ndarray, faults: Faults) -> tuple[np.ndarray, int]:
    """Number of each interview's person in the order of ids, (held rows,), and how many people."""
    mine = egos.cells["ego_pid"].of(held)
    blank = mine.blank()
    egos.add(
        faults, np.flatnonzero(held)[blank], "no ego_pid; every interview needs its person's id"
    )
    used = np.unique(mine.codes[~blank])
    order = sorted(used.tolist(), key=lambda code: mine.texts[code])
    number = np.full(len(mine.texts), NOBODY)
    number[order] = np.arange(len(order))
    return np.where(blank, NOBODY, number[mine.codes]), len(order)


def _placed(
    egos: PilotTable,
    held: np.ndarray,
    person: np.ndarray,
    wave: np.ndarray,
    shape: tuple[int, int],
    faults: Faults,
) -> np.ndarray:
    """Row of egos.csv of each person and wave, -1 without one, (people, W)."""
    rows = np.flatnonzero(held)
    good = (person >= 0) & (wave >= 0) & (wave < shape[1])
    at = person * shape[1] + wave
    order = np.argsort(at[good], kind="stable")
    ordered, theirs = at[good][order], rows[good][order]
    again = np.flatnonzero(ordered[1:] == ordered[:-1]) + 1
    what = "a person has two interviews of one wave (ego_pid, wave)"
    for one in again[:SINGLY].tolist():
        before = int(egos.lines[theirs[one - 1]])
        egos.add(faults, theirs[[one]], f"{what}; the one before is on line {before}")
    egos.add(faults, theirs[again[SINGLY:]], what)
    row = np.full(shape, NOBODY)
    row[person[good], wave[good]] = rows[good]
    return row


def _weeks(
    egos: PilotTable, wave: np.ndarray, waves: PilotWaves, given: PilotMap, faults: Faults
) -> tuple[int, ...] | None:
    """Weeks of the waves from what the user says, from names of waves, or from `month_target`."""
    if given.weeks:
        if len(given.weeks) != waves.count:
            faults.add(
                given.name, f"weeks names {len(given.weeks)} waves, and the tables {waves.count}"
            )
        return given.weeks
    if waves.weeks is not None or "month_target" not in egos.cells:
        return waves.weeks
    months = egos.numbers("month_target", faults)
    of_wave = [months[(wave == w) & np.isfinite(months)] for w in range(waves.count)]
    if not all(one.size for one in of_wave):
        return None
    found = [round(float(np.median(one)) * WEEKS_IN["month"]) for one in of_wave]
    if found[0] != 0 or any(b <= a for a, b in pairwise(found)):
        faults.add(
            egos.where,
            f"{egos.called('month_target')} must be 0 at wave 1 and rise from wave to wave, not "
            f"{', '.join(f'{float(np.median(one)):g}' for one in of_wave)}"
            f"{egos.unless('month_target')}",
        )
    return tuple(found)
