"""Errors of codes: coded otherwise at a wave, missing values left as numbers, wrong dates."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.data import codebook
from sim.data.errors.changes import Edit
from sim.data.errors.error_draws import ErrorDraws
from sim.data.errors.sheets import NA, Collected, CollectedFile, is_known

__all__ = ["codes_left", "how_many", "other_codes", "wrong_dates"]

RECODED = {
    "circle": {"1": "3", "3": "1"},
    "closeness": {"1": "4", "2": "3", "3": "2", "4": "1"},
    "contact_freq": {"5": "4"},
    "burden": {"4": "3"},
    "knows_diagnosis": {"0": "no", "1": "yes"},
    "alter_sex": {"female": "1", "male": "2"},
}
"""What codes of a variable become where it is coded otherwise."""

LEFT = ("-9", "99")
WITH_CODES = ("egos", "items", "alters")
DATED = {"egos": "interview_date", "attrition": "scheduled_date", "persons": "recruit_date"}
NEVER_SET = "1970-01-01"


def how_many(rate: float, u: float) -> int:
    """A whole number that is `rate` on average."""
    return int(rate) + (u < rate - int(rate))


def other_codes(files: Collected, rate: float, chance: ErrorDraws) -> Iterator[Edit]:
    """At each wave after the first some variables are coded otherwise, for everybody."""
    sheet = files["alters"]
    cells = sheet.columns["wave"]
    for wave in sorted({int(cells[row]) for row in sheet.order} - {1}):
        chosen = _chosen(list(RECODED), rate, chance, wave)
        said = {name: sheet.columns[name] for name in chosen}
        for row in sheet.order:
            if cells[row] == str(wave):
                for name, column in said.items():
                    yield Edit("alters", row, name, RECODED[name].get(column[row], column[row]))


def _chosen(names: list[str], rate: float, chance: ErrorDraws, who: int) -> list[str]:
    """Some of the names: `rate` of them on average."""
    draws = chance.at(np.full(len(names) + 1, who), np.arange(len(names) + 1))[:, 0]
    ranked = np.argsort(draws[1:], kind="stable")[: how_many(rate, float(draws[0]))]
    return [names[at] for at in sorted(ranked.tolist())]


def codes_left(files: Collected, rate: float, chance: ErrorDraws) -> Iterator[Edit]:
    """In some columns of numbers what is missing is left as a number."""
    for at, file in enumerate(WITH_CODES, start=1):
        if file not in files.wanted:
            continue
        sheet = files[file]
        numbers = [
            column.name
            for column in codebook.table(file).columns
            if column.type in ("integer", "number") and column.name in sheet.columns
        ]
        missing = {name: rows for name in numbers if (rows := _unknown(sheet, name))}
        for name in _chosen(list(missing), rate, chance, at):
            code = LEFT[int(chance.at(np.array([at]), 1000 + numbers.index(name))[0, 0] * 2)]
            for row in missing[name]:
                yield Edit(file, row, name, code)


def _unknown(sheet: CollectedFile, name: str) -> list[int]:
    """Rows without a value in a column."""
    cells = sheet.columns[name]
    return [row for row in sheet.order if cells[row] == NA] if NA in cells else []


def wrong_dates(files: Collected, rate: float, chance: ErrorDraws) -> Iterator[Edit]:
    """Day and month changed places, last year's number in January, or a clock never set."""
    for at, (file, column) in enumerate(DATED.items()):
        sheet = files[file]
        draws = chance.at(sheet.egos, at).tolist()
        for row in sheet.collected:
            u, v, _, _ = draws[row]
            date = sheet.columns[column][row]
            if u < rate and is_known(date):
                others = _mistaken(date)
                yield Edit(file, row, column, others[int(v * len(others))])


def _mistaken(date: str) -> list[str]:
    """What a date may become: each of these another one."""
    year, month, day = date.split("-")
    found = [NEVER_SET]
    if int(day) <= 12 and day != month:
        found.append(f"{year}-{day}-{month}")
    if month == "01":
        found.append(f"{int(year) - 1}-{month}-{day}")
    return found
