"""Morris screening: which of very many parameters, or families of them, move an answer at all.

Trajectories change one parameter (or family) at a time; the mean size of the changes, scaled to the
whole range, is mu*. SALib makes the trajectories and the interval (bootstrap over trajectories).

Noise: even a parameter that does nothing may seem to, when a change of it shuffles who is visited
when. Its effects would then be draws from N(0, se) and their mean size se * sqrt(2 / pi): that is
the *noise* of mu*. A parameter counts as above noise only where its mean squared effect exceeds the
mean squared error by more than chance would allow any one of all parameters screened (F test with r
and r * (T - 1) degrees of freedom for r trajectories and T teams; 5 %, Bonferroni).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.runs.parameter_space import Space
from analysis.sensitivity.answers import Answers, Ask, jackknife

__all__ = ["Screening", "screen"]

LEVELS = 4
STEP = LEVELS / (2 * (LEVELS - 1))
RESAMPLES = 1000
FALSE_ALARMS = 0.05
TINY = 1e-24
MEAN_SIZE = np.sqrt(2 / np.pi)  # of a standard normal deviate, sign taken away


@dataclass(frozen=True)
class Screening:
    """Mean changes of an output, each parameter or family over its whole range.

    Attributes
    ----------
    names : tuple of str
        The g parameters, or families.
    members : tuple of tuple of str
        Paths that each stands for.
    mu_star, reach : ndarray, (g,)
        Mean size of the change and half its 95 % bootstrap interval, in units of the output.
    mu : ndarray, (g,)
        Mean change with its sign, from lowest to highest; nan for a family.
    sigma : ndarray, (g,)
        SD of the changes: large beside mu* where the effect bends or depends on other parameters.
    noise : ndarray, (g,)
        What mu* would be, on average, without any effect.
    above_noise : ndarray of bool, (g,)
    trajectories, lost, evaluations : int
        Trajectories used; those on which the output somewhere did not exist; points asked for.
    """

    names: tuple[str, ...]
    members: tuple[tuple[str, ...], ...]
    mu_star: np.ndarray
    reach: np.ndarray
    mu: np.ndarray
    sigma: np.ndarray
    noise: np.ndarray
    above_noise: np.ndarray
    trajectories: int
    lost: int
    evaluations: int

    @property
    def order(self) -> np.ndarray:
        """Places of the names, the most moving first; those within noise last."""
        return np.lexsort((-self.mu_star, ~self.above_noise))


def screen(
    space: Space, families: Sequence[str], ask: Ask, trajectories: int, *, seed: int
) -> Screening:
    """Screen parameters.

    Parameters
    ----------
    space : Space
        k parameters.
    families : sequence of str
        The family of each; those of one family move together. The parameters' own paths to screen
        each by itself.
    ask : callable
        Gives the output at points.
    trajectories : int
    seed : int
        Of the trajectories and the bootstrap.

    Raises
    ------
    sim.errors.RunError
        If the output does not exist on all but one trajectory.
    """
    from SALib.analyze import morris as analysis
    from SALib.sample import morris as sampling

    names = tuple(dict.fromkeys(families))
    problem = {
        "num_vars": len(space.paths),
        "names": list(space.paths),
        "groups": list(families),
        "bounds": [[0.0, 1.0]] * len(space.paths),
    }
    points = sampling.sample(problem, trajectories, num_levels=LEVELS, seed=_generator(seed, 1))
    answers = ask(space, points)
    points, answers, lost = _existing(points, answers, len(names) + 1)
    found = analysis.analyze(
        problem, points, answers.value, num_resamples=RESAMPLES, num_levels=LEVELS,
        seed=_generator(seed, 2),
    )  # fmt: skip
    at = [list(found["names"]).index(name) for name in names]
    effects, errors = _effects(points, answers, families, names)
    used = len(effects)
    noise, above = _against_noise(effects, errors, answers.rest.shape[1])
    members = tuple(
        tuple(p for p, f in zip(space.paths, families, strict=True) if f == name) for name in names
    )
    single = np.array([len(one) == 1 for one in members])
    return Screening(
        names, members, np.asarray(found["mu_star"], float)[at],
        np.asarray(found["mu_star_conf"], float)[at],
        np.where(single, effects.mean(axis=0), np.nan), effects.std(axis=0, ddof=1), noise, above,
        used, lost, trajectories * (len(names) + 1),
    )  # fmt: skip


def _generator(seed: int, purpose: int) -> np.random.Generator:
    return np.random.default_rng([seed, purpose])


def _existing(points: np.ndarray, answers: Answers, steps: int) -> tuple[np.ndarray, Answers, int]:
    """Without the trajectories on which the output is somewhere undefined; how many those are."""
    from sim.errors import RunError

    whole = answers.finite.reshape(-1, steps).all(axis=1)
    if whole.sum() < 2:
        raise RunError("the output does not exist for most draws of these parameters: vary fewer")
    kept = np.repeat(whole, steps)
    return points[kept], answers.at(kept), int((~whole).sum())


def _effects(
    points: np.ndarray, answers: Answers, families: Sequence[str], names: Sequence[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Change of the output from lowest to highest by trajectory and name, (r, g), and its error.

    The sign is that of a family's first parameter to move.
    """
    steps, k = len(names) + 1, points.shape[1]
    moves = np.diff(points.reshape(-1, steps, k), axis=1)
    first = np.argmax(np.abs(moves) > STEP / 2, axis=2)
    place = {name: number for number, name in enumerate(names)}
    which = np.array([place[families[i]] for i in first.ravel()]).reshape(first.shape)
    sign = np.sign(np.take_along_axis(moves, first[:, :, None], axis=2))
    change = np.diff(answers.value.reshape(-1, steps), axis=1) * sign[:, :, 0] / STEP
    teams = answers.rest.shape[1]
    rest = np.diff(answers.rest.reshape(-1, steps, teams), axis=1) / STEP
    order = np.argsort(which, axis=1)
    return (
        np.take_along_axis(change, order, axis=1),
        np.take_along_axis(jackknife(rest), order, axis=1),
    )


def _against_noise(
    effects: np.ndarray, errors: np.ndarray, teams: int
) -> tuple[np.ndarray, np.ndarray]:
    """What mu* would be without effects, (g,), and whether there are any."""
    from scipy.stats import f

    trajectories, screened = effects.shape
    noise = (errors**2).mean(axis=0)
    ratio = (effects**2).mean(axis=0) / np.maximum(noise, TINY)
    limit = f.isf(FALSE_ALARMS / screened, trajectories, trajectories * (teams - 1))
    return MEAN_SIZE * np.sqrt(noise), ratio > limit
