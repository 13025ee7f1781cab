"""The law of ties in a planned panel, in tables from which people are drawn.

What a person draws is the mean of one of CELLS parts of a distribution that are equally likely: the
beta distribution of the share kept, in each arm and at each wave, and a gamma distribution of the
members named beyond the first, which chance rounds up or down. Means are thereby those of the study
file to rounding. One place in the distribution holds for all waves, so that who keeps more at one
does at another.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import special

from analysis.questions.ties import PanelTies

__all__ = ["CELLS", "NamedAtFirst", "kept_by_place", "named_at_first"]

CELLS = 4096
OF_ROUNDING = 1 / 6
"""Variance that rounding by chance adds, on average over the parts of a number."""


class NamedAtFirst(NamedTuple):
    """Members named at baseline.

    Attributes
    ----------
    places : ndarray of float64, (CELLS,)
        By place in the distribution; chance rounds up by the part beyond the whole number.
    chances : ndarray of float64, (most + 1,)
        Of naming 0, 1, 2, ... members.
    """

    places: np.ndarray
    chances: np.ndarray

    @property
    def mean(self) -> float:
        """Members a person names."""
        return float(self.chances @ np.arange(self.chances.size))

    @property
    def weighted_mean(self) -> float:
        """Members of the person whom a member drawn from all belongs to: sum m^2 / sum m."""
        return float(self.chances @ np.arange(self.chances.size) ** 2) / self.mean


def named_at_first(ties: PanelTies) -> NamedAtFirst:
    """How many members people name."""
    variance = ties.number_sd**2 - OF_ROUNDING
    beyond = ties.number - 1
    if variance <= 0 or beyond <= 0:
        places = np.full(CELLS, ties.number)
    else:
        shape, by = beyond**2 / variance, variance / beyond
        edges = special.gammaincinv(shape, np.arange(CELLS + 1) / CELLS)
        places = 1 + by * shape * CELLS * np.diff(special.gammainc(shape + 1, edges))
    whole = np.floor(places).astype(int)
    up = places - whole
    chances = np.bincount(whole, 1 - up, whole.max() + 2) + np.bincount(
        whole + 1, up, whole.max() + 2
    )
    return NamedAtFirst(places, chances / CELLS)


def kept_by_place(kept: float, icc: float) -> np.ndarray:
    """Share kept by place in its beta distribution between people, (CELLS,).

    Parameters
    ----------
    kept
        Its mean.
    icc
        Its variance is icc kept (1 - kept).
    """
    if icc <= 0:
        return np.full(CELLS, kept)
    size = 1 / icc - 1
    a, b = kept * size, (1 - kept) * size
    edges = special.betaincinv(a, b, np.arange(CELLS + 1) / CELLS)
    return np.clip(kept * CELLS * np.diff(special.betainc(a + 1, b, edges)), 0.0, 1.0)
