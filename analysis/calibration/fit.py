"""The fit: a bank of balanced cohorts, a surface through them, draws from the posterior.

In two rounds: over the whole of the ranges, then over what the first has left. At the end a larger
cohort is simulated at the best fit, and the surface is raised or lowered to meet it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.calibration.aims import aim_at
from analysis.calibration.bank import Bank, logged, unlogged
from analysis.calibration.cohort import Cohort
from analysis.calibration.posterior import Aim, best_fit, sample, shortest_interval
from analysis.calibration.statistics import Key, evaluate
from analysis.calibration.surface import Box, Surface
from analysis.calibration.targets import FitRecipe, Target
from analysis.runs.run import Run
from sim.side_by_side import Progress, silent

__all__ = [
    "FULL_FIT",
    "QUICK_FIT",
    "Effort",
    "Finished",
    "Fit",
    "Round",
    "finish",
    "first_round",
    "fit",
    "posterior_of",
]

BOOTSTRAPS = 400
NARROW = 0.7
"""A second round is run if the first leaves less than this share of the ranges, on average."""


@dataclass(frozen=True)
class Effort:
    """How much to simulate.

    Attributes
    ----------
    teams, anchor_teams : int
        Of a cohort of the bank; of those at the best fit.
    points_per_term : float
        Cohorts in a round, for each coefficient of the surface.
    rounds, anchors : int
    """

    teams: int
    anchor_teams: int
    points_per_term: float
    rounds: int
    anchors: int


FULL_FIT = Effort(48, 240, 1.0, 2, 2)
QUICK_FIT = Effort(16, 60, 0.6, 1, 1)


@dataclass(frozen=True)
class Fit:
    """Fitted parameters, with what is known of them and what they predict.

    Attributes
    ----------
    recipe : Recipe
    targets : tuple of Target
        Of calibration, then of validation.
    best, low, high : ndarray, (p,)
        The best fit and 90 % intervals.
    draws : ndarray, (n, p)
        From the posterior.
    simulation_se : ndarray, (p,)
        What another sample of simulated people would change, as a standard error.
    solved : dict
        Parameters solved so that the fitted world is in balance.
    expanded : dict
        The free parameters and those that keep their proportion to them.
    target_se : ndarray, (T,)
    simulated, simulated_se : ndarray, (T,)
        At the best fit, among people who were not fitted to; and its Monte Carlo error.
    predicted_low, predicted_high : ndarray, (T,)
        90 % of what a study as large as the target's would find.
    surface_error : ndarray, (T,)
        With which the surface predicts simulations left out.
    cohorts, seed : int
    """

    recipe: FitRecipe
    targets: tuple[Target, ...]
    best: np.ndarray
    low: np.ndarray
    high: np.ndarray
    draws: np.ndarray
    simulation_se: np.ndarray
    solved: dict[str, float]
    expanded: dict[str, float]
    target_se: np.ndarray
    simulated: np.ndarray
    simulated_se: np.ndarray
    predicted_low: np.ndarray
    predicted_high: np.ndarray
    surface_error: np.ndarray
    cohorts: int
    seed: int


@dataclass(frozen=True)
class Round:
    """A bank and what one aim makes of it: a box, a surface over it, draws within it."""

    aim: Aim
    box: Box
    surface: Surface
    draws: np.ndarray


def fit(
    recipe: FitRecipe,
    *,
    seed: int,
    effort: Effort = FULL_FIT,
    threads: int = 1,
    kept: Run | None = None,
    progress: Progress | None = None,
) -> Fit:
    """Fit the free parameters of a recipe to its targets of calibration.

    Parameters
    ----------
    effort : Effort
        FULL or QUICK.
    threads : int
        Teams side by side; the figures do not depend on it.
    kept : Run, optional
        Where cohorts are kept, and taken from if they are there.
    progress : callable, optional
        Called with what is being done, the number of its steps done, and of all.
    """
    say = progress or silent
    bank = Bank(recipe, effort.teams, seed, threads, kept)
    start = bank.begin()
    rng = np.random.default_rng([seed, 1])
    aim = aim_at(recipe.aims, start.rows[start.eligible], bank.columns, rng)
    now = first_round(bank, aim, effort, rng, say)
    for _ in range(1, effort.rounds):
        now = _next_round(bank, now, effort, rng, say)
    done = finish(bank, now, recipe.aims, effort, rng, say)
    return _found(bank, done, effort, rng)


@dataclass(frozen=True)
class Finished:
    """A fit at its end: the last round, the best fit, and the world in balance there.

    Attributes
    ----------
    now : Round
    best : ndarray, (p,)
    jacobian : ndarray, (K, p)
        Of the residuals at the best fit.
    mc : ndarray, (K, K)
        Covariance of the statistics at the best fit between samples of simulated people.
    levels : dict
        What is solved.
    """

    now: Round
    best: np.ndarray
    jacobian: np.ndarray
    mc: np.ndarray
    levels: dict[str, float]

    def interval(self) -> tuple[np.ndarray, np.ndarray]:
        """Bounds of the 90 % intervals, (p,) each; the best fit is never outside."""
        low, high = shortest_interval(self.now.draws)
        return np.minimum(low, self.best), np.maximum(high, self.best)


def finish(
    bank: Bank,
    now: Round,
    aims: Sequence[Target],
    effort: Effort,
    rng: np.random.Generator,
    progress: Progress = silent,
) -> Finished:
    """Go from a posterior to the best fit, and meet larger cohorts simulated there."""
    fixed = np.array([one.start for one in bank.recipe.free])
    best, _ = best_fit(now.aim, now.surface, now.box, fixed, now.draws)
    for number in range(effort.anchors):
        progress("cohorts at the best fit", number, effort.anchors)
        cohort, levels = bank.settle(best, 3, teams=effort.anchor_teams)
        now, mc = _anchored(bank, now, best, cohort, aims, rng)
        best, jacobian = best_fit(now.aim, now.surface, now.box, fixed, now.draws)
    return Finished(now, best, jacobian, mc, levels)


def first_round(
    bank: Bank, aim: Aim, effort: Effort, rng: np.random.Generator, progress: Progress = silent
) -> Round:
    """Fill the whole of the ranges with cohorts."""
    bank.grow(bank.prior, _points(bank, effort), progress, "cohorts over the ranges")
    return posterior_of(bank, bank.prior, aim, rng)


def posterior_of(bank: Bank, box: Box, aim: Aim, rng: np.random.Generator) -> Round:
    """Draws from the posterior of an aim over a box, from the cohorts there are."""
    surface = bank.surface(box, aim.keys)
    wide = aim.widened(_natural(surface.error, aim.values, aim.keys))
    return Round(wide, box, surface, sample(wide, surface, box, rng))


def _next_round(
    bank: Bank, now: Round, effort: Effort, rng: np.random.Generator, progress: Progress
) -> Round:
    """Fill what the last round has left, if that is much less than it had."""
    mean, sd = now.draws.mean(axis=0), now.draws.std(axis=0)
    width = now.box.high - now.box.low
    reach = np.maximum(3 * sd, 0.1 * width)
    box = Box(np.maximum(mean - reach, now.box.low), np.minimum(mean + reach, now.box.high))
    if np.mean((box.high - box.low) / width) > NARROW:
        return now
    bank.grow(box, _points(bank, effort), progress, "cohorts near the fit")
    cohort = bank.simulate(mean, bank.balanced(mean))
    aim = aim_at(bank.recipe.aims, cohort.rows[cohort.eligible], bank.columns, rng)
    return posterior_of(bank, box, aim, rng)


def _anchored(
    bank: Bank,
    now: Round,
    best: np.ndarray,
    cohort: Cohort,
    aims: Sequence[Target],
    rng: np.random.Generator,
) -> tuple[Round, np.ndarray]:
    """The surface moved to meet a larger cohort at the best fit; its Monte Carlo errors."""
    keys = now.aim.keys
    there = logged(evaluate(cohort.sums, bank.columns, keys), keys)
    surface = now.surface.shifted(there - now.surface(best[None])[0])
    mc = monte_carlo(bank, cohort, keys, rng)
    aim = aim_at(aims, cohort.rows[cohort.eligible], bank.columns, rng)
    extra = np.hypot(_natural(surface.error, aim.values, keys), np.sqrt(np.diag(mc)))
    wide = aim.widened(extra)
    return Round(wide, now.box, surface, sample(wide, surface, now.box, rng)), mc


def monte_carlo(
    bank: Bank, cohort: Cohort, keys: Sequence[Key], rng: np.random.Generator
) -> np.ndarray:
    """Covariance of a cohort's statistics between samples of teams, (K, K)."""
    by_team = cohort.by_team
    weights = rng.multinomial(len(by_team), np.full(len(by_team), 1 / len(by_team)), BOOTSTRAPS)
    found = evaluate(weights @ by_team, bank.columns, keys)
    return np.atleast_2d(np.cov(found, rowvar=False))


