"""From a pilot's rows to its interviews: who came when, who was on whose map, and who stayed.

What cannot be read for certain is refused with its file and line; what is left out is noted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from analysis.calibration.pilot_tables import PilotRows
from sim.errors import InputError
from sim.world.kinds import CLASS_OF_GROUP, GROUP_OF_KIND, TIE_CLASSES, Kind, TieClass

__all__ = ["PilotInterviews", "interviews_in"]

STATUSES = ("complete", "partial", "missed")
KIND_WORDS = tuple(one.name.lower() for one in Kind)
KIN_WORDS = tuple(k.name.lower() for k in Kind if CLASS_OF_GROUP[GROUP_OF_KIND[k]] == TieClass.KIN)
MOST_WAVES = 99
MONTHS, WEEKS = 12, 52
CHANGED, CHANGED_IF_COUNTED = 0.2, 0.05
"""Share of the ids met again that may name a member of another class before we doubt them; less
where the ids of every map are 1, 2, 3, ..., as they are if they start anew in each interview."""

Maps = dict[tuple[int, int], dict[str, str]]
"""Class of each member by its id ("partner" is one), for each map by person and wave."""


@dataclass(frozen=True)
class PilotInterviews:
    """What the two tables say.

    Attributes
    ----------
    attended : ndarray of bool, (people, W)
        Who was interviewed, with a map or without.
    maps : dict
        Of every interview but those that broke off before the map.
    weeks : tuple of int or None
        Of the waves, from the first; None if the tables do not say when they were.
    lasting : bool
        Whether an id is the same member at every wave, so that it can be said who stayed.
    notes : tuple of str
        What was mended or left out.
    """

    attended: np.ndarray
    maps: Maps
    weeks: tuple[int, ...] | None
    lasting: bool
    notes: tuple[str, ...]

    @property
    def waves(self) -> int:
        """Number of waves."""
        return int(self.attended.shape[1])


def interviews_in(egos: PilotRows, alters: PilotRows) -> PilotInterviews:
    """Check both tables and put them together.

    Raises
    ------
    InputError
        Naming the file, the line, the column, and what would be right.
    """
    status = _statuses(egos)
    held = [row for row, one in enumerate(status) if one != "missed"]
    if not held:
        raise InputError(f"{egos.where}: holds no interviews")
    number, attended = _attended(egos, held)
    named = _maps(alters, number, attended)
    maps = {(p, w + 1): named.get((p, w + 1), {}) for p, w in np.argwhere(attended).tolist()}
    broken = [
        at for row in held
        if status[row] == "partial" and not maps[at := _at(egos, row, number)]
    ]  # fmt: skip
    for at in broken:
        del maps[at]
    lasting, doubt = _lasting(maps)
    spaced = egos.spaced + alters.spaced
    notes = [
        f"ids with a space before or behind, which was taken off: {spaced}" if spaced else "",
        f"interviews that broke off before the map, no empty maps: {len(broken)}" if broken else "",
        doubt,
    ]
    weeks = _weeks(egos, held, attended.shape[1])
    return PilotInterviews(attended, maps, weeks, lasting, tuple(note for note in notes if note))


def _statuses(egos: PilotRows) -> list[str]:
    if "interview_status" not in egos.cells:
        return ["complete"] * len(egos.lines)
    return [egos.word(row, "interview_status", STATUSES) for row in range(len(egos.lines))]


def _at(egos: PilotRows, row: int, number: dict[str, int]) -> tuple[int, int]:
    return number[egos.cells["ego_pid"][row]], egos.whole(row, "wave")


def _attended(egos: PilotRows, held: list[int]) -> tuple[dict[str, int], np.ndarray]:
    """Number of each person by id, and who was interviewed at which wave."""
    pids = egos.cells["ego_pid"]
    for row in held:
        if not pids[row]:
            egos.fail(row, "no ego_pid; every interview needs its person's id")
    number = {pid: i for i, pid in enumerate(sorted({pids[row] for row in held}))}
    waves = sorted({egos.whole(row, "wave") for row in held})
    if waves != list(range(1, len(waves) + 1)) or len(waves) > MOST_WAVES:
        shown = f"{', '.join(map(str, waves[:9]))}{', ...' if len(waves) > 9 else ''}"
        raise InputError(
            f"{egos.where}: waves must be 1, 2, 3, ... without a gap, at most {MOST_WAVES} of "
            f"them, not {shown}"
        )
    attended = np.zeros((len(number), len(waves)), bool)
    for row in held:
        person, wave = _at(egos, row, number)
        if attended[person, wave - 1]:
            egos.fail(row, "a person has two interviews of one wave (ego_pid, wave)")
        attended[person, wave - 1] = True
    return number, attended


def _maps(alters: PilotRows, number: dict[str, int], attended: np.ndarray) -> Maps:
    waves = attended.shape[1]
    if waves > 1 and "alter_id" not in alters.cells:
        raise InputError(
            f"{alters.where}: there is no column alter_id; a member's own id, the same at every "
            "wave, is needed to see who stayed"
        )
    ids = alters.cells.get("alter_id") or [str(line) for line in alters.lines]
    found: Maps = {}
    for row, (pid, member) in enumerate(zip(alters.cells["ego_pid"], ids, strict=True)):
        wave, person = alters.whole(row, "wave"), number.get(pid)
        if person is None or not 1 <= wave <= waves or not attended[person, wave - 1]:
            hint = _almost(pid, number) if person is None else ""
            alters.fail(row, f"egos.csv has no interview of it (ego_pid, wave){hint}")
        if not member:
            alters.fail(row, "no alter_id; every member needs its id")
        mine = found.setdefault((person, wave), {})
        if member in mine:
            alters.fail(row, "a member is on this map twice (alter_id)")
        mine[member] = _class(alters, row)
    return found


def _class(alters: PilotRows, row: int) -> str:
    """Class of a member; among kin, the kind must tell whether it is the partner."""
    what = alters.word(row, "tie_class", TIE_CLASSES)
    if alters.cells["tie_kind"][row]:
        return "partner" if alters.word(row, "tie_kind", KIND_WORDS) == "partner" else what
    if what == "kin":
        alters.fail(
            row, f"tie_kind is blank, so this may be the partner; write {', '.join(KIN_WORDS)}"
        )
    return what


def _almost(pid: str, number: dict[str, int]) -> str:
    """Say so if an id differs from one of egos.csv by what a spreadsheet does to numbers."""

    def bare(text: str) -> str:
        return re.sub(r"^0+(?=\d)|\.0+$", "", text)

    near = next((one for one in number if bare(one) == bare(pid)), None)
    if near is None:
        return ""
    return f"; it has {near[:30]!r}, not {pid[:30]!r}: a spreadsheet takes leading zeros away"


def _weeks(egos: PilotRows, held: list[int], waves: int) -> tuple[int, ...] | None:
    if "month_target" not in egos.cells:
        return None
    months: list[list[int]] = [[] for _ in range(waves)]
    for row in held:
        if egos.cells["month_target"][row]:
            months[egos.whole(row, "wave") - 1].append(egos.whole(row, "month_target"))
    if not all(months):
        return None
    found = [round(float(np.median(one)) * WEEKS / MONTHS) for one in months]
    if found[0] != 0 or any(b <= a for a, b in pairwise(found)):
        raise InputError(
            f"{egos.where}: month_target must be 0 at wave 1 and rise from wave to wave"
        )
    return tuple(found)


def _lasting(maps: Maps) -> tuple[bool, str]:
    """Whether ids last from wave to wave, and what to say if they do not or might not."""
    held = again = changed = 0
    for (person, wave), before in maps.items():
        now = maps.get((person, wave + 1))
        if now is None:
            continue
        held += len(before)
        both = before.keys() & now.keys()
        again += len(both)
        changed += sum(before[member] != now[member] for member in both)
    if not held:
        return True, ""
    counted = _counted(maps)
    why = "no id is met again at the next wave" if not again else ""
    if changed > max((CHANGED_IF_COUNTED if counted else CHANGED) * again, 1):
        why = f"{changed} of {again} ids name a member of another class at the next wave"
    if why:
        return False, (
            "alter_id starts anew at each interview, so nothing can be said of who stayed "
            f"({why}); give each member one id at every wave"
        )
    said = "every map's alter_ids are 1, 2, 3, ...; who stayed is right only if a member keeps its"
    return True, f"{said} number from wave to wave" if counted else ""


def _counted(maps: Maps) -> bool:
    """Whether the ids of later maps are numbers without a gap."""
    later = [one for (_, wave), one in maps.items() if wave > 1 and one]

    def is_counted(ids: dict[str, str]) -> bool:
        parts = [re.fullmatch(r"(.*?)(\d{1,9})", one, re.ASCII) for one in ids]
        numbers = sorted(int(part[2]) for part in parts if part)
        prefixes = {part[1] for part in parts if part}
        return len(prefixes) == 1 and numbers in (
            list(range(1, len(ids) + 1)),
            list(range(len(ids))),
        )

    return bool(later) and sum(map(is_counted, later)) >= 0.9 * len(later)
