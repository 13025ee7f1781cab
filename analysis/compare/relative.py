"""Changes of what is counted, in % of what the first scenario counts in the same weeks.

Weeks before a scenario begins are the same in both worlds: to count them would make each change
look smaller. They are left out where a look falls on the last of them.
"""

from __future__ import annotations

from analysis.compare.caseloads import EVERYBODY, Caseloads
from analysis.compare.estimates import Figures
from analysis.compare.looks import begins_in
from analysis.compare.outcomes import LIFE_OUTCOMES

__all__ = ["counted_from", "percent_of_usual"]

PERCENT = 100


def counted_from(lived: Caseloads, scenario: int) -> int:
    """The first week of those that shares are of: that in which the scenario begins, or week 0."""
    spec = lived.spec
    begins = begins_in(spec.scenarios, spec.weeks[-1] + 1)[spec.scenarios[scenario].id]
    return begins if begins - 1 in spec.weeks else 0


def percent_of_usual(
    lived: Caseloads, scenario: int, column: int, group: int = EVERYBODY
) -> Figures | None:
    """What a scenario adds to a total by the last look, in % of the first scenario's.

    None for a level, and where what the first scenario has is not clearly above zero.
    """
    if not LIFE_OUTCOMES[column].total:
        return None
    means, start = lived.mean(0, group), counted_from(lived, scenario)
    usual = means.at(-1, column)
    if start > 0:
        usual = usual.less(means.at(lived.spec.weeks.index(start - 1), column))
    if not (usual.clear and usual.value > 0):
        return None
    return lived.difference(scenario, group).at(-1, column).over(usual).times(PERCENT)
