"""A bank of simulated cohorts over a box of parameters, each in a world that is in balance.

Every cohort has the same people and the same draws, so statistics change smoothly with the
parameters. Births, usual levels and the scaling of scores are no free choices: they are solved
anew at every point, starting from what the points before suggest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.stats import qmc

from analysis.calibration.cohort import Cohort
from analysis.calibration.fixed_point import balance, balanced_paths
from analysis.calibration.kept_cohorts import CohortsOf, cohort_from, point_rows
from analysis.calibration.statistics import CohortColumns, Key, evaluate
from analysis.calibration.surface import Box, Surface, fit_surface
from analysis.calibration.targets import FitRecipe
from analysis.runs.chunks import kept_map
from analysis.runs.run import Run
from analysis.worlds.moments import FORMED, MOMENT_GROUPS
from sim.side_by_side import Progress, silent
from sim.world.parameters import catalogue

__all__ = ["Bank", "logged", "unlogged"]

STILL = 0.02
"""A year's drift of a group of ties, in usual ties, below which a world counts as balanced."""

MOST_PASSES = 4
SMALL_SHARE = 1e-6


class Bank:
    """Simulated cohorts of a recipe.

    Parameters
    ----------
    recipe : Recipe
    teams, seed, threads : int
        Of each cohort.
    kept : Run, optional
        Where cohorts are kept, and taken from if they are there.

    Attributes
    ----------
    theta : ndarray, (n, p)
        Free parameters of each cohort.
    values : ndarray, (n, K)
        Its statistics, in the order of `keys`, on the scale of `logged`.
    keys : list of Key
    spent : int
        Cohorts simulated so far, those for balance among them.
    """

    def __init__(
        self, recipe: FitRecipe, teams: int, seed: int, threads: int = 1, kept: Run | None = None
    ) -> None:
        self.recipe, self.teams, self.seed = recipe, teams, seed
        self._spec = CohortsOf(recipe.world, recipe.study, threads)
        self._store = (
            None
            if kept is None
            else kept.store("cohorts", scenario=recipe.world.hash, study=recipe.study.resolved())
        )
        self.columns = CohortColumns(len(recipe.study.waves.weeks))
        self.keys = self.columns.statistics()
        self.prior = Box(
            np.array([one.low for one in recipe.free]), np.array([one.high for one in recipe.free])
        )
        scaling = [path for path in catalogue() if path.startswith("scale.latent.")]
        self.solved = [*balanced_paths(), *scaling]
        known, own = catalogue(), recipe.world.parameters
        self.usual = {path: own.get(path, known[path].value) for path in known}
        self.theta = np.zeros((0, len(recipe.free)))
        self.values = np.zeros((0, len(self.keys)))
        self.levels = np.zeros((0, len(self.solved)))
        self.spent = 0

    def expand(self, theta: np.ndarray) -> dict[str, float]:
        """The free parameters of a point, and those that keep their proportion to them."""
        known, found = catalogue(), {}
        for one, value in zip(self.recipe.free, theta.tolist(), strict=True):
            found[one.path] = value
            for path in one.along:
                moved = self.usual[path] * value / one.start
                found[path] = min(max(moved, known[path].low), known[path].high)
        return found

    def balanced(self, theta: np.ndarray) -> dict[str, float]:
        """What the cohorts so far suggest for all that is solved, at a point."""
        if not len(self.levels):
            return {path: self.usual[path] for path in self.solved}
        guess = self.levels[0]
        if len(self.theta) > self.theta.shape[1] + 2:
            guess = fit_surface(self.prior, self.theta, self.levels)(theta[None])[0]
        entries = [catalogue()[path] for path in self.solved]
        inside = [min(max(v, e.low), e.high) for v, e in zip(guess.tolist(), entries, strict=True)]
        return dict(zip(self.solved, inside, strict=True))

    def simulate(
        self,
        theta: np.ndarray,
        levels: Mapping[str, float],
        *,
        teams: int | None = None,
        seed: int | None = None,
    ) -> Cohort:
        """One cohort at a point."""
        self.spent += 1
        values = tuple({**levels, **self.expand(theta)}.items())
        point = values, teams or self.teams, self.seed if seed is None else seed
        (table,) = kept_map(point_rows, self._spec, [point], store=self._store)
        return cohort_from(table)

    def settle(
        self, theta: np.ndarray, passes: int, teams: int | None = None
    ) -> tuple[Cohort, dict[str, float]]:
        """A cohort in balance at a point, and the levels at which it is.

        Parameters
        ----------
        theta : ndarray, (p,)
        passes : int
            At most so many cohorts; fewer once the ties drift no more.
        teams : int, optional
            Other than the bank's own.
        """
        levels = self.balanced(theta)
        for number in range(passes):
            cohort = self.simulate(theta, levels, teams=teams)
            last = number == passes - 1 or _drift(cohort) < STILL
            levels = balance(levels, cohort.seen) | _scaled(cohort)
            if last:
                break
        return cohort, levels

    def grow(
        self, box: Box, points: int, progress: Progress = silent, stage: str = "cohorts"
    ) -> None:
        """Add cohorts at points spread evenly over a box."""
        sequence = qmc.Sobol(box.low.size, seed=np.random.default_rng([self.seed, self.spent]))
        shares = sequence.random(1 << max(points - 1, 1).bit_length())[:points]
        for number, theta in enumerate(box.at(shares), 1):
            cohort, levels = self.settle(theta, MOST_PASSES)
            self._add(theta, cohort, levels)
            progress(stage, number, points)

    def _add(self, theta: np.ndarray, cohort: Cohort, levels: Mapping[str, float]) -> None:
        values = logged(evaluate(cohort.sums, self.columns, self.keys), self.keys)
        self.theta = np.concatenate([self.theta, theta[None]])
        self.values = np.concatenate([self.values, values[None]])
        own = np.array([[levels[path] for path in self.solved]])
        self.levels = np.concatenate([self.levels, own])

    def begin(self) -> Cohort:
        """The first cohort, at the scenario's own values or as near to them as the ranges allow."""
        start = np.clip([one.start for one in self.recipe.free], self.prior.low, self.prior.high)
        cohort, levels = self.settle(start, MOST_PASSES)
        self._add(start, cohort, levels)
        return cohort

    def surface(self, box: Box, keys: Sequence[Key]) -> Surface:
        """The surface of some statistics over a box, through the cohorts in it or near it."""
        near = box.holds(self.theta, slack=0.15)
        columns = [self.keys.index(key) for key in keys]
        known = near & np.isfinite(self.values[:, columns]).all(axis=1)
        return fit_surface(box, self.theta[known], self.values[known][:, columns])


