"""Files as they were collected, with errors in them, as an analysis gets them.

They have the columns of the linked tables, since analyses are written for those: a row carries the
identity that linking gave the row it was entered as, and one that was entered twice has it twice.
Programs get the bytes. Functions get what a reader that expects commas makes of them: a column all
of whose cells are of the type it should have has that type, else it has numbers, else text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TypeAlias

import numpy as np
import pyarrow as pa

from sim.data import serialise
from sim.data.errors.corrupt import spoiled
from sim.data.errors.log import LogEntry
from sim.data.errors.sheets import CollectedFile, csv_rows, csv_text, is_known
from sim.data.tables import schema
from sim.study.simulated import SimulatedStudy

__all__ = ["GivenTable", "HandedTables", "as_collected", "as_table"]

GivenTable: TypeAlias = pa.Table | bytes
"""A table, or a CSV file with errors."""


class HandedTables(dict[str, GivenTable]):
    """What an analysis is given, by name of the table, and what it is not told.

    Attributes
    ----------
    clean : mapping of pyarrow.Table
        The same without errors of files.
    entries : list of LogEntry
        Those errors, as the log has them.
    """

    def __init__(
        self,
        given: Mapping[str, GivenTable],
        clean: Mapping[str, pa.Table],
        entries: Sequence[LogEntry] = (),
    ) -> None:
        super().__init__(given)
        self.clean, self.entries = clean, list(entries)
        self._study: SimulatedStudy | None = None

    @property
    def study(self) -> SimulatedStudy:
        """What took place."""
        assert self._study is not None  # noqa: S101  # `of` has been called
        return self._study

    def of(self, study: SimulatedStudy) -> HandedTables:
        """The same, with the study that they are of."""
        self._study = study
        return self


BOOLEANS = {"TRUE": "true", "FALSE": "false"}


def as_collected(
    clean: Mapping[str, pa.Table], rates: Mapping[str, float], key: np.ndarray, names: Sequence[str]
) -> HandedTables:
    """What a study collected, with errors; tables where a file has none.

    Parameters
    ----------
    clean
        Its tables, all of `sim.data.errors.sheets.FILES`.
    rates
        Of the errors of files.
    key : ndarray of uint32, shape (2,)
        Of the replicate.
    names
        Tables wanted.
    """
    found = spoiled(clean, rates, key)
    given: dict[str, GivenTable] = {**clean, "alters": found.alters}
    changed = {one.file for one in found.entries}
    for name in names:
        sheet = found.sheets[name]
        if sheet.file in changed:
            given[name] = found.written(name, _with_links(sheet, given[name]))
    return HandedTables({name: given[name] for name in names}, clean, found.entries)


def _with_links(sheet: CollectedFile, linked: pa.Table) -> str:
    """The text of a file with the columns that linking added, in the order of the table."""
    header, *rows = csv_rows(serialise.csv_bytes(sheet.name, linked).decode())
    first = {key: row for row, key in enumerate(sheet.keys[: sheet.first])}
    origin = [first[sheet.keys[row]] for row in sheet.order]
    columns = []
    for at, name in enumerate(header):
        if name in sheet.columns:
            columns.append([sheet.columns[name][row] for row in sheet.order])
        else:
            columns.append([rows[row][at] for row in origin])
    return csv_text([header, *zip(*columns, strict=True)])


def as_table(name: str, given: GivenTable) -> pa.Table:
    """A table as it is; a file as a reader has it."""
    if isinstance(given, pa.Table):
        return given
    text = given.decode("utf-8-sig").replace("\r\n", "\n")
    header, *rows = csv_rows(text)
    if any(len(row) != len(header) for row in rows):
        line, *lines = text.splitlines()  # no table to a reader that expects commas
        return pa.table({line: lines})
    types = {field.name: field.type for field in schema(name)}
    cells = zip(*rows, strict=True) if rows else [()] * len(header)
    return pa.table(
        {one: _typed(column, types.get(one)) for one, column in zip(header, cells, strict=True)}
    )


def _typed(cells: Sequence[str], usual: pa.DataType | None) -> pa.Array:
    texts = pa.array([BOOLEANS.get(one, one) if is_known(one) else None for one in cells],
                     pa.string())  # fmt: skip
    for wanted in (usual, pa.float64()):
        if wanted is not None:
            with suppress(pa.ArrowInvalid):
                return texts.cast(wanted)
    return pa.array([one if is_known(one) else None for one in cells], pa.string())
