"""Ties counted person by person, in many studies at once, and what an estimator makes of them.

Where every tie of a person is in the same group, estimating equations need no row a tie: a row a
person, which has the share lost and the number of ties as its weight, gives the same sums.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from analysis.estimators.asked import Enquiry, TieCounts, TieStudy, level
from analysis.estimators.contract import Fits, fits_of

__all__ = ["counts_in_groups"]


def counts_in_groups(
    asked: Enquiry, study: TieStudy, counts: TieCounts, fit: Callable[..., Fits], *, weighted: bool
) -> Fits:
    """The estimates from studies of people in arms; no fits where an arm has nobody.

    Parameters
    ----------
    asked
        Names two arms, or is about everybody there is.
    study
        Whose people those of `counts` are.
    counts
        Of the studies.
    fit
        From outcomes (B, n, m), a design (n, m, p) and a contrast to estimates.
    weighted
        Whether `fit` takes weights of rows; it is given a row a tie if not.
    """
    second = study.arm == asked.arms[1] if len(asked.arms) == 2 else np.zeros(study.arm.size, bool)
    signs = np.array([1.0, -1.0] if len(asked.arms) == 2 else [1.0])
    lost = counts.lost[:, :, asked.wave]
    if np.unique(second).size < signs.size:
        nothing = np.full(len(lost), np.nan)
        return fits_of(nothing, nothing, 1.0, np.zeros(len(lost), bool))
    X = np.eye(signs.size)[second.astype(int)][:, None, :]
    if weighted:
        share, named = (lost / counts.named)[..., None], counts.named[..., None]
        return fit(share, X, signs, weights=named, level=level(asked))
    y = _row_a_tie(lost, counts.named)
    return fit(y, np.repeat(X, y.shape[2], axis=1), signs, level=level(asked))


def _row_a_tie(lost: np.ndarray, named: np.ndarray) -> np.ndarray:
    """1 for each tie lost, 0 for one kept, NaN for none or no map, (B, n, most named)."""
    place = np.arange(int(named.max()))
    rows = np.where(place < lost[..., None], 1.0, 0.0)
    there = np.isfinite(lost[..., None]) & (place < named[..., None])
    return np.where(there, rows, np.nan)