def _found(bank: Bank, done: Finished, effort: Effort, rng: np.random.Generator) -> Fit:
    """All that is to be told, with a look at people who were not fitted to."""
    recipe, now, best = bank.recipe, done.now, done.best
    low, high = done.interval()
    back = np.linalg.pinv(done.jacobian) / now.aim.se
    targets = (*recipe.aims, *(one for one in recipe.targets if one.use == "validation"))
    keys = tuple(one.key for one in targets)
    other = int(rng.integers(2**31))
    check = bank.simulate(best, done.levels, teams=effort.anchor_teams, seed=other)
    simulated = evaluate(check.sums, bank.columns, keys)
    everything = aim_at(targets, check.rows[check.eligible], bank.columns, rng)
    surface = bank.surface(now.box, keys)
    surface = surface.shifted(logged(simulated, keys) - surface(best[None])[0])
    drawn = _as_found(unlogged(surface(now.draws), keys), everything, rng)
    return Fit(
        recipe=recipe, targets=targets, best=best, low=low, high=high, draws=now.draws,
        simulation_se=np.sqrt(np.maximum(np.diag(back @ done.mc @ back.T), 0)),
        solved=done.levels, expanded=bank.expand(best), target_se=everything.se,
        simulated=simulated, simulated_se=np.sqrt(np.diag(monte_carlo(bank, check, keys, rng))),
        predicted_low=np.quantile(drawn, 0.05, axis=0),
        predicted_high=np.quantile(drawn, 0.95, axis=0),
        surface_error=_natural(surface.error, simulated, keys), cohorts=bank.spent, seed=bank.seed,
    )  # fmt: skip


def _as_found(predicted: np.ndarray, aim: Aim, rng: np.random.Generator) -> np.ndarray:
    """Predicted statistics as studies of the targets' size would find them."""
    shares = aim.is_share
    spread = np.sqrt(predicted * np.clip(1 - predicted, 0, 1) / aim.counts)
    se = np.where(shares, spread, np.sqrt(np.diag(aim.covariance)))
    found = predicted + se * rng.standard_normal(predicted.shape)
    return np.asarray(np.clip(found, 0, np.where(shares, 1, np.inf)))


def _natural(error: np.ndarray, values: np.ndarray, keys: Sequence[Key]) -> np.ndarray:
    """Errors on the scale of `logged` as errors of the statistics themselves."""
    slope = np.ones(len(keys))
    for k, key in enumerate(keys):
        if key.name.startswith("kept."):
            slope[k] = values[k]
        elif key.name.startswith("lost."):
            slope[k] = 1 - values[k]
    return np.asarray(error * slope)


def _points(bank: Bank, effort: Effort) -> int:
    p = len(bank.recipe.free)
    return max(int(effort.points_per_term * (p + 1) * (p + 2) / 2), 2 * p + 4)
