"""Ids written in two ways: spreadsheets take leading zeros away and add .0, people mix capitals."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from analysis.pilots.sheet import Cells

__all__ = ["bare_id", "one_spelling"]


ADDED = re.compile(r"^0+(?=\d)|\.0+$")


def bare_id(text: str) -> str:
    """An id without what spreadsheets do to numbers (zeros before, .0 behind), and without case."""
    return ADDED.sub("", text).casefold()


def one_spelling(cells: Cells, places: Sequence[np.ndarray]) -> tuple[Cells, int]:
    """Ids that differ in spelling alone made one, and how many were changed.

    Left as they are if that would put one id twice in a place where two were.

    Parameters
    ----------
    cells : Cells
    places : sequence of ndarray of int, (rows,)
        What together says where an id may stand once only, such as the wave.
    """
    first: dict[str, str] = {}
    same = {text: first.setdefault(bare_id(text), text) for text in cells.texts if text}
    changed = sum(text != other for text, other in same.items())
    if not changed:
        return cells, 0
    merged = cells.merged(same)
    if _different(merged.codes, places) < _different(cells.codes, places):
        return cells, 0
    return merged, changed


def _different(codes: np.ndarray, places: Sequence[np.ndarray]) -> int:
    return int(np.unique(np.stack([codes, *places]), axis=1).shape[1])
