"""The questionnaires of the simulated studies: their items, and how answers become a score.

A score is the sum of the answers, their mean, or the sum looked up in a published table. Where too
few items are answered there is none; otherwise those left out count as the mean of the others. The
words of items belong to their owners and are not here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from sim.study.settings import SCORES

__all__ = [
    "INSTRUMENTS", "ITEMS", "METRIC_SCORES", "SCORE_COLUMNS", "Instrument", "item_columns",
    "item_places",
]  # fmt: skip

METRIC_SCORES = (
    7.00, 9.51, 11.25, 12.40, 13.33, 14.08, 14.75, 15.32, 15.84, 16.36, 16.88, 17.43, 17.98, 18.59,
    19.25, 19.98, 20.73, 21.54, 22.35, 23.21, 24.11, 25.03, 26.02, 27.03, 28.13, 29.31, 30.70,
    32.55, 35.00,
)  # fmt: skip
"""SWEMWBS: the metric score of raw sums 7, 8, ..., 35 (stewartbrown2009)."""


class Instrument(NamedTuple):
    """A questionnaire.

    Attributes
    ----------
    items : int
    least, most : int
        The lowest and the highest answer to an item; whole answers between.
    needed : int
        Items that must be answered for there to be a score.
    how : str
        "sum", "mean", or "table": the sum, converted by METRIC_SCORES.
    """

    items: int
    least: int
    most: int
    needed: int
    how: str

    @property
    def points(self) -> np.ndarray:
        """Score of each sum there can be, from the lowest up, as float32."""
        sums = np.arange(self.items * self.least, self.items * self.most + 1)
        if self.how == "table":
            return np.array(METRIC_SCORES, np.float32)
        return (sums / (self.items if self.how == "mean" else 1)).astype(np.float32)

    @property
    def low(self) -> float:
        """The lowest score."""
        return float(self.points[0])

    @property
    def high(self) -> float:
        """The highest score."""
        return float(self.points[-1])


INSTRUMENTS: Mapping[str, Instrument] = MappingProxyType({
    "swemwbs": Instrument(7, 1, 5, needed=7, how="table"),
    "reqol10": Instrument(10, 0, 4, needed=9, how="sum"),
    "hccq": Instrument(10, 1, 7, needed=5, how="mean"),
    "loneliness": Instrument(3, 1, 3, needed=3, how="sum"),
    "symptoms": Instrument(14, 0, 4, needed=12, how="sum"),
})  # fmt: skip
"""By outcome, in the order of SCORES.

SWEMWBS has a table for all seven items and none for six. ReQoL-10 may lack one item; that and the
items needed of the other three are assumed.
"""

SCORE_COLUMNS = {
    name: {"symptoms": "symptom_score", "loneliness": "loneliness_score"}.get(name, name)
    for name in INSTRUMENTS
}
"""The column of `egos` that has the score of each."""

ITEMS = sum(INSTRUMENTS[name].items for name in SCORES)
"""Items of all instruments: one column each in arrays of answers."""


def item_places(name: str) -> slice:
    """Where the items of an outcome's instrument stand in arrays of answers."""
    before = SCORES[: SCORES.index(name)]
    first = sum(INSTRUMENTS[other].items for other in before)
    return slice(first, first + INSTRUMENTS[name].items)


def item_columns() -> dict[str, tuple[str, ...]]:
    """By outcome, the columns of its items in the table `items`, such as `swemwbs_1`."""
    return {
        name: tuple(f"{name}_{number}" for number in range(1, one.items + 1))
        for name, one in INSTRUMENTS.items()
    }
