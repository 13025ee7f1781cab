"""A smooth surface through simulated statistics: second-order polynomials of the parameters.

Second-order terms are shrunk, by as much as predicts points left out best; the error with which it
does is known for every statistic, and is counted with the others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["Box", "Surface", "fit_surface"]

SHRINKAGE = (1e-4, 1e-2, 1e-1, 1.0, 10.0, 100.0)


@dataclass(frozen=True)
class Box:
    """Lower and upper bounds of the parameters, (p,) each."""

    low: np.ndarray
    high: np.ndarray

    def scaled(self, theta: np.ndarray) -> np.ndarray:
        """Parameters as -1 to 1 within the box."""
        return np.asarray(2 * (theta - self.low) / (self.high - self.low) - 1)

    def at(self, share: np.ndarray) -> np.ndarray:
        """Parameters at shares 0 to 1 of the box."""
        return np.asarray(self.low + share * (self.high - self.low))

    def holds(self, theta: np.ndarray, slack: float = 0.0) -> np.ndarray:
        """Which points lie inside, up to a share of the box's width beyond it, (n,)."""
        return np.asarray((np.abs(self.scaled(theta)) <= 1 + 2 * slack + 1e-9).all(axis=-1))


@dataclass(frozen=True)
class Surface:
    """Polynomials over a box, one for each of K statistics.

    Attributes
    ----------
    box : Box
    coefficients : ndarray, (terms, K)
    error : ndarray, (K,)
        Root mean squared error at points left out.
    """

    box: Box
    coefficients: np.ndarray
    error: np.ndarray

    def __call__(self, theta: np.ndarray) -> np.ndarray:
        """Statistics at some points, (n, p) to (n, K)."""
        return np.asarray(_terms(self.box.scaled(theta)) @ self.coefficients)

    def shifted(self, by: np.ndarray) -> Surface:
        """The same surface raised by so much, (K,)."""
        moved = self.coefficients.copy()
        moved[0] += by
        return Surface(self.box, moved, self.error)


def _terms(x: np.ndarray) -> np.ndarray:
    first, second = np.triu_indices(x.shape[1])
    return np.concatenate([np.ones((len(x), 1)), x, x[:, first] * x[:, second]], axis=1)


def fit_surface(box: Box, theta: np.ndarray, values: np.ndarray) -> Surface:
    """Fit a surface to simulated statistics.

    Parameters
    ----------
    theta : ndarray, (n, p)
        Points inside or near the box; as few as p + 2 will do for planes.
    values : ndarray, (n, K)
    """
    terms = _terms(box.scaled(theta))
    linear = theta.shape[1] + 1
    best = np.full(values.shape[1], np.inf)
    coefficients = np.zeros((terms.shape[1], values.shape[1]))
    for strength in SHRINKAGE:
        penalty = np.where(np.arange(terms.shape[1]) < linear, 1e-8, strength)
        solve = np.linalg.solve(terms.T @ terms + np.diag(penalty), terms.T)
        leverage = np.clip((terms * solve.T).sum(axis=1), 0, 1 - 1e-6)
        found = solve @ values
        left_out = (values - terms @ found) / (1 - leverage)[:, None]
        error = np.sqrt((left_out**2).mean(axis=0))
        better = error < best
        coefficients[:, better], best[better] = found[:, better], error[better]
    return Surface(box, coefficients, best)
