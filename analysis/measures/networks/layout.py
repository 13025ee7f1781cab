"""The networks of all interviews as arrays end to end, as the kernels walk them."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sim.errors import InputError
from sim.world.kinds import TIE_CLASSES

__all__ = ["SEXES_TOLD", "Networks", "StudyArrow", "networks_of"]

SEXES_TOLD = ("female", "male")


class StudyArrow(Protocol):
    """A study whose tables can be had by their names in the codebook."""

    def arrow(self, name: str) -> pa.Table:
        """One table as pyarrow has it."""


class Networks(NamedTuple):
    """Members M and ties m between them of n interviews, those of one interview together.

    Attributes
    ----------
    asked : ndarray of bool, (n,)
        Whether the interview came to the ties between members.
    ego_sex : ndarray of int64, (n,)
        Position in `SEXES_TOLD`, -1 if not told; as `sex` of members, -1 of objects too.
    begin, tie_begin : ndarray of int64, (n + 1,)
        Where the members and the ties of each interview begin.
    human : ndarray of bool, (M,)
    tie_class, sex, alter : ndarray of int64, (M,)
        Position in `TIE_CLASSES`; sex; who it is, the same number at every interview.
    source, target : ndarray of int64, (m,)
        Members, counted from the interview's first; source < target, each pair once.
    """

    asked: np.ndarray
    ego_sex: np.ndarray
    begin: np.ndarray
    tie_begin: np.ndarray
    human: np.ndarray
    tie_class: np.ndarray
    sex: np.ndarray
    alter: np.ndarray
    source: np.ndarray
    target: np.ndarray

    @property
    def size(self) -> np.ndarray:
        """Members at each interview, (n,)."""
        return np.diff(self.begin)

    def among(self, kept: np.ndarray) -> Networks:
        """The same interviews with some of the members, and the ties between those.

        Parameters
        ----------
        kept : ndarray of bool, (M,)
        """
        before = np.concatenate([[0], np.cumsum(kept)])
        begin = before[self.begin]
        own, own_of_tie = self._interview_of_member(), self._interview_of_tie()
        place = before[:-1] - begin[own]  # among the kept of its interview
        source, target = (self.begin[own_of_tie] + end for end in (self.source, self.target))
        both = kept[source] & kept[target]
        return self._replace(
            begin=begin, human=self.human[kept], tie_class=self.tie_class[kept],
            sex=self.sex[kept], alter=self.alter[kept],
            tie_begin=np.concatenate([[0], np.cumsum(both)])[self.tie_begin],
            source=place[source[both]], target=place[target[both]],
        )  # fmt: skip

    def _interview_of_member(self) -> np.ndarray:
        return np.repeat(np.arange(self.asked.size), self.size)

    def _interview_of_tie(self) -> np.ndarray:
        return np.repeat(np.arange(self.asked.size), np.diff(self.tie_begin))


def networks_of(study: StudyArrow) -> Networks:
    """The networks of a study's interviews, in the order of its table egos.

    Raises
    ------
    sim.errors.InputError
        If a member or a tie is of no interview, or a tie of no member, of the other tables.
    """
    egos, alters, aaties = (study.arrow(name) for name in ("egos", "alters", "aaties"))
    interviews = egos["egoID"].combine_chunks()
    of, number = _interview(alters, "alters", interviews), _whole(alters, "alterID")
    order = np.lexsort((number, of))
    of, number = of[order], number[order]
    begin = np.searchsorted(of, np.arange(len(interviews) + 1))
    of_tie, source, target = _ties(aaties, interviews, of, number, begin)
    return Networks(
        asked=_whole(egos, "aaties_asked") == 1,
        ego_sex=_codes(egos["ego_sex"], pa.array(SEXES_TOLD)),
        begin=begin,
        tie_begin=np.searchsorted(of_tie, np.arange(len(interviews) + 1)),
        human=_whole(alters, "is_human")[order] == 1,
        tie_class=_codes(alters["tie_class"], pa.array(TIE_CLASSES))[order],
        sex=_codes(alters["alter_sex"], pa.array(SEXES_TOLD))[order],
        alter=_codes(alters["alter_id"], pc.unique(alters["alter_id"]))[order],
        source=source,
        target=target,
    )


def _ties(
    aaties: pa.Table, interviews: pa.Array, of: np.ndarray, number: np.ndarray,
    begin: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """Interview, source and target of each tie, sorted, each pair once, nobody with themselves."""
    of_tie = _interview(aaties, "aaties", interviews)
    ends = [_place(aaties, name, of_tie, of, number, begin) for name in ("Source", "Target")]
    rows = np.stack([of_tie, np.minimum(*ends), np.maximum(*ends)], axis=1)
    rows = np.unique(rows[rows[:, 1] < rows[:, 2]], axis=0)
    of_tie, source, target = np.ascontiguousarray(rows.T)
    return of_tie, source, target


def _interview(table: pa.Table, name: str, interviews: pa.Array) -> np.ndarray:
    """Row of table egos that each row of another is of."""
    found = _codes(table["egoID"], interviews)
    if (found < 0).any():
        gone = table["egoID"][int(np.argmin(found))]
        raise InputError(f"{name}: interview {gone} is not in egos; every egoID must be there")
    return found


def _place(
    aaties: pa.Table, name: str, of_tie: np.ndarray, of: np.ndarray, number: np.ndarray,
    begin: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """Place of one end of each tie among the members of its interview."""
    wanted = _whole(aaties, name)
    step = max(number.max(initial=0), wanted.max(initial=0)) + 1
    keys, asked_for = of * step + number, of_tie * step + wanted
    at = np.minimum(np.searchsorted(keys, asked_for), max(keys.size - 1, 0))
    missing = keys[at] != asked_for if keys.size else np.ones(wanted.size, np.bool_)
    if missing.any():
        row = int(np.argmax(missing))
        raise InputError(
            f"aaties: {name} {wanted[row]} of interview {aaties['egoID'][row]} is no member in "
            f"alters; it must be the alterID of one"
        )
    return at - begin[of_tie]


def _codes(column: pa.ChunkedArray, known: pa.Array) -> np.ndarray:
    """Position of each value among those known, -1 of what is not among them."""
    found = pc.index_in(column, value_set=known.cast(column.type))
    return np.asarray(pc.fill_null(found, -1).to_numpy(), np.int64)


def _whole(table: pa.Table, name: str) -> np.ndarray:
    return np.asarray(table[name].to_numpy(), np.int64)
