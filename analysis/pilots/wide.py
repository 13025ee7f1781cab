"""Wide tables made long: a column for each wave, or a block of columns for each member.

`alters.csv` may have one row a member with a column for each wave that says whether the member is
on that map; `egos.csv` one row a person with columns such as `swemwbs_1` and `swemwbs_2`; and a
single `egos.csv` may hold the members too, as `tie_kind.1`, `tie_kind.2`, ...
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from analysis.pilots.faults import Faults, shown
from analysis.pilots.given import PilotMap
from analysis.pilots.sheet import Sheet, bare_text, sheet_of
from analysis.pilots.waves import wave_name
from analysis.pilots.words import COLUMNS, called, plain_word
from sim.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["long_alters", "long_egos", "members_of_egos"]

YES = frozenset(("1", "1.0", "yes", "y", "true", "x", "t", "present", "named", "on"))
NO = frozenset(("", "0", "0.0", "no", "n", "false", "f", "absent", "off"))
ON_MAP = re.compile(r"^(on_map|present|named|in_map|map|in)_")
OF_A_PERSON = ("ego_pid", "weight", "team", "worker")
OF_A_MEMBER = ("alter_id", "tie_class", "tie_kind", "alter_name", "alter_age")


def names_of(column: str, given: PilotMap) -> tuple[str, ...]:
    """What one of our columns may be called, as `words.plain_word`."""
    return tuple(
        plain_word(one) for one in (*given.columns.get(column, ()), column, *called(column))
    )


def has(sheet: Sheet, column: str, given: PilotMap) -> bool:
    """Whether a table has one of our columns, under any name."""
    return bool({plain_word(head) for head in sheet.heads} & set(names_of(column, given)))


def long_alters(sheet: Sheet, given: PilotMap, faults: Faults) -> Sheet:
    """A row a member and wave, if there is a column for each wave; else the same table."""
    if has(sheet, "wave", given):
        return sheet
    waves = [head for head in sheet.heads if wave_name(ON_MAP.sub("", plain_word(head)))]
    if len(waves) < 2:
        return sheet
    frame = frame_of(sheet)
    said = frame[waves].apply(lambda column: column.str.casefold())
    for head in waves:
        odd = ~said[head].isin(YES | NO)
        if odd.any():
            faults.add(
                sheet.where,
                f"{shown(head)} must say whether a member is on the map of that wave, as 1 or 0, "
                f"not {shown(said[head][odd].iloc[0])}",
                sheet.lines[np.flatnonzero(odd)].tolist(),
            )
    others = [head for head in sheet.heads if head and head not in waves]
    parts, lines = [], []
    for head in waves:
        there = said[head].isin(YES).to_numpy()
        parts.append(frame.loc[there, others].assign(wave=ON_MAP.sub("", plain_word(head))))
        lines.append(sheet.lines[there])
    note = f"alters.csv has a column for each wave: {', '.join(waves)}"
    return joined(sheet, parts, lines, note)


def long_egos(sheet: Sheet, given: PilotMap) -> Sheet:
    """A row a person and wave, if columns are repeated for each wave; else the same table."""
    if has(sheet, "wave", given):
        return sheet
    found: dict[str, dict[str, str]] = {}
    for column in COLUMNS["egos"]:
        if column not in OF_A_PERSON:
            for head, ending in _repeated(sheet.heads, names_of(column, given)):
                if wave_name(ending):
                    found.setdefault(ending, {})[column] = head
    if len(found) < 2:
        return sheet
    frame = frame_of(sheet)
    used = {head for of_wave in found.values() for head in of_wave.values()}
    others = [head for head in sheet.heads if head and head not in used]
    parts, lines = [], []
    for ending, of_wave in found.items():
        part = frame[others].assign(
            **{column: frame[head] for column, head in of_wave.items()}, wave=ending
        )
        there = (part[list(of_wave)] != "").any(axis=1).to_numpy()
        parts.append(part[there])
        lines.append(sheet.lines[there])
    return joined(sheet, parts, lines, "egos.csv has a row for each person and columns for waves")


def members_of_egos(sheet: Sheet, given: PilotMap) -> Sheet | None:
    """A row a member from blocks of columns in egos.csv; None if there are none."""
    found: dict[str, dict[str, str]] = {}
    for column in OF_A_MEMBER:
        for head, ending in _repeated(sheet.heads, names_of(column, given)):
            if ending.isdigit():
                found.setdefault(ending, {})[column] = head
    blocks = {n: of for n, of in found.items() if {"tie_class", "tie_kind"} & set(of)}
    if not blocks:
        return None
    frame = frame_of(sheet)
    shared = [
        head for head in sheet.heads
        if plain_word(head) in {*names_of("ego_pid", given), *names_of("wave", given)}
    ]  # fmt: skip
    parts, lines = [], []
    for number, of in sorted(blocks.items(), key=lambda one: int(one[0])):
        part = frame[shared].assign(alter_id=number)
        part = part.assign(**{column: frame[head] for column, head in of.items()})
        roles = [column for column in ("tie_class", "tie_kind") if column in of]
        there = (part[roles] != "").any(axis=1).to_numpy()
        parts.append(part[there])
        lines.append(sheet.lines[there])
    return joined(sheet, parts, lines, "members are read from blocks of columns in egos.csv")


def _repeated(heads: Sequence[str], names: Sequence[str]) -> Iterable[tuple[str, str]]:
    """Heads that are one of some names with an ending, and the ending; no name is its own."""
    for head in heads:
        word = plain_word(head)
        if word in names:
            continue
        for name in sorted(names, key=len, reverse=True):
            ending = word.removeprefix(name)
            if ending != word and (ending.startswith("_") or ending[0].isdigit()):
                yield head, ending.strip("_")
                break


def frame_of(sheet: Sheet) -> pd.DataFrame:
    """A whole table as text, cells as `bare_text`.

    Raises
    ------
    InputError
        If two columns have one name.
    """
    import pandas as pd

    heads = [head for head in sheet.heads if head]
    for head in heads:
        if heads.count(head) > 1:
            raise InputError(f"{sheet.where}: there are two columns {shown(head)}; leave one out")
    cells, _ = sheet.read(heads)
    return pd.DataFrame({head: cells[head].read(bare_text) for head in heads})


def joined(
    sheet: Sheet, parts: Sequence[pd.DataFrame], lines: Sequence[np.ndarray], note: str
) -> Sheet:
    """Parts of a table one below the other, with the lines they come from."""
    import pandas as pd

    made = sheet_of(pd.concat(parts, ignore_index=True), sheet.where)
    notes = (*sheet.notes, note)
    return replace(made, lines=np.concatenate(lines), notes=notes, before=sheet.heads)
