"""What the size of a study is counted in: people, or whole clusters an arm.

A study of so many clusters is the first people of the frame, as a study of so many people is, so
every size has both numbers.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

import numpy as np

from analysis.questions.plan import Plan
from analysis.trials.panel import PanelProcess
from analysis.trials.process import Process
from sim.errors import InputError

__all__ = ["CLUSTERS", "ONE_BY_ONE", "Units", "units_of"]

ONE_BY_ONE, CLUSTERS = "people", "clusters an arm"
FEWEST_CLUSTERS = 2
"""With one cluster an arm nothing tells the arms' difference from that of clusters."""


@dataclass(frozen=True)
class Units:
    """What sizes of a study are counted in, and which there are.

    Attributes
    ----------
    name : str
        "people", "clusters an arm", or "clusters in" the one arm that has any. Where arms differ in
        their clusters, those of the arm that has fewest.
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
    """What sizes of a plan's studies are counted in.

    Raises
    ------
    sim.errors.InputError
        If the plan has no room for whole clusters.
    """
    low, high = plan.people_at_least, plan.people_at_most
    if not isinstance(process, PanelProcess):
        return Units(ONE_BY_ONE, low, high)
    whole = tuple(int(n) for n in process.whole)
    if not whole:
        return Units(ONE_BY_ONE, max(low, _fewest_people(process, high)), high)
    most = bisect_right(whole, high)
    fewest = max(FEWEST_CLUSTERS, bisect_left(whole, low) + 1)
    if fewest > most:
        wanted = whole[fewest - 1]
        raise InputError(
            f"plan.people_at_most = {high}: clusters are studied whole, and {fewest} an arm, the "
            f"fewest there can be, are {wanted} people; give {wanted} or more"
        )
    sized = list(process.rounds.sized)
    name = (
        CLUSTERS
        if len(sized) > 1 or len(process.arms) == 1
        else f"clusters in {process.arms[sized[0]]}"
    )
    return Units(name, fewest, most, whole)


def _fewest_people(process: PanelProcess, high: int) -> int:
    """People at which every cluster of a number of them has the fewest it may have."""
    fewest = 1
    for a, one in enumerate(process.rounds.clusters):
        if one is None or process.sizes_are_drawn:
            continue
        mine = np.flatnonzero(process.arm == a)
        filled = [mine[process.cluster[mine] == home] for home in range(one.number or 0)]
        if any(there.size < one.fewest for there in filled):
            raise InputError(
                f"plan.people_at_most = {high}: {one.number} clusters in arm "
                f'"{process.arms[a]}" would not have {one.fewest} people each; give more people, '
                "or fewer clusters"
            )
        fewest = max(fewest, 1 + max(int(there[one.fewest - 1]) for there in filled))
    return fewest
