"""What interviews draw on: people and their ties at interviews, out of the teams' histories."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.world.run import History
from sim.world.state import EGO

__all__ = ["MEMBER", "gather", "members_of"]

_NUMBERS = (
    "active", "dormant", "trust", "closeness", "strain", "openness", "support", "given",
    "affection", "anticipated", "importance", "recent", "contact_rate", "known", "salience",
    "f_emotional", "f_practical", "f_illness", "f_advocacy", "human",
)  # fmt: skip
_CODES = ("identity", "kind", "group", "post", "incumbent", "born")

MEMBER = np.dtype([(name, np.float32) for name in _NUMBERS] + [(name, np.int32) for name in _CODES])
"""A tie at an interview: the columns of state.TIES a study can see. A free slot has group -1."""


def members_of(history: History) -> np.ndarray:
    """Ties of everybody watched in a team at their interviews, (n, W, S) of MEMBER."""
    n, waves = history.egos.shape
    found = np.zeros((n, waves, history.column("group").shape[2]), MEMBER)
    for name in MEMBER.names or ():
        found[name] = history.column(name)
    return found


def gather(histories: Sequence[History], at: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Some of the watched of several teams, one after the other.

    Parameters
    ----------
    histories : sequence of History
    at : sequence of int arrays
        Positions among the watched of each team.

    Returns
    -------
    egos : ndarray, (n, W) of state.EGO
    members : ndarray, (n, W, S) of MEMBER
    """
    total = sum(rows.size for rows in at)
    waves = histories[0].egos.shape[1] if histories else 0
    slots = max((history.column("group").shape[2] for history in histories), default=8)
    egos, members = np.zeros((total, waves), EGO), np.zeros((total, waves, slots), MEMBER)
    for name in _CODES:
        members[name] = -1
    first = 0
    for history, rows in zip(histories, at, strict=True):
        here = slice(first, first + rows.size)
        egos[here] = history.egos[rows]
        for name in MEMBER.names or ():
            column = history.column(name)[rows]
            members[name][here, :, : column.shape[2]] = column
        first += rows.size
    return egos, members
