"""Figures with the part that each team has in their error, from which errors of others follow.

Teams are lived independently of each other. The part of a team is how far it moves a figure, to
first order; parts add up to zero, and what is made of figures (differences, ratios) has the parts
that follow. So a difference of differences, or a ratio of two means of the same teams, needs no
formula of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

__all__ = ["Figures", "per_person"]

CONFIDENCE = 0.95
TWO_SIDED = (1 + CONFIDENCE) / 2


@dataclass(frozen=True)
class Figures:
    """Some figures of the same teams.

    Attributes
    ----------
    value : ndarray, (...)
    parts : ndarray, (teams, ...)
        Of each team in the error.
    strata : ndarray of int, (teams,)
        Which place of the world a team is; places may differ, replicates of one do not.
    """

    value: np.ndarray
    parts: np.ndarray
    strata: np.ndarray

    @cached_property
    def mcse(self) -> np.ndarray:
        """Monte Carlo standard errors: between replicates of each place; nan with one of each."""
        return np.sqrt(np.array([square for square, _ in self._of_places]).sum(axis=0))

    @cached_property
    def reach(self) -> np.ndarray:
        """Half-widths of 95 % intervals, by Student's t with Satterthwaite's degrees of freedom.

        What happens to few is skewed over teams: an estimate that is too small comes with an error
        that is too small. Intervals are wider by what Edgeworth's expansion of a mean over its
        error has for that (Hall 1992, The Bootstrap and Edgeworth Expansion, section 2.6): 13.5 %
        with eight replicates of skewness one. What it has for heavy tails is a fifteenth of that.
        """
        from scipy.special import ndtri, stdtrit

        squares = np.array([square for square, _ in self._of_places])
        free = np.array([n - 1 for _, n in self._of_places], float)
        if (free == 0).any():
            return np.full(np.shape(self.value), np.nan)
        whole = squares.sum(axis=0)
        each = (squares**2 / free.reshape(-1, *[1] * np.ndim(whole))).sum(axis=0)
        df = np.where(each > 0, whole**2 / np.where(each > 0, each, 1), free.sum())
        z = ndtri(TWO_SIDED)
        wider = 1 + self._skewness**2 * (z**4 + 2 * z**2 - 3) / 18
        return self.mcse * stdtrit(df, TWO_SIDED) * wider

    @property
    def _skewness(self) -> np.ndarray:
        """Of the figures: of a part of a team, over the root of how many teams there are."""
        spread = np.sqrt((self._apart**2).sum(axis=0))
        return ((self._apart / np.where(spread > 0, spread, 1)) ** 3).sum(axis=0)

    @cached_property
    def _apart(self) -> np.ndarray:
        """Parts less the mean of those of their place, (teams, ...)."""
        apart = self.parts.astype(float)
        for place in np.unique(self.strata):
            apart[self.strata == place] -= apart[self.strata == place].mean(axis=0)
        return apart

    @cached_property
    def _of_places(self) -> list[tuple[np.ndarray, int]]:
        """The part of each place in the squared errors, and its replicates."""
        found = []
        for place in np.unique(self.strata):
            mine = self._apart[self.strata == place]
            n = len(mine)
            scale = n / (n - 1) if n > 1 else np.nan
            found.append(((mine**2).sum(axis=0) * scale, n))
        return found

    @property
    def clear(self) -> np.ndarray:
        """Whether the interval leaves zero out."""
        return np.abs(self.value) > self.reach

    def at(self, *index: int | slice) -> Figures:
        """Some of the figures."""
        return Figures(self.value[index], self.parts[(slice(None), *index)], self.strata)

    def less(self, other: Figures) -> Figures:
        """What these figures exceed others by."""
        return Figures(self.value - other.value, self.parts - other.parts, self.strata)

    def plus(self, other: Figures) -> Figures:
        """The sum of these figures and others."""
        return Figures(self.value + other.value, self.parts + other.parts, self.strata)

    def over(self, other: Figures) -> Figures:
        """Ratios of these figures to others."""
        ratio = self.value / other.value
        return Figures(ratio, (self.parts - ratio * other.parts) / other.value, self.strata)

    def by(self, other: Figures) -> Figures:
        """The product of these figures and others."""
        return Figures(
            self.value * other.value, self.parts * other.value + self.value * other.parts,
            self.strata,
        )  # fmt: skip

    def short_of(self, whole: float) -> Figures:
        """What these figures leave of a number."""
        return Figures(whole - self.value, -self.parts, self.strata)

    def times(self, factor: float) -> Figures:
        """The figures in another unit."""
        return Figures(self.value * factor, self.parts * factor, self.strata)


def per_person(sums: np.ndarray, people: np.ndarray, strata: np.ndarray) -> Figures:
    """Sums over teams a person.

    Parameters
    ----------
    sums : ndarray, (teams, ...)
    people : ndarray, (teams,)
    strata : ndarray of int, (teams,)
    """
    n = max(float(people.sum()), 1.0)
    value = sums.sum(axis=0) / n
    left = sums - people.reshape(-1, *[1] * (sums.ndim - 1)) * value
    return Figures(value, left / n, strata)
