"""Where two teams differ: the first ego, post or tie, and the column."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.world.kinds import Kind
from sim.world.state import (
    DIARY_COLUMNS,
    LEDGER_COLUMNS,
    MARK_COLUMNS,
    TIE_COLUMNS,
    Team,
)


def first_difference(one: Team, other: Team) -> str | None:
    """The first difference between two states of a team, bit by bit; None if there is none.

    Slots beyond those of the narrower team, and columns of free slots, hold nothing and are not
    compared.
    """
    return next(differences(one, other), None)


def differences(one: Team, other: Team) -> Iterator[str]:
    """Every difference, the least derived first: egos, posts, lines, ties, diary, ledger."""
    week = f"before week {one.week}"
    if one.week != other.week:
        yield f"{week}: the other team is before week {other.week}"
    for array in ("egos", "posts", "lines"):
        left, right = getattr(one, array), getattr(other, array)
        for column in left.dtype.names:
            for at in _unequal(left[column], right[column]):
                number = ", line ".join(map(str, at))
                values = f"{left[column][at]} and {right[column][at]}"
                yield f"{week}: {array[:-1]} {number}, {column}: {values}"
    yield from (f"{week}: {text}" for text in _unequal_ties(one, other))
    for place, name in enumerate(DIARY_COLUMNS):
        for at in _unequal(one.diary[place], other.diary[place]):
            yield f"{week}: diary of post {at[0]}, {name}, week {at[1]} of the ring"
    for at in _unequal(one.ledger, other.ledger):
        values = f"{one.ledger[at]} and {other.ledger[at]}"
        yield f"{week}: ledger of line {at[0]}, {LEDGER_COLUMNS[at[1]]}: {values}"


def _unequal(left: np.ndarray, right: np.ndarray) -> Iterator[tuple[int, ...]]:
    """Where two arrays differ in their bytes, so that 0 and -0 differ and NaN equals itself."""
    whole = np.dtype(f"u{left.dtype.itemsize}")
    apart = np.ascontiguousarray(left).view(whole) != np.ascontiguousarray(right).view(whole)
    yield from (tuple(map(int, at)) for at in np.argwhere(apart))


def _unequal_ties(one: Team, other: Team) -> Iterator[str]:
    slots = max(one.slots, other.slots)
    used = _widened(one, "group", slots) >= 0
    for name, *_ in MARK_COLUMNS + TIE_COLUMNS:
        left, right = _widened(one, name, slots), _widened(other, name, slots)
        if name not in ("group", "kind"):
            left, right = np.where(used, left, 0), np.where(used, right, 0)
        for ego, slot in _unequal(left, right):
            kind = one.column("kind")[ego, slot] if slot < one.slots else -1
            what = Kind(kind).name.lower() if kind >= 0 else "free"
            values = f"{left[ego, slot]} and {right[ego, slot]}"
            yield f"ego {ego}, slot {slot} ({what}), {name}: {values}"


def _widened(team: Team, name: str, slots: int) -> np.ndarray:
    """A column of the ties with as many slots as asked; free ones are -1 in marks."""
    column = team.column(name)
    marks = {mark for mark, _ in MARK_COLUMNS}
    wide = np.full((len(column), slots), -1 if name in marks else 0, column.dtype)
    wide[:, : team.slots] = column
    return wide
