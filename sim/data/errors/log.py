"""The log of errors: every cell, row and file that was changed, enough to change it back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from sim.data.errors.changes import Step
from sim.data.errors.sheets import NA, Collected
from sim.study.columns import Columns
from sim.study.texts import Texts

__all__ = ["LINKED", "LogEntry", "as_columns", "entries_of", "read_log"]

LINKED = "alters.csv"
"""The file in which linking goes wrong; its Parquet twin says the same."""

NUMBER = "row_number"


class LogEntry(NamedTuple):
    """One row of truth/corruption_log; "" where there is nothing, or no value in a cell."""

    file: str
    row_key: str
    row_number: int
    variable: str
    before: str
    after: str
    kind: str


def entries_of(files: Collected, steps: Sequence[Step]) -> list[LogEntry]:
    """What was changed in the files as collected, as they are in the end."""
    changed = {one.sheet for one in steps}
    places = {name: {row: at for at, row in enumerate(files[name].order, 1)} for name in changed}
    found = []
    for sheet, row, column, before, after, kind in steps:
        key = files[sheet].key(row) if row >= 0 else ""
        number = places[sheet].get(row, row + 1) if row >= 0 else 0
        before, after = (_value(text) if column else text for text in (before, after))
        found.append(LogEntry(files[sheet].file, key, number, column, before, after, kind))
    return found


def _value(cell: str) -> str:
    return "" if cell == NA else cell


def as_columns(entries: Sequence[LogEntry]) -> Columns:
    """The table truth/corruption_log, in the order in which things were changed."""
    columns: Columns = {}
    for at, name in enumerate(LogEntry._fields):
        said = [entry[at] for entry in entries]
        if name == NUMBER:
            columns[name] = np.array(said, np.int64)
        else:
            labels, codes = np.unique(np.array([*said, ""]), return_inverse=True)
            columns[name] = Texts(codes[:-1], labels)
    return columns


def read_log(table: pa.Table) -> list[LogEntry]:
    """The entries of a table truth/corruption_log."""
    columns: list[list[Any]] = [table[name].to_pylist() for name in LogEntry._fields]
    rows = zip(*columns, strict=True)
    return [LogEntry._make("" if said is None else said for said in row) for row in rows]
