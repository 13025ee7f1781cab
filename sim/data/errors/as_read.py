"""Files as collected, read as they are: what each estimand is to somebody who mends nothing.

What shows at once is read as it was meant: other separators, decimal commas, a byte order mark,
ends of lines. All else is taken as it stands: a code left as a number is a number, a member entered
twice is two, and members are followed over waves by the name that was written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from sim.data.errors.sheets import AS_COLLECTED, is_known, number_as_meant, rows_as_meant
from sim.study.instruments import SCORE_COLUMNS
from sim.study.settings import SCORES
from sim.study.tally import CLASSES_SHOWN, COUNTED

__all__ = ["sums_as_read"]

NO_SCORES = np.full(len(SCORES), np.nan)
Visit: TypeAlias = tuple[str, int]
"""A person and a wave, as a row says them."""


class Member(NamedTuple):
    """What a row of alters says that estimands need."""

    name: str
    tie_class: str


def sums_as_read(files: Mapping[str, bytes], arms: Sequence[str], waves: int) -> np.ndarray:
    """What the files add up to, (1 + A, W, Q, 2), as `sim.study.tally.sums_by_arm` has it.

    Parameters
    ----------
    files
        Bytes by path, as `sim.data.errors.corrupt` makes them. Rows whose wave is none of the
        study's, and cells that are no number where one is asked for, count as missing.
    arms
        Names of the arms, in order.
    waves
        How many waves there are.
    """
    persons, egos, alters = (_rows(files, name) for name in ("persons", "egos", "alters"))
    number = {name: at for at, name in enumerate(arms, start=1)}
    arm_of = {row["ego_pid"]: number.get(row["arm"], 0) for row in persons}
    members: dict[Visit, list[Member]] = defaultdict(list)
    for row in alters:
        members[_visit(row)].append(Member(row["alter_name"], row["tie_class"]))
    held = [(_visit(row), _scores(row)) for row in egos]
    first = {visit[0]: scores for visit, scores in reversed(held) if visit[1] == 1}
    sums = np.zeros((1 + len(arms), waves, len(COUNTED), 2))
    done: set[Visit] = set()
    for visit, scores in held:
        person, wave = visit
        if not 1 <= wave <= waves:
            continue
        lists = {} if visit in done else members  # two interviews under one number have one list
        then = lists.get((person, 1), []) if person in first else []
        part = _parts(scores, first.get(person, NO_SCORES), lists.get(visit, []), then)
        for arm in {0, arm_of[person]}:
            sums[arm, wave - 1] += part
        done.add(visit)
    return sums


def _rows(files: Mapping[str, bytes], name: str) -> list[dict[str, str]]:
    """Rows of a file by column."""
    header, *rows = rows_as_meant(files[f"{AS_COLLECTED}{name}.csv"])
    return [dict(zip(header, row, strict=True)) for row in rows]


def _visit(row: Mapping[str, str]) -> Visit:
    wave = number_as_meant(row["wave"])
    return row["ego_pid"], int(wave) if wave.is_integer() else 0


def _scores(row: Mapping[str, str]) -> np.ndarray:
    return np.array([number_as_meant(row[SCORE_COLUMNS[one]]) for one in SCORES])


def _parts(
    scores: np.ndarray, before: np.ndarray, now: Sequence[Member], then: Sequence[Member]
) -> np.ndarray:
    """What one interview adds, (Q, 2): now and then are members on its list and on the first."""
    names = {one.name for one in now if is_known(one.name)}
    change = scores - before
    sizes = _by_class(now)
    lost = _by_class([one for one in then if one.name not in names])
    top = np.concatenate([scores, change, sizes, lost])
    counts = (~np.isnan(scores), ~np.isnan(change), np.ones(len(sizes)), _by_class(then))
    bottom = np.concatenate(counts).astype(np.float64)
    return np.stack([np.where(bottom > 0, top, 0), bottom], axis=1)


def _by_class(members: Sequence[Member]) -> np.ndarray:
    """How many of each class, and in all."""
    found = [sum(one.tie_class == name for one in members) for name in CLASSES_SHOWN[:-1]]
    return np.array([*found, len(members)], np.float64)
