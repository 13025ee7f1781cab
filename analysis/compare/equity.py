"""Who bears a loss: concentration curve and index, from subgroups ranked by what they have.

For losses that cannot be negative: where some gain, shares of the whole mean nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from typing import Any, NamedTuple

import numpy as np

from analysis.compare.caseloads import EVERYBODY, UNTOUCHED, Caseloads
from analysis.compare.estimates import Figures, per_person
from analysis.compare.outcomes import LIFE_OUTCOMES, outcome_at
from analysis.compare.relative import percent_of_usual
from analysis.compare.shown import ShownFigures, figure_or_none, no_figure
from analysis.compare.subgroups import DIMENSIONS
from sim.errors import InputError

__all__ = ["Concentration", "concentration", "curve_rows", "equity_rows"]

Row = dict[str, Any]


class Concentration(NamedTuple):
    """A curve and its index.

    Attributes
    ----------
    people, loss : ndarray, (groups + 1,)
        Cumulated shares from those who have least, beginning with zero.
    concentration_index : float
        Twice the area between diagonal and curve: below zero where those who have least lose more
        than their share, 0 where each loses as much, above zero where others do.
    """

    people: np.ndarray
    loss: np.ndarray
    concentration_index: float


def concentration(people: Sequence[float], loss: Sequence[float]) -> Concentration:
    """From the people of each group, those who have least first, and what each of them loses.

    Kakwani, Wagstaff and van Doorslaer (1997) have the index of grouped data.

    Raises
    ------
    InputError
        If a loss is negative, or nothing is lost.
    """
    n, lost = np.array(people, float), np.array(people, float) * np.array(loss, float)
    if (lost < 0).any() or lost.sum() <= 0:
        raise InputError("a concentration curve is of losses: none below zero, and one above it")
    share = np.concatenate([[0.0], np.cumsum(n) / n.sum()])
    of_loss = np.concatenate([[0.0], np.cumsum(lost) / lost.sum()])
    area = float((np.diff(share) * (of_loss[1:] + of_loss[:-1])).sum())
    return Concentration(share, of_loss, 1 - area)


def equity_rows(lived: Caseloads, outcomes: Sequence[str]) -> list[Row]:
    """A row for each scenario but the first, ranked breakdown and outcome, at the last look.

    `concentration_index` is that of the change, with its interval: missing where the change of
    everybody is not clear, or where it goes one way in some subgroups and the other way in others,
    which `told` says ("yes", "not clear" or "both ways"). Who has most of something has most to
    lose: `percent_of_usual_first` and `_last` are the change of a total in the first and the last
    level over what each has under the first scenario, `_apart` how much larger the share of the
    last is, up or down. They are missing as in `relative.percent_of_usual`.
    """
    return [
        {
            **_head(lived, scenario, by, column), "down": bool(borne.whole.value < 0),
            "first": _level(lived, groups[0]), "last": _level(lived, groups[-1]),
            "told": borne.told, **borne.shown(), **_relative(lived, scenario, groups, column),
        }
        for scenario, by, groups, column, borne in _all_borne(lived, outcomes)
    ]  # fmt: skip


def curve_rows(lived: Caseloads, outcomes: Sequence[str]) -> list[Row]:
    """The curve of each index that is told: a row for each level, those who have least first.

    `people_share` and `change_share` are of all people and of the whole change, up to and with
    that level.
    """
    rows = []
    for scenario, by, groups, column, borne in _all_borne(lived, outcomes):
        if borne.told != "yes":
            continue
        people = [float(one.value) for one in borne.people]
        losses = [abs(float(one.value)) / n for one, n in zip(borne.changes, people, strict=True)]
        curve = concentration(people, losses)
        rows += [
            {
                **_head(lived, scenario, by, column), "level": _level(lived, group),
                "people_share": float(curve.people[at]), "change_share": float(curve.loss[at]),
            }
            for at, group in enumerate(groups, start=1)
        ]  # fmt: skip
    return rows


class _Borne(NamedTuple):
    """A change by ranked subgroups: people of each and what it adds, both a person of everybody."""

    people: list[Figures]
    changes: list[Figures]

    @property
    def whole(self) -> Figures:
        """The change of everybody."""
        return reduce(Figures.plus, self.changes)

    @property
    def told(self) -> str:
        """Whether there is an index, or why there is none."""
        signs = {float(np.sign(one.value)) for one in self.changes} - {0.0}
        if not self.whole.clear:
            return "not clear"
        return "yes" if len(signs) == 1 else "both ways"

    def shown(self) -> Row:
        """The index as it is shown; missing where it is not told."""
        if self.told != "yes":
            return no_figure("concentration_index")
        return ShownFigures(self.concentration_index(), 1).row("concentration_index")

    def concentration_index(self) -> Figures:
        """Twice the mean rank of what is borne, less one; a rank is the middle of its subgroup."""
        below, ranked = None, []
        for people, change in zip(self.people, self.changes, strict=True):
            middle = people.times(0.5)
            ranked.append(change.by(middle if below is None else below.plus(middle)))
            below = people if below is None else below.plus(people)
        return reduce(Figures.plus, ranked).over(self.whole).times(2).short_of(1).times(-1)


def _all_borne(
    lived: Caseloads, outcomes: Sequence[str]
) -> Iterator[tuple[int, str, list[int], int, _Borne]]:
    """Scenario, breakdown, its groups, outcome, and how the change is borne."""
    ranked: dict[str, list[int]] = {}
    for at, cell in enumerate(lived.spec.cells, start=UNTOUCHED + 1):
        if cell.by in DIMENSIONS and DIMENSIONS[cell.by].ranked:
            ranked.setdefault(cell.by, []).append(at)
    for scenario in range(1, len(lived.spec.scenarios)):
        apart = (lived.sums[scenario] - lived.sums[0])[:, :, -1]
        for by, groups in ranked.items():
            for column in map(outcome_at, outcomes):
                yield scenario, by, groups, column, _borne(lived, apart[..., column], groups)


def _borne(lived: Caseloads, apart: np.ndarray, groups: Sequence[int]) -> _Borne:
    everybody = lived.people[:, EVERYBODY]

    def a_person(sums: np.ndarray) -> Figures:
        return per_person(sums, everybody, lived.strata)

    return _Borne(
        [a_person(lived.people[:, group]) for group in groups],
        [a_person(apart[:, group]) for group in groups],
    )


def _relative(lived: Caseloads, scenario: int, groups: Sequence[int], column: int) -> Row:
    """The change of the first and the last level over what they have, and how these differ."""
    ends = [percent_of_usual(lived, scenario, column, groups[at]) for at in (0, -1)]
    found: dict[str, Figures | None] = dict(zip(("first", "last"), ends, strict=True))
    first, last = ends
    found["apart"] = None
    if first is not None and last is not None:
        sizes = [one.times(float(np.sign(one.value))) for one in (last, first)]
        found["apart"] = sizes[0].less(sizes[1])
    return {
        name: value for end, one in found.items()
        for name, value in figure_or_none(f"percent_of_usual_{end}", one).items()
    }  # fmt: skip


def _level(lived: Caseloads, group: int) -> str:
    return lived.spec.cells[group - UNTOUCHED - 1].level


def _head(lived: Caseloads, scenario: int, by: str, column: int) -> Row:
    one = LIFE_OUTCOMES[column]
    return {
        "scenario": lived.spec.scenarios[scenario].id, "by": by, "outcome": one.name,
        "label": one.label, "week": lived.spec.weeks[-1],
    }  # fmt: skip
