"""The files a study collected, with the errors that were asked for, and the log of them.

Kinds come one after another, each upon what the ones before have left. Rows go first, then names,
answers, codes; numbers of interviews and the writing of the files come last, as they would.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa

from sim.data.errors import answers, codes, filing, rows, written_names
from sim.data.errors.changes import FileChange, Step, make_changes
from sim.data.errors.error_draws import ErrorDraws
from sim.data.errors.linkage import matched_falsely
from sim.data.errors.log import LINKED, LogEntry, as_columns, entries_of
from sim.data.errors.respelling import RESPELLINGS
from sim.data.errors.sheets import FILES, Collected
from sim.study.columns import Columns
from sim.study.error_kinds import error_kinds

__all__ = ["MAKERS", "Corrupted", "Spoiled", "corrupted", "spoiled"]

Maker: TypeAlias = Callable[[Collected, float, ErrorDraws], Iterable[FileChange]]


MAKERS: Mapping[str, Maker] = {
    "objects_as_people": rows.miscounted_objects,
    "groups": written_names.group_names,
    "namesakes": written_names.namesakes,
    "role_alias": written_names.role_aliases,
    "aliases": written_names.aliases,
    "straight_lining": answers.same_answers,
    "heaping": answers.round_figures,
    "item_nonresponse": partial(
        answers.unanswered, numbers=error_kinds()["item_nonresponse"].numbers
    ),
    "dates": codes.wrong_dates,
    "duplicates": rows.doubled_members,
    "tie_rows": rows.surplus_ties,
    "recoding": codes.other_codes,
    "missing_as_numbers": codes.codes_left,
    "wrong_ids": filing.misfiled,
    "locale": filing.respelled,
}
"""What makes the errors of each kind, in the order in which they come."""


@dataclass(frozen=True)
class Spoiled:
    """What a study has when errors were asked for, cell by cell, before it is written.

    Attributes
    ----------
    sheets : Collected
        The files.
    respelled : dict of str
        How whole files are written otherwise, a name of `RESPELLINGS`, by name of the table.
    alters : pyarrow.Table
        Members as linked, with what went wrong in linking.
    steps : list of Step
        What was changed in the files.
    linked : list of LogEntry
        What was changed in the linked table.
    """

    sheets: Collected
    respelled: dict[str, str]
    alters: pa.Table
    steps: list[Step]
    linked: list[LogEntry]

    @property
    def entries(self) -> list[LogEntry]:
        """The log of all."""
        return [*self.linked, *entries_of(self.sheets, self.steps)]

    def written(self, name: str, text: str) -> bytes:
        """The text of a file as it is written, by name of the table."""
        way = self.respelled.get(name)
        return RESPELLINGS[way].spoil(text) if way else text.encode()


class Corrupted(NamedTuple):
    """What a study has when errors were asked for.

    Attributes
    ----------
    files : dict of bytes
        The files as collected, by path in the bundle.
    alters : pyarrow.Table
        Members as linked, with what went wrong in linking.
    log : Columns
        Of the table truth/corruption_log.
    """

    files: dict[str, bytes]
    alters: pa.Table
    log: Columns


def corrupted(
    tables: Mapping[str, pa.Table], rates: Mapping[str, float], key: np.ndarray
) -> Corrupted:
    """Put errors into what a study collected, and write it; see `spoiled`."""
    found = spoiled(tables, rates, key)
    files = {sheet.file: found.written(name, sheet.text()) for name, sheet in found.sheets.items()}
    return Corrupted(files, found.alters, as_columns(found.entries))


def spoiled(
    tables: Mapping[str, pa.Table],
    rates: Mapping[str, float],
    key: np.ndarray,
    wanted: Sequence[str] = FILES,
) -> Spoiled:
    """Put errors into what a study collected.

    Parameters
    ----------
    tables
        ``persons``, ``egos``, ``items``, ``alters``, ``aaties``, ``attrition``; not changed.
    rates
        Rate of each kind that was asked for; those of conditions are passed over.
    key : ndarray of uint32, shape (2,)
        The key of the replicate.
    wanted
        Files that somebody will read; others may be left without their errors.
    """
    files = Collected(tables, wanted)
    steps: list[Step] = []
    alters, linked = _linked(files, tables["alters"], rates, key)
    for kind, make in MAKERS.items():
        if rates.get(kind, 0) > 0:
            found = make(files, rates[kind], _chances(kind, key))
            steps += make_changes(files, found, kind)
    ways = {step.sheet: step.after for step in steps if step.row < 0}
    return Spoiled(files, ways, alters, steps, linked)


def _chances(kind: str, key: np.ndarray) -> ErrorDraws:
    return ErrorDraws(error_kinds()[kind].number, key)


def _linked(
    files: Collected, alters: pa.Table, rates: Mapping[str, float], key: np.ndarray
) -> tuple[pa.Table, list[LogEntry]]:
    """The linked table of members, and what went wrong in it; before anything else does."""
    kind = "linkage"
    if rates.get(kind, 0) <= 0:
        return alters, []
    numbers = error_kinds()[kind].numbers
    found = matched_falsely(files, rates[kind], _chances(kind, key), numbers)
    ids = [found.get(row, one) for row, one in enumerate(files.alter_ids)]
    at = alters.column_names.index("alter_id")
    sheet = files["alters"]
    entries = [
        LogEntry(LINKED, sheet.key(row), row + 1, "alter_id", files.alter_ids[row], after, kind)
        for row, after in sorted(found.items())
    ]
    return alters.set_column(at, alters.field(at), pa.array(ids, pa.string())), entries
