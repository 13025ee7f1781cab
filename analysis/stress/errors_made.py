"""Errors that were put into one file, from the log alone: cells, rows, and the file as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sim.data.errors.log import LINKED, LogEntry
from sim.data.errors.sheets import AS_COLLECTED

__all__ = ["CellError", "FileErrors", "file_errors"]


class CellError(NamedTuple):
    """A cell that does not say what it should; `kinds` are all that changed it."""

    before: str
    after: str
    kinds: tuple[str, ...]


class FileErrors(NamedTuple):
    """What is wrong with one file. A row is called what it was called before there were errors.

    Attributes
    ----------
    cells : dict
        Of rows that were there before and still are, by row and column.
    added : dict of str
        Kinds by model of the row and its number in the file, from 1.
    dropped : dict of str
        Kinds by row.
    whole : tuple of (str, str) or None
        How the file is written, a name of `RESPELLINGS`, and the kind.
    """

    cells: dict[tuple[str, str], CellError]
    added: dict[tuple[str, int], str]
    dropped: dict[str, str]
    whole: tuple[str, str] | None

    @property
    def way(self) -> str:
        """How the file is written otherwise; "" if it is not."""
        return self.whole[0] if self.whole else ""

    def counts(self) -> Iterator[tuple[str, int]]:
        """How many errors there are of each kind; a cell that two kinds changed is of both."""
        kinds = [kind for one in self.cells.values() for kind in one.kinds]
        kinds += [*self.added.values(), *self.dropped.values()]
        kinds += [self.whole[1]] if self.whole else []
        yield from ((kind, kinds.count(kind)) for kind in dict.fromkeys(kinds))


def file_errors(name: str, entries: Iterable[LogEntry]) -> FileErrors:
    """The errors of a table's file; a cell that says in the end what it said before has none.

    Parameters
    ----------
    name
        Of the table, such as "alters".
    entries
        Of the log, in its order.
    """
    files = {f"{AS_COLLECTED}{name}.csv", *({LINKED} & {f"{name}.csv"})}
    mine = [one for one in entries if one.file in files]
    rows = [one for one in mine if not one.variable and one.row_number]
    added = {(one.row_key, one.row_number): one.kind for one in rows if one.after}
    dropped = {one.row_key: one.kind for one in rows if not one.after}
    cells: dict[tuple[str, str], CellError] = {}
    for one in mine:
        is_added = one.file != LINKED and (one.row_key, one.row_number) in added
        if one.variable and not is_added and one.row_key not in dropped:
            at = (one.row_key, one.variable)
            known = cells.get(at, CellError(one.before, one.after, ()))
            kinds = tuple(dict.fromkeys([*known.kinds, one.kind]))
            cells[at] = CellError(known.before, one.after, kinds)
    whole = [(one.after, one.kind) for one in mine if not one.row_number]
    still = {at: one for at, one in cells.items() if one.before != one.after}
    return FileErrors(still, added, dropped, whole[0] if whole else None)
