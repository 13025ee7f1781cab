"""Mean, slope and variance of an outcome at a value of the linear predictor."""

import numpy as np
from numba.extending import register_jitable

from sim.world.compiled import inlined

__all__ = ["CLOGLOG", "IDENTITY", "LOG", "LOGIT", "moments", "on_the_way_to_infinity", "start"]

IDENTITY, LOGIT, LOG, CLOGLOG = 0, 1, 2, 3
FARTHEST = 30.0
"""A chance of 1 - exp(-30) or exp(-30) is no estimate but a fit on its way to infinity."""


@inlined
def moments(link: int, eta: float) -> tuple[float, float, float]:
    """Mean, its derivative, and the variance function: 1, mu (1 - mu), mu, mu (1 - mu)."""
    if link == IDENTITY:
        return eta, 1.0, 1.0
    if link == LOGIT:
        mean = 1.0 / (1.0 + np.exp(-eta))
        variance = mean / (1.0 + np.exp(eta))
        return mean, variance, variance
    rate = np.exp(eta)
    if link == LOG:
        return rate, rate, rate
    kept = np.exp(-rate)
    mean = -np.expm1(-rate)
    return mean, rate * kept, mean * kept


@inlined
def on_the_way_to_infinity(link: int, eta: float) -> bool:
    """Whether a linear predictor is one that only separation or a lack of events leads to."""
    if link == IDENTITY:
        return False
    if eta < -FARTHEST:
        return True
    return (link == LOGIT and eta > FARTHEST) or (link == CLOGLOG and np.exp(eta) > FARTHEST)


@register_jitable
def start(link: int, y: float, mean: float) -> float:
    """A first linear predictor for an outcome, drawn towards the middle; `mean` of all outcomes."""
    if link == LOG:
        return np.log(0.5 * (y + mean))
    share = 0.5 * (y + 0.5)
    if link == LOGIT:
        return np.log(share / (1.0 - share))
    return np.log(-np.log(1.0 - share))