def _drift(cohort: Cohort) -> float:
    """The worst yearly change among the groups of ties that form by themselves."""
    some = [MOMENT_GROUPS.index(group) for group in FORMED]
    first, last = cohort.seen.latent[0, some], cohort.seen.latent[-1, some]
    return float(np.max(np.abs(last - first) / np.maximum(first, 0.2)))


def _scaled(cohort: Cohort) -> dict[str, float]:
    entries = catalogue()
    return {
        path: min(max(value, entries[path].low), entries[path].high)
        for path, value in cohort.scaling.items()
    }


def logged(values: np.ndarray, keys: Sequence[Key]) -> np.ndarray:
    """Statistics on the scale on which they are nearly straight lines of the parameters.

    Shares of ties kept or lost become hazards.
    """
    found = np.array(values, float)
    for k, key in enumerate(keys):
        if key.name.startswith("kept."):
            found[..., k] = -np.log(np.maximum(found[..., k], SMALL_SHARE))
        elif key.name.startswith("lost."):
            found[..., k] = -np.log(np.maximum(1 - found[..., k], SMALL_SHARE))
    return found


def unlogged(values: np.ndarray, keys: Sequence[Key]) -> np.ndarray:
    """The inverse of `logged`; nothing below zero."""
    found = np.maximum(values, 0.0)
    for k, key in enumerate(keys):
        if key.name.startswith("kept."):
            found[..., k] = np.exp(-found[..., k])
        elif key.name.startswith("lost."):
            found[..., k] = 1 - np.exp(-found[..., k])
    return found
