"""Studies whose clusters have sizes of their own, laid side by side to be fitted at once.

Every cluster has as many places as it has people in any of the studies; whoever is not there was
never seen, which analyses leave out.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.trials.batch import Batch, Studies, StudyInRounds
from sim.world.compiled import compiled

__all__ = ["together"]

WHO = ("arm", "cluster")


def together(studies: Sequence[Studies]) -> Sequence[Studies]:
    """The studies in one batch where they are of whole clusters that differ; else as they are.

    Estimates are what they are of each study alone, but for the order in which numbers are added.
    """
    in_rounds = [one for one in studies if isinstance(one, StudyInRounds)]
    if len(in_rounds) < max(2, len(studies)):
        return studies
    return [_side_by_side(in_rounds)]


def _side_by_side(studies: Sequence[StudyInRounds]) -> StudyInRounds:
    """One batch of studies of as many rounds."""
    people = np.array([one.arm.size for one in studies])
    arm, cluster = (np.concatenate([getattr(one, name) for one in studies]) for name in WHO)
    turn = np.concatenate(
        [np.repeat(np.arange(one.ends.size), np.diff(one.ends, prepend=0)) for one in studies]
    )
    rounds, arms, homes = studies[0].ends.size, int(arm.max()) + 1, int(cluster.max()) + 2
    cell = (turn * arms + arm) * homes + cluster + 1
    widest, place = np.zeros(rounds * arms * homes, np.int64), np.empty(cell.size, np.int64)
    count_places(cell, np.cumsum(people), widest, place)
    ends = np.cumsum(widest)
    column, study = (ends - widest)[cell] + place, np.repeat(np.arange(len(studies)), people)

    def laid(values: Sequence[np.ndarray], nobody: float) -> np.ndarray:
        found = np.full((len(studies), int(ends[-1]), values[0].shape[-1]), nobody)
        found[study, column] = np.concatenate(values)
        return found

    y = laid([one.y[0] for one in studies], np.nan)
    known = [
        np.reshape(one.batch.known, (one.arm.size, -1))
        for one in studies if one.batch.known is not None
    ]  # fmt: skip
    there = np.repeat(np.arange(widest.size), widest)
    batch = Batch(y, there // homes % arms, there % homes - 1, laid(known, 0.0) if known else None)
    return StudyInRounds(batch, ends[arms * homes - 1 :: arms * homes], studies[0].planned)


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
