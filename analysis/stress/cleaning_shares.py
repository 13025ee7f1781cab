"""How well cleaning code does over many studies: shares of errors found, and of changes needed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from analysis.stress.cleaning import CleaningScore, scores_told
from analysis.stress.clusters import cluster_sums, clustered_ratio

__all__ = ["CleaningShare", "MeanShare", "cleaning_shares"]


class MeanShare(NamedTuple):
    """A share over studies, and its Monte Carlo standard error: NaN where there is nothing."""

    value: float
    mcse: float


class CleaningShare(NamedTuple):
    """One table in one condition, by kind of error or as a whole.

    Attributes
    ----------
    condition, table : str
    kind : str
        Of error; "" of the table as a whole.
    errors : float
        A study, on average.
    detected, repaired : MeanShare
        Of the errors.
    changed : float
        Cells and rows that the code changed, a study on average; NaN by kind.
    precision : MeanShare
        Of them those that had an error.
    studies, came : int
        Studies of the condition, and those from which the table came back.
    """

    condition: str
    table: str
    kind: str
    errors: float
    detected: MeanShare
    repaired: MeanShare
    changed: float
    precision: MeanShare
    studies: int
    came: int


def cleaning_shares(rows: pa.Table, column: str) -> list[CleaningShare]:
    """Shares of every table that came back from any study at all.

    A study from which such a table did not come counts with all its errors undetected.

    Parameters
    ----------
    rows
        Of a run.
    column
        That of `analysis.stress.cleaning.told_of`.
    """
    by_study: dict[tuple[str, int], list[CleaningScore]] = {}
    names = ("condition", "replicate", "world", column)
    worlds: dict[tuple[str, int], int] = {}
    for condition, replicate, world, told in zip(
        *(rows[one].to_pylist() for one in names), strict=True
    ):
        by_study.setdefault((condition, replicate), []).extend(scores_told(told))
        worlds[condition, replicate] = world
    came = {one.table for scores in by_study.values() for one in scores if one.came}
    conditions = dict.fromkeys(condition for condition, _ in by_study)
    found = []
    for condition in conditions:
        studies = [scores for (mine, _), scores in by_study.items() if mine == condition]
        world = np.array([one for (mine, _), one in worlds.items() if mine == condition])
        for table in sorted(came):
            of_table = [next((one for one in scores if one.table == table), None)
                        for scores in studies]  # fmt: skip
            found += list(_of_table(condition, table, of_table, world))
    return found


def _of_table(
    condition: str, table: str, scores: Sequence[CleaningScore | None], world: np.ndarray
) -> Iterator[CleaningShare]:
    known = [CleaningScore(table, {}, 0, 0, came=False) if one is None else one for one in scores]
    came, n = sum(one.came for one in known), len(known)
    kinds = sorted({kind for one in known for kind in one.kinds})
    changed = np.array([[one.changed, one.right] for one in known], float)
    of_kinds = {
        kind: np.array([one.kinds.get(kind, (0, 0, 0)) for one in known], float) for kind in kinds
    }
    whole = sum(of_kinds.values(), np.zeros((n, 3)))
    for kind, one in {"": whole, **of_kinds}.items():
        is_whole = kind == ""
        found, repaired = (_share(one[:, k], one[:, 0], world) for k in (1, 2))
        yield CleaningShare(
            condition, table, kind, float(one[:, 0].mean()), found, repaired,
            float(changed[:, 0].mean()) if is_whole else np.nan,
            _share(changed[:, 1], changed[:, 0] * is_whole, world), n, came,
        )  # fmt: skip


def _share(hits: np.ndarray, of: np.ndarray, world: np.ndarray) -> MeanShare:
    """A share with worlds as its clusters."""
    if not of.sum():
        return MeanShare(np.nan, np.nan)
    sums = cluster_sums(np.stack([hits, of], axis=1), world)
    if len(sums) < 2:
        return MeanShare(float(hits.sum() / of.sum()), np.nan)
    share, error = clustered_ratio(*sums.T)
    return MeanShare(float(share), float(error))
