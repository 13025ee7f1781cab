"""Files as they were collected: every cell a text, every row with the key it had to begin with."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, partial
from itertools import pairwise

import numpy as np
import pyarrow as pa

from sim.data import codebook, serialise
from sim.data.arrow import plain_values
from sim.study.lazy import Lazy

__all__ = [
    "AS_COLLECTED",
    "FILES",
    "Collected",
    "CollectedFile",
    "csv_rows",
    "csv_text",
    "is_known",
    "number_as_meant",
    "plain_text",
    "rows_as_meant",
]

AS_COLLECTED = "as_collected/"
"""Where these files lie in a bundle."""

FILES = ("persons", "egos", "items", "alters", "aaties", "attrition")
"""Tables of which there are such files."""
NA = "NA"


def is_known(cell: str) -> bool:
    """Whether a cell holds a value."""
    return cell != NA


def csv_text(rows: Iterable[Sequence[str]], delimiter: str = ",") -> str:
    """Rows as the text of a CSV file."""
    sink = io.StringIO()
    csv.writer(sink, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return sink.getvalue()


def csv_rows(text: str, delimiter: str = ",") -> list[list[str]]:
    """Rows of the text of a CSV file, the names of the columns first."""
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def plain_text(data: bytes) -> str:
    """The text of a file, without a byte order mark, every line ending in LF."""
    return data.decode("utf-8-sig").replace("\r\n", "\n")


def rows_as_meant(data: bytes) -> list[list[str]]:
    """Rows of a CSV file, whatever its ends of lines are and whichever mark separates its cells."""
    text = plain_text(data)
    return csv_rows(text, ";" if ";" in text.partition("\n")[0] else ",")


def number_as_meant(cell: str) -> float:
    """The number that a cell says, with a decimal point or comma; NaN if it says none."""
    try:
        return float(cell.replace(",", "."))
    except ValueError:
        return float("nan")


class CollectedFile:
    """One file. Rows are known by their number, which they keep; others may come and go.

    Parameters
    ----------
    name
        The table it was made from, such as "alters".
    table : pyarrow.Table
        As built.
    egos : ndarray of int64, shape (n,)
        As below.

    Attributes
    ----------
    name, table
        As given.
    columns : Mapping of list of str
        Cells by column and number of the row, made when first asked for; those of rows that went
        are kept.
    order : list of int
        Numbers of the rows in the order of the file.
    origin : list of int
        The row of the table that each row was entered as: itself, or its model's.
    egos : ndarray of int64, shape (n,)
        `egoID` of each of the n first rows, with 0 for the wave where there is none: the address of
        their draws.
    """

    def __init__(self, name: str, table: pa.Table, egos: np.ndarray) -> None:
        self.name, self.table, self.egos, self.first = name, table, egos, table.num_rows
        shown = codebook.table(f"{AS_COLLECTED}{name}").columns
        self.columns: Mapping[str, list[str]] = Lazy(
            {one.name: partial(serialise.cell_texts, name, table, one.name) for one in shown}
        )
        self.order = list(range(self.first))
        self.origin = list(range(self.first))

    def key(self, number: int) -> str:
        """What a row is called in the log; a row that was added has the key of its model."""
        at = self.origin[number]
        return " ".join(f"{part}={cells[at]}" for part, cells in self._key_cells)

    @cached_property
    def _key_cells(self) -> list[tuple[str, list[str]]]:
        parts = codebook.table(self.name).key
        return [(part, serialise.cell_texts(self.name, self.table, part)) for part in parts]

    @property
    def file(self) -> str:
        """Path of the file in the bundle."""
        return f"{AS_COLLECTED}{self.name}.csv"

    def text(self) -> str:
        """The file as it stands."""
        columns = [[cells[row] for row in self.order] for cells in self.columns.values()]
        return csv_text([list(self.columns), *zip(*columns, strict=True)])

    def row(self, number: int) -> list[str]:
        """Cells of a row."""
        return [column[number] for column in self.columns.values()]

    def integers(self, name: str) -> np.ndarray:
        """A column of whole numbers, of the n first rows."""
        return np.array(self.columns[name][: self.first], np.int64)

    @property
    def collected(self) -> list[int]:
        """Rows that were there to begin with and still are."""
        return [number for number in self.order if number < self.first]

    @cached_property
    def interviews(self) -> dict[int, list[int]]:
        """Rows that were there to begin with, by interview."""
        found: dict[int, list[int]] = {}
        for number, ego in enumerate(self.egos.tolist()):
            found.setdefault(ego, []).append(number)
        return found


class Collected(Lazy[CollectedFile]):
    """The files by name, made when first asked for, and what the draws need that no field team has.

    Parameters
    ----------
    tables
        All of `FILES`.
    wanted
        Files that somebody will read; what an error does to others need not be found.
    """

    def __init__(self, tables: Mapping[str, pa.Table], wanted: Sequence[str] = FILES) -> None:
        self._tables, self.wanted = tables, frozenset(wanted)
        super().__init__({name: partial(self._file, name) for name in FILES})

    def _file(self, name: str) -> CollectedFile:
        return CollectedFile(name, self._tables[name], self._addresses(self._tables[name]))

    @cached_property
    def alter_ids(self) -> list[str]:
        """Who each row of alters is."""
        return serialise.cell_texts("alters", self._tables["alters"], "alter_id")

    @cached_property
    def of_person(self) -> dict[int, list[int]]:
        """Interviews by person, in the order of time."""
        found: dict[int, list[int]] = {}
        for interview in sorted(self["egos"].egos.tolist()):
            found.setdefault(interview // 100, []).append(interview)
        return found

    @cached_property
    def before(self) -> dict[int, int]:
        """By interview, the person's last interview before it."""
        theirs = self.of_person.values()
        return {after: before for one in theirs for before, after in pairwise(one)}

    @cached_property
    def named_at(self) -> frozenset[tuple[int, str]]:
        """Every interview with each member named at it."""
        return frozenset(zip(self["alters"].egos.tolist(), self.alter_ids, strict=True))

    def _addresses(self, table: pa.Table) -> np.ndarray:
        if "egoID" in table.column_names:
            return plain_values(table["egoID"].combine_chunks()).astype(np.int64)
        people = np.array([self._numbers[pid] for pid in table["ego_pid"].to_pylist()], np.int64)
        if "wave" not in table.column_names:
            return people * 100
        return people * 100 + plain_values(table["wave"].combine_chunks())

    @cached_property
    def _numbers(self) -> dict[str, int]:
        """The number of each person, who has one id in all tables."""
        columns = (self._tables["persons"][name].to_pylist() for name in ("ego_pid", "ego_num"))
        return dict(zip(*columns, strict=True))
