"""A probit line through binomial points, where it crosses a target, and whether it fits.

The interval of the crossing is Fieller's: all x at which the line is not told from the target. It
is honest where a delta-method interval is too short, and unbounded where the slope is not known.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import special

__all__ = ["Line", "Points", "crossing", "doubted", "falls", "fit_line", "isotonic"]

CAUTION = 0.02
"""Successes and failures added at each point, so that points that all succeed still have a fit."""

STEPS = 60
Z_95 = float(special.ndtri(0.975))
TOO_FAR = 2.0
"""Standard errors at which the checks of the fit speak up."""
NEAREST = 3
"""Points from which the rising curve's error at the crossing is taken."""
FALLS = 3.5
"""Standard errors by which success must fall between two sizes to be called falling."""


class Points(NamedTuple):
    """Successes in simulated studies at K places; arrays (K,), in ascending order of x.

    Attributes
    ----------
    x, tried, succeeded : ndarray of float64
    """

    x: np.ndarray
    tried: np.ndarray
    succeeded: np.ndarray

    @property
    def share(self) -> np.ndarray:
        """Share that succeeded."""
        return self.succeeded / self.tried

    def within(self, low: float, high: float) -> Points:
        """The points from low to high."""
        keep = (self.x >= low) & (self.x <= high)
        return Points(self.x[keep], self.tried[keep], self.succeeded[keep])


class Line(NamedTuple):
    """Coefficients of a probit fit in powers of x and their covariance, (q,) and (q, q)."""

    coefficients: np.ndarray
    covariance: np.ndarray


def fit_line(points: Points, degree: int = 1) -> Line:
    """Maximum likelihood by Fisher scoring; NaN where the points do not determine it."""
    x, tried = points.x, points.tried + 2 * CAUTION
    share = (points.succeeded + CAUTION) / tried
    design = np.vander(x, degree + 1, increasing=True)
    nothing = Line(np.full(degree + 1, np.nan), np.full((degree + 1, degree + 1), np.nan))
    if np.unique(x).size <= degree:
        return nothing
    linear = special.ndtri(share)
    information = np.eye(degree + 1)
    for _ in range(STEPS):
        chance = np.clip(special.ndtr(linear), 1e-9, 1 - 1e-9)
        density = np.maximum(np.exp(-(linear**2) / 2) / np.sqrt(2 * np.pi), 1e-9)
        weight = tried * density**2 / (chance * (1 - chance))
        information = (design * weight[:, None]).T @ design
        target = (design * weight[:, None]).T @ (linear + (share - chance) / density)
        try:
            coefficients = np.linalg.solve(information, target)
        except np.linalg.LinAlgError:
            return nothing
        moved = np.clip(design @ coefficients, -6, 6)
        if np.abs(moved - linear).max() < 1e-9:
            break
        linear = moved
    try:
        return Line(coefficients, np.linalg.inv(information))
    except np.linalg.LinAlgError:
        return nothing


def crossing(line: Line, target: float) -> tuple[float, float, float]:
    """Where a rising line reaches the target, and the 95 % interval; infinite ends if unknown.

    All NaN where the line does not rise.
    """
    (a, b), v = line.coefficients, line.covariance
    if not b > 0:
        return np.nan, np.nan, np.nan
    a = a - special.ndtri(target)
    square = b**2 - Z_95**2 * v[1, 1]
    if square <= 0:
        return -a / b, -np.inf, np.inf
    half = a * b - Z_95**2 * v[0, 1]
    root = np.sqrt(max(half**2 - square * (a**2 - Z_95**2 * v[0, 0]), 0.0))
    return float(-a / b), float((-half - root) / square), float((-half + root) / square)


def isotonic(points: Points) -> np.ndarray:
    """The rising shares nearest to those seen (pool adjacent violators), (K,)."""
    blocks: list[list[float]] = []
    for tried, won in zip(points.tried, points.succeeded, strict=True):
        blocks.append([float(won), float(tried), 1])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] >= blocks[-1][0] / blocks[-1][1]:
            last = blocks.pop()
            blocks[-1] = [a + b for a, b in zip(blocks[-1], last, strict=True)]
    return np.repeat([b[0] / b[1] for b in blocks], [int(b[2]) for b in blocks])


def doubted(points: Points, at: float, target: float) -> bool:
    """Whether the line misfits where it crosses the target, at 2 standard errors.

    Asked are a line with a bend, and the rising curve nearest to the points.
    """
    centred = Points(points.x - at, points.tried, points.succeeded)
    bent = fit_line(centred, 2)
    bends = abs(bent.coefficients[2]) > TOO_FAR * np.sqrt(bent.covariance[2, 2])
    near = np.argsort(np.abs(centred.x), kind="stable")[:NEAREST]
    error = np.sqrt(target * (1 - target) / points.tried[near].sum())
    share = np.interp(at, points.x, isotonic(points))
    return bool(bends or abs(share - target) > TOO_FAR * error)


def falls(points: Points) -> tuple[int, int] | None:
    """Two points between which success surely falls although x rises; None if there are none."""
    share = (points.succeeded + 0.5) / (points.tried + 1)
    variance = share * (1 - share) / points.tried
    drop = (share[:, None] - share[None, :]) / np.sqrt(variance[:, None] + variance[None, :])
    drop = np.where(points.x[:, None] < points.x[None, :], drop, -np.inf)
    first, second = np.unravel_index(int(np.argmax(drop)), drop.shape)
    return (int(first), int(second)) if drop[first, second] > FALLS else None
