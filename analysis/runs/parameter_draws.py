"""Joint draws of what is assumed, and what they say together of a sign."""

from __future__ import annotations

import numpy as np

from analysis.runs.parameter_space import Space

__all__ = ["corrected_share", "drawn_together", "joint_draws"]


def joint_draws(space: Space, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Points of the unit cube by a Latin hypercube, (draws, k): each dimension evenly covered."""
    from SALib.sample import latin

    k = len(space.paths)
    problem = {"num_vars": k, "names": list(space.paths), "bounds": [[0.0, 1.0]] * k}
    points: np.ndarray = latin.sample(problem, draws, seed=rng)
    return points


def corrected_share(value: np.ndarray, error: np.ndarray) -> float:
    """The share of true values above zero, given estimates with errors.

    True values are taken to be normal, with the mean and variance that fit the estimates (moments);
    the chance of each being above zero, given its estimate, is averaged.
    """
    from scipy.stats import norm

    noise = error**2
    spread = max(float(value.var(ddof=1) - noise.mean()), 0.0)
    if spread == 0:
        return float(value.mean() > 0)
    trust = spread / (spread + noise)
    centre = trust * value + (1 - trust) * value.mean()
    return float(norm.cdf(centre / np.sqrt(spread * (1 - trust) + 1e-300)).mean())


def drawn_together(values: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """Estimates moved towards their mean until they vary as the true values do.

    Parameters
    ----------
    values, noise : ndarray, (n, ...)
        Estimates, and the variance of each one's error.
    """
    mean, total = values.mean(axis=0), values.var(axis=0, ddof=1)
    left = np.sqrt(np.clip(1 - noise.mean(axis=0) / np.maximum(total, 1e-300), 0, 1))
    together: np.ndarray = mean + (values - mean) * left
    return together
