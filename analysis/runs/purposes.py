"""Numbered purposes: which replicates of a seed serve what, so that no two answers share draws."""

from enum import Enum
from typing import NamedTuple

__all__ = ["Numbers", "Purpose"]


class Numbers(NamedTuple):
    """Replicates kept for a purpose.

    Attributes
    ----------
    first : int
    most : int
        How many there are.
    what : str
        What they are for.
    """

    first: int
    most: int
    what: str


class Purpose(Enum):
    """What replicates are for."""

    CURVE = Numbers(0, 1_000_000, "studies of a curve, of a pool, of the map of designs")
    SEARCH = Numbers(1_000_000, 1_000_000, "searches for a size, and the fresh run at the answer")
    GUESS = Numbers(2_000_000, 1_000_000, "the first guess of a size")
    DETECT = Numbers(3_000_000, 1_000_000, "searches for an effect")
    COST = Numbers(4_000_000, 1_000_000, "what a study costs")
    FRESH = Numbers(5_000_000, 1_000_000, "new studies of the cheapest design")
    BAND = Numbers(6_000_000, 1_000_000, "studies of drawn parameters")
    BIRTHS = Numbers(7_000_000, 1_000_000, "balancing births, the same for every draw")
    NULL = Numbers(8_000_000, 1_000_000, "studies in which there is nothing to find")
    OFF = Numbers(9_000_000, 1_000_000, "studies whose SD and ICC are not as planned")
    ROUND_1 = Numbers(10_000_000, 1_000_000, "the first round among designs")
    ROUND_2 = Numbers(11_000_000, 1_000_000, "the second round")
    ROUND_3 = Numbers(12_000_000, 1_000_000, "the third round")
    ROUND_4 = Numbers(13_000_000, 4_000_000, "the last round, of four times the studies")
    TRUTH = Numbers(17_000_000, 1_000_000, "paired worlds that say what is true")
    BAND_TRUTH = Numbers(18_000_000, 1_000_000, "paired worlds of drawn parameters")
    FUTURE = Numbers(19_000_000, 5_000_000, "futures of one baseline, in pairs of worlds")

    @property
    def first(self) -> int:
        """The first replicate."""
        return self.value.first

    def some(self, number: int, part: int = 0) -> range:
        """The first so many replicates, or of parts of that size another one."""
        start = self.first + part * number
        return range(start, start + number)
