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
    asked: Enquiry, study: TieStudy, counts: TieCounts, fit: Callable[..., Fits]
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
        From outcomes (B, n, 1), a design (n, 1, p), a contrast and weights (B, n, 1) to estimates.
    """
    second = study.arm == asked.arms[1] if len(asked.arms) == 2 else np.zeros(study.arm.size, bool)
    signs = np.array([1.0, -1.0] if len(asked.arms) == 2 else [1.0])
    lost = counts.lost[:, :, asked.wave]
    if np.unique(second).size < signs.size:
        nothing = np.full(len(lost), np.nan)
        return fits_of(nothing, nothing, 1.0, np.zeros(len(lost), bool))
    X = np.eye(signs.size)[second.astype(int)][:, None, :]
    share, named = (lost / counts.named)[..., None], counts.named[..., None]
    return fit(share, X, signs, weights=named, level=level(asked))
