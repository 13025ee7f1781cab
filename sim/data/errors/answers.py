"""Errors of answers: none given, one given for everybody, round figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from sim.data.errors.changes import Edit
from sim.data.errors.error_draws import ErrorDraws
from sim.data.errors.sheets import NA, Collected, CollectedFile, is_known
from sim.study.alter_tables import ANSWERED

__all__ = ["round_figures", "same_answers", "unanswered"]

AGE = "alter_age_band"
NO_ANSWERS = {NA, "not_applicable"}  # the latter of things
BATTERIES = (
    ("closeness", "trust", "anticipated_support"),
    ("supp_emotional", "supp_practical", "supp_illness", "supp_advocacy", "supp_financial"),
)
HEAPED = {"alters": "years_known", "persons": "age_baseline", "egos": "duration_min"}
ROUND = 5


def unanswered(
    files: Collected, rate: float, chance: ErrorDraws, numbers: Mapping[str, float]
) -> Iterator[Edit]:
    """Answers that were not given: more of them towards the end, and of ages.

    Draws are scaled to the answers there are, so that `rate` of them are lost.
    """
    sheet = files["alters"]
    columns = (AGE, "years_known", *ANSWERED)
    weight = _weights(sheet, numbers["last_over_first"])[:, None] * np.array(
        [numbers["age_over_others"] if name == AGE else 1.0 for name in columns]
    )
    given = [
        [cell not in NO_ANSWERS for cell in sheet.columns[name][: sheet.first]] for name in columns
    ]
    there = np.zeros((sheet.first, 1), np.bool_)
    there[sheet.collected] = True
    known = np.array(given, np.bool_).reshape(len(columns), sheet.first).T & there
    if not known.any():
        return
    lost_share = rate * weight / weight[known].mean()
    members = sheet.integers("alterID") * 64
    for at, name in enumerate(columns):
        lost = known[:, at] & (chance.at(sheet.egos, members + at)[:, 0] < lost_share[:, at])
        for row in np.flatnonzero(lost).tolist():
            yield Edit("alters", row, name, NA)


def _weights(sheet: CollectedFile, last: float) -> np.ndarray:
    """From 1 for the first named of an interview to `last` for the last."""
    found = np.ones(sheet.first)
    for rows in sheet.interviews.values():
        found[rows] = np.linspace(1.0, last, len(rows))
    return found


def same_answers(files: Collected, rate: float, chance: ErrorDraws) -> Iterator[Edit]:
    """In some interviews the answers about the first member stand for all, in a row of questions.

    An interview in which all answers are the same anyway cannot be told from these.
    """
    sheet = files["alters"]
    there = set(sheet.collected)
    draws = chance.at(np.array(list(sheet.interviews))).tolist()
    for rows, (u, v, _, _) in zip(sheet.interviews.values(), draws, strict=True):
        if u < rate:
            members = [row for row in rows if row in there]
            preferred = BATTERIES if v < 0.5 else BATTERIES[::-1]
            found = (list(_in_a_row(sheet, members, battery)) for battery in preferred)
            yield from next((edits for edits in found if edits), [])


def _in_a_row(sheet: CollectedFile, rows: list[int], battery: tuple[str, ...]) -> Iterator[Edit]:
    for name in battery:
        cells = sheet.columns[name]
        answered = [row for row in rows if is_known(cells[row])]
        for row in answered[1:]:
            if cells[row] != cells[answered[0]]:
                yield Edit("alters", row, name, cells[answered[0]])


def round_figures(files: Collected, rate: float, chance: ErrorDraws) -> Iterator[Edit]:
    """Numbers become multiples of five; none becomes 0."""
    for at, (file, column) in enumerate(HEAPED.items()):
        sheet = files[file]
        row_within = np.zeros(sheet.first, np.int64)
        if file == "alters":
            row_within = sheet.integers("alterID")
        draws = chance.at(sheet.egos, row_within * 8 + at)[:, 0]
        cells = sheet.columns[column]
        for row in sheet.collected:
            if draws[row] < rate and is_known(cells[row]):
                _, _, decimals = cells[row].partition(".")
                near = max(ROUND * int(float(cells[row]) / ROUND + 0.5), ROUND)
                after = f"{near}.{'0' * len(decimals)}" if decimals else str(near)
                yield Edit(file, row, column, after)
