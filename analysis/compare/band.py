"""How far what a scenario does depends on what is assumed: the same comparison under many draws.

Everything assumed is drawn at once, births are balanced anew, and each draw is lived with the same
teams. What Monte Carlo error adds to the spread between draws is taken off again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from analysis.compare.paired import Subgroups, lives_side_by_side
from analysis.runs.parameter_draws import drawn_together, joint_draws
from analysis.runs.parameter_space import Space
from analysis.runs.purposes import Purpose
from analysis.worlds.balance import Turnover, rebalanced
from analysis.worlds.drawn_worlds import is_near, space_of, turnover_of
from sim.side_by_side import Progress, side_by_side
from sim.world.scenario import Scenario

__all__ = ["DrawnDifferences", "DrawnScenarios", "differences_over_draws"]

PURPOSE = 8
"""Of the generator of draws; plans and the ignorance band have others."""


@dataclass(frozen=True)
class DrawnScenarios:
    """Scenarios of one world under joint draws of everything assumed.

    Attributes
    ----------
    scenarios : tuple of Scenario
    draws, seed : int
    """

    scenarios: tuple[Scenario, ...]
    draws: int
    seed: int

    @cached_property
    def space(self) -> Space:
        """What varies."""
        return space_of(*self.scenarios)

    @cached_property
    def points(self) -> np.ndarray:
        """Of the unit cube of `space`, (draws, k)."""
        return joint_draws(self.space, self.draws, np.random.default_rng([self.seed, PURPOSE]))

    def find_balance(self) -> None:
        """Count births and losses as shipped, before draws are asked for side by side."""
        self._shipped  # noqa: B018  # kept once found

    def at(self, draw: int) -> tuple[list[Scenario], bool]:
        """The scenarios with a draw's parameters, and whether it is near the shipped world."""
        first = self.scenarios[0]
        drawn = {**first.parameters, **self.space.at(self.points[draw])}
        changed = turnover_of(first, drawn, self.seed)
        balanced = rebalanced(drawn, changed, self._shipped)
        worlds = [one.with_parameters({**balanced, **_own(one, first)}) for one in self.scenarios]
        return worlds, is_near(changed, self._shipped)

    @cached_property
    def _shipped(self) -> list[Turnover]:
        return turnover_of(self.scenarios[0], {}, self.seed)


def _own(one: Scenario, first: Scenario) -> dict[str, float]:
    """Parameters of a scenario that are not those of the first: part of what it is."""
    return dict(set(one.changed) - set(first.changed))


class DrawnDifferences(NamedTuple):
    """What scenarios add to the first, a person, in each draw.

    Attributes
    ----------
    values, mcse : ndarray, (draws, scenarios - 1, groups, outcomes)
    near : ndarray of bool, (draws,)
        Whether ties of the drawn world are lost about as fast as any that was observed.
    """

    values: np.ndarray
    mcse: np.ndarray
    near: np.ndarray

    def band(self, share: float = 0.9) -> tuple[np.ndarray, np.ndarray]:
        """Ends of that share of the draws near the shipped world, each of values' shape[1:].

        What Monte Carlo error adds to their spread is taken off first.
        """
        values = drawn_together(self.values[self.near], self.mcse[self.near] ** 2)
        ends = np.quantile(values, [(1 - share) / 2, (1 + share) / 2], axis=0)
        return ends[0], ends[1]


def differences_over_draws(
    scenarios: Sequence[Scenario],
    weeks: Sequence[int],
    *,
    draws: int,
    teams: int,
    subgroups: Subgroups | None = None,
    seed: int = 1,
    threads: int = 2,
    progress: Progress | None = None,
) -> DrawnDifferences:
    """Compare scenarios under draws of everything assumed, at the end of the last week.

    Parameters
    ----------
    scenarios, weeks, subgroups
        As of `lives_side_by_side`.
    draws, teams : int
        Sets of parameters, and teams lived with each.
    """
    drawn = DrawnScenarios(tuple(scenarios), draws, seed)
    drawn.find_balance()

    def of_draw(draw: int) -> tuple[np.ndarray, np.ndarray, bool]:
        worlds, near = drawn.at(draw)
        lived = lives_side_by_side(
            worlds, weeks, teams, subgroups=subgroups, seed=seed,
            first=Purpose.BAND_TRUTH.first, threads=1,
        )  # fmt: skip
        cells = [
            [lived.difference(s, g) for g in range(len(lived.groups))]
            for s in range(1, len(worlds))
        ]
        values, errors = np.array(cells).transpose(2, 0, 1, 3)
        return values, errors, near

    parts = list(
        side_by_side(of_draw, range(draws), threads, progress=progress, stage="drawn worlds")
    )
    values, errors, near = zip(*parts, strict=True)
    return DrawnDifferences(np.array(values), np.array(errors), np.array(near))
