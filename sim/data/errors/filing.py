"""Errors of filing: interviews under a wrong number, files written another way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from sim.data.errors.changes import Edit, Respell
from sim.data.errors.codes import how_many
from sim.data.errors.error_draws import ErrorDraws
from sim.data.errors.respelling import RESPELLINGS
from sim.data.errors.sheets import FILES, Collected

__all__ = ["misfiled", "respelled"]

FILED = ("egos", "items", "alters", "aaties")


class Filed(NamedTuple):
    """Under what an interview is filed."""

    ego: str
    wave: str


def misfiled(files: Collected, rate: float, chance: ErrorDraws) -> Iterator[Edit]:
    """Interviews under another number: two figures of it changed places, or another wave."""
    interviews = files["egos"].egos
    draws = chance.at(interviews)
    wrong = {
        ego: _wrong(ego, v, w)
        for ego, (u, v, w, _) in zip(interviews.tolist(), draws.tolist(), strict=True)
        if u < rate
    }
    as_said = {str(ego): ego for ego in wrong}
    for file in [one for one in FILED if one in files.wanted]:
        sheet = files[file]
        cells = sheet.columns["egoID"]
        for row in sheet.order:
            ego = as_said.get(cells[row])
            if ego is not None:
                yield Edit(file, row, "egoID", wrong[ego].ego)
                yield Edit(file, row, "wave", wrong[ego].wave)


def _wrong(ego: int, u: float, v: float) -> Filed:
    person, wave = str(ego // 100), ego % 100
    places = [at for at in range(len(person) - 1) if person[at] != person[at + 1]]
    if places and u < 0.5:
        at = places[int(v * len(places))]
        swapped = person[:at] + person[at + 1] + person[at] + person[at + 2 :]
        return Filed(str(int(swapped) * 100 + wave), str(wave))
    other = wave - 1 if wave > 1 else 2
    return Filed(str(ego - wave + other), str(other))


def respelled(files: Collected, rate: float, chance: ErrorDraws) -> Iterator[Respell]:
    """Some files are written another way, one of those that can be told from the plain one."""
    names = FILES
    draws = chance.at(np.arange(1, len(names) + 1)).tolist()
    whole = how_many(rate, chance.at(np.array([0]))[0, 0])
    ranked = sorted(range(len(names)), key=lambda at: draws[at][0])[:whole]
    for at in [one for one in sorted(ranked) if names[one] in files.wanted]:
        text = files[names[at]].text()
        ways: list[str] = [way for way, spell in RESPELLINGS.items() if _differs(spell.spoil, text)]
        yield Respell(names[at], ways[int(draws[at][1] * len(ways))])


def _differs(spoil: Callable[[str], bytes], text: str) -> bool:
    return spoil(text) != text.encode()
