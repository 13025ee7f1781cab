"""What interviews draw on: people and their ties at interviews, out of the teams' histories."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.world.compiled import compiled
from sim.world.run import History
from sim.world.state import EGO, LANES, TIES

__all__ = ["MEMBER", "gather", "members_of"]

_NUMBERS = (
    "active", "dormant", "trust", "closeness", "strain", "openness", "support", "given",
    "affection", "anticipated", "importance", "recent", "contact_rate", "known", "salience",
    "f_emotional", "f_practical", "f_illness", "f_advocacy", "human",
)  # fmt: skip
_CODES = ("identity", "kind", "group", "post", "incumbent", "born")

MEMBER = np.dtype([(name, np.float32) for name in _NUMBERS] + [(name, np.int32) for name in _CODES])
"""A tie at an interview: the columns of state.TIES a study can see. A free slot has group -1."""

FIRST_CODE = len(_NUMBERS)
WORD = 4
"""Bytes of a number: all columns have as many."""
COLUMNS = np.array([(TIES.names or ()).index(name) for name in MEMBER.names or ()])
"""Place among the columns of state.TIES of each column of MEMBER."""


def members_of(history: History) -> np.ndarray:
    """Ties of everybody watched in a team at their interviews, (n, W, S) of MEMBER."""
    return gather([history], [np.arange(history.egos.shape[0])])[1]


def gather(
    histories: Sequence[History],
    at: Sequence[np.ndarray],
    to: Sequence[np.ndarray] | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Some of the watched of several teams.

    Parameters
    ----------
    histories : sequence of History
    at : sequence of int arrays
        Positions among the watched of each team.
    to : sequence of int arrays, optional
        Positions of the same people in what is returned; by default one team comes after the other.

    Returns
    -------
    egos : ndarray, (n, W) of state.EGO
    members : ndarray, (n, W, S) of MEMBER
    """
    ends = np.cumsum([rows.size for rows in at])
    if to is None:
        to = [np.arange(end - rows.size, end) for rows, end in zip(at, ends.tolist(), strict=True)]
    waves = histories[0].egos.shape[1] if histories else 0
    blocks = max((history.blocks.shape[2] for history in histories), default=1)
    egos = np.empty((int(ends[-1]) if histories else 0, waves), EGO)
    members = np.empty((*egos.shape, blocks * LANES), MEMBER)
    for history, rows, people in zip(histories, at, to, strict=True):
        _words(egos)[people] = _words(history.egos)[rows]
        lanes = history.blocks.dtype.itemsize // (WORD * LANES)
        ties = _words(history.blocks).reshape(*history.blocks.shape, lanes, LANES)
        used = np.ascontiguousarray(history.egos["blocks"])
        _fill(ties, used, np.asarray(rows, np.int64), people, COLUMNS, _words(members))
    return egos, members


def _words(records: np.ndarray) -> np.ndarray:
    """The same memory as four-byte words, with one axis more."""
    return records.view(np.int32).reshape(*records.shape, records.dtype.itemsize // WORD)


@compiled
def _fill(
    ties: np.ndarray,
    used: np.ndarray,
    rows: np.ndarray,
    people: np.ndarray,
    columns: np.ndarray,
    members: np.ndarray,
) -> None:
    """Copy columns of ties; slots of blocks an ego does not use are free."""
    for i in range(rows.size):
        for k in range(members.shape[1]):
            found, last = members[people[i], k], used[rows[i], k]
            for b in range(last):
                block = ties[rows[i], k, b]
                for lane in range(LANES):
                    for c in range(columns.size):
                        found[b * LANES + lane, c] = block[columns[c], lane]
            found[last * LANES :, :FIRST_CODE] = 0
            found[last * LANES :, FIRST_CODE:] = -1
