"""What patterns are measured with: sums that add up over teams, and what is made of the totals.

A `Stat` holds the sums of one team. Sums of many teams are added before anything is divided, so
that a small team is no noisier than it must be, and leaving one team out is a subtraction; the
Monte Carlo error of every statistic comes from that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

__all__ = [
    "Stat", "correlation", "difference", "hazard_slope", "intraclass", "log_ratio", "mean_stat",
    "median", "partial_correlation", "ratio", "slope", "spread",
]  # fmt: skip

TINY = 1e-12


@dataclass(frozen=True)
class Stat:
    """Sums of one team and how a figure is made of their totals.

    Attributes
    ----------
    parts : ndarray of float64, (k,)
        What adds up over teams.
    value : callable
        Takes totals (..., k), gives figures (...).
    n : int
        Observations behind it, for the reader.
    """

    parts: np.ndarray
    value: Callable[[np.ndarray], np.ndarray]
    n: int = 0

    def __sub__(self, other: Stat) -> Stat:
        return _joined(self, other, lambda a, b: a - b)

    def __truediv__(self, other: Stat) -> Stat:
        return _joined(self, other, lambda a, b: a / np.where(np.abs(b) < TINY, np.nan, b))

    def __mul__(self, other: Stat) -> Stat:
        return _joined(self, other, lambda a, b: a * b)

    def times(self, factor: float) -> Stat:
        """The same figure multiplied."""
        inner = self.value
        return Stat(self.parts, lambda totals: factor * inner(totals), self.n)

    def of(self, function: Callable[[np.ndarray], np.ndarray]) -> Stat:
        """Another figure made of this one."""
        inner = self.value
        return Stat(self.parts, lambda totals: function(inner(totals)), self.n)


def _joined(a: Stat, b: Stat, how: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> Stat:
    cut = a.parts.size

    def value(totals: np.ndarray) -> np.ndarray:
        return how(a.value(totals[..., :cut]), b.value(totals[..., cut:]))

    return Stat(np.concatenate([a.parts, b.parts]), value, max(a.n, b.n))


def _over(totals: np.ndarray) -> np.ndarray:
    below = totals[..., 1]
    return np.where(below == 0, np.nan, totals[..., 0] / np.where(below == 0, 1, below))


def ratio(top: float, bottom: float, n: int | None = None) -> Stat:
    """One sum over another."""
    return Stat(np.array([top, bottom], float), _over, int(bottom) if n is None else n)


def mean_stat(values: np.ndarray, who: np.ndarray | None = None) -> Stat:
    """Mean of values, of those of `who` if given; what is not finite is left out."""
    chosen = (values if who is None else values[who]).astype(np.float64).ravel()
    chosen = chosen[np.isfinite(chosen)]
    return ratio(chosen.sum(), chosen.size)


def difference(values: np.ndarray, one: np.ndarray, other: np.ndarray) -> Stat:
    """Mean of values over `one` less their mean over `other`."""
    return mean_stat(values, one) - mean_stat(values, other)


def log_ratio(a: Stat, b: Stat) -> Stat:
    """Logarithm of one figure over another."""
    return (a / b).of(lambda value: np.log(np.where(value > 0, value, np.nan)))


def spread(values: np.ndarray) -> Stat:
    """Standard deviation."""
    x = values.astype(float)

    def value(t: np.ndarray) -> np.ndarray:
        n = np.maximum(t[..., 0], 1)
        return np.sqrt(np.maximum(t[..., 2] / n - (t[..., 1] / n) ** 2, TINY))

    return Stat(np.array([x.size, x.sum(), (x * x).sum()]), value, x.size)


def median(values: np.ndarray, longest: int) -> Stat:
    """Median of whole numbers from 0 to `longest`, interpolated within the number it falls in."""
    counts = np.bincount(np.clip(values.astype(int), 0, longest), minlength=longest + 1)

    def value(totals: np.ndarray) -> np.ndarray:
        flat = totals.reshape(-1, longest + 1)
        found = np.empty(len(flat))
        for i, row in enumerate(flat):
            below = np.cumsum(row)
            half = below[-1] / 2
            at = int(np.searchsorted(below, half))
            before = below[at - 1] if at else 0.0
            found[i] = at - 0.5 + (half - before) / max(row[min(at, longest)], TINY)
        return found.reshape(totals.shape[:-1])

    return Stat(counts.astype(float), value, int(values.size))


def _moments(columns: Sequence[np.ndarray], who: np.ndarray | None) -> tuple[np.ndarray, int]:
    """Sums of products of 1 and the columns, as one flat array."""
    table = [np.asarray(c if who is None else c[who], np.float64).ravel() for c in columns]
    whole = np.column_stack([np.ones(table[0].size), *table])
    whole = whole[np.isfinite(whole).all(axis=1)]
    return (whole.T @ whole).ravel(), len(whole)


def slope(
    y: np.ndarray, columns: Sequence[np.ndarray], which: int = 0, who: np.ndarray | None = None
) -> Stat:
    """Least-squares slope of y on one of the columns, the others and a constant held fixed."""
    parts, n = _moments([*columns, y], who)
    size = len(columns) + 2

    def value(totals: np.ndarray) -> np.ndarray:
        products = totals.reshape(-1, size, size)
        found = np.full(len(products), np.nan)
        for i, m in enumerate(products):
            if np.linalg.cond(m[:-1, :-1]) < 1 / TINY:
                found[i] = np.linalg.solve(m[:-1, :-1], m[:-1, -1])[which + 1]
        return found.reshape(totals.shape[:-1])

    return Stat(parts, value, n)


def _covariances(totals: np.ndarray, size: int) -> np.ndarray:
    products = totals.reshape(*totals.shape[:-1], size, size)
    n = np.maximum(products[..., :1, :1], 1)
    centre = products[..., :1, 1:] / n
    within: np.ndarray = products[..., 1:, 1:] / n - np.swapaxes(centre, -1, -2) * centre
    return within


def correlation(x: np.ndarray, y: np.ndarray, who: np.ndarray | None = None) -> Stat:
    """Pearson's correlation."""
    parts, n = _moments([x, y], who)

    def value(totals: np.ndarray) -> np.ndarray:
        c = _covariances(totals, 3)
        return c[..., 0, 1] / np.sqrt(np.maximum(c[..., 0, 0] * c[..., 1, 1], TINY))

    return Stat(parts, value, n)


