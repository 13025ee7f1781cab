"""The two tables of a pilot with their columns under our names, whatever they are called."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from analysis.pilots.faults import Faults, shown
from analysis.pilots.given import PilotMap
from analysis.pilots.sheet import Cells, Sheet
from analysis.pilots.words import COLUMNS, called, plain_word
from sim.errors import meant_or_known, nearest

__all__ = ["NOBODY", "PilotTable", "no_column", "number_in", "table_of"]

NOBODY = -1
"""Where there is no number of a person, a member or a row."""

IDS = ("ego_pid", "alter_id")
NUMBER = re.compile(r"[-+]?(\d{1,15}([.,]\d{0,15})?|[.,]\d{1,15})", re.ASCII)


@dataclass(frozen=True)
class PilotTable:
    """What is used of one table.

    Attributes
    ----------
    where : str
        What messages call it.
    lines : ndarray of int, (rows,)
    cells : dict of Cells
        By our names.
    theirs : dict of str
        How the table calls each of them.
    heads : tuple of str
        Of all columns, read or not.
    notes : tuple of str
        What was done to read it.
    """

    where: str
    lines: np.ndarray
    cells: Mapping[str, Cells]
    theirs: Mapping[str, str]
    heads: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.lines)

    def called(self, column: str) -> str:
        """Our name of a column, and theirs if it is another."""
        theirs = self.theirs.get(column, column)
        return column if theirs == column else f'{column} ("{theirs}")'

    def unless(self, column: str) -> str:
        """What to do if a column of another name is not what we take it for."""
        theirs = self.theirs.get(column, column)
        return "" if theirs == column else f"; if it is something else: [columns] {column} = []"

    def add(self, faults: Faults, rows: np.ndarray, what: str) -> None:
        """A fault of some rows, if there are any."""
        if len(rows):
            faults.add(self.where, what, self.lines[rows].tolist())

    def refuse(self, faults: Faults, column: str, wrong: np.ndarray, right: str) -> None:
        """A fault for each different text of a column that is wrong.

        Parameters
        ----------
        wrong : ndarray of bool, (rows,)
        right : str
            What would be right; `{not}` is where the text is put.
        """
        cells = self.cells[column]
        for code in np.unique(cells.codes[wrong]).tolist():
            text = cells.texts[code]
            told = f"not {shown(text)}" if text else "not blank"
            rows = np.flatnonzero(wrong & (cells.codes == code))
            self.add(faults, rows, right.replace("{not}", told))

    def numbers(self, column: str, faults: Faults, *, whole: bool = False) -> np.ndarray:
        """A column as numbers, nan where it says nothing; decimal commas will do, (rows,)."""
        values = self.cells[column].read(number_in, float)
        filled = ~self.cells[column].blank()
        wrong = filled & (~np.isfinite(values) | (whole & (values % 1 != 0)))
        kind = "a whole number" if whole else "a number"
        self.refuse(faults, column, wrong, f"{self.called(column)} must be {kind}, {{not}}")
        return np.where(wrong, np.nan, values)

    def of(self, rows: np.ndarray) -> PilotTable:
        """Some of its rows, by a mask or by number."""
        cells = {name: one.of(rows) for name, one in self.cells.items()}
        return replace(self, lines=self.lines[rows], cells=cells)


def number_in(text: str) -> float:
    """A number as people write it; nan for anything else."""
    return float(text.replace(",", ".")) if NUMBER.fullmatch(text) else float("nan")


def table_of(
    sheet: Sheet, name: str, given: PilotMap, other: Sequence[str], faults: Faults
) -> PilotTable:
    """The columns of a sheet that are used, rows without any of them left out.

    Parameters
    ----------
    name : str
        "egos" or "alters".
    other : sequence of str
        Heads of the other table, which calls the same things the same.
    """
    theirs = _columns(sheet, name, given, other, faults)
    cells, spaced = sheet.read(list(theirs.values()))
    ours = {column: cells[head] for column, head in theirs.items()}
    filled = np.zeros(len(sheet.lines), bool)
    for one in ours.values():
        filled |= ~one.blank()
    trimmed = sum(spaced[theirs[column]] for column in IDS if column in theirs)
    notes = list(sheet.notes)
    if trimmed:
        notes.append(f"ids with a space before or behind, which was taken off: {trimmed}")
    found = PilotTable(sheet.where, sheet.lines, ours, theirs, sheet.heads, tuple(notes))
    return found if filled.all() else found.of(filled)


def _columns(
    sheet: Sheet, name: str, given: PilotMap, other: Sequence[str], faults: Faults
) -> dict[str, str]:
    """Which head is which of our columns."""
    found: dict[str, str] = {}
    for column in sorted(COLUMNS[name], key=lambda one: one == "tie_class"):
        if column == "tie_class" and "tie_kind" in found and column not in given.columns:
            alike = (head for head in sheet.heads if plain_word(head) == column)
            head = next(alike, None)  # nothing else is taken for it: a kind says its class
        else:
            head = _head(sheet, column, given, other, faults)
        if head is not None and head not in found.values():
            found[column] = head
    return found


def _head(
    sheet: Sheet, column: str, given: PilotMap, other: Sequence[str], faults: Faults
) -> str | None:
    """What a table calls one of our columns; None if it has none."""
    if column in given.columns:
        own = given.columns[column]
        if not own:
            return None
        wanted: Sequence[str] = (*own, column)
        there = {plain_word(one) for one in (*sheet.heads, *sheet.before, *other)}
        if not {plain_word(one) for one in own} & there:
            hint = nearest(own[0], sheet.heads)
            what = f'there is no column "{own[0]}", which {given.name} calls {column}{hint}'
            faults.add(sheet.where, what)
    elif column in sheet.heads or column in other:
        wanted = (column,)
    else:
        wanted = (column, *called(column))
    for word in wanted:
        exact = [head for head in sheet.heads if head == word]
        alike = exact or [head for head in sheet.heads if plain_word(head) == plain_word(word)]
        if len(alike) > 1:
            faults.add(sheet.where, f"there are two columns {alike[0]}; leave one out")
        if alike:
            return alike[0]
    return None


def no_column(table: PilotTable, column: str, what: str) -> str:
    """Say that a table lacks a column, and what to do."""
    heads = table.heads
    hint = meant_or_known(column, heads, "it has", map(shown, heads[:12]))
    return (
        f"there is no column {column} in its first line ({what}){hint}; if it has another name, "
        f'say so in a file of --map: [columns] {column} = "its name"'
    )
