"""A pilot's own tables as rows of text: from a CSV file as spreadsheets leave it, or from a frame.

Of `egos.csv` and `alters.csv` only the columns named here are read; names, notes and whatever else
there is stay unread, and `aaties.csv` is not needed.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from sim.data.disk import read_bytes
from sim.errors import InputError, nearest

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PilotRows", "read_rows", "rows_of"]

NEEDED = {"egos": ("ego_pid", "wave"), "alters": ("ego_pid", "wave", "tie_class", "tie_kind")}
WANTED = {"egos": ("month_target", "interview_status"), "alters": ("alter_id",)}
IDS = ("ego_pid", "alter_id")
BLANK = ("", "na", "n/a", "#n/a", "<na>", "nan", "null", "none")
LARGEST = 500
"""MB of a file."""


@dataclass(frozen=True)
class PilotRows:
    """The cells of one table that are used, without spaces around them; a blank one is "".

    Attributes
    ----------
    where : str
        What messages call the table.
    lines : list of int
        Line of the file on which each row ends; rows without any cell are left out.
    cells : dict
        By column.
    spaced : int
        Ids that began or ended with a space.
    """

    where: str
    lines: list[int]
    cells: Mapping[str, list[str]]
    spaced: int

    def fail(self, row: int, what: str) -> NoReturn:
        """Raise an `InputError` about one row."""
        raise InputError(f"{self.where}, line {self.lines[row]}: {what}")

    def whole(self, row: int, column: str) -> int:
        """A cell as a whole number; `6.0` and `6,0` are whole too."""
        found = re.fullmatch(r"(-?\d{1,4})([.,]0*)?", self.cells[column][row], re.ASCII)
        if found is None:
            self.fail(row, f"{column} must be a whole number{self._instead(row, column)}")
        return int(found[1])

    def word(self, row: int, column: str, known: Sequence[str]) -> str:
        """A cell as one of the known words, in whatever case, or with spaces for underscores."""
        said = re.sub(r"[\s_-]+", "_", self.cells[column][row].casefold())
        if said not in known:
            hint = nearest(said, known)
            instead = self._instead(row, column)
            self.fail(row, f"{column} must be one of {', '.join(known)}{instead}{hint}")
        return said

    def _instead(self, row: int, column: str) -> str:
        cell = self.cells[column][row]
        return f", not {cell[:30]!r}" if cell else ", not blank"


def read_rows(file: Path, name: str) -> PilotRows:
    """Read one table, `egos` or `alters`, with commas, semicolons or tabs between its cells.

    Raises
    ------
    InputError
        If there is no such file, it is no CSV in UTF-8, or it lacks a column.
    """
    absent = "no such file; a pilot needs egos.csv and alters.csv"
    try:
        text = read_bytes(file, most=LARGEST, absent=absent).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{file}: not UTF-8 text; save it as CSV in UTF-8") from None
    separator = max(",;\t", key=text.partition("\n")[0].count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator)
    lines: list[int] = []
    rows: list[list[str]] = []
    try:
        heads = [" ".join(head.split()) for head in next(reader, [])]
        places = _places(heads, str(file), name)
        for row in reader:
            lines.append(reader.line_num)
            rows.append(_cells(row, places.values(), len(heads), f"{file}, line {lines[-1]}"))
    except csv.Error as error:
        raise InputError(f"{file}, line {reader.line_num}: not CSV: {error}") from None
    return _tidy(str(file), lines, list(places), rows)


def rows_of(table: pd.DataFrame, name: str, where: str) -> PilotRows:
    """The same from a table at hand."""
    used = list(_places([str(head) for head in table.columns], where, name))
    cells = table[used].astype("string").fillna("").to_numpy(str).tolist()
    return _tidy(where, range(2, len(cells) + 2), used, cells)


def _places(heads: Sequence[str], where: str, name: str) -> dict[str, int]:
    """Where each column that is used stands."""
    absent = [column for column in NEEDED[name] if column not in heads]
    if absent:
        raise InputError(
            f"{where}: there is no column {absent[0]} in its first line{nearest(absent[0], heads)}"
        )
    used = [column for column in (*NEEDED[name], *WANTED[name]) if column in heads]
    for column in used:
        if heads.count(column) > 1:
            raise InputError(f"{where}: there are two columns {column}; leave one out")
    return {column: heads.index(column) for column in used}


def _cells(row: list[str], places: Iterable[int], width: int, where: str) -> list[str]:
    """The cells of a row that are used; those that a short row lacks are blank."""
    if any(cell.strip() for cell in row[width:]):
        raise InputError(
            f"{where}: has {len(row)} cells but the first line has {width}; a cell that holds the "
            "separator must stand in quotes"
        )
    return [row[place] if place < len(row) else "" for place in places]


def _tidy(where: str, lines: Iterable[int], columns: list[str], rows: list[list[str]]) -> PilotRows:
    kept: list[int] = []
    cells: dict[str, list[str]] = {column: [] for column in columns}
    spaced = 0
    for line, row in zip(lines, rows, strict=True):
        bare = ["" if (c := cell.strip()).casefold() in BLANK else c for cell in row]
        if not any(bare):
            continue
        kept.append(line)
        for column, raw, cell in zip(columns, row, bare, strict=True):
            cells[column].append(cell)
            spaced += column in IDS and raw != cell != ""
    return PilotRows(where, kept, cells, spaced)
