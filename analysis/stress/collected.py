"""Files as they were collected, with errors in them, as an analysis gets them.

They have the columns of the linked tables, since analyses are written for those: a row carries the
identity that linking gave the row it was entered as, and one that was entered twice has it twice.
Programs get the bytes. Functions get what a reader that expects commas makes of them: a column all
of whose cells are of the type it should have has that type, else it has numbers, else text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cached_property, partial
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analysis.stress.workers.serve import GivenStudy
from sim.data import serialise
from sim.data.arrow import text_scalar
from sim.data.errors.corrupt import Spoiled, spoiled
from sim.data.errors.log import LogEntry
from sim.data.errors.sheets import NA, CollectedFile, csv_rows, csv_text, plain_text
from sim.data.tables import schema
from sim.study.simulated import SimulatedStudy

__all__ = ["GivenTable", "HandedTables", "as_collected", "as_table", "in_frames"]

GivenTable: TypeAlias = pa.Table | bytes
"""A table, or a CSV file with errors."""


class HandedTables(dict[str, GivenTable]):
    """What an analysis is given, by name of the table, and what it is not told.

    Attributes
    ----------
    clean : mapping of pyarrow.Table
        The same without errors of files.
    """

    def __init__(
        self,
        given: Mapping[str, GivenTable],
        clean: Mapping[str, pa.Table],
        spoilt: Spoiled | None = None,
    ) -> None:
        super().__init__(given)
        self.clean, self._spoilt = clean, spoilt
        self._study: SimulatedStudy | None = None

    @cached_property
    def entries(self) -> list[LogEntry]:
        """Errors of files, as the log has them."""
        return [] if self._spoilt is None else self._spoilt.entries

    @property
    def study(self) -> SimulatedStudy:
        """What took place."""
        assert self._study is not None  # noqa: S101  # `of` has been called
        return self._study

    def of(self, study: SimulatedStudy) -> HandedTables:
        """The same, with the study that they are of."""
        self._study = study
        return self


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
    found = spoiled(clean, rates, key, names)
    changed = {one.sheet for one in found.steps}
    given: dict[str, GivenTable] = {}
    for name in names:
        given[name] = found.alters if name == "alters" else clean[name]
        if name in changed:
            given[name] = found.written(name, _with_links(found.sheets[name], given[name]))
    return HandedTables(given, clean, found)


def _with_links(sheet: CollectedFile, linked: pa.Table) -> str:
    """The text of a file with the columns that linking added, in the order of the table."""
    columns = []
    for name in linked.column_names:
        if name in sheet.columns:
            cells, rows = sheet.columns[name], sheet.order
        else:
            cells = serialise.cell_texts(sheet.name, linked, name)
            rows = [sheet.origin[row] for row in sheet.order]
        columns.append([cells[row] for row in rows])
    return csv_text([linked.column_names, *zip(*columns, strict=True)])


def as_table(name: str, given: GivenTable) -> pa.Table:
    """A table as it is; a file as a reader has it."""
    if isinstance(given, pa.Table):
        return given
    text = plain_text(given)
    header, *rows = csv_rows(text)
    if any(len(row) != len(header) for row in rows):
        line, *lines = text.splitlines()  # no table to a reader that expects commas
        return pa.table({line: lines})
    types = {field.name: field.type for field in schema(name)}
    cells = zip(*rows, strict=True) if rows else [()] * len(header)
    return pa.table(
        {one: _typed(column, types.get(one)) for one, column in zip(header, cells, strict=True)}
    )


def in_frames(given: Mapping[str, GivenTable], seed: int) -> GivenStudy:
    """A study as a function gets it, of one that runs in this process: DataFrames, and a seed."""
    return GivenStudy({name: partial(_frame, name, one) for name, one in given.items()}, seed)


def _frame(name: str, given: GivenTable) -> Any:
    return as_table(name, given).to_pandas(date_as_object=False)


def _typed(cells: Sequence[str], usual: pa.DataType | None) -> pa.Array:
    texts = pa.array(cells, pa.string())
    if NA in cells:
        texts = pc.if_else(pc.equal(texts, NA), text_scalar(None), texts)
    for wanted in (usual, pa.float64()):
        if wanted == pa.string():
            break
        if wanted is not None:
            with suppress(pa.ArrowInvalid):
                return texts.cast(wanted)
    return texts
