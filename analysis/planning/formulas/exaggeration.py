"""How far significant results of a small study mislead: wrong sign (S) and exaggeration (M).

Closed forms of Gelman and Carlin 2014 (doi 10.1177/1745691614551642), for a normal estimate.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import optimize, special

__all__ = ["Exaggeration", "exaggeration", "power_of_type_m"]

SQRT_2PI = float(np.sqrt(2 * np.pi))


class Exaggeration(NamedTuple):
    """Power; chance of the wrong sign, and mean of |estimate / truth|, given significance."""

    power: float
    type_s: float
    type_m: float


def exaggeration(effect: float, se: float, alpha: float = 0.05) -> Exaggeration:
    """Power, type S and type M of a two-sided normal test.

    Examples
    --------
    >>> [round(x, 2) for x in exaggeration(2.0, 8.1)]
    [0.06, 0.24, 9.54]
    """
    shift, z = abs(effect) / se, float(special.ndtri(1 - alpha / 2))
    right, wrong = float(special.ndtr(shift - z)), float(special.ndtr(-shift - z))
    power = right + wrong
    size = _density(z - shift) + _density(z + shift) + shift * (right - wrong)
    return Exaggeration(power, wrong / power, size / (shift * power))


def power_of_type_m(type_m: float, alpha: float = 0.05) -> float:
    """The power at which significant estimates exaggerate by this factor on average.

    Examples
    --------
    >>> round(power_of_type_m(1.12), 2)
    0.81
    """

    def surplus(log_shift: float) -> float:
        return exaggeration(float(np.exp(log_shift)), 1.0, alpha).type_m - type_m

    found = float(np.exp(optimize.brentq(surplus, -9.0, 3.5)))
    return exaggeration(found, 1.0, alpha).power


def _density(z: float) -> float:
    return float(np.exp(-(z**2) / 2)) / SQRT_2PI
