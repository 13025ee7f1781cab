"""Errors of names: aliases and slips, namesakes, roles that outlive their holders, groups."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from sim.data.errors.changes import Edit
from sim.data.errors.error_draws import ErrorDraws
from sim.data.errors.sheets import Collected

__all__ = ["aliases", "group_names", "namesakes", "role_aliases", "slip"]

NAME = "alter_name"
ROLES = {
    "partner": "My other half",
    "parent": "My mum or dad",
    "sibling": "My brother or sister",
    "child": "My eldest",
    "young_kin": "The little one",
    "friend": "My mate",
    "neighbour": "Next door",
    "psychiatrist": "The doctor",
    "cpn": "My nurse",
    "care_coordinator": "My care co-ordinator",
    "support_worker": "My support worker",
    "gp": "The surgery",
    "therapist": "My counsellor",
}
"""What members are called in place of their names, by kind of tie."""

GROUPS = {
    "kin": ("My kids", "My cousins", "The in-laws", "My aunts and uncles"),
    "friend": ("Drop-in friends", "Church people", "The neighbours", "Old school friends"),
}
"""What several people are called who are entered as one, by class of tie."""


def slip(name: str, kind: str, u: float, v: float) -> str:
    """The name written otherwise: a pet form, a letter too few, two that changed places, a role.

    Parameters
    ----------
    name, kind
        Name and kind of tie of the member.
    u, v
        Uniforms: which of these; where the letter stands.
    """
    stem, number = _parts(name)
    where = int(v * max(len(stem) - 1, 1))
    if u < 0.25 and kind in ROLES:
        return f"{ROLES[kind]}{_moved(number, v)}"
    if u < 0.5:
        short = stem.rstrip("aeiouy") or stem
        return f"{short}{'ie' if stem == short + 'y' else 'y'}{number}"
    if u < 0.75:
        return f"{stem[:where]}{stem[where + 1 :]}{number}"
    swapped = stem[:where] + stem[where : where + 2][::-1] + stem[where + 2 :]
    return f"{swapped if swapped != stem else stem + stem[-1]}{number}"


def _parts(name: str) -> tuple[str, str]:
    """A name and the figures that mark it as an invented one."""
    found = re.fullmatch(r"(.*?)(\d*)", name)
    return (found[1], found[2]) if found and found[1] else (name, "")


def _moved(number: str, v: float) -> str:
    """Other figures: who says a role says none of the name."""
    most = 10 ** max(len(number), 1)
    return str((int(number or 0) + 1 + int(v * (most - 1))) % most).zfill(len(number))


def aliases(files: Collected, rate: float, chance: ErrorDraws) -> Iterator[Edit]:
    """Members who were at the interview before are written otherwise."""
    sheet, seen = files["alters"], files.named_at
    draws = chance.at(sheet.egos, sheet.integers("alterID"))
    for row in sheet.collected:
        last = files.before.get(int(sheet.egos[row]))
        if draws[row, 0] < rate and last and (last, files.alter_ids[row]) in seen:
            kind = sheet.columns["tie_kind"][row]
            u, v = float(draws[row, 1]), float(draws[row, 2])
            yield Edit("alters", row, NAME, slip(sheet.columns[NAME][row], kind, u, v))


def namesakes(files: Collected, rate: float, chance: ErrorDraws) -> Iterator[Edit]:
    """In some interviews one of the people is written with the name of one named before."""
    sheet = files["alters"]
    there = set(sheet.collected)
    classes = sheet.columns["tie_class"]
    draws = chance.at(np.array(list(sheet.interviews))).tolist()
    for rows, (u, v, w, _) in zip(sheet.interviews.values(), draws, strict=True):
        people = [row for row in rows if row in there and classes[row] in GROUPS]
        if len(people) > 1 and u < rate:
            second = 1 + int(v * (len(people) - 1))
            first = people[int(w * second)]
            yield Edit("alters", people[second], NAME, sheet.columns[NAME][first])


def role_aliases(files: Collected, rate: float, chance: ErrorDraws) -> Iterator[Edit]:
    """New workers are written with the name of the one before whose place they took."""
    sheet = files["alters"]
    draws = chance.at(sheet.egos, sheet.integers("alterID"))
    for row, predecessor in replacements(files):
        if draws[row, 0] < rate:
            yield Edit("alters", row, NAME, sheet.columns[NAME][predecessor])


def replacements(files: Collected) -> Iterator[tuple[int, int]]:
    """New workers at an interview, each with one of their kind who was at the last and is gone."""
    sheet, seen = files["alters"], files.named_at
    kinds, classes = sheet.columns["tie_kind"], sheet.columns["tie_class"]
    for ego, rows in sheet.interviews.items():
        last = files.before.get(ego)
        if last is None:
            continue
        gone = [
            row
            for row in sheet.interviews.get(last, [])
            if classes[row] == "professional" and (ego, files.alter_ids[row]) not in seen
        ]
        for row in rows:
            if classes[row] == "professional" and (last, files.alter_ids[row]) not in seen:
                theirs = [other for other in gone if kinds[other] == kinds[row]]
                if theirs:
                    gone.remove(theirs[0])
                    yield row, theirs[0]


def group_names(files: Collected, rate: float, chance: ErrorDraws) -> Iterator[Edit]:
    """Kin or friends who are several people in one row."""
    sheet = files["alters"]
    draws = chance.at(sheet.egos, sheet.integers("alterID"))
    for row in sheet.collected:
        words = GROUPS.get(sheet.columns["tie_class"][row])
        if words and draws[row, 0] < rate:
            word = words[int(draws[row, 1] * len(words))]
            yield Edit("alters", row, NAME, f"{word}{_parts(sheet.columns[NAME][row])[1]}")
