"""A planned study as formulas of power take it: plain numbers, and people by size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from analysis.estimators.asked import Enquiry

__all__ = ["Design", "Form"]

EVERYBODY = 1_000_000


class Form(NamedTuple):
    """A formula.

    Attributes
    ----------
    power : callable
        The chance of success, of the number of people.
    source : str
    caveat : str
        In what it is an approximation; empty if in nothing.
    call : callable or None
        From a wanted chance to a call of R that gives the same number, of people or clusters seen
        in each arm; None where no such call is known.
    """

    power: Callable[[int], float]
    source: str
    caveat: str = ""
    call: Callable[[float], str] | None = None

    @property
    def exact(self) -> bool:
        """Whether it is the chance itself under the model of the plan, and no approximation."""
        return not self.caveat


@dataclass(frozen=True)
class Design:
    """What a formula is told of a study of normal outcomes; sequences are by arm of `arms`.

    Attributes
    ----------
    asked : Asked
    truth : float
        What the question asks for, as it is.
    arms : tuple of int
        Those of the question; all there are where it names none.
    covariance : ndarray, (T, T)
        Of the waves of a person, clusters left out.
    kept : sequence of ndarray, (T,)
        Share of people interviewed at each wave.
    between : sequence of float
        Variance of the effects of clusters at the wave asked about.
    shared : sequence of ndarray, (T, T)
        Covariance of the effects of one cluster at the waves.
    homes : callable
        The number of the cluster of each person of each arm in a study of n people; -1 in none.
    clustered : tuple of bool
        Whether anybody of the arm is in a cluster.
    sizes_vary : bool
        Whether clusters are said to differ in size.
    alike : float
        Correlation of what a cluster adds in two arms that share it; 0 where arms share none.
    prevalence : float
        Of the moderator; 0 of one that is normal, or where there is none.
    moving : float
        Variance of the change of the predictor between two waves.
    """

    asked: Enquiry
    truth: float
    arms: tuple[int, ...]
    covariance: np.ndarray
    kept: Sequence[np.ndarray]
    between: Sequence[float]
    shared: Sequence[np.ndarray]
    homes: Callable[[int], list[np.ndarray]]
    clustered: tuple[bool, ...]
    sizes_vary: bool
    alike: float = 0.0
    prevalence: float = 0.0
    moving: float = 0.0

    def people(self, n: int) -> list[int]:
        """People of each arm in a study of n."""
        return [int(one.size) for one in self.homes(n)]

    @property
    def seen(self) -> list[float]:
        """Share of each arm expected at the wave asked about."""
        return [float(kept[self.asked.wave]) for kept in self.kept]

    @property
    def is_balanced(self) -> bool:
        """Whether arms have as many people, as likely to be seen."""
        most = self.people(EVERYBODY)
        return max(most) - min(most) <= 1 and len(set(self.seen)) == 1

    @property
    def clusters_differ(self) -> bool:
        """Whether clusters differ in size, by more than a person where they grow one by one."""
        if self.sizes_vary:
            return True
        sizes = [np.unique(home, return_counts=True)[1] for home in self.homes(EVERYBODY)]
        every = np.concatenate(sizes)
        if all(np.ptp(one) == 0 for one in sizes):
            return bool(np.ptp(every) > 0)
        return bool(np.ptp(every) > 1)
