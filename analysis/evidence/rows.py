"""One row of evidence: a published figure, what the simulation says, and whether they agree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = [
    "KINDS", "EvidenceRow", "count_row", "drift_row", "limit_row", "mean_row", "rate_row",
    "ratio_of_means", "share_row",
]  # fmt: skip

KINDS = ("mean", "count", "rate", "pairing", "drift")


@dataclass(frozen=True)
class EvidenceRow:
    """One target and what the simulation says.

    Attributes
    ----------
    quantity, source : str
        What; ids of scenarios/sources.toml, "" for what the design itself asks.
    kind : str
        One of `KINDS`.
    target : float
        The published figure; for a rate the middle of its bounds; for a limit the limit.
    simulated, mcse : float
        Mean over n, and its Monte Carlo standard error.
    low, high : float
        What must hold: for a mean the tolerated band around the target, for a count the 95 %
        predictive interval, otherwise the bounds; infinite where there is none.
    n : int
        Studies, teams, egos, pairs or events, as fits.
    holds : bool
    """

    quantity: str
    source: str
    kind: str
    target: float
    simulated: float
    mcse: float
    low: float
    high: float
    n: int
    holds: bool


def mean_row(
    quantity: str, source: str, target: float, values: np.ndarray, within: float
) -> EvidenceRow:
    """A mean over replicates that must lie within `within` of its target."""
    mean, mcse = float(values.mean()), float(values.std(ddof=1) / np.sqrt(values.size))
    low, high = target - within, target + within
    holds = low <= mean <= high
    return EvidenceRow(quantity, source, "mean", target, mean, mcse, low, high, values.size, holds)


def count_row(quantity: str, source: str, target: float, values: np.ndarray) -> EvidenceRow:
    """A count published of one study, to lie in the 95 % predictive interval of simulated ones."""
    low, high = (float(v) for v in np.quantile(values, [0.025, 0.975], method="nearest"))
    mean, mcse = float(values.mean()), float(values.std(ddof=1) / np.sqrt(values.size))
    holds = low <= target <= high
    return EvidenceRow(quantity, source, "count", target, mean, mcse, low, high, values.size, holds)


def rate_row(
    quantity: str, source: str, bounds: tuple[float, float], value: float, mcse: float, n: int
) -> EvidenceRow:
    """A rate or level that must lie inside the bounds of the evidence."""
    low, high = bounds
    holds = low <= value <= high
    return EvidenceRow(quantity, source, "rate", (low + high) / 2, value, mcse, low, high, n, holds)


def share_row(
    quantity: str, source: str, bounds: tuple[float, float], hits: int, n: int
) -> EvidenceRow:
    """A share of independent cases that must lie inside the bounds of the evidence."""
    share = hits / max(n, 1)
    mcse = float(np.sqrt(share * (1 - share) / max(n, 1)))
    return rate_row(quantity, source, bounds, share, mcse, n)


def limit_row(
    quantity: str,
    kind: str,
    value: float,
    mcse: float,
    n: int,
    *,
    at_least: float = -np.inf,
    at_most: float = np.inf,
) -> EvidenceRow:
    """A figure that must not be beyond one limit."""
    target = at_least if np.isfinite(at_least) else at_most
    holds = at_least <= value <= at_most
    return EvidenceRow(quantity, "", kind, target, value, mcse, at_least, at_most, n, holds)


def drift_row(quantity: str, value: float, mcse: float, n: int, within: float) -> EvidenceRow:
    """A change a year that must lie within so much of none."""
    holds = abs(value) <= within
    return EvidenceRow(quantity, "", "drift", 0.0, value, mcse, -within, within, n, holds)


def ratio_of_means(top: np.ndarray, bottom: np.ndarray) -> tuple[float, float]:
    """Ratio of means over independent teams, and its standard error (delta method)."""
    ratio = top.sum() / max(bottom.sum(), 1e-9)
    spread = np.std(top - ratio * bottom, ddof=1) / max(bottom.mean(), 1e-9)
    return float(ratio), float(spread / np.sqrt(top.size))
