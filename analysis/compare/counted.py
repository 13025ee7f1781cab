"""How many distinct people each subgroup has: counted before worlds part, and too few refused.

Nothing but run-ins is lived for it, and of no more replicates than it takes until every subgroup
has people enough; so most are found to have them at once, and one that has not is refused before
anything is lived or written.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import numpy as np

from analysis.compare.caseloads import CaseloadsSpec
from analysis.compare.looks import shared_past
from analysis.compare.subgroups import FEWEST_PEOPLE, Cell
from sim.errors import InputError, counted
from sim.side_by_side import side_by_side
from sim.world.run import Place
from sim.world.streams import key_of

__all__ = ["check_people"]

MOST_NAMED = 3
SPARE = 1.7
"""Of replicates that are told to be enough: people who are ten on average are often nine."""


def check_people(
    spec: CaseloadsSpec, numbers: Sequence[int], *, threads: int = 1, fixed: str | None = None
) -> None:
    """Refuse subgroups of too few people.

    Parameters
    ----------
    numbers
        Of the replicates.
    threads
        Teams side by side.
    fixed
        What lives just as many replicates whatever is asked for, such as ``--futures``.

    Raises
    ------
    InputError
        If the people asked about, or those of a level of a breakdown, are fewer than ten.
    """
    if spec.who is None and not spec.cells:
        return
    n = np.zeros(1 + len(spec.cells), int)

    def of_team(asked: tuple[int, Place]) -> np.ndarray:
        number, place = asked
        start = shared_past(spec.scenarios, place, key_of(spec.seed, number), spec.weeks[-1] + 1)
        found: np.ndarray = np.count_nonzero(spec.members(start, place), axis=1)
        return found

    for number in numbers:
        teams = [(number, place) for place in spec.places]
        n += np.sum(list(side_by_side(of_team, teams, threads, first_alone=True)), axis=0)
        if n.min() >= FEWEST_PEOPLE:
            return
    replicates = len(numbers)
    if spec.who is not None and n[0] < FEWEST_PEOPLE:
        who = ",".join("=".join(pair) for pair in spec.who.conditions)
        found = f"--who {who}: {_people(n[0])}"
        raise InputError(_message(found, int(n[0]), replicates, "ask of more people", fixed))
    few = [(cell, int(k)) for cell, k in zip(spec.cells, n[1:], strict=True) if k < FEWEST_PEOPLE]
    raise InputError(_message(
        f"--by {few[0][0].by}: {_named(few)}", min(k for _, k in few), replicates,
        "choose other subgroups", fixed,
    ))  # fmt: skip


def _message(found: str, fewest: int, replicates: int, other: str, fixed: str | None) -> str:
    if fixed is not None:
        lived, advice = f"the {counted(replicates, 'replicate')} of {fixed}", other
    else:
        lived, advice = counted(replicates, "replicate"), other
        if fewest > 0:
            enough = ceil(SPARE * replicates * FEWEST_PEOPLE / fewest)
            advice = f"--replicates {enough} may do, or {other}"
    return (
        f"{found} in {lived}, and of fewer than {FEWEST_PEOPLE} distinct people nothing is said; "
        f"{advice}"
    )


def _named(few: Sequence[tuple[Cell, int]]) -> str:
    """The subgroups that are too small, a few by name."""
    by = few[0][0].by
    named = [
        f"{_people(k)} of {cell.level if cell.by == by else f'{cell.by} {cell.level}'}"
        for cell, k in few[:MOST_NAMED]
    ]
    more = len(few) - len(named)
    return ", ".join(named) + (f", and {more} more as small" if more else "")


def _people(n: int) -> str:
    return {0: "nobody", 1: "1 person"}.get(int(n), f"{n} people")
