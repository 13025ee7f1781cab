"""Which wave a row is of: from numbers, or from names such as baseline, T1, month 6, 26 weeks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from analysis.pilots.faults import Faults, shown
from analysis.pilots.given import PilotMap
from analysis.pilots.table import PilotTable, number_in
from analysis.pilots.words import plain_word

__all__ = ["MOST_WAVES", "PilotWaves", "wave_name", "waves_of"]

MOST_WAVES = 99
WEEKS_IN = {"week": 1.0, "month": 52 / 12, "year": 52.0}

UNITS = {
    "week": "week", "weeks": "week", "wk": "week", "wks": "week", "month": "month",
    "months": "month", "mth": "month", "mths": "month", "mo": "month", "m": "month",
    "year": "year", "years": "year", "yr": "year", "yrs": "year", "y": "year",
    "wave": "number", "waves": "number", "w": "number", "t": "number", "time": "number",
    "timepoint": "number", "visit": "number", "v": "number", "session": "number", "s": "number",
    "occasion": "number", "assessment": "number", "interview": "number", "": "number",
    "follow_up": "follow-up", "followup": "follow-up", "fu": "follow-up", "f": "follow-up",
}  # fmt: skip
FIRST = ("baseline", "base_line", "base", "bl", "intake", "entry", "pre", "start")


class WaveName(NamedTuple):
    """What a name says: how it counts, and the number; a baseline counts in anything."""

    unit: str
    number: int


def wave_name(text: str) -> WaveName | None:
    """Read the name of a wave; None if it is none."""
    word = re.sub(r"_arm_\d+$", "", _key(text))
    if word in FIRST:
        return WaveName("baseline", 0)
    found = re.fullmatch(r"([a-z_]*?)_?(\d{1,4})_?([a-z_]*?)", word)
    if found is None:
        return None
    before, number, after = found[1].strip("_"), int(found[2]), found[3].strip("_")
    if before and after:  # such as follow-up 6 months
        return (
            wave_name(f"{number} {after}") if UNITS.get(before) in ("follow-up", "number") else None
        )
    if after in ("follow_up", "followup", "fu") and not before:
        return WaveName("follow-up", number)
    after = re.sub(r"_?(follow_?up|fu)$", "", after)
    unit = UNITS.get(before or after)
    return None if unit is None else WaveName(unit, number)


@dataclass(frozen=True)
class PilotWaves:
    """The waves there are.

    Attributes
    ----------
    number : dict
        Of each wave, from 1, by `words.plain_word` of its name.
    weeks : tuple of int or None
        If the names say when they were.
    note : str
        How names were read, if they were not 1, 2, 3, ...
    """

    number: Mapping[str, int]
    weeks: tuple[int, ...] | None
    note: str

    @property
    def count(self) -> int:
        """How many."""
        return max(self.number.values(), default=0)

    def of(self, table: PilotTable, faults: Faults) -> np.ndarray:
        """Wave of each row from 1, 0 where it has none and that is a fault, (rows,)."""
        if "wave" not in table.cells:
            return np.ones(len(table), np.int64)
        cells = table.cells["wave"]
        alike = {wave_name(key): number for key, number in self.number.items()}
        alike.pop(None, None)

        def number(text: str) -> int:
            return self.number.get(_key(text)) or alike.get(wave_name(text), 0)

        found = cells.read(number, np.int64)
        known = ", ".join(self.number)
        column = table.called("wave")
        unread = found == 0
        told = f"{column} must be a whole number, {{not}}"
        if any(not _is_whole(key) for key in self.number):
            told = f"{column} must be one of {known}, {{not}}"
        readable = np.asarray(cells.read(lambda text: wave_name(text) is not None, bool))
        table.refuse(faults, "wave", unread & ~readable, told)
        table.refuse(
            faults, "wave", unread & readable,
            f"{column}: egos.csv has no interview of it (ego_pid, wave), {{not}}; it has {known}",
        )  # fmt: skip
        return np.asarray(found)


def waves_of(egos: PilotTable, held: np.ndarray, given: PilotMap, faults: Faults) -> PilotWaves:
    """Put the waves in order.

    Parameters
    ----------
    egos : PilotTable
    held : ndarray of bool, (rows,)
        Rows of interviews that took place.
    """
    if "wave" not in egos.cells:
        return PilotWaves({"1": 1}, None, "there is no column wave: every interview is of wave 1")
    cells = egos.cells["wave"]
    used = np.unique(cells.codes[held])
    texts = {_key(cells.texts[code]): cells.texts[code] for code in used.tolist()}
    if given.waves:
        return _as_given(egos, texts, given, faults)
    names = {key: wave_name(text) for key, text in texts.items()}
    unread = [key for key, name in names.items() if name is None]
    if unread:
        wrong = held & np.asarray(cells.read(lambda text: _key(text) in unread, bool))
        egos.refuse(
            faults, "wave", wrong,
            f"{egos.called('wave')} must be a whole number or a name such as baseline, T1, month "
            '6, {not}; or say which it is in a file of --map: [waves] "their name" = 2',
        )  # fmt: skip
    readable = {key: name for key, name in names.items() if name is not None}
    if not readable:
        return PilotWaves({}, None, "")
    return _in_order(egos, readable, texts, Faults() if unread else faults)


def _as_given(
    egos: PilotTable, texts: Mapping[str, str], given: PilotMap, faults: Faults
) -> PilotWaves:
    unknown = [text for key, text in texts.items() if key not in given.waves]
    for text in unknown:
        faults.add(egos.where, f"wave {shown(text)} is not among the [waves] of {given.name}")
    numbers = sorted({given.waves[key] for key in texts if key in given.waves})
    if not unknown and numbers != list(range(1, len(numbers) + 1)):
        faults.add(egos.where, f"the [waves] of {given.name} must be 1, 2, 3, ... without a gap")
    return PilotWaves(given.waves, None, "")


def _in_order(
    egos: PilotTable, names: Mapping[str, WaveName], texts: Mapping[str, str], faults: Faults
) -> PilotWaves:
    units = {name.unit for name in names.values()} - {"baseline"}
    keys = sorted(names, key=lambda key: (names[key].unit != "baseline", names[key].number))
    numbers = [names[key].number for key in keys]
    note = "waves in the order " + ", ".join(texts[key] for key in keys)
    order = {key: place for place, key in enumerate(keys, start=1)}
    has_baseline = any(name.unit == "baseline" for name in names.values())
    whole = numbers[has_baseline:]
    if len(units) > 1:
        said = ", ".join(shown(texts[key]) for key in keys[:9])
        faults.add(egos.where, f"waves are named in more than one way ({said}); {_MAP_WAVES}")
        return PilotWaves(order, None, "")
    unit = next(iter(units), "number")
    if unit in WEEKS_IN:
        weeks = tuple(round(number * WEEKS_IN[unit]) for number in numbers)
        if weeks[0] == 0 and all(b > a for a, b in pairwise(weeks)):
            return PilotWaves(order, weeks, note)
        faults.add(egos.where, f"no wave is the baseline ({note}); {_MAP_WAVES}")
        return PilotWaves(order, None, "")
    starts: tuple[int, ...] = (0, 1) if not has_baseline else (1, 2)
    if unit == "follow-up" and not has_baseline:
        starts = (0,)
    if has_baseline and not whole:
        return PilotWaves(order, None, "")
    first = whole[0]
    rising = whole == list(range(first, first + len(whole)))
    if first not in starts or not rising or len(keys) > MOST_WAVES:
        if unit == "number" and not has_baseline and _are_months(egos):
            return PilotWaves(order, tuple(round(n * WEEKS_IN["month"]) for n in numbers), note)
        _gap(egos, numbers, faults)
        return PilotWaves(dict(zip(keys, numbers, strict=True)), None, "")
    plain = first == 1 and not has_baseline and all(_is_whole(key) for key in keys)
    return PilotWaves(order, None, "" if plain else note)


_MAP_WAVES = 'say which is which in a file of --map: [waves] "their name" = 2'


def _gap(egos: PilotTable, numbers: Sequence[int], faults: Faults) -> None:
    told = f"{', '.join(map(str, numbers[:9]))}{', ...' if len(numbers) > 9 else ''}"
    faults.add(
        egos.where,
        f"waves must be 1, 2, 3, ... without a gap, at most {MOST_WAVES} of them, not {told}; if "
        f"these are months or weeks, {_MAP_WAVES}",
    )


def _are_months(egos: PilotTable) -> bool:
    """Whether the numbers of waves are those of `month_target`."""
    if "month_target" not in egos.cells:
        return False
    months, waves = (egos.cells[name].read(number_in, float) for name in ("month_target", "wave"))
    return bool(len(waves)) and bool((months == waves).all()) and waves.min() == 0


def _key(text: str) -> str:
    """The same for what is the same wave: 1, 01, 1.0 and 1,0, or T1 and t 1."""
    if re.match(r"[-+]", text):
        return text
    return (
        plain_word(re.sub(r"^0+(?=\d)|[.,]0*$", "", text))
        if re.match(r"\d", text)
        else plain_word(text)
    )


def _is_whole(key: str) -> bool:
    return key.isascii() and key.isdigit()
