"""Who is who, told from the state that all worlds share: what subgroups are made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import NamedTuple

import numpy as np

from sim.errors import InputError, meant_or_known
from sim.world.kinds import Group, Household
from sim.world.run import Place
from sim.world.shock import DIAGNOSES
from sim.world.state import Team

__all__ = [
    "CROSSED", "DIMENSIONS", "FEWEST_PEOPLE", "Cell", "Dimension", "cells_by", "check_apart",
    "who_of",
]  # fmt: skip

FEWEST_PEOPLE = 10
"""Of whom nothing is said: fewer distinct people than these."""
MOST_CELLS = 60
CROSSED = "*"
FEW, SOME = 2, 5
THIRD = 0.43
"""Standard deviations from the mean beyond which lies a third of a normal distribution."""


class Dimension(NamedTuple):
    """Something that people differ in.

    Attributes
    ----------
    what : str
        In words.
    levels : tuple of str
        Empty for one whose levels depend on the world.
    code : callable
        Position of each person's level, (E,).
    ranked : bool
        Whether levels stand in an order, from those who have least.
    """

    what: str
    levels: tuple[str, ...]
    code: Callable[[Team], np.ndarray]
    ranked: bool = False


def _in_touch(team: Team, *groups: Group) -> np.ndarray:
    return (np.isin(team.column("group"), groups) & (team.column("active") > 0)).sum(axis=1)


def _informal(team: Team) -> np.ndarray:
    n = _in_touch(team, Group.PARTNER, Group.KIN, Group.FRIEND)
    return (n > FEW).astype(int) + (n > SOME)


def _need(team: Team) -> np.ndarray:
    need = team.egos["need"]
    return (need > -THIRD).astype(int) + (need > THIRD)


def _no_levels(team: Team) -> np.ndarray:
    return np.zeros(team.egos.size, int)


TEAM = "team"
DIMENSIONS: Mapping[str, Dimension] = {
    "diagnosis": Dimension("diagnosis", DIAGNOSES, lambda team: team.egos["diagnosis"]),
    "partner": Dimension(
        "has a partner", ("no", "yes"),
        lambda team: (_in_touch(team, Group.PARTNER) > 0).astype(int), ranked=True,
    ),
    "informal": Dimension(
        f"partner, adult relatives and friends in touch: at most {FEW}, at most {SOME}, more",
        ("few", "some", "many"), _informal, ranked=True,
    ),
    "need": Dimension(
        "lasting standing of how often somebody is to be seen, in thirds; it is drawn for each "
        "person, and is not how ill they are", ("low", "middle", "high"), _need, ranked=True,
    ),
    "household": Dimension(
        "lives alone, or with whom", tuple(one.name.lower() for one in Household),
        lambda team: team.egos["household"],
    ),
    TEAM: Dimension("site and team", (), _no_levels),
}  # fmt: skip
"""By name; told in the week before the first difference begins."""


class Cell(NamedTuple):
    """People of certain levels of some dimensions.

    Attributes
    ----------
    by : str
        Names of its dimensions, crossed by `*`.
    level : str
    """

    by: str
    level: str

    @property
    def conditions(self) -> list[tuple[str, str]]:
        """Dimension and level of each condition."""
        pair = self.by.split(CROSSED), self.level.split(CROSSED)
        return list(zip(*pair, strict=True))

    def of(self, team: Team, place: Place) -> np.ndarray:
        """Who of a team is meant, (E,) of bool."""
        found = np.ones(team.egos.size, bool)
        for name, level in self.conditions:
            if name == TEAM:
                found &= level == _place_name(place)
            else:
                dimension = DIMENSIONS[name]
                found &= dimension.code(team) == dimension.levels.index(level)
        return found


def cells_by(by: Sequence[str], places: Sequence[Place]) -> tuple[Cell, ...]:
    """The cells of some breakdowns, such as ``["partner", "household*need"]``.

    Raises
    ------
    InputError
        There is no such dimension; one is named twice; there are too many cells.
    """
    cells: list[Cell] = []
    for words in by:
        names = words.split(CROSSED)
        levels = [_levels(name, places) for name in names]
        if len(set(names)) < len(names) or by.count(words) > 1:
            raise InputError(f'--by {",".join(by)}: "{names[-1]}" is named twice; once will do')
        cells += [Cell(words, CROSSED.join(one)) for one in product(*levels)]
    if len(cells) > MOST_CELLS:
        raise InputError(
            f"--by {','.join(by)} makes {len(cells)} subgroups; at most {MOST_CELLS}, so cross "
            "fewer dimensions or take fewer teams"
        )
    return tuple(cells)


def who_of(words: str, places: Sequence[Place]) -> Cell:
    """The people meant by words such as ``partner=no,informal=few``.

    Raises
    ------
    InputError
        There is no such dimension or level.
    """
    pairs = [one.partition("=") for one in words.split(",")]
    for name, sign, level in pairs:
        known = _levels(name, places)
        if not sign or level not in known:
            hint = meant_or_known(level, known, "its levels are")
            what = f'has no level "{level}"' if sign else "stands without a level"
            raise InputError(f"--who {words}: {name} {what}{hint}")
    return Cell(CROSSED.join(name for name, *_ in pairs), CROSSED.join(p[2] for p in pairs))


def check_apart(by: Sequence[str], who: str | None) -> None:
    """Refuse a breakdown by what all who are asked about have one level of.

    Raises
    ------
    InputError
        With the dimension.
    """
    asked = [] if who is None else [one.partition("=")[0] for one in who.split(",")]
    for words in by:
        for name in words.split(CROSSED):
            if name in asked:
                raise InputError(
                    f"--by {words} and --who {who} clash: all who are asked about have one level "
                    f"of {name}; leave it out of one of the two"
                )


def _levels(name: str, places: Sequence[Place]) -> tuple[str, ...]:
    if name not in DIMENSIONS:
        hint = meant_or_known(name, DIMENSIONS)
        raise InputError(f'people are not told apart by "{name}"{hint}')
    if name == TEAM:
        return tuple(map(_place_name, places))
    return DIMENSIONS[name].levels


def _place_name(place: Place) -> str:
    return f"{place.site}.{place.team}"
