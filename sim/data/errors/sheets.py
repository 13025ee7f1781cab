"""Files as they were collected: every cell a text, every row with the key it had to begin with."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np
import pyarrow as pa

from sim.data import codebook, serialise

__all__ = [
    "AS_COLLECTED",
    "FILES",
    "Collected",
    "CollectedFile",
    "csv_rows",
    "csv_text",
    "is_known",
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


class CollectedFile:
    """One file. Rows are known by their number, which they keep; others may come and go.

    Attributes
    ----------
    name
        The table it was made from, such as "alters".
    columns : dict of list of str
        Cells by column and number of the row; those of rows that went are kept.
    order : list of int
        Numbers of the rows in the order of the file.
    keys : list of str
        What each row is called in the log; a row that was added has the key of its model.
    egos : ndarray of int64, shape (n,)
        `egoID` of each of the n first rows, with 0 for the wave where there is none: the address of
        their draws.
    """

    def __init__(self, name: str, text: str, shown: Sequence[str], egos: np.ndarray) -> None:
        header, *rows = csv_rows(text)
        cells = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in header]
        everything = dict(zip(header, cells, strict=True))
        self.name, self.egos, self.first = name, egos, len(rows)
        self.columns = {column: everything[column] for column in shown}
        self.order = list(range(len(rows)))
        key = codebook.table(name).key
        self.keys = [
            " ".join(f"{part}={value}" for part, value in zip(key, values, strict=True))
            for values in zip(*(everything[part] for part in key), strict=True)
        ]

    @property
    def file(self) -> str:
        """Path of the file in the bundle."""
        return f"{AS_COLLECTED}{self.name}.csv"

    def text(self) -> str:
        """The file as it stands."""
        cells = [self.row(number) for number in self.order]
        return csv_text([list(self.columns), *cells])

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


class Collected(dict[str, CollectedFile]):
    """The six files by name, and what no field team would know but the draws need.

    Attributes
    ----------
    alter_ids : list of str
        Who each row of alters is.
    of_person : dict of list of int
        Interviews by person, in the order of time.
    before : dict
        By interview, the person's last interview before it.
    """

    def __init__(self, tables: Mapping[str, pa.Table]) -> None:
        super().__init__()
        persons = (tables["persons"][name].to_pylist() for name in ("ego_pid", "ego_num"))
        numbers = dict(zip(*persons, strict=True))
        for name in FILES:
            table = tables[name]
            shown = [column.name for column in codebook.table(f"{AS_COLLECTED}{name}").columns]
            text = serialise.csv_bytes(name, table).decode()
            self[name] = CollectedFile(name, text, shown, _addresses(table, numbers))
        self.alter_ids: list[str] = tables["alters"]["alter_id"].to_pylist()
        self.of_person: dict[int, list[int]] = {}
        for interview in sorted(self["egos"].egos.tolist()):
            self.of_person.setdefault(interview // 100, []).append(interview)
        self.before = {
            after: before
            for theirs in self.of_person.values()
            for before, after in pairwise(theirs)
        }

    @cached_property
    def named_at(self) -> frozenset[tuple[int, str]]:
        """Every interview with each member named at it."""
        return frozenset(zip(self["alters"].egos.tolist(), self.alter_ids, strict=True))


def _addresses(table: pa.Table, numbers: Mapping[str, int]) -> np.ndarray:
    if "egoID" in table.column_names:
        return np.array(table["egoID"].to_pylist(), np.int64)
    people = np.array([numbers[pid] for pid in table["ego_pid"].to_pylist()], np.int64)
    has_waves = "wave" in table.column_names
    waves = np.array(table["wave"].to_pylist() if has_waves else 0, np.int64)
    return people * 100 + waves
