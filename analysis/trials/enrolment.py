"""In which order people join: arms and clusters of the first n people, for every n at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

__all__ = ["arm_order", "arms_in_rounds", "grown"]


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
    rounds, places = [], []
    for upto in people:
        who = np.arange(upto[-1])
        at = np.searchsorted(upto, who, side="right")
        before = np.concatenate([[0], upto])
        rounds.append(at)
        places.append((who - before[at] + 0.5) / np.maximum(before[at + 1] - before[at], 1))
    arm = np.repeat(np.arange(len(people)), people[:, -1])
    order = np.lexsort((np.round(np.concatenate(places), 9), np.concatenate(rounds)))
    return arm[order]
