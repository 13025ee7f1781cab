"""Estimates of the fresh studies of a search, kept for what is asked of the planned size later."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.estimators.contract import Fits

__all__ = ["Fresh"]

CLOSE = 0.05
"""Numbers of people that differ by a smaller share have one coverage: what it lacks goes with 1/n,
and a lack of .01 is known to .0005."""
ENOUGH = 0.4
"""Of the studies kept at most, as many as will do: of 10,000, coverage is known to .0034."""


class Fresh:
    """The first fresh studies at each number of people.

    Parameters
    ----------
    first
        The replicate from which on studies are fresh.
    most
        Studies that are kept of each number of people.
    """

    def __init__(self, first: int, most: int) -> None:
        self.first, self.most = first, most
        self.by_people: dict[int, list[list[Fits]]] = {}

    def keep(self, people: Sequence[int], replicates: range, fits: list[list[Fits]]) -> None:
        """Keep estimates by number of people and question, if they are fresh and wanted."""
        for n, each in zip(people, fits, strict=True):
            if replicates.start >= self.first and self._studies(n) < self.most:
                self.by_people.setdefault(n, []).append(each)

    def about(self, n: int) -> list[Fits] | None:
        """Estimates by question of studies of n people or of a number close to it.

        None where too few were simulated.
        """
        enough = [m for m in self.by_people if self._studies(m) >= ENOUGH * self.most]
        near = min(enough, key=lambda m: abs(m - n), default=None)
        if near is None or abs(near - n) > CLOSE * n:
            return None
        questions = zip(*self.by_people[near], strict=True)
        return [self._joined(parts) for parts in questions]

    def _studies(self, n: int) -> int:
        return sum(each[0].p.size for each in self.by_people.get(n, []))

    def _joined(self, parts: Sequence[Fits]) -> Fits:
        names = Fits.__dataclass_fields__
        return Fits(
            **{
                name: np.concatenate([getattr(one, name) for one in parts])[: self.most]
                for name in names
            }
        )
