"""Who bears a loss: concentration curve and index, from subgroups ranked by what they have.

For losses that cannot be negative: where some gain, shares of the whole mean nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.errors import InputError

__all__ = ["Concentration", "concentration"]


class Concentration(NamedTuple):
    """A curve and its index.

    Attributes
    ----------
    people, loss : ndarray, (groups + 1,)
        Cumulated shares from those who have least, beginning with zero.
    skew : float
        Twice the area between diagonal and curve: below zero where those who have least lose more
        than their share, 0 where each loses as much, above zero where others do.
    """

    people: np.ndarray
    loss: np.ndarray
    skew: float


def concentration(people: Sequence[float], loss: Sequence[float]) -> Concentration:
    """From the people of each group, those who have least first, and what each of them loses.

    Kakwani, Wagstaff and van Doorslaer (1997) have the index of grouped data.

    Raises
    ------
    InputError
        If a loss is negative, or nothing is lost.
    """
    n, lost = np.array(people, float), np.array(people, float) * np.array(loss, float)
    if (lost < 0).any() or lost.sum() <= 0:
        raise InputError("a concentration curve is of losses: none below zero, and one above it")
    share = np.concatenate([[0.0], np.cumsum(n) / n.sum()])
    of_loss = np.concatenate([[0.0], np.cumsum(lost) / lost.sum()])
    area = float((np.diff(share) * (of_loss[1:] + of_loss[:-1])).sum())
    return Concentration(share, of_loss, 1 - area)
