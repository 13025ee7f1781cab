"""Files as collected, read by somebody who knows the codebook and mends nothing.

What shows at once is read as it was meant: semicolons, decimal commas, a byte order mark, ends of
lines; what the codebook calls a missing code is missing. All else is taken as it stands: any other
number is a score, a row is a member, and members are followed by the identity that the file has.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa

from analysis.questions.asking import COUNTS, LOSS
from analysis.stress.collected import GivenTable
from analysis.worlds.interviews import Interviews, MappedTies, asks_for_maps
from sim.data import codebook
from sim.data.errors.sheets import number_as_meant, rows_as_meant
from sim.study.instruments import SCORE_COLUMNS
from sim.study.settings import SCORES
from sim.study.spec import Study
from sim.world.kinds import TIE_CLASSES

__all__ = ["NOT_IN_FILES", "interviews_read"]

NOT_IN_FILES = ("service_contacts", "had_episode")
"""Outcomes that no column of the files has."""
PERSONS, ALTERS = ("ego_pid", "arm"), ("ego_pid", "wave", "alter_id", "tie_class")
EGOS = ("ego_pid", "wave", *SCORE_COLUMNS.values())
NO_CLASS = -1
Cells: TypeAlias = Mapping[str, Sequence[object]]


class FiledMembers(NamedTuple):
    """Rows of members, by person and wave from 0.

    Attributes
    ----------
    of_class : list of int
        Position in TIE_CLASSES; `NO_CLASS` of what is none of them.
    names : list of str
    """

    of_class: list[int]
    names: list[str]


def interviews_read(
    given: Mapping[str, GivenTable], study: Study, wanted: Collection[str]
) -> Interviews:
    """What the files say, outcome by outcome, as of a study of those in `persons`.

    Parameters
    ----------
    given
        Tables or bytes by name: persons, egos, alters.
    study
        Has the waves and the arms. Rows of nobody in `persons`, and of other waves, are left out;
        of two interviews under one number the first counts.
    wanted
        Outcomes; without one that is read off a map, members are not looked at.
    """
    persons, egos = _cells(given["persons"], PERSONS), _cells(given["egos"], EGOS)
    people = {str(pid): row for row, pid in enumerate(persons["ego_pid"])}
    number = {name: at for at, name in enumerate(study.arm_names)}
    arm = np.array([number.get(str(one), 0) for one in persons["arm"]], int)
    waves = len(study.waves.weeks)
    attended = np.zeros((len(people), waves), bool)
    scores = np.full((len(people), waves, len(SCORES)), np.nan)
    known = [_scores_of(egos[SCORE_COLUMNS[one]], SCORE_COLUMNS[one]) for one in SCORES]
    for row, visit in _visits(egos, people, waves):
        if not attended[visit]:
            attended[visit], scores[visit] = True, [one[row] for one in known]
    has_maps = any(asks_for_maps(one) for one in wanted)
    members = _members(_cells(given["alters"], ALTERS), people, attended) if has_maps else {}
    values = {name: scores[:, :, s] for s, name in enumerate(SCORES)}
    if any(asks_for_maps(one) for one in wanted if one != LOSS):
        values |= _of_maps(members, attended)
    values |= {name: np.full(attended.shape, np.nan) for name in NOT_IN_FILES}
    nobody, place = np.zeros(len(people), int), np.arange(len(people))
    ties = _ties(members, attended) if LOSS in wanted else None
    return Interviews(values, ties, arm, nobody, attended, attended, place)


def _cells(given: GivenTable, wanted: Sequence[str]) -> Cells:
    """Some columns by name."""
    if isinstance(given, pa.Table):
        return {name: given[name].to_pylist() for name in wanted}
    header, *rows = rows_as_meant(given)
    places = [header.index(name) for name in wanted]
    return {name: [row[at] for row in rows] for name, at in zip(wanted, places, strict=True)}


def _numbers(cells: Sequence[object]) -> list[float]:
    """Cells as numbers, each spelling read once."""
    known = {one: number_as_meant(str(one)) for one in set(cells)}
    return [known[one] for one in cells]


def _scores_of(cells: Sequence[object], column: str) -> np.ndarray:
    said = codebook.table("egos").column(column)
    found = np.array(_numbers(cells), np.float64)
    return np.where(np.isin(found, said.missing), np.nan, found)


def _visits(
    table: Cells, people: Mapping[str, int], waves: int
) -> list[tuple[int, tuple[int, int]]]:
    """Rows of known people at waves there are, each with its person and wave."""
    found = []
    waves_said = _numbers(table["wave"])
    for row, (pid, when) in enumerate(zip(table["ego_pid"], waves_said, strict=True)):
        who = people.get(str(pid))
        if who is not None and when in range(1, waves + 1):
            found.append((row, (who, int(when) - 1)))
    return found


def _members(
    alters: Cells, people: Mapping[str, int], attended: np.ndarray
) -> dict[tuple[int, int], FiledMembers]:
    """Members at each interview that was held."""
    number = {name: c for c, name in enumerate(TIE_CLASSES)}
    held = zip(*np.nonzero(attended), strict=True)
    found = {(int(i), int(k)): FiledMembers([], []) for i, k in held}
    names, classes = alters["alter_id"], alters["tie_class"]
    for row, visit in _visits(alters, people, attended.shape[1]):
        if visit in found:
            found[visit].of_class.append(number.get(str(classes[row]), NO_CLASS))
            found[visit].names.append(str(names[row]))
    return found


def _of_maps(
    members: Mapping[tuple[int, int], FiledMembers], attended: np.ndarray
) -> dict[str, np.ndarray]:
    """Outcomes that are read off maps, (n, T) each; NaN where there was no interview."""
    names = ("map_size", *(f"n_{one}" for one in TIE_CLASSES), "share_professional", "diversity")
    later = (*(one for one in COUNTS if one not in NOT_IN_FILES), "lost_a_friend")
    found = {name: np.full(attended.shape, np.nan) for name in (*names, *later)}
    friend, professional = (TIE_CLASSES.index(one) for one in ("friend", "professional"))
    for (who, wave), here in members.items():
        counts = np.bincount(np.array(here.of_class, int) + 1, minlength=len(TIE_CLASSES) + 1)[1:]
        size = len(here.names)
        said: dict[str, float] = {"map_size": size}
        said |= {f"n_{one}": counts[c] for c, one in enumerate(TIE_CLASSES)}
        if size:
            said["share_professional"] = counts[professional] / size
            said["diversity"] = 1 - ((counts / size) ** 2).sum()
        first = members.get((who, 0))
        if wave > 0 and first is not None:
            now, then = set(here.names), set(first.names)
            gone = [one not in now for one in first.names]
            said["members_added"] = sum(one not in then for one in here.names)
            said["members_dropped"] = sum(gone)
            friends = [g for g, c in zip(gone, first.of_class, strict=True) if c == friend]
            if friends:
                said["lost_a_friend"] = float(any(friends))
        for name, value in said.items():
            found[name][who, wave] = value
    return found


def _ties(members: Mapping[tuple[int, int], FiledMembers], attended: np.ndarray) -> MappedTies:
    """The first maps, member by member; episodes are not in the files."""
    n, waves = attended.shape
    nobody = FiledMembers([], [])
    first = [members.get((who, 0), nobody) for who in range(n)]
    widest = max((len(one.names) for one in first), default=0)
    of_class = np.full((n, max(widest, 1)), NO_CLASS, np.int8)
    lost = np.full((n, max(widest, 1), waves), np.nan, np.float32)
    for who, one in enumerate(first):
        of_class[who, : len(one.of_class)] = one.of_class
        for wave in np.flatnonzero(attended[who]).tolist():
            now = set(members[who, wave].names)
            lost[who, : len(one.names), wave] = [name not in now for name in one.names]
    return MappedTies(of_class, lost, np.full(attended.shape, np.nan, np.float32))
