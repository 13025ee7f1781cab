"""Deaths in figures: the same effects while people are alive, and with death counted as a bad end.

The figures of a comparison are of everybody who was alive when worlds parted. Where a scenario
moves who lives, they mix what it does to the living with who is there to have it done. Two others
do not: *while alive*, levels of those who are alive at the look, and totals over the weeks that
were lived; and the *composite*, in which the dead have nothing left of what is good to have
(visits, help, ties), and count with those of whom something bad holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from analysis.compare.caseloads import EVERYBODY, Caseloads
from analysis.compare.estimates import Figures
from analysis.compare.outcomes import DIED, LIFE_OUTCOMES, WEEKS_LIVED, outcome_at
from analysis.compare.shown import ShownFigures, no_figure

__all__ = ["alike_in_death", "death_rows", "difference_while_alive"]

DAYS_A_WEEK = 7
IN_DAYS = "hospital_days"
"""Counted in days: the composite is of days in hospital or dead; of the others, of dying once."""
Row = dict[str, Any]


def death_rows(lived: Caseloads, outcomes: Sequence[str]) -> list[Row]:
    """A row for each scenario but the first and outcome, of everybody at the last look.

    `difference` as in `tables.difference_rows`, `alive` while people are alive (totals for as many
    weeks lived as there were), `composite` with death counted, missing where no value of the dead
    has a meaning; `beyond_noise` says whether one of them is outside the interval of the first.
    Deaths and weeks lived themselves have no row.
    """
    return [
        row
        for scenario in range(1, len(lived.spec.scenarios))
        for row in _of_scenario(lived, scenario, outcomes)
    ]


def alike_in_death(lived: Caseloads, scenario: int) -> bool:
    """Whether the same people are dead in the same weeks as under the first scenario."""
    columns = [outcome_at(one.name) for one in (DIED, WEEKS_LIVED)]
    apart = (lived.sums[scenario] - lived.sums[0])[:, EVERYBODY, :, columns]
    return not apart.any()


def difference_while_alive(lived: Caseloads, scenario: int) -> Figures:
    """What a scenario adds to the first at the last look, of levels of those alive, (outcomes,).

    Totals are divided in the same way, which has no meaning.
    """
    at = outcome_at(DIED.name)
    usual, other = (lived.mean(one, EVERYBODY).at(-1) for one in (0, scenario))
    alive = slice(at, at + 1)
    return other.over(other.at(alive).short_of(1)).less(usual.over(usual.at(alive).short_of(1)))


def _of_scenario(lived: Caseloads, scenario: int, outcomes: Sequence[str]) -> Iterator[Row]:
    worlds = [lived.mean(one, EVERYBODY).at(-1) for one in (0, scenario)]
    weeks = lived.spec.weeks[-1] + 1
    for name in outcomes:
        column = outcome_at(name)
        one = LIFE_OUTCOMES[column]
        if one in (DIED, WEEKS_LIVED):
            continue
        usual, other = (_while_alive(world, column, weeks) for world in worlds)
        counted = [_composite(world, column, weeks) for world in worlds]
        whole = worlds[1].at(column).less(worlds[0].at(column))
        row = {
            "scenario": lived.spec.scenarios[scenario].id, "outcome": name, "label": one.label,
            "unit": one.unit, "week": weeks - 1,
            **ShownFigures(whole, one.per).row("difference"),
            "usual_alive": float(usual.value) * one.per,
            **ShownFigures(other.less(usual), one.per).row("alive"),
        }  # fmt: skip
        if counted[0] is None or counted[1] is None:
            row |= {"usual_composite": np.nan, **no_figure("composite")}
        else:
            row |= {
                "usual_composite": float(counted[0].value) * one.per,
                **ShownFigures(counted[1].less(counted[0]), one.per).row("composite"),
            }
        yield row | {"beyond_noise": _beyond(row)}


def _while_alive(world: Figures, column: int, weeks: int) -> Figures:
    """A level of those alive at the look, or a total over the share of weeks that was lived."""
    of_weeks = world.at(outcome_at(WEEKS_LIVED.name)).times(1 / weeks)
    alive = world.at(outcome_at(DIED.name)).short_of(1)
    return world.at(column).over(of_weeks if LIFE_OUTCOMES[column].total else alive)


def _composite(world: Figures, column: int, weeks: int) -> Figures | None:
    one = LIFE_OUTCOMES[column]
    if one.dead == "undefined":
        return None
    found = world.at(column)
    if one.dead == "none":
        return found
    if one.name == IN_DAYS:
        dead_weeks = world.at(outcome_at(WEEKS_LIVED.name)).short_of(weeks)
        return found.plus(dead_weeks.times(DAYS_A_WEEK))
    return found.plus(world.at(outcome_at(DIED.name)))


def _beyond(row: Row) -> bool:
    low, high = row["difference_lo"], row["difference_hi"]
    return any(row[name] < low or row[name] > high for name in ("alive", "composite"))
