"""Sobol indices: what share of an answer's variance each of a few parameters is responsible for.

The parameters vary together, evenly over the unit cube of `space`, all others as shipped. S1 is the
share that would go if the parameter were known and nothing else; ST, total order, what would stay
if everything else were known. SALib gives Saltelli's points and bootstrap intervals.

The noise of a total-order share is what it would be for a parameter that does nothing: half the
mean squared Monte Carlo error of the differences it is made of, over the variance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.runs.parameter_space import Space
from analysis.sensitivity.answers import Ask, jackknife

__all__ = ["Shares", "shares"]

RESAMPLES = 1000
TINY = 1e-24


@dataclass(frozen=True)
class Shares:
    """Shares of the variance of an output.

    Attributes
    ----------
    names : tuple of str
        The k parameters.
    total, total_reach, first, first_reach : ndarray, (k,)
        Total-order and first-order shares, each with half its 95 % bootstrap interval.
    noise : ndarray, (k,)
        What the total-order share would be without any effect.
    above_noise : ndarray of bool, (k,)
    sd : float
        SD of the output over the cube, in its unit.
    base, lost, evaluations : int
        Base points used, those left out because the output did not exist there, and all points.
    """

    names: tuple[str, ...]
    total: np.ndarray
    total_reach: np.ndarray
    first: np.ndarray
    first_reach: np.ndarray
    noise: np.ndarray
    above_noise: np.ndarray
    sd: float
    base: int
    lost: int
    evaluations: int

    @property
    def order(self) -> np.ndarray:
        """Places of the names, the largest total share first."""
        return np.lexsort((-self.total, ~self.above_noise))


def shares(space: Space, ask: Ask, base: int, *, seed: int) -> Shares:
    """Sobol indices of the parameters of a space.

    Parameters
    ----------
    space : Space
        A few parameters: base * (k + 2) points are asked for.
    ask : callable
        Gives the output at points.
    base : int
        A power of two.
    seed : int
        Of the points and the bootstrap.

    Raises
    ------
    sim.errors.RunError
        If the output exists at fewer than two base points.
    """
    from SALib.sample import sobol as sampling

    from sim.errors import RunError

    k = len(space.paths)
    problem = {"num_vars": k, "names": list(space.paths), "bounds": [[0.0, 1.0]] * k}
    one, other = np.random.default_rng([seed, 3]).integers(1, 2**31 - 1, 2).tolist()
    points = sampling.sample(problem, base, calc_second_order=False, seed=one)
    answers = ask(space, points)
    whole = answers.finite.reshape(base, k + 2).all(axis=1)
    if whole.sum() < 2:
        raise RunError("the output does not exist for most draws of these parameters: vary fewer")
    y = answers.value.reshape(base, k + 2)[whole]
    rest = answers.rest.reshape(base, k + 2, -1)[whole]
    spread = float(y[:, [0, -1]].var())
    total, total_reach, first, first_reach = (
        _indices(problem, y.ravel(), other) if spread > TINY else np.zeros((4, k))
    )
    errors = jackknife(rest[:, 1:-1] - rest[:, :1])
    noise = (errors**2).mean(axis=0) / 2 / max(spread, TINY)
    above = total - total_reach > noise + 1e-12
    lost = int((~whole).sum())
    return Shares(
        space.paths, total, total_reach, first, first_reach, noise, above, float(np.sqrt(spread)),
        base - lost, lost, base * (k + 2),
    )  # fmt: skip


def _indices(problem: dict, y: np.ndarray, seed: int) -> np.ndarray:
    """ST, its reach, S1, its reach, (4, k)."""
    from SALib.analyze import sobol as analysis

    found = analysis.analyze(
        problem, y, calc_second_order=False, num_resamples=RESAMPLES, seed=seed
    )
    return np.array([found[name] for name in ("ST", "ST_conf", "S1", "S1_conf")])
