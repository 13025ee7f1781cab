"""A text file of rows as spreadsheets leave it: its encoding, its separator, its lines.

Cells are kept as numbers of the different texts in their column, so that a text is looked at once
however many rows have it.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.pilots.faults import Faults
from sim.data.disk import read_bytes
from sim.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Cells", "Sheet", "bare_text", "open_sheet", "sheet_of"]

SEPARATORS = ",;\t"
BLANK = frozenset(("", ".", "-", "na", "n/a", "#n/a", "#null!", "<na>", "nan", "null", "none"))
MISSING_CODES = frozenset(f"{code}{rest}" for code in range(-9, -4) for rest in ("", ".0", ",0"))
"""Refused, unknown, not applicable, not asked, not reached, in any column."""
LARGEST = 500
"""MB of a file."""


def bare_text(text: str) -> str:
    """A cell without the spaces around it; "" if it says that there is nothing."""
    bare = text.strip().strip("\0")
    return "" if bare.casefold() in BLANK or bare in MISSING_CODES else bare


@dataclass(frozen=True)
class Cells:
    """A column: for each row the number of its text among the different texts.

    Attributes
    ----------
    codes : ndarray of int, (rows,)
    texts : tuple of str
        Each once, as `bare_text` has it.
    """

    codes: np.ndarray
    texts: tuple[str, ...]

    def read(self, as_what: Callable[[str], Any], dtype: Any = object) -> np.ndarray:
        """Something made of each row's text, (rows,)."""
        made = np.empty(len(self.texts), dtype)
        for number, text in enumerate(self.texts):
            made[number] = as_what(text)
        return made[self.codes]

    def merged(self, same: Mapping[str, str]) -> Cells:
        """With texts replaced by others, which may be there already."""
        return _cells(self.codes, [same.get(text, text) for text in self.texts])

    def blank(self) -> np.ndarray:
        """Which rows say nothing, (rows,)."""
        return np.asarray(self.read(lambda text: not text, bool))

    def at(self, row: int) -> str:
        """The text of one row."""
        return self.texts[self.codes[row]]

    def of(self, rows: np.ndarray) -> Cells:
        """Some rows of it."""
        return Cells(self.codes[rows], self.texts)


def _cells(codes: np.ndarray, texts: Iterable[str]) -> Cells:
    """Numbers made anew where several texts have become one."""
    number: dict[str, int] = {}
    new = np.array([number.setdefault(text, len(number)) for text in texts], np.int64)
    return Cells(new[codes] if len(new) else codes, tuple(number))


@dataclass(frozen=True)
class Sheet:
    """Rows under a line of heads.

    Attributes
    ----------
    where : str
        What messages call it.
    heads : tuple of str
    lines : ndarray of int, (rows,)
        Of the file, on which each row begins.
    notes : tuple of str
        What was done to read it.
    before : tuple of str
        Heads that it had before it was made long.
    """

    where: str
    heads: tuple[str, ...]
    lines: np.ndarray
    notes: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    _columns: Callable[[Sequence[int]], list[tuple[np.ndarray, list[str]]]] = field(
        default=lambda places: [], repr=False
    )

    def read(self, heads: Sequence[str]) -> tuple[dict[str, Cells], dict[str, int]]:
        """Some columns, and how many cells of each had spaces around them."""
        found = self._columns([self.heads.index(head) for head in heads])
        cells: dict[str, Cells] = {}
        spaced: dict[str, int] = {}
        for head, (codes, raw) in zip(heads, found, strict=True):
            cells[head] = _cells(codes, [bare_text(text) for text in raw])
            wide = np.array([text != text.strip() and bare_text(text) != "" for text in raw], bool)
            spaced[head] = int(wide[codes].sum()) if wide.any() else 0
        return cells, spaced


def sheet_of(table: pd.DataFrame, where: str) -> Sheet:
    """A table at hand as a sheet whose first row is line 2."""
    import pandas as pd

    def columns(places: Sequence[int]) -> list[tuple[np.ndarray, list[str]]]:
        found = []
        for place in places:
            text = table.iloc[:, place].astype("string").fillna("").to_numpy(object)
            codes, texts = pd.factorize(text)
            found.append((np.asarray(codes), [str(one) for one in texts]))
        return found

    heads = tuple(str(head) for head in table.columns)
    return Sheet(where, heads, np.arange(2, len(table) + 2), (), (), columns)


def open_sheet(file: Path, faults: Faults, absent: str = "no such file") -> Sheet:
    """Read a file of rows between commas, semicolons or tabs.

    Raises
    ------
    InputError
        If there is no such file, or it is no text of rows.
    """
    text, encoding = _decoded(file, read_bytes(file, most=LARGEST, absent=absent))
    start = len(text) - len(text.lstrip("\r\n"))
    before = len(text[:start].splitlines())
    text = text[start:]
    if text[:4].casefold() == "sep=":  # a line by which Excel is told the separator
        text, before = text.partition("\n")[2], before + 1
    separator = max(SEPARATORS, key=text.partition("\n")[0].count)
    try:
        heads = next(csv.reader(StringIO(text, newline=""), delimiter=separator), [])
    except csv.Error as error:
        raise InputError(f"{file}, line 1: not CSV: {error}") from None
    tidy = [" ".join(head.split()) for head in heads]
    if not any(tidy):
        raise InputError(f"{file}: is empty; its first line must name the columns")
    notes = (f"{file.name}: not UTF-8, read as {encoding}",) if encoding else ()
    rows = _rows(str(file), text, separator, len(tidy), faults, before)
    return Sheet(str(file), tuple(tidy), rows.lines, notes, (), rows.columns)


