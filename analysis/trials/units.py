"""What the size of a study is counted in: people, or whole clusters an arm.

A study of so many clusters is the first people of the frame, as a study of so many people is, so
every size has both numbers.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from analysis.questions.plan import Plan
from analysis.trials.process import Process

__all__ = ["ONE_BY_ONE", "Units", "units_of"]

ONE_BY_ONE = "people"


@dataclass(frozen=True)
class Units:
    """What sizes of a study are counted in, and which there are.

    Attributes
    ----------
    name : {"people", "clusters an arm"}
        Where arms differ in their clusters, those of the arm that has fewest.
    low, high : int
        The fewest and the most units that the plan allows.
    whole : tuple of int
        People of studies of 1, 2, ... clusters an arm; empty where units are people.

    Examples
    --------
    >>> teams = Units("clusters an arm", 2, 4, (16, 32, 48, 64))
    >>> teams.people(3), teams.at_least(33), teams.at_least(48)
    (48, 3, 3)
    """

    name: str
    low: int
    high: int
    whole: tuple[int, ...] = ()

    def people(self, k: int) -> int:
        """People of a study of k units, k at most `high` where those are clusters."""
        return self.whole[k - 1] if self.whole else k

    def at_least(self, n: float) -> int:
        """The fewest units that make n people; `high` where those are clusters and n is more."""
        if not self.whole:
            return int(-(-n // 1))
        return min(bisect_left(self.whole, n) + 1, self.high)


def units_of(process: Process, plan: Plan) -> Units:
    """What sizes of a plan's studies are counted in."""
    return Units(ONE_BY_ONE, plan.people_at_least, plan.people_at_most)
