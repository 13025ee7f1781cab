"""What errors do to files: cells, rows, whole files; done, and written down so as to be undone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

from sim.data.errors.sheets import Collected, CollectedFile, csv_text

__all__ = ["Add", "Drop", "Edit", "FileChange", "Respell", "Step", "make_changes"]


class Edit(NamedTuple):
    """A cell gets another text.

    Attributes
    ----------
    file, row, column
        Which cell; the row by its number.
    after
        What it says then.
    """

    file: str
    row: int
    column: str
    after: str


class Add(NamedTuple):
    """A row comes in: another one over again, but for some cells.

    Attributes
    ----------
    file
        Where.
    model
        Number of the row that is taken for a model.
    below
        Number of the row under which it is put.
    cells
        What it says otherwise, by column.
    """

    file: str
    model: int
    below: int
    cells: dict[str, str]


class Drop(NamedTuple):
    """A row goes that was there to begin with."""

    file: str
    row: int


class Respell(NamedTuple):
    """The whole file is written another way (`respelling`)."""

    file: str
    how: str


FileChange: TypeAlias = Edit | Add | Drop | Respell


class Step(NamedTuple):
    """A change that was made, as the log has it.

    Attributes
    ----------
    sheet
        Name of the file.
    row
        Number of the row; -1 for a whole file.
    column
        Of a cell; "" for a whole row or file.
    before, after
        What the cell, row or file said; "" for nothing, `NA` for a cell without a value.
    kind
        Of error.
    """

    sheet: str
    row: int
    column: str
    before: str
    after: str
    kind: str


def make_changes(files: Collected, changes: Iterable[FileChange], kind: str) -> list[Step]:
    """Change the files, and say what was changed; a cell that says the same after is left out.

    All is found before anything is changed.
    """
    steps: list[Step] = []
    added: dict[str, dict[int, list[int]]] = {}
    dropped: dict[str, set[int]] = {}
    for change in list(changes):
        sheet = files[change.file]
        if isinstance(change, Edit):
            before = sheet.columns[change.column][change.row]
            if before != change.after:
                sheet.columns[change.column][change.row] = change.after
                steps.append(
                    Step(change.file, change.row, change.column, before, change.after, kind)
                )
        elif isinstance(change, Add):
            row = _added(sheet, change)
            added.setdefault(change.file, {}).setdefault(change.below, []).append(row)
            steps.append(Step(change.file, row, "", "", _line(sheet.row(row)), kind))
        elif isinstance(change, Drop):
            dropped.setdefault(change.file, set()).add(change.row)
            line = _line(sheet.row(change.row))
            steps.append(Step(change.file, change.row, "", line, "", kind))
        else:
            steps.append(Step(change.file, -1, "", "", change.how, kind))
    for name in {*added, *dropped}:
        _reorder(files[name], added.get(name, {}), dropped.get(name, set()))
    return steps


def _added(sheet: CollectedFile, change: Add) -> int:
    for name, column in sheet.columns.items():
        column.append(change.cells.get(name, column[change.model]))
    sheet.origin.append(sheet.origin[change.model])
    return len(sheet.origin) - 1


def _reorder(sheet: CollectedFile, added: dict[int, list[int]], dropped: set[int]) -> None:
    order: list[int] = []
    for number in sheet.order:
        if number not in dropped:
            order.append(number)
        order += added.get(number, [])
    sheet.order = order


def _line(cells: Sequence[str]) -> str:
    return csv_text([cells]).removesuffix("\n")