def partial_correlation(
    x: np.ndarray, y: np.ndarray, given: np.ndarray, who: np.ndarray | None = None
) -> Stat:
    """Correlation of x and y, one other variable held fixed."""
    parts, n = _moments([x, y, given], who)

    def value(totals: np.ndarray) -> np.ndarray:
        c = _covariances(totals, 4)
        spread = np.sqrt(np.maximum(np.einsum("...ii->...i", c), TINY))
        r = c / (spread[..., :, None] * spread[..., None, :])
        xy, xz, yz = r[..., 0, 1], r[..., 0, 2], r[..., 1, 2]
        return (xy - xz * yz) / np.sqrt(np.maximum((1 - xz**2) * (1 - yz**2), TINY))

    return Stat(parts, value, n)


def hazard_slope(lost: np.ndarray, x: np.ndarray, who: np.ndarray | None = None) -> Stat:
    """Log hazard ratio per SD of x, to first order: cov(lost, x) / (mean lost * SD of x)."""
    parts, n = _moments([x, lost], who)

    def value(totals: np.ndarray) -> np.ndarray:
        c = _covariances(totals, 3)
        rate = totals[..., 2] / np.maximum(totals[..., 0], 1)
        return c[..., 0, 1] / np.maximum(rate * np.sqrt(np.maximum(c[..., 0, 0], TINY)), TINY)

    return Stat(parts, value, n)


def intraclass(hits: np.ndarray, of: np.ndarray) -> Stat:
    """Intraclass correlation of a yes-or-no over clusters, from hits and trials of each (ANOVA)."""
    hits, of = hits[of > 1].astype(float), of[of > 1].astype(float)
    within = (hits - hits * hits / np.maximum(of, 1)).sum()
    parts = [of.sum(), of.size, hits.sum(), (hits * hits / of).sum(), within, (of * of).sum()]

    def value(t: np.ndarray) -> np.ndarray:
        trials, clusters, positive, squared, inside, sizes = np.moveaxis(t, -1, 0)
        between = (squared - positive**2 / trials) / np.maximum(clusters - 1, 1)
        error = inside / np.maximum(trials - clusters, 1)
        usual = (trials - sizes / trials) / np.maximum(clusters - 1, 1)
        return (between - error) / (between + (usual - 1) * error)

    return Stat(np.array(parts), value, int(of.sum()))
