"""Designs that no other beats in money and power at once."""

from __future__ import annotations

import numpy as np

__all__ = ["FRONT", "NEAR", "standing"]

FRONT, NEAR, BEATEN = "front", "near", "beaten"
SURELY = 2.0
"""Paired Monte Carlo standard errors by which one design must beat another to be said to."""


def standing(cost: np.ndarray, succeeded: np.ndarray) -> list[str]:
    """Where each of K designs stands: "front", "near" or "beaten".

    "front": no other costs as little and succeeds as often. "near": some do, but none by more than
    `SURELY` paired Monte Carlo standard errors. "beaten": the rest.

    Parameters
    ----------
    cost : ndarray, (K,)
    succeeded : ndarray of bool, (B, K)
        The same B replicates of each.
    """
    won = succeeded.astype(np.float64)
    share, studies = won.mean(axis=0), won.shape[0]
    both = won.T @ won / studies
    gap = share[:, None] - share[None, :]
    differ = share[:, None] + share[None, :] - 2 * both  # share of studies in which the two differ
    error = np.sqrt(np.maximum(differ - gap**2, 0.0) / studies)
    cheap = cost[:, None] <= cost[None, :]
    strictly = (gap > 0) | (cost[:, None] < cost[None, :])
    beats = cheap & (gap >= 0) & strictly
    surely = cheap & (gap > SURELY * error) & (gap > 0)
    return [
        FRONT if not beats[:, k].any() else BEATEN if surely[:, k].any() else NEAR
        for k in range(cost.size)
    ]
