"""Errors of rows: members entered twice, objects among the people or left out, ties too many."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.data.errors.changes import Add, Drop, Edit, FileChange
from sim.data.errors.error_draws import ErrorDraws
from sim.data.errors.sheets import Collected
from sim.data.errors.written_names import slip

__all__ = ["doubled_members", "miscounted_objects", "surplus_ties"]


def doubled_members(files: Collected, rate: float, chance: ErrorDraws) -> Iterator[Add]:
    """Members entered once more, at the end of the interview; every second with a slip."""
    sheet = files["alters"]
    there = set(sheet.collected)
    numbers, names = sheet.columns["alterID"], sheet.columns["alter_name"]
    kinds, orders = sheet.columns["tie_kind"], sheet.columns["nomination_order"]
    draws = chance.at(sheet.egos, sheet.integers("alterID"))
    for everybody in sheet.interviews.values():
        rows = [row for row in everybody if row in there]
        doubled = [row for row in rows if draws[row, 0] < rate]
        following = 1 + max((int(numbers[row]) for row in everybody), default=0)
        order = 1 + max((int(orders[row]) for row in everybody), default=0)
        for more, row in enumerate(doubled):
            name, (_, u, v, w) = names[row], draws[row].tolist()
            if w < 0.5:
                name = slip(name, kinds[row], u, v)
            cells = {
                "alterID": str(following + more),
                "nomination_order": str(order + more),
                "alter_name": name,
            }
            yield Add("alters", row, rows[-1], cells)


def miscounted_objects(files: Collected, rate: float, chance: ErrorDraws) -> Iterator[FileChange]:
    """At some sites objects are entered as people, at others they are left out."""
    sheet, people = files["alters"], files["persons"]
    site_of = people.integers("site")
    persons = dict(zip(people.columns["ego_pid"], site_of.tolist(), strict=True))
    sites = np.unique(site_of)
    draws = dict(zip(sites.tolist(), chance.at(sites).tolist(), strict=True))
    pids, human = sheet.columns["ego_pid"], sheet.columns["is_human"]
    for row in sheet.collected:
        u, v, _, _ = draws[persons[pids[row]]]
        if u >= rate or human[row] != "0":
            continue
        if v < 0.5:
            yield Edit("alters", row, "is_human", "1")
            yield Edit("alters", row, "tie_class", "friend")
        else:
            yield Drop("alters", row)


def surplus_ties(files: Collected, rate: float, chance: ErrorDraws) -> Iterator[Add]:
    """Rows of ties that should not be there, each under the row that it is made of."""
    sheet = files["aaties"]
    sources, targets = sheet.columns["Source"], sheet.columns["Target"]
    first, second = sheet.integers("Source"), sheet.integers("Target")
    draws = chance.at(sheet.egos, first * 1000 + second)
    known = set(zip(sheet.egos.tolist(), first.tolist(), second.tolist(), strict=True))
    people, last = _people(files)
    for row in sheet.collected:
        u, v, _, _ = draws[row].tolist()
        if u >= rate:
            continue
        ego, source = int(sheet.egos[row]), int(first[row])
        strangers = [
            other for other in people[ego] if other > source and (ego, source, other) not in known
        ]
        cells = {"Source": targets[row], "Target": sources[row]}  # from the other side
        if v < 0.25:
            cells = {"Target": sources[row]}  # to oneself
        elif v < 0.5:
            cells = {"Target": str(last[ego] + 1)}  # to somebody who is not there
        elif v < 0.75 and strangers:
            cells = {"Target": str(strangers[0]), "weight": "0"}
        yield Add("aaties", row, row, cells)


def _people(files: Collected) -> tuple[dict[int, list[int]], dict[int, int]]:
    """`alterID` of the people of each interview, and the last `alterID` of all."""
    sheet = files["alters"]
    human, numbers = sheet.columns["is_human"], sheet.columns["alterID"]
    people, last = {}, {}
    for ego, rows in sheet.interviews.items():
        people[ego] = [int(numbers[row]) for row in rows if human[row] == "1"]
        last[ego] = max(int(numbers[row]) for row in rows)
    return people, last
