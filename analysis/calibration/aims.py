"""Targets with their errors, as a fit takes them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.calibration.posterior import Aim
from analysis.calibration.statistics import (
    STATISTICS,
    CohortColumns,
    covariance_of_samples,
    evaluate,
)
from analysis.calibration.targets import Target

__all__ = ["aim_at"]


def aim_at(
    targets: Sequence[Target], rows: np.ndarray, columns: CohortColumns, rng: np.random.Generator
) -> Aim:
    """Targets with the errors that they state, or that follow from how many they were taken over.

    Where only n is given, the error is that of samples of n simulated people, or for a share that
    of n counted things. Where both are given, as for a pilot, the larger error holds: a pilot in
    which nobody lost a partner has no spread of its own to tell its error by. Means of the same n
    people vary together as they do in simulated samples.

    Parameters
    ----------
    targets : sequence of Target
    rows : ndarray, (people, C)
        Of a simulated cohort.
    columns : Columns
    """
    keys = tuple(one.key for one in targets)
    counts, var = np.full(len(keys), np.nan), np.zeros(len(keys))
    correlation = np.eye(len(keys))
    model = evaluate(rows.sum(axis=0), columns, keys)
    for n in sorted({one.n for one in targets if one.n is not None}):
        mine = np.array([one.n == n for one in targets])
        sampled = covariance_of_samples(rows, columns, keys, n, rng)
        spread = np.diag(sampled)
        for k in np.flatnonzero(mine).tolist():
            one = targets[k]
            if STATISTICS[one.key.name].scale == "mean":
                var[k] = max(spread[k], (one.se or 0) ** 2)
            elif one.se is None:
                counts[k] = n
            else:
                counts[k] = _count(one.value, one.se, model[k], spread[k])
        sd = np.sqrt(np.maximum(spread, 1e-30))
        together = np.ix_(mine, mine)
        correlation[together] = (sampled / np.outer(sd, sd))[together]
    for k, one in enumerate(targets):
        if one.n is None and one.se is not None:
            if STATISTICS[one.key.name].scale == "mean":
                var[k] = one.se**2
            else:
                counts[k] = one.value * (1 - one.value) / one.se**2
    np.fill_diagonal(correlation, 1)
    sd = np.sqrt(var)
    return Aim(
        keys, np.array([one.value for one in targets]), correlation * np.outer(sd, sd), counts
    )


def _count(value: float, se: float, model: float, var: float) -> float:
    """How many independent things a share is worth: the fewer of what its error and a model say."""
    simulated = model * (1 - model) / max(var, 1e-12)
    own = value * (1 - value) / se**2 if se > 0 else np.inf
    return float(max(min(simulated, own if own > 0 else np.inf), 1.0))