def _decoded(file: Path, raw: bytes) -> tuple[str, str]:
    """The text, and the encoding if it is not UTF-8."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InputError(f"{file}: not UTF-8 text; save it as CSV in UTF-8")
    try:
        return raw.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        for encoding in ("cp1252", "latin-1"):
            try:
                return raw.decode(encoding), {"cp1252": "Windows-1252"}.get(encoding, "Latin-1")
            except UnicodeDecodeError:
                continue
    raise InputError(f"{file}: not UTF-8 text; save it as CSV in UTF-8")


@dataclass(frozen=True)
class _Rows:
    """Rows as Arrow has them, and the lines they begin on."""

    table: Any
    lines: np.ndarray

    def columns(self, places: Sequence[int]) -> list[tuple[np.ndarray, list[str]]]:
        """Numbers and different texts of some columns."""
        found = []
        for place in places:
            column = self.table.column(place).combine_chunks().dictionary_encode()
            found.append(
                (column.indices.to_numpy().astype(np.int64), column.dictionary.to_pylist())
            )
        return found


def _rows(where: str, text: str, separator: str, width: int, faults: Faults, before: int) -> _Rows:
    """All rows after the first; those of other lengths are filled up, or faults."""
    import pyarrow as pa
    from pyarrow import csv as arrow

    odd: dict[int, str] = {}

    def keep(row: Any) -> str:
        odd[row.number] = row.text
        return "skip"

    raw = text.encode("utf-8", "replace")
    try:
        table = arrow.read_csv(
            pa.BufferReader(raw),
            arrow.ReadOptions(
                use_threads=False, autogenerate_column_names=True, block_size=len(raw) + 64
            ),
            arrow.ParseOptions(
                delimiter=separator, newlines_in_values=True, ignore_empty_lines=False,
                invalid_row_handler=keep,
            ),
            arrow.ConvertOptions(
                strings_can_be_null=False, column_types={f"f{i}": pa.string() for i in range(width)}
            ),
        )  # fmt: skip
    except (pa.ArrowInvalid, OverflowError) as error:
        raise InputError(f"{where}: not CSV: {' '.join(str(error).split())[:120]}") from None
    records = len(table) + len(odd)
    starts = _starts(text, separator, records) + before
    regular = np.setdiff1d(np.arange(2, records + 1), list(odd), assume_unique=True)
    filled = {
        number: cells
        for number, row in odd.items()
        if (cells := _filled(row, separator, width, where, int(starts[number - 1]), faults))
    }
    return _together(table.slice(1), starts[regular - 1], filled, starts)


def _together(
    table: Any, lines: np.ndarray, filled: dict[int, list[str]], starts: np.ndarray
) -> _Rows:
    """Rows of the right length and rows that were filled up, in the order of the file."""
    import pyarrow as pa

    if not filled:
        return _Rows(table, lines)
    columns = zip(*filled.values(), strict=True)
    extra = pa.table({f"f{i}": pa.array(column, pa.string()) for i, column in enumerate(columns)})
    lines = np.concatenate([lines, starts[np.array(list(filled)) - 1]])
    order = np.argsort(lines, kind="stable")
    return _Rows(pa.concat_tables([table, extra]).take(order), lines[order])


def _starts(text: str, separator: str, records: int) -> np.ndarray:
    """Line on which each record begins, from 1; with line breaks inside cells only a look tells."""
    end = "\n" if "\n" in text else "\r"
    if '"' not in text or text.count(end) + (not text.endswith(end)) == records:
        return np.arange(1, records + 1)
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator)
    lines, last = [], 0
    try:
        for _ in reader:
            lines.append(last + 1)
            last = reader.line_num
    except csv.Error:  # what comes after is counted as one line each
        pass
    lines += range(last + 1, last + 1 + records - len(lines))
    return np.array(lines[:records])


def _filled(
    row: str, separator: str, width: int, where: str, line: int, faults: Faults
) -> list[str] | None:
    """A row that is shorter or longer than the first line, or nothing if it cannot be one."""
    try:
        cells = next(csv.reader(StringIO(row, newline=""), delimiter=separator), [])
    except csv.Error as error:
        faults.add(where, f"not CSV: {error}", [line])
        return None
    if row.count('"') % 2:
        faults.add(where, "a quotation mark is opened and not closed", [line])
        return None
    if any(bare_text(cell) for cell in cells[width:]):
        faults.add(
            where,
            f"has {len(cells)} cells but the first line has {width}; a cell that holds the "
            "separator must stand in quotes",
            [line],
        )
        return None
    return [*cells, *[""] * width][:width]
