"""Cleaned tables of one study, scored against the log of the errors that were put in.

An error is detected if what it changed is changed again: a cell says something else or nothing, a
row that should not be there is gone, or the row with the cell is. It is repaired if it is then as
it was before. A column that is not given back detects nothing. What the code changed is right where
there was an error, and wrong where there was none: a cell, a row it removed, a row it made up. A
missing code of the codebook that becomes an empty cell is no change.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import pyarrow as pa

from analysis.stress.cleaned import CleanedFile, NotCleaned, cleaned_file, comma_rows
from analysis.stress.collected import GivenTable, HandedTables
from analysis.stress.errors_made import CellError, FileErrors, file_errors
from analysis.stress.row_matching import KeyedRows, RowKey, matched_rows
from sim.data import codebook, serialise

__all__ = ["CleaningScore", "score_of", "scores_told", "told_of", "tried_cleaning"]

NUMBERED_AFRESH = ("alterID", "nomination_order")
"""What a member who was entered twice has of its own, beside a slip in the name."""


class CleaningScore(NamedTuple):
    """What became of one file.

    Attributes
    ----------
    table : str
    kinds : dict of (int, int, int)
        By kind: errors, those detected, those repaired.
    changed, right : int
        Cells and rows that the code changed, and those of them that had an error.
    came : bool
        Whether the table was given back.
    """

    table: str
    kinds: dict[str, tuple[int, int, int]]
    changed: int
    right: int
    came: bool


def tried_cleaning(
    came: Iterable[tuple[str, bytes | None]], given: HandedTables, *, as_tables: bool
) -> tuple[list[CleaningScore], list[tuple[str, str]]]:
    """Score what came back of one study.

    Parameters
    ----------
    came
        Files by the code's names for the tables.
    given
        What the code got.
    as_tables
        Whether it got them as tables that had been read.

    Returns
    -------
    scores : list of CleaningScore
        Of each table that came or has errors; of one that did not come nothing is detected.
    faults : list of (str, str)
        Tables that cannot be used, and why; to `scores` they did not come.
    """
    scores, faults = [], []
    for name, data in came:
        try:
            scores.append(_score(name, data, given, as_tables=as_tables))
        except NotCleaned as error:
            faults.append((name, str(error)))
    there = {one.table for one in scores}
    for name in given:
        kinds = {} if name in there else dict(file_errors(name, given.entries).counts())
        if kinds:
            none = {kind: (n, 0, 0) for kind, n in kinds.items()}
            scores.append(CleaningScore(name, none, 0, 0, came=False))
    return scores, faults


def _score(name: str, data: bytes | None, given: HandedTables, *, as_tables: bool) -> CleaningScore:
    errors = file_errors(name, given.entries)
    cleaned = cleaned_file(name, data, given.get(name), errors.way, as_tables=as_tables)
    return score_of(cleaned, given[name], given.clean[name], errors)


def told_of(scores: Sequence[CleaningScore]) -> str:
    """Scores as a text; "" without any."""
    return json.dumps([one._asdict() for one in scores]) if scores else ""


def scores_told(text: str) -> list[CleaningScore]:
    """What `told_of` has written."""
    return [
        CleaningScore(**{**one, "kinds": {k: (n, d, r) for k, (n, d, r) in one["kinds"].items()}})
        for one in json.loads(text or "[]")
    ]


def score_of(
    cleaned: CleanedFile, given: GivenTable, clean: pa.Table, errors: FileErrors
) -> CleaningScore:
    """Score a table that was given back.

    Parameters
    ----------
    cleaned
        As it came.
    given
        As the code got it.
    clean
        As it was before there were errors.
    errors
        What is wrong with it.
    """
    if isinstance(given, pa.Table):
        filed = comma_rows(serialise.csv_bytes(cleaned.name, given))
    else:
        filed = comma_rows(given, errors.way)
    before = comma_rows(serialise.csv_bytes(cleaned.name, clean))
    return _Comparison(cleaned, filed, before, errors).score()


class _Comparison:
    """The rows of a cleaned table beside those given and those there were.

    Attributes
    ----------
    origin : list of int or None
        Of each row as given, the row it was before; None of one that was added.
    taken : dict of int
        Row of the cleaned table by row as given.
    """

    def __init__(
        self,
        cleaned: CleanedFile,
        filed: Sequence[Sequence[str]],
        clean: Sequence[Sequence[str]],
        errors: FileErrors,
    ) -> None:
        said = codebook.table(cleaned.name)
        key = said.key
        self.codes = {one.name: {str(code) for code in one.missing} for one in said.columns}
        self.cleaned = KeyedRows.of(cleaned.rows, key)
        self.given, self.clean = KeyedRows.of(filed, key), KeyedRows.of(clean, key)
        self.errors, self.file = errors, cleaned
        at = [clean[0].index(name) for name in key]
        called = [" ".join(f"{k}={row[a]}" for k, a in zip(key, at, strict=True))
                  for row in clean[1:]]  # fmt: skip
        self.row_of = {one: row for row, one in enumerate(called)}
        added = {number - 1 for _, number in errors.added}
        staying = iter([row for row, one in enumerate(called) if one not in errors.dropped])
        self.origin = [None if row in added else next(staying)
                       for row in range(len(self.given.rows))]  # fmt: skip
        self.place = {was: row for row, was in enumerate(self.origin) if was is not None}
        keys = self.clean.keys()
        found = matched_rows(
            self.cleaned, self.given, [None if was is None else keys[was] for was in self.origin]
        )
        self.taken = {row: mine for mine, row in enumerate(found) if row is not None}
        self.made_up = [mine for mine, row in enumerate(found) if row is None]
        self.swapped: dict[int, int] = {}
        self.shared = [name for name in self.cleaned.columns
                       if name in self.given.columns and name != codebook.SYNTHETIC]  # fmt: skip

    def score(self) -> CleaningScore:
        """Of each kind, and of what was changed."""
        tally: dict[str, list[int]] = {}
        twins = self._twins()
        for (called, column), cell in self.errors.cells.items():
            row = self.place[self.row_of[called]]
            for kind in cell.kinds:
                _count(tally, kind, *self._of_cell(row, column, cell))
        for (_, number), kind in self.errors.added.items():
            gone = number - 1 not in self.taken
            _count(tally, kind, gone, gone and twins[number - 1])
        again = self._made_again()
        for called, kind in self.errors.dropped.items():
            row = self.row_of[called]
            _count(tally, kind, row in again, again.get(row, False))
        if self.errors.whole and self.file.shows(self.errors.way):
            _count(tally, self.errors.whole[1], *[self.file.is_mended] * 2)
        changed, right = self._changes()
        kinds = {kind: (n, d, r) for kind, (n, d, r) in tally.items()}
        made_up = len(self.made_up)
        return CleaningScore(
            self.file.name, kinds, changed + made_up, right + len(again), came=True
        )

    def _twins(self) -> dict[int, bool]:
        """Of each added row, whether what it was made of is there once more, as it was.

        Of a member entered twice either row may stay: the other one is taken for it.
        """
        found = {}
        for called, number in self.errors.added:
            row, model = number - 1, self.place.get(self.row_of[called])
            is_member = "alter_id" in self.given.columns
            if is_member and model is not None and row in self.taken and model not in self.taken:
                self.taken[model] = self.taken.pop(row)
                self.swapped[model] = row
            found[row] = model is None or (model in self.taken and self._is_as_model(model))
        return found

    def _is_as_model(self, model: int) -> bool:
        """Whether, if the added row stays in place of its model, it says so where it has a slip."""
        row = self.swapped.get(model, model)
        slips = [name for name in self.shared if name not in NUMBERED_AFRESH
                 and self._given(row, name) != self._given(model, name)]  # fmt: skip
        return all(self._now(model, name) == self._given(model, name) for name in slips)

    def _of_cell(self, row: int, column: str, cell: CellError) -> tuple[bool, bool]:
        """Whether an error in a cell is detected, and repaired."""
        if column not in self.cleaned.columns:
            return False, False
        if row not in self.taken:
            return True, False
        now, was = self._now(row, column), self.origin[row]
        assert was is not None  # noqa: S101
        should_be = self.clean.rows[was][self.clean.columns[column]]
        return now != self._given(row, column), now == should_be

    def _made_again(self) -> dict[int, bool]:
        """Rows of before that were dropped and are there again; whether they are as they were."""
        keys = self.clean.keys()
        lacking: dict[RowKey, int] = {keys[self.row_of[one]]: self.row_of[one]
                                      for one in self.errors.dropped}  # fmt: skip
        mine, found = self.cleaned.keys(), dict[int, bool]()
        for row in self.made_up:
            was = lacking.get(mine[row])
            if was is not None:
                found[was] = all(
                    self.cleaned.rows[row][self.cleaned.columns[name]]
                    == self.clean.rows[was][self.clean.columns[name]]
                    for name in self.shared
                )
        return found

    def _changes(self) -> tuple[int, int]:
        """Cells changed and rows removed, and how many of these had an error."""
        changed = right = 0
        wrong_cells = {(self.place[self.row_of[called]], column)
                       for called, column in self.errors.cells}  # fmt: skip
        wrong_rows = {row for row, _ in wrong_cells} | {
            row for row, was in enumerate(self.origin) if was is None
        }
        gone_twins = set(self.swapped.values())
        for row in range(len(self.given.rows)):
            if row not in self.taken:
                changed += 1
                right += row in wrong_rows or row in gone_twins
                continue
            for name in self.shared:
                if self._is_changed(row, name):
                    changed += 1
                    right += self.origin[row] is None or (row, name) in wrong_cells
        return changed, right

    def _is_changed(self, row: int, name: str) -> bool:
        now, given = self._now(row, name), self._given(row, name)
        if now == given or (not now and given in self.codes[name]):
            return False
        twin = self.swapped.get(row)
        return twin is None or now != self._given(twin, name)

    def _now(self, row: int, name: str) -> str:
        return self.cleaned.rows[self.taken[row]][self.cleaned.columns[name]]

    def _given(self, row: int, name: str) -> str:
        return self.given.rows[row][self.given.columns[name]]


def _count(tally: dict[str, list[int]], kind: str, detected: bool, repaired: bool) -> None:
    mine = tally.setdefault(kind, [0, 0, 0])
    for at, one in enumerate((True, detected, repaired)):
        mine[at] += one
