"""Studies whose clusters have sizes of their own, laid side by side to be fitted at once.

Every cluster has as many places as it has people in any of the studies; whoever is not there was
never seen, which analyses leave out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from analysis.trials.batch import Batch, Studies, StudyInRounds
from sim.world.compiled import compiled

__all__ = ["OneAfterAnother", "laid_out", "together"]

WHO = ("arm", "cluster")


class OneAfterAnother(NamedTuple):
    """Studies of as many rounds, the people of one after those of another.

    Attributes
    ----------
    y : ndarray of float64, (all people, T)
        Outcomes in points; NaN is an interview missed.
    arm, cluster, turn : ndarray of int, (all people,)
        Position of the arm, number of the cluster within it or -1, and the round of joining.
    people : ndarray of int, (B,)
        Of each study.
    planned : ndarray of int, (rounds,)
        People of the first 1, 2, ... rounds as planned.
    known : sequence of ndarray, (people, k)
        Covariates and strata of each study; empty where there are none.
    """

    y: np.ndarray
    arm: np.ndarray
    cluster: np.ndarray
    turn: np.ndarray
    people: np.ndarray
    planned: np.ndarray
    known: Sequence[np.ndarray]


def together(studies: Sequence[Studies]) -> Sequence[Studies]:
    """The studies in one batch where they are of whole clusters that differ; else as they are.

    Estimates are what they are of each study alone, but for the order in which numbers are added.
    """
    in_rounds = [one for one in studies if isinstance(one, StudyInRounds)]
    if len(in_rounds) < max(2, len(studies)):
        return studies
    return [laid_out(_one_after_another(in_rounds))]


def _one_after_another(studies: Sequence[StudyInRounds]) -> OneAfterAnother:
    """Studies of as many rounds, their people in one row."""
    arm, cluster = (np.concatenate([getattr(one, name) for one in studies]) for name in WHO)
    turn = [np.repeat(np.arange(one.ends.size), np.diff(one.ends, prepend=0)) for one in studies]
    known = [
        np.reshape(one.batch.known, (one.arm.size, -1))
        for one in studies if one.batch.known is not None
    ]  # fmt: skip
    y = np.concatenate([one.y[0] for one in studies])
    people = np.array([one.arm.size for one in studies])
    return OneAfterAnother(
        y, arm, cluster, np.concatenate(turn), people, studies[0].planned, known
    )  # fmt: skip


def laid_out(studies: OneAfterAnother) -> StudyInRounds:
    """One batch of studies of as many rounds, with a place for everybody who is in any of them."""
    arm, cluster, people = studies.arm, studies.cluster, studies.people
    rounds, arms, homes = studies.planned.size, int(arm.max()) + 1, int(cluster.max()) + 2
    cell = (studies.turn * arms + arm) * homes + cluster + 1
    widest, place = np.zeros(rounds * arms * homes, np.int64), np.empty(cell.size, np.int64)
    count_places(cell, np.cumsum(people), widest, place)
    ends = np.cumsum(widest)
    column = (ends - widest)[cell] + place

    def laid(values: np.ndarray, nobody: float) -> np.ndarray:
        found = np.full((people.size, int(ends[-1]), values.shape[-1]), nobody)
        put_in_place(values, column, people, found)
        return found

    y = laid(studies.y, np.nan)
    known = laid(np.concatenate(studies.known), 0.0) if studies.known else None
    there = np.repeat(np.arange(widest.size), widest)
    batch = Batch(y, there // homes % arms, there % homes - 1, known)
    return StudyInRounds(batch, ends[arms * homes - 1 :: arms * homes], studies.planned)


@compiled
def count_places(cell: np.ndarray, ends: np.ndarray, widest: np.ndarray, place: np.ndarray) -> None:
    """Number the people of each cell within each study, and find the most a cell has in any."""
    count = np.zeros(widest.size, np.int64)
    first = 0
    for end in ends:
        for i in range(first, end):
            count[cell[i]] = 0
        for i in range(first, end):
            place[i] = count[cell[i]]
            count[cell[i]] += 1
            widest[cell[i]] = max(widest[cell[i]], count[cell[i]])
        first = end


@compiled
def put_in_place(
    values: np.ndarray, column: np.ndarray, people: np.ndarray, found: np.ndarray
) -> None:
    """Put what people of each study have, (all people, k), into their columns of (B, n, k)."""
    i = 0
    for b in range(people.size):
        for _ in range(people[b]):
            for k in range(values.shape[1]):
                found[b, column[i], k] = values[i, k]
            i += 1
