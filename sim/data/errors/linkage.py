"""Errors of matching over waves, in the linked table: who was found again, and as whom."""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping

import numpy as np

from sim.data.errors.error_draws import ErrorDraws
from sim.data.errors.sheets import Collected

__all__ = ["matched_falsely"]

MOST_TURNS = 2048


def matched_falsely(
    files: Collected, rate: float, chance: ErrorDraws, numbers: Mapping[str, float]
) -> dict[int, str]:
    """What `alter_id` becomes, by row of alters, where it becomes anything.

    Each interview is matched with the person's last one: what was wrong there stays so.
    """
    sheet, ids, seen = files["alters"], files.alter_ids, files.named_at
    members = sheet.integers("alterID")
    draws = chance.at(sheet.egos, members)
    fresh = Unused(ids, chance)
    said: dict[tuple[int, str], str] = {}
    found: dict[int, str] = {}
    for ego in sorted(sheet.interviews):
        rows, last = sheet.interviews[ego], files.before.get(ego)
        free = list(_never_again(files, ego, last)) if last else []
        for row in rows:
            person, u = ego // 100, float(draws[row, 0])
            was_there = last is not None and (last, ids[row]) in seen
            known = (person, ids[row]) in said
            if was_there and u < rate:
                said[person, ids[row]] = fresh.like(ego, int(members[row]), ids[row])
            elif last and not was_there and not known and u < rate * numbers["false_match_share"]:
                theirs = [one for one in free if _class(files, one) == _class(files, row)]
                if theirs:
                    other = theirs[int(draws[row, 1] * len(theirs))]
                    free.remove(other)
                    said[person, ids[row]] = said.get((person, ids[other]), ids[other])
            after = said.get((person, ids[row]), ids[row])
            if after != ids[row]:
                found[row] = after
    return found


def _class(files: Collected, row: int) -> str:
    return files["alters"].columns["tie_class"][row]


def _never_again(files: Collected, ego: int, last: int) -> Iterator[int]:
    """Rows of the last interview whose member is at none from this one on."""
    sheet, ids = files["alters"], files.alter_ids
    later = [other for other in files.of_person[ego // 100] if other >= ego]
    there = {ids[row] for other in later for row in sheet.interviews.get(other, [])}
    return (row for row in sheet.interviews.get(last, []) if ids[row] not in there)


class Unused:
    """Identities that look like those there are, and are none of them."""

    def __init__(self, ids: list[str], chance: ErrorDraws) -> None:
        self.taken, self.chance = set(ids), chance
        longest = max(map(len, ids), default=0)
        self.signs = [
            _signs({one[-at] for one in ids if at <= len(one)}) for at in range(1, longest + 1)
        ]

    def like(self, ego: int, number: int, model: str) -> str:
        """An identity for a member of an interview, other than its model in the last signs."""
        for turn in range(MOST_TURNS):
            which = (1 << 20) + number * 4096 + 2 * turn + np.arange(2)
            draws = self.chance.at(np.full(2, ego), which).ravel().tolist()
            changed = min(3 + turn // 64, len(model), len(draws))
            tail = [self.signs[at][int(draws[at] * len(self.signs[at]))] for at in range(changed)]
            found = model[: len(model) - changed] + "".join(reversed(tail))
            if found not in self.taken:
                self.taken.add(found)
                return found
        raise OverflowError(f"no identity is left that looks like {model}")


def _signs(seen: set[str]) -> list[str]:
    """Letters or figures that may stand at a place."""
    return sorted(string.digits if seen <= set(string.digits) else seen)
