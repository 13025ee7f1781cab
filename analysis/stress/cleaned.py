"""Tables that code under test has cleaned, as it gives them back: CSV files, one for each table."""

from __future__ import annotations

import csv
from typing import NamedTuple

import pyarrow as pa

from analysis.stress.collected import GivenTable, as_table
from analysis.stress.workers.hand import ON_HAND
from sim.data import codebook
from sim.data.errors.respelling import RESPELLINGS
from sim.data.errors.sheets import csv_rows, csv_text, plain_text
from sim.errors import meant_or_known

__all__ = ["CleanedFile", "NotCleaned", "cleaned_file", "comma_rows"]

SEMICOLON = b";"
TIMES, SPARE = 5, 1000
"""A table with more rows than so many times those given and some to spare is a join gone wrong."""


class NotCleaned(Exception):
    """Why what came back is no cleaned table, in words."""


class CleanedFile(NamedTuple):
    """A table that came back.

    Attributes
    ----------
    name : str
        Of the table, such as "alters".
    rows : list of list of str
        The names of the columns first.
    hidden : frozenset of str
        Ways of writing, of `RESPELLINGS`, that the code could not see, for it got a table.
    is_mended : bool
        Whether it is no longer written in the way in which the file was.
    """

    name: str
    rows: list[list[str]]
    hidden: frozenset[str]
    is_mended: bool

    def shows(self, way: str) -> bool:
        """Whether the code could see that the file was written in a way."""
        return way not in self.hidden


def comma_rows(data: bytes, way: str = "") -> list[list[str]]:
    """Rows of a CSV file, which may be written in one of `RESPELLINGS`."""
    if way and _is_so(data, way):
        return csv_rows(RESPELLINGS[way].mend(data))
    return csv_rows(plain_text(data))


def cleaned_file(
    name: str, data: bytes | None, given: GivenTable | None, way: str, *, as_tables: bool
) -> CleanedFile:
    """Read what came back.

    Parameters
    ----------
    name
        What the code calls the table.
    data
        The file.
    given
        What the code got under that name.
    way
        How the file it got is written otherwise; "" if it is not.
    as_tables
        Whether it got tables that had been read, and not files.

    Raises
    ------
    NotCleaned
        If there is no such table, it cannot be read, or has no key.
    """
    if given is None:
        hint = meant_or_known(name, ON_HAND, "there are")
        raise NotCleaned(f"there is no table {name!r} to clean{hint}")
    if data is None:
        raise NotCleaned("is no file, or over 64 MB")
    try:
        unread = as_tables and _by_semicolons(way)  # a table of one column, which nothing mends
        header, *rows = comma_rows(data, "" if unread else way) or [[]]
    except (UnicodeError, csv.Error) as error:
        raise NotCleaned(f"cannot be read: {error}") from None
    key = codebook.table(name).key
    if lacking := [one for one in key if one not in header]:
        raise NotCleaned(
            f"has no column {', '.join(lacking)}, so nobody knows which row is which; keep "
            f"{', '.join(key)}"
        )
    if twice := [one for one in dict.fromkeys(header) if header.count(one) > 1]:
        raise NotCleaned(f"has the column {twice[0]} twice")
    had = given.num_rows if isinstance(given, pa.Table) else given.count(b"\n")
    if len(rows) > TIMES * had + SPARE:
        raise NotCleaned(f"has {len(rows)} rows where about {had} were given")
    ragged = next((at for at, row in enumerate(rows, 1) if len(row) != len(header)), None)
    if ragged is not None:
        raise NotCleaned(
            f"row {ragged} has {len(rows[ragged - 1])} cells where the header has {len(header)}"
        )
    hidden = {way} if way and as_tables and _is_hidden(name, given, way) else set()
    return CleanedFile(name, [header, *rows], frozenset(hidden), not (way and _is_so(data, way)))


def _is_hidden(name: str, given: GivenTable, way: str) -> bool:
    """Whether a reader of tables sees nothing of how the file was written."""
    if not isinstance(given, bytes):
        return True
    plain = RESPELLINGS[way].mend(given).encode()
    return bool(as_table(name, given).equals(as_table(name, plain)))


def _by_semicolons(way: str) -> bool:
    return bool(way) and SEMICOLON in RESPELLINGS[way].spoil("a,b\n")


def _is_so(data: bytes, way: str) -> bool:
    """Whether a file is written in a way, however its cells are quoted."""
    if _by_semicolons(way):
        return SEMICOLON in data.partition(b"\n")[0]
    text = data.decode()
    plain = csv_text(csv_rows(text))
    same = (plain.replace("\n", "\r\n") if "\r\n" in text else plain).encode()
    return RESPELLINGS[way].spoil(RESPELLINGS[way].mend(same)) == same
