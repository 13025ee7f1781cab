"""Measures of how an analysis performs over simulated studies, each with its Monte Carlo error.

Formulas of Morris, White and Crowther 2019 (doi 10.1002/sim.8086, Table 6). A measure is taken over
the replicates that have an estimate; `converged` says how many those are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from analysis.estimators.contract import Fits

__all__ = [
    "MEASURES",
    "Measured",
    "mean_measured",
    "paired_difference",
    "paired_proportions",
    "performance",
    "relative_precision",
    "share_of",
    "simulations_for",
]


class Measured(NamedTuple):
    """A measure, its Monte Carlo standard error, and the replicates it was taken over."""

    value: float
    mcse: float
    n: int


MEASURES: Mapping[str, str] = {
    "bias": "mean of estimate less truth",
    "relative_bias": "mean of (estimate less truth) over truth",
    "empirical_se": "SD of the estimates about the truth of each study",
    "mse": "mean squared error",
    "rmse": "root mean squared error",
    "model_se": "root mean square of the standard errors",
    "relative_error_se": "model_se over empirical_se, less 1, in percent",
    "coverage": "share of intervals that hold the truth",
    "bias_eliminated_coverage": "the same about the mean estimate",
    "power": "share with p at most alpha",
    "power_failures_count": "the same, failed fits counted as not significant",
    "width": "mean width of the interval",
    "converged": "share of studies with a fit",
    "type_s": "share of the wrong sign among the significant",
    "type_m": "mean of |estimate / truth| among the significant",
}


def performance(
    fits: Fits, truth: float | np.ndarray, *, alpha: float = 0.05
) -> dict[str, Measured]:
    """Every measure there is.

    Parameters
    ----------
    fits
        Of B replicates.
    truth
        Of all, or of each, (B,).
    alpha
        Level of significance.

    Returns
    -------
    dict
        Of `MEASURES`; NaN where a measure has no meaning, as a relative bias of zero.
    """
    used = np.asarray(fits.converged, bool)
    true = np.broadcast_to(np.asarray(truth, np.float64), used.shape)[used]
    b, s, lo, hi, p = (
        np.asarray(one)[used] for one in (fits.estimate, fits.se, fits.lo, fits.hi, fits.p)
    )
    error, n = b - true, int(used.sum())
    hits, about = p <= alpha, np.mean(error) if n else np.nan
    relative = np.where(true == 0, np.nan, error) / np.where(true == 0, 1, true)
    found = {
        "bias": mean_measured(error),
        "relative_bias": mean_measured(relative),
        "mse": mean_measured(error**2),
        "coverage": share_of((lo <= true) & (true <= hi)),
        "bias_eliminated_coverage": share_of((lo <= true + about) & (true + about <= hi)),
        "power": share_of(hits),
        "power_failures_count": Measured(*share_of(_padded(hits, used.size))[:2], used.size),
        "width": mean_measured(hi - lo),
        "converged": share_of(used),
        "type_s": share_of((np.sign(b) != np.sign(true))[hits]),
        "type_m": mean_measured(np.abs(1 + relative)[hits]),
    }
    found |= _standard_errors(error, s)
    mse = found["mse"]
    root = np.sqrt(mse.value)
    found["rmse"] = Measured(root, mse.mcse / (2 * root) if root > 0 else np.nan, n)
    return {name: found[name] for name in MEASURES}


def _standard_errors(error: np.ndarray, s: np.ndarray) -> dict[str, Measured]:
    n = error.size
    if n < 2:
        nothing = Measured(np.nan, np.nan, n)
        return dict.fromkeys(("empirical_se", "model_se", "relative_error_se"), nothing)
    empirical = float(error.std(ddof=1))
    model = float(np.sqrt((s**2).mean()))
    spread = float((s**2).var(ddof=1))
    ratio = model / empirical if empirical > 0 else np.nan
    own = spread / (4 * n * model**4)
    return {
        "empirical_se": Measured(empirical, empirical / np.sqrt(2 * (n - 1)), n),
        "model_se": Measured(model, float(np.sqrt(spread / (4 * n * model**2))), n),
        "relative_error_se": Measured(
            100 * (ratio - 1), float(100 * ratio * np.sqrt(own + 1 / (2 * (n - 1)))), n
        ),
    }


def relative_precision(one: Fits, other: Fits) -> Measured:
    """By how many percent `other` is more precise than `one`, over the same replicates."""
    both = np.asarray(one.converged, bool) & np.asarray(other.converged, bool)
    a, b = one.estimate[both], other.estimate[both]
    n = int(both.sum())
    if n < 3:
        return Measured(np.nan, np.nan, n)
    ratio = float(a.var(ddof=1) / b.var(ddof=1))
    together = float(np.corrcoef(a, b)[0, 1])
    return Measured(100 * (ratio - 1), float(200 * ratio * np.sqrt((1 - together**2) / (n - 1))), n)


def paired_difference(values: np.ndarray, others: np.ndarray) -> Measured:
    """Mean of the differences of two scenarios or methods over the same replicates."""
    return mean_measured(np.asarray(values, np.float64) - np.asarray(others, np.float64))


def paired_proportions(first: np.ndarray, second: np.ndarray) -> Measured:
    """Difference of two shares over the same replicates, from the discordant pairs (McNemar)."""
    first, second = np.asarray(first, bool), np.asarray(second, bool)
    n, only, other = first.size, int((first & ~second).sum()), int((~first & second).sum())
    gap = only - other
    return Measured(gap / n, float(np.sqrt(only + other - gap**2 / n)) / n, n)


def simulations_for(share: float, mcse: float) -> int:
    """Replicates at which a share has this Monte Carlo standard error.

    Examples
    --------
    >>> simulations_for(0.95, 0.005), simulations_for(0.5, 0.005), simulations_for(0.8, 0.01)
    (1900, 10000, 1600)
    """
    return int(np.ceil(round(share * (1 - share) / mcse**2, 6)))


def mean_measured(values: np.ndarray) -> Measured:
    """The mean of some values with its Monte Carlo standard error."""
    n = values.size
    if n < 2:
        return Measured(float(values.mean()) if n else np.nan, np.nan, n)
    return Measured(float(values.mean()), float(values.std(ddof=1) / np.sqrt(n)), n)


def share_of(hits: np.ndarray) -> Measured:
    """A share of studies with its Monte Carlo error; NaN of none."""
    n = hits.size
    if not n:
        return Measured(np.nan, np.nan, 0)
    share = float(hits.mean())
    return Measured(share, float(np.sqrt(share * (1 - share) / n)), n)


def _padded(hits: np.ndarray, n: int) -> np.ndarray:
    return np.concatenate([hits, np.zeros(n - hits.size, bool)])
