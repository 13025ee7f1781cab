"""A probit line through successes, straight or bent, and where it crosses a target.

One simulated study may be looked at in several sizes. Its successes then go together, which leaves
the line where it is and changes what is known of it: the covariance is taken over studies, however
their statistic is distributed (sandwich; Liang and Zeger 1986, doi 10.1093/biomet/73.1.13).

The interval of the crossing is Fieller's: all x at which the line is not told from the target. It
is honest where a delta-method interval is too short, and unbounded where the slope is not known.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import special

__all__ = [
    "BentCrossing",
    "FittedLine",
    "Looks",
    "Points",
    "bent_crossing",
    "crossing",
    "falls",
    "fit_line",
    "fit_looks",
    "isotonic",
]

CAUTION = 0.02
"""Successes and failures added at each point, so that points that all succeed still have a fit."""

STEPS = 60
Z_95 = float(special.ndtri(0.975))
FALLS = 4.5
"""Standard errors by which success must fall between two sizes to be called falling."""
FALLS_LEAST = 50


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


class Looks(NamedTuple):
    """Studies looked at one by one; arrays (L,).

    Attributes
    ----------
    study : ndarray of int
        Looks at one study share its number.
    x : ndarray of float64
    won : ndarray
        Whether it succeeded, or a value whose mean is how often that is.
    """

    study: np.ndarray
    x: np.ndarray
    won: np.ndarray

    @property
    def points(self) -> Points:
        """Studies and successes by x."""
        x, place = np.unique(self.x, return_inverse=True)
        won = np.bincount(place, self.won)
        return Points(x, np.bincount(place).astype(np.float64), won)

    @property
    def studies(self) -> int:
        """Different studies among them."""
        return np.unique(self.study).size

    def within(self, low: float, high: float) -> Looks:
        """The looks at x from low to high."""
        keep = (self.x >= low) & (self.x <= high)
        return Looks(self.study[keep], self.x[keep], self.won[keep])


class FittedLine(NamedTuple):
    """Coefficients of a probit fit in powers of x and their covariance, (q,) and (q, q)."""

    coefficients: np.ndarray
    covariance: np.ndarray


def fit_line(points: Points, degree: int = 1) -> FittedLine:
    """Maximum likelihood by Fisher scoring; NaN where the points do not determine it."""
    x, tried = points.x, points.tried + 2 * CAUTION
    share = (points.succeeded + CAUTION) / tried
    design = np.vander(x, degree + 1, increasing=True)
    nothing = FittedLine(np.full(degree + 1, np.nan), np.full((degree + 1, degree + 1), np.nan))
    if np.unique(x).size <= degree:
        return nothing
    linear = special.ndtri(share)
    information = np.eye(degree + 1)
    for _ in range(STEPS):
        chance, density = _normal(linear)
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
        return FittedLine(coefficients, np.linalg.inv(information))
    except np.linalg.LinAlgError:
        return nothing


def fit_looks(looks: Looks, degree: int = 1) -> FittedLine:
    """The line of `fit_line` through all looks, its covariance over studies."""
    points = looks.points
    line = fit_line(points, degree)
    if not np.isfinite(line.coefficients).all():
        return line
    design = np.vander(points.x, degree + 1, increasing=True)
    chance, density = _normal(np.clip(design @ line.coefficients, -6, 6))
    design *= (density / (chance * (1 - chance)))[:, None]
    place = np.searchsorted(points.x, looks.x)
    scores = design[place] * (looks.won - chance[place])[:, None]
    _, study = np.unique(looks.study, return_inverse=True)
    each = np.stack([np.bincount(study, one) for one in scores.T])
    small = each.shape[1] / max(each.shape[1] - degree - 1, 1)
    caution = CAUTION * (chance**2 + (1 - chance) ** 2)
    middle = small * each @ each.T + (design * caution[:, None]).T @ design
    return line._replace(covariance=line.covariance @ middle @ line.covariance)


def _normal(linear: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Chance and density of a probit, kept off zero and one."""
    chance = np.clip(special.ndtr(linear), 1e-9, 1 - 1e-9)
    return chance, np.maximum(np.exp(-(linear**2) / 2) / np.sqrt(2 * np.pi), 1e-9)


def crossing(line: FittedLine, target: float) -> tuple[float, float, float]:
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


class BentCrossing(NamedTuple):
    """Where a bent line reaches the target, its 95 % interval, and how it rises there."""

    at: float
    low: float
    high: float
    rise: float


def bent_crossing(looks: Looks, middle: float, target: float) -> BentCrossing:
    """Where a probit parabola through looks rises through the target, nearest to a middle.

    The interval is that of the parabola's tangent there. All NaN where it does not cross.
    """
    bent = fit_looks(looks._replace(x=looks.x - middle), 2)
    a, b, c = bent.coefficients
    a = a - special.ndtri(target)
    square = b**2 - 4 * a * c
    if not (square > 0 and b + np.sqrt(square) > 0):
        return BentCrossing(np.nan, np.nan, np.nan, np.nan)
    step = -2 * a / (b + np.sqrt(square))
    to_tangent = np.array([[1.0, step, step**2], [0.0, 1.0, 2 * step]])
    there = np.array([special.ndtri(target), np.sqrt(square)])
    tangent = FittedLine(there, to_tangent @ bent.covariance @ to_tangent.T)
    _, low, high = crossing(tangent, target)
    at = middle + step
    return BentCrossing(float(at), at + low, at + high, float(np.sqrt(square)))


def isotonic(points: Points) -> np.ndarray:
    """The rising shares nearest to those seen (pool adjacent violators), (K,)."""
    blocks: list[list[float]] = []
    for tried, won in zip(points.tried, points.succeeded, strict=True):
        blocks.append([float(won), float(tried), 1])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] >= blocks[-1][0] / blocks[-1][1]:
            last = blocks.pop()
            blocks[-1] = [a + b for a, b in zip(blocks[-1], last, strict=True)]
    return np.repeat([b[0] / b[1] for b in blocks], [int(b[2]) for b in blocks])


def falls(points: Points) -> tuple[int, int] | None:
    """Two points between which success surely falls although x rises; None if there are none.

    Points of few studies are not asked: among many of them some two are far apart by chance.
    """
    share = (points.succeeded + 1) / (points.tried + 2)
    variance = share * (1 - share) / points.tried
    drop = (share[:, None] - share[None, :]) / np.sqrt(variance[:, None] + variance[None, :])
    asked = (points.x[:, None] < points.x[None, :]) & (points.tried[:, None] >= FALLS_LEAST)
    drop = np.where(asked & (points.tried[None, :] >= FALLS_LEAST), drop, -np.inf)
    first, second = np.unravel_index(int(np.argmax(drop)), drop.shape)
    return (int(first), int(second)) if drop[first, second] > FALLS else None
