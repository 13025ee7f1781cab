"""Which row of a file as it was given each row of a cleaned table is.

Rows are known by the key of their table, as it was given or as it should have been. Where several
have one key, such as interviews under one number, those go together that agree in most cells, and
of those that agree in as many first the rows that should have that key.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import product
from math import isfinite
from typing import NamedTuple

__all__ = ["KeyedRows", "matched_rows", "plain_cell"]

MISSING = {"", "NA", "NaN", "nan", "None", "<NA>", "NaT", "NULL"}
MIDNIGHT = " 00:00:00"
TRUTHS = {"True": "TRUE", "False": "FALSE", "true": "TRUE", "false": "FALSE"}
RowKey = tuple[str, ...]


@lru_cache(maxsize=2**16)
def plain_cell(cell: str) -> str:
    """A cell as it is compared: numbers, dates and what is missing in one spelling."""
    text = cell.strip()
    if text in MISSING:
        return ""
    try:
        number = float(text)
    except ValueError:
        return TRUTHS.get(text, text).removesuffix(MIDNIGHT)
    return f"{number:.9g}" if isfinite(number) else text


class KeyedRows(NamedTuple):
    """Rows by column, every cell as `plain_cell` has it.

    Attributes
    ----------
    columns : dict of int
        Places of columns by name.
    rows : list of list of str
    key : tuple of str
        Names of the columns that make the key.
    """

    columns: dict[str, int]
    rows: list[list[str]]
    key: tuple[str, ...]

    @classmethod
    def of(cls, table: Sequence[Sequence[str]], key: Sequence[str]) -> KeyedRows:
        """From a header and rows."""
        header, *rows = table
        columns = {name: at for at, name in enumerate(header)}
        return cls(columns, [[plain_cell(cell) for cell in row] for row in rows], tuple(key))

    def keys(self) -> list[RowKey]:
        """The key of each row."""
        places = [self.columns[name] for name in self.key]
        return [tuple(row[at] for at in places) for row in self.rows]


def matched_rows(
    cleaned: KeyedRows, given: KeyedRows, should_be: Sequence[RowKey | None]
) -> list[int | None]:
    """For each row of a cleaned table that of the file it is; None where it is none of them.

    Parameters
    ----------
    cleaned, given
        Of one table.
    should_be
        The key that each row of the file should have; None of a row that should not be there.
    """
    by_key: dict[RowKey, list[int]] = {}
    for row, keys in enumerate(zip(given.keys(), should_be, strict=True)):
        for key in dict.fromkeys(keys):
            if key is not None:
                by_key.setdefault(key, []).append(row)
    asking: dict[RowKey, list[int]] = {}
    for row, key in enumerate(cleaned.keys()):
        asking.setdefault(key, []).append(row)
    shared = [(cleaned.columns[one], given.columns[one]) for one in cleaned.columns
              if one in given.columns]  # fmt: skip
    pairs = []
    for key, rows in asking.items():
        others = by_key.get(key, [])
        alone = len(rows) == len(others) == 1
        for row, other in product(rows, others):
            mine, theirs = cleaned.rows[row], given.rows[other]
            agree = 0 if alone else sum(mine[a] == theirs[b] for a, b in shared)
            pairs.append((-agree, should_be[other] != key, row, other))
    found: list[int | None] = [None] * len(cleaned.rows)
    taken: set[int] = set()
    for _, _, row, other in sorted(pairs):
        if found[row] is None and other not in taken:
            found[row] = other
            taken.add(other)
    return found
