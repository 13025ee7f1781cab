"""In which order people join: arms and clusters of the first n people, for every n at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numba.extending import register_jitable

from sim.world.compiled import compiled

__all__ = ["arm_order", "arms_in_rounds", "enrol_in_rounds", "grown"]


def arm_order(parts: Sequence[float], n: int) -> np.ndarray:
    """The arm of each of n people: each takes the arm that is furthest behind its part.

    Sainte-Laguë's rule, so that the arms of any first few are as near their parts as can be.

    Examples
    --------
    >>> arm_order([0.5, 0.5], 4).tolist()
    [0, 1, 0, 1]
    >>> arm_order([2 / 3, 1 / 3], 6).tolist()
    [0, 1, 0, 0, 1, 0]
    """
    claims = np.concatenate(
        [(2 * np.arange(n) + 1) / part if part > 0 else np.full(n, np.inf) for part in parts]
    )
    whose = np.repeat(np.arange(len(parts)), n)
    return whose[np.argsort(np.round(claims, 9), kind="stable")[:n]]


def grown(parts: np.ndarray, fewest: int, n: int) -> np.ndarray:
    """The cluster of each of n people where a number of clusters grows, all to the fewest first.

    Examples
    --------
    >>> grown(np.array([0.9, 0.1]), 2, 8).tolist()
    [0, 1, 0, 1, 0, 0, 0, 0]
    """
    begun = np.tile(np.arange(parts.size), fewest)[:n]
    order = arm_order([float(one) for one in parts], n)
    turn = np.zeros(order.size, np.int64)
    for place in range(parts.size):
        mine = order == place
        turn[mine] = np.arange(mine.sum())
    return np.concatenate([begun, order[turn >= fewest]])[:n]


@compiled
def arms_in_rounds(people: np.ndarray) -> np.ndarray:
    """The arm of each person where arms grow in rounds, evenly within a round.

    Parameters
    ----------
    people : ndarray of int, (A, rounds)
        Of each arm after each round.

    Examples
    --------
    >>> arms_in_rounds(np.array([[2, 4], [1, 2]])).tolist()
    [0, 1, 0, 0, 1, 0]
    """
    arms, rounds = people.shape
    arm = np.empty(people[:, -1].sum(), np.int64)
    joining, joined, place = np.zeros(arms, np.int64), np.zeros(arms, np.int64), np.empty(arms)
    i = 0
    for r in range(rounds):
        for a in range(arms):
            joining[a] = people[a, r] - (people[a, r - 1] if r > 0 else 0)
            joined[a], place[a] = 0, _place(0, joining[a])
        for _ in range(joining.sum()):
            a = int(np.argmin(place))
            arm[i] = a
            i += 1
            joined[a] += 1
            place[a] = _place(joined[a], joining[a])
    return arm


@compiled
def enrol_in_rounds(
    people: np.ndarray, sizes: np.ndarray, arm: np.ndarray, cluster: np.ndarray, turn: np.ndarray
) -> None:
    """Fill the arm, cluster and round of each person, (all people,), study after study.

    Parameters
    ----------
    people : ndarray of int, (B, A, rounds)
        Of each arm after each round.
    sizes : ndarray of int, (B, A, clusters)
        People of the clusters of each arm, all 0 where there are none.
    """
    arms, start = people.shape[1], 0
    for b in range(people.shape[0]):
        own = arms_in_rounds(people[b])
        home, left = np.full(arms, -1), np.zeros(arms, np.int64)
        r, end = 0, people[b, :, 0].sum()
        for i in range(own.size):
            a = own[i]
            while i == end:
                r += 1
                end = people[b, :, r].sum()
            if sizes[b, a, 0] > 0:
                if left[a] == 0:
                    home[a] += 1
                    left[a] = sizes[b, a, home[a]]
                left[a] -= 1
            arm[start + i], cluster[start + i], turn[start + i] = a, home[a], r
        start += own.size


@register_jitable
def _place(j: int, of: int) -> float:
    """Where in a round the j-th of so many people of an arm joins; infinite after the last."""
    return np.round((j + 0.5) / of, 9) if j < of else np.inf
