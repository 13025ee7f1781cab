"""Whole caseloads under several scenarios, person by person, from one shared past.

A team is run in once and lived under each scenario with the same draws, so the difference between
two of its lives is what the scenario did and nothing else. Teams are independent of each other;
errors of means are therefore those between teams.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from analysis.compare.estimates import per_person
from analysis.compare.looks import TOTAL_COLUMNS, life_on_looks
from analysis.compare.outcomes import life_table
from sim.side_by_side import Progress, side_by_side
from sim.world.run import Place, run_in
from sim.world.scenario import Scenario
from sim.world.state import Team
from sim.world.streams import key_of

__all__ = ["PairedLives", "Subgroups", "lives_side_by_side"]

Subgroups = Mapping[str, Callable[[Team], np.ndarray]]
"""Words of a subgroup to who is in it, (E,) of bool, of the state all worlds share."""

EVERYBODY = "everybody"


class PairedLives(NamedTuple):
    """Sums over people of each team, in each world, at the end of each week asked for.

    Attributes
    ----------
    scenarios : tuple of str
    weeks : ndarray of int, (W,)
    groups : tuple of str
        `everybody` first, then the subgroups.
    people : ndarray, (teams, groups)
        In the state all worlds share.
    sums : ndarray, (scenarios, teams, groups, W, outcomes)
        Of levels at the week's end; of totals since week 0.
    """

    scenarios: tuple[str, ...]
    weeks: np.ndarray
    groups: tuple[str, ...]
    people: np.ndarray
    sums: np.ndarray

    def difference(
        self, scenario: int, group: int = 0, weeks: slice | int = -1
    ) -> tuple[np.ndarray, np.ndarray]:
        """What a world adds to the first, a person; and its Monte Carlo standard error.

        Parameters
        ----------
        weeks : slice or int
            Which of `weeks`, averaged over if several.

        Returns
        -------
        value, mcse : ndarray, (outcomes,)
        """
        return self._mean(self.sums[scenario] - self.sums[0], group, weeks)

    def mean(
        self, scenario: int, group: int = 0, weeks: slice | int = -1
    ) -> tuple[np.ndarray, np.ndarray]:
        """The mean a person in a world, and its Monte Carlo standard error; as `difference`."""
        return self._mean(self.sums[scenario], group, weeks)

    def _mean(
        self, sums: np.ndarray, group: int, weeks: slice | int
    ) -> tuple[np.ndarray, np.ndarray]:
        mine = sums[:, group, weeks]
        mine = mine.mean(axis=1) if mine.ndim == 3 else mine
        people = self.people[:, group]
        found = per_person(mine, people, np.zeros(people.size, int))
        return found.value, found.mcse


def lives_side_by_side(
    scenarios: Sequence[Scenario],
    weeks: Sequence[int],
    teams: int,
    *,
    subgroups: Subgroups | None = None,
    seed: int = 1,
    first: int = 0,
    threads: int = 2,
    progress: Progress | None = None,
) -> PairedLives:
    """Live teams from week 0 under each scenario.

    Parameters
    ----------
    scenarios : sequence of Scenario
        Of one world and one set of parameters: they differ in shocks. The first is what the others
        are compared with.
    weeks : sequence of int
        At whose ends people are looked at, rising.
    teams : int
        Replicates `first`, `first` + 1, ... of the seed, of one team each.
    subgroups : mapping, optional
        Who else to sum over, told from the state at week 0.
    seed, first : int
        Which teams.
    threads : int
        How many teams live at a time; the result does not depend on it.
    progress : callable, optional
        Told after each team.

    Returns
    -------
    PairedLives
    """
    who = {EVERYBODY: _alive, **(subgroups or {})}

    def of_team(replicate: int) -> tuple[np.ndarray, np.ndarray]:
        key, place = key_of(seed, replicate), Place(1, 1)
        start = run_in(scenarios[0], place, key)
        before = np.where(TOTAL_COLUMNS, life_table(start), 0)
        member = np.array([mine(start) & _alive(start) for mine in who.values()], np.float64)
        lived = [life_on_looks(one, place, start, key, weeks)[0] - before for one in scenarios]
        return member.sum(axis=1), np.array([np.einsum("ge,wek->gwk", member, a) for a in lived])

    work = range(first, first + teams)
    parts = list(side_by_side(of_team, work, threads, progress=progress, stage="paired teams"))
    return PairedLives(
        tuple(one.id for one in scenarios), np.array(weeks), tuple(who),
        np.array([people for people, _ in parts]),
        np.stack([sums for _, sums in parts], axis=1),
    )  # fmt: skip


def _alive(team: Team) -> np.ndarray:
    return team.egos["alive"] > 0
