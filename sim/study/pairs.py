"""Ties between members: which of the people on a map know each other.

Streams: [ALTER_PAIR] by ego and the two ties, so those who know each other do so at every wave.
"""

import numpy as np
from numba.extending import register_jitable

from sim.study.draws import records
from sim.world.arithmetic import ZERO
from sim.world.compiled import compiled
from sim.world.kinds import Group, Kind
from sim.world.parameters import catalogue
from sim.world.streams import Stream, key_pair, uniforms

__all__ = ["member_pairs"]

ALTER_PAIR = int(Stream.ALTER_PAIR)
PARTNER, FRIEND, WEAK = int(Group.PARTNER), int(Group.FRIEND), int(Group.WEAK)
OUTSIDE, PEER = int(Group.OUTSIDE), int(Kind.PEER)

SORTS = ("partner", "kin", "friend", "weak", "professional")
KIN_SORT, PROFESSIONAL_SORT = 1, 4


def _columns() -> np.ndarray:
    """Column of the chance for each pair of sorts, (5, 5); -1 where another rule decides."""
    known = catalogue()
    table = np.full((5, 5), -1, np.int64)
    for a, first in enumerate(SORTS):
        for b, second in enumerate(SORTS):
            path = f"pairs.{first}_{second}"
            if path in known:
                table[a, b] = table[b, a] = known[path].index
    return table


COLUMN_OF = _columns()


def member_pairs(
    egos: np.ndarray, members: np.ndarray, at: np.ndarray, params: np.ndarray, key: np.ndarray
) -> np.ndarray:
    """Pairs of people on a map who know each other.

    Parameters
    ----------
    egos : ndarray, (n, W) of state.EGO
    members : ndarray, (n, W, S) of seen.MEMBER
    at : ndarray of int, (R, 3)
        Person, wave and slot of each member recorded, interview by interview.
    params, key
        The record of parameters; the key of the replicate.

    Returns
    -------
    ndarray of int32, (P, 3)
        Rows of `at`, the first before the second; 1 they know each other, 2 they are close.
    """
    at = at.astype(np.int64)
    flat = params.view(np.float32).reshape(-1)
    none = np.zeros((0, 3), np.int32)
    seen = (records(egos), records(members), at, records(params), flat, key_pair(key))
    found = np.zeros((_pairs(*seen, none), 3), np.int32)
    _pairs(*seen, found)
    return found


@compiled
def _pairs(egos, members, at, params, flat, key, found):
    number = 0
    for r in range(at.shape[0]):
        i, k = at[r, 0], at[r, 1]
        for q in range(r + 1, at.shape[0]):
            if at[q, 0] != i or at[q, 1] != k:
                break
            a, b = members[i, k, at[r, 2]], members[i, k, at[q, 2]]
            if a.human == ZERO or b.human == ZERO:
                continue
            low, high = min(a.identity, b.identity), max(a.identity, b.identity)
            u, v, _, _ = uniforms(ALTER_PAIR, egos[i, k].address, low, high, key)
            if u >= chance_to_know(a, b, params[0], flat):
                continue
            if number < found.shape[0]:
                found[number, 0], found[number, 1] = r, q
                found[number, 2] = 2 if v < chance_to_be_close(a, b, params[0]) else 1
            number += 1
    return number


@register_jitable
def sort_of(tie):
    """Position in SORTS."""
    if tie.group == PARTNER:
        return 0
    if tie.group < FRIEND:
        return 1
    return 2 if tie.group == FRIEND else (3 if tie.group == WEAK else 4)


@register_jitable
def chance_to_know(a, b, p, flat):
    """Chance that two members know each other."""
    first, second = sort_of(a), sort_of(b)
    if first == PROFESSIONAL_SORT and second == PROFESSIONAL_SORT:
        together = a.group != OUTSIDE and b.group != OUTSIDE
        return p.pairs_team_team if together else p.pairs_team_outside
    if a.kind == PEER and b.kind == PEER:
        return p.pairs_peer_peer
    column = COLUMN_OF[first, second]
    return flat[column] if column >= 0 else ZERO


@register_jitable
def chance_to_be_close(a, b, p):
    """Chance that two who know each other are close."""
    kin = sort_of(a) <= KIN_SORT and sort_of(b) <= KIN_SORT
    return p.pairs_close_kin if kin else p.pairs_close_other
