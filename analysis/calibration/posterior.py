"""What targets say of parameters: a likelihood on the surface, even priors, draws.

A share is compared as a count of so many (binomially, as counts near none or all are no bell
curves), everything else normally with the covariance of its errors. Draws are made by an ensemble
of walkers that propose along each other's differences (Goodman and Weare 2010), which needs no
tuning and does not mind parameters that are confounded.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import least_squares

from analysis.calibration.bank import unlogged
from analysis.calibration.statistics import STATISTICS, Key
from analysis.calibration.surface import Box, Surface

__all__ = ["Aim", "best_fit", "sample", "shortest_interval"]

WALKERS, STEPS, KEPT = 160, 1400, 1000
TRIALS = 4096
STRETCH = 2.0
TETHER = 0.02
"""Pull of the scenario's own value, in deviates per range: decides only where nothing else does."""

EDGE = 1e-7


@dataclass(frozen=True)
class Aim:
    """What a fit is to reach.

    Attributes
    ----------
    keys : tuple of Key
    values : ndarray, (K,)
    covariance : ndarray, (K, K)
        Of the errors of those that are no shares.
    counts : ndarray, (K,)
        Of shares: the number of independent things they were taken over. nan for the others.
    """

    keys: tuple[Key, ...]
    values: np.ndarray
    covariance: np.ndarray
    counts: np.ndarray

    @property
    def is_share(self) -> np.ndarray:
        """Which are shares, (K,)."""
        return np.array([STATISTICS[key.name].scale == "share" for key in self.keys], bool)

    @property
    def se(self) -> np.ndarray:
        """Standard errors, (K,); of a share, at its own value, or at one half of a unit inside."""
        inside = np.clip(self.values, 0.5 / self.counts, 1 - 0.5 / self.counts)
        of_shares = np.sqrt(inside * (1 - inside) / self.counts)
        return np.where(self.is_share, of_shares, np.sqrt(np.diag(self.covariance)))

    def widened(self, extra: np.ndarray) -> Aim:
        """The same with independent errors of simulation and surface added, as SDs (K,)."""
        shares = self.is_share
        inside = np.clip(self.values, 0.5 / self.counts, 1 - 0.5 / self.counts)
        var = inside * (1 - inside)
        counts = np.where(shares, var / (var / self.counts + extra**2), np.nan)
        added = np.diag(np.where(shares, 0, extra**2))
        return replace(self, covariance=self.covariance + added, counts=counts)

    def residuals(self, z: np.ndarray) -> np.ndarray:
        """Half their sum of squares is minus the log likelihood, up to a constant; (n, K)."""
        shares = self.is_share
        found = np.zeros_like(z)
        if (~shares).any():
            root = np.linalg.cholesky(self.covariance[np.ix_(~shares, ~shares)])
            found[:, ~shares] = np.linalg.solve(root, (z - self.values)[:, ~shares].T).T
        x = self.values[shares]
        inside = np.clip(z[:, shares], EDGE, 1 - EDGE)
        with np.errstate(divide="ignore", invalid="ignore"):
            part = np.where(x > 0, x * np.log(x / inside), 0)
            part = part + np.where(x < 1, (1 - x) * np.log((1 - x) / (1 - inside)), 0)
        deviance = 2 * self.counts[shares] * np.maximum(part, 0)
        found[:, shares] = np.sign(inside - x) * np.sqrt(deviance)
        return found


def sample(aim: Aim, surface: Surface, box: Box, rng: np.random.Generator) -> np.ndarray:
    """Draws from the posterior within a box, (WALKERS * kept, p)."""
    p = box.low.size

    def log_density(theta: np.ndarray) -> np.ndarray:
        residuals = aim.residuals(unlogged(surface(theta), aim.keys))
        return np.where(box.holds(theta), -0.5 * (residuals**2).sum(axis=1), -np.inf)

    trial = box.at(rng.random((TRIALS, p)))
    weight = log_density(trial)
    weight = np.exp((weight - weight.max()) / max(1.0, p / 2))  # flattened: only where to begin
    first = rng.choice(TRIALS, WALKERS, replace=False, p=_usable(weight))
    walkers = trial[first]
    density = log_density(walkers)
    kept = []
    for step in range(STEPS):
        for half in (0, 1):
            mine = np.arange(WALKERS) % 2 == half
            others = walkers[~mine][rng.integers(0, WALKERS // 2, WALKERS // 2)]
            z = (1 + (STRETCH - 1) * rng.random(WALKERS // 2)) ** 2 / STRETCH
            proposed = others + z[:, None] * (walkers[mine] - others)
            there = log_density(proposed)
            accept = np.log(rng.random(z.size)) < (p - 1) * np.log(z) + there - density[mine]
            walkers[mine] = np.where(accept[:, None], proposed, walkers[mine])
            density[mine] = np.where(accept, there, density[mine])
        if step >= STEPS - KEPT and step % 5 == 0:
            kept.append(walkers.copy())
    return np.concatenate(kept)


def _usable(weight: np.ndarray) -> np.ndarray:
    """Weights as chances, none of them nothing, so that enough can be drawn."""
    weight = weight + 1e-6
    return np.asarray(weight / weight.sum())


def best_fit(
    aim: Aim, surface: Surface, box: Box, tied_to: np.ndarray, draws: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The most likely point, and the Jacobian of the residuals there.

    Parameters
    ----------
    tied_to : ndarray, (p,)
        The scenario's own values, kept where nothing speaks against them.
    draws : ndarray
        From `sample`; the best of them is where the search begins.
    """
    width = box.high - box.low

    def residuals(share: np.ndarray) -> np.ndarray:
        theta = box.at(share)[None]
        away = TETHER * (theta[0] - tied_to) / width
        return np.concatenate([aim.residuals(unlogged(surface(theta), aim.keys))[0], away])

    fits = (aim.residuals(unlogged(surface(draws), aim.keys)) ** 2).sum(axis=1)
    start = np.clip((draws[fits.argmin()] - box.low) / width, 1e-6, 1 - 1e-6)
    found = least_squares(residuals, start, bounds=(0, 1))
    return box.at(found.x), found.jac[: len(aim.keys)] / width


def shortest_interval(draws: np.ndarray, share: float = 0.9) -> tuple[np.ndarray, np.ndarray]:
    """Bounds of the shortest interval that holds a share of the draws, for each column."""
    ordered = np.sort(draws, axis=0)
    inside = int(np.ceil(share * len(ordered)))
    widths = ordered[inside - 1 :] - ordered[: len(ordered) - inside + 1]
    first = widths.argmin(axis=0)
    columns = np.arange(draws.shape[1])
    return ordered[first, columns], ordered[first + inside - 1, columns]
