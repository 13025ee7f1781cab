"""How often simulated studies succeed, with the error of that count."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.estimators.contract import Fits
from analysis.measures.study import wilson

__all__ = ["Confirmed", "confirmed_share", "significant"]


@dataclass(frozen=True)
class Confirmed:
    """Share of n simulated studies at one size that succeeded.

    Attributes
    ----------
    at : float
    share, mcse, low, high : float
        With its Monte Carlo standard error and 95 % (Wilson) interval.
    n : int
    """

    at: float
    share: float
    mcse: float
    low: float
    high: float
    n: int


def confirmed_share(at: float, won: int, tried: int) -> Confirmed:
    """A share with its Monte Carlo standard error and interval."""
    share = won / tried
    mcse = float(np.sqrt(share * (1 - share) / tried))
    return Confirmed(at, share, mcse, *wilson(won, tried), tried)


def significant(fits: Fits, alpha: float) -> np.ndarray:
    """Whether each study found something at a level, (B,); a failed fit has not."""
    with np.errstate(invalid="ignore"):
        return np.asarray((fits.p <= alpha) & fits.converged)
