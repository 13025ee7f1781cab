"""Whole caseloads of a world's teams under several scenarios, over replicates: rows of sums.

A replicate is the teams of one world, each lived by `looks.forked`. Of it are kept, for each team,
subgroup and look, sums over people under every scenario; nothing else is needed for any mean,
difference, ratio or error.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from analysis.compare.estimates import Figures, per_person
from analysis.compare.looks import forked
from analysis.compare.outcomes import LIFE_OUTCOMES
from analysis.compare.subgroups import Cell
from analysis.compare.touched import touched
from analysis.runs.chunks import ChunkRows
from sim.world.run import Place
from sim.world.scenario import Scenario
from sim.world.state import Team
from sim.world.streams import key_of

__all__ = ["Caseloads", "CaseloadsSpec", "run_caseloads"]

EVERYBODY, UNTOUCHED = 0, 1


@dataclass(frozen=True)
class CaseloadsSpec:
    """What is lived and looked at.

    Attributes
    ----------
    scenarios : tuple of Scenario
        Of one world; the first is what the others are compared with.
    places : tuple of Place
        The teams of a replicate.
    weeks : tuple of int
        At whose ends people are looked at, rising.
    cells : tuple of Cell
        Subgroups, beside everybody and those on whom no difference acts directly.
    who : Cell or None
        Of whom all of it is; None for all.
    seed : int
    """

    scenarios: tuple[Scenario, ...]
    places: tuple[Place, ...]
    weeks: tuple[int, ...]
    cells: tuple[Cell, ...]
    who: Cell | None
    seed: int

    @property
    def team_numbers(self) -> list[tuple[int, int]]:
        """Site and team of each of `places`."""
        return [(one.site, one.team) for one in self.places]

    def members(self, start: Team, place: Place) -> np.ndarray:
        """Who of a team is asked about, and of these who is in each of `cells`, (1 + cells, E)."""
        mine = start.egos["alive"] > 0
        if self.who is not None:
            mine &= self.who.of(start, place)
        return np.array([mine, *(mine & cell.of(start, place) for cell in self.cells)])


def run_caseloads(spec: CaseloadsSpec, replicate: int) -> ChunkRows:
    """Rows of a replicate, by team, scenario, subgroup and look, in that order."""
    key = key_of(spec.seed, replicate)
    people, sums = zip(*(_of_team(spec, place, key) for place in spec.places), strict=True)
    found = np.array(sums)
    shape = found.shape[:-1]
    team, scenario, group, look = (one.ravel() for one in np.indices(shape))
    of_team = np.array(people)[team, group]
    at = {
        "site": np.array([one.site for one in spec.places])[team],
        "team": np.array([one.team for one in spec.places])[team],
        "scenario": scenario, "group": group, "week": np.array(spec.weeks)[look],
    }  # fmt: skip
    flat = found.reshape(-1, len(LIFE_OUTCOMES))
    values = {one.name: flat[:, k].copy() for k, one in enumerate(LIFE_OUTCOMES)}
    return {**{name: one.astype(np.int32) for name, one in at.items()}, "people": of_team, **values}


def _of_team(spec: CaseloadsSpec, place: Place, key: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """People of each subgroup, (G,), and sums over them, (scenarios, G, W, outcomes)."""
    fork = forked(spec.scenarios, place, key, spec.weeks)
    mine, *cells = spec.members(fork.start, place)
    direct = touched(spec.scenarios, place, fork.start, key)
    member = np.array([mine, mine & ~direct, *cells], np.float64)
    return member.sum(axis=1), np.einsum("ge,swek->sgwk", member, fork.levels)


class Caseloads(NamedTuple):
    """Sums over people of each team and subgroup, under each scenario, at each look.

    Attributes
    ----------
    spec : CaseloadsSpec
    replicates : int
    people : ndarray, (teams, G)
    sums : ndarray, (scenarios, teams, G, W, outcomes)
    strata : ndarray of int, (teams,)
        Which of `spec.places` a team is.
    """

    spec: CaseloadsSpec
    replicates: int
    people: np.ndarray
    sums: np.ndarray
    strata: np.ndarray

    @classmethod
    def read(cls, spec: CaseloadsSpec, tables: Iterable[pa.Table]) -> Caseloads:
        """From the rows of replicates."""
        parts = list(tables)
        table = pa.concat_tables(parts)
        names = [one.name for one in LIFE_OUTCOMES]
        places = len(spec.places)
        shape = (len(parts) * places, len(spec.scenarios), 2 + len(spec.cells), len(spec.weeks))
        sums = np.stack([table[name].to_numpy() for name in names], axis=-1)
        people = table["people"].to_numpy().reshape(shape)[:, 0, :, 0]
        return cls(
            spec, len(parts), people, np.moveaxis(sums.reshape(*shape, len(names)), 1, 0),
            np.arange(shape[0]) % places,
        )  # fmt: skip

    def mean(self, scenario: int, group: int = EVERYBODY) -> Figures:
        """Means a person under a scenario, (W, outcomes)."""
        return self._figures(self.sums[scenario], group)

    def difference(self, scenario: int, group: int = EVERYBODY) -> Figures:
        """What a scenario adds to the first, a person, (W, outcomes)."""
        return self._figures(self.sums[scenario] - self.sums[0], group)

    def rest_of(self, scenario: int, group: int) -> Figures:
        """The same difference of everybody outside a subgroup."""
        apart = (self.sums[scenario] - self.sums[0])[:, [EVERYBODY, group]]
        people = self.people[:, EVERYBODY] - self.people[:, group]
        return per_person(apart[:, 0] - apart[:, 1], people, self.strata)

    def saved_by_pairing(self, scenario: int) -> np.ndarray:
        """Variance of the difference of unpaired worlds over that of paired ones, (W, outcomes).

        So many times the teams would have to be lived if worlds did not share their draws; inf
        where paired worlds do not differ, nan where nothing varies.
        """
        apart = self.difference(scenario).mcse ** 2
        alone = self.mean(scenario).mcse ** 2 + self.mean(0).mcse ** 2
        with np.errstate(divide="ignore", invalid="ignore"):
            return alone / apart

    def _figures(self, sums: np.ndarray, group: int) -> Figures:
        return per_person(sums[:, group], self.people[:, group], self.strata)
