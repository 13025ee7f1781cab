"""What a comparison found, as rows of plain numbers: the one source of tables, page and JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from analysis.compare.caseloads import EVERYBODY, UNTOUCHED, Caseloads
from analysis.compare.deaths import alike_in_death, difference_while_alive
from analysis.compare.futures import ExpectedEffects, FuturesSpec
from analysis.compare.moved import moves_services_alone
from analysis.compare.outcomes import LIFE_OUTCOMES, outcome_at
from analysis.compare.relative import percent_of_usual
from analysis.compare.shown import PER, ShownFigures, figure_or_none, no_figure
from analysis.compare.subgroups import FEWEST_PEOPLE
from analysis.compare.substitution import substitution

__all__ = ["difference_rows", "individual_rows", "subgroup_rows", "substitution_rows"]

Row = dict[str, Any]
HARM = 0.2
"""Standard deviations that count as harm."""
WHO = {EVERYBODY: "everybody", UNTOUCHED: "not cut directly"}


def difference_rows(lived: Caseloads, outcomes: Sequence[str]) -> list[Row]:
    """A row for each scenario but the first, group, outcome and look.

    `usual` is the mean under the first scenario; `pairing` the variance of unpaired worlds over
    that of paired ones. Totals are since week 0.
    """
    return [
        row
        for scenario in range(1, len(lived.spec.scenarios))
        for group in _spoken_of(lived)
        for row in _over_time(lived, scenario, group, outcomes)
    ]


def _spoken_of(lived: Caseloads) -> list[int]:
    """Everybody; and those not cut, if there are any beside whom others are cut."""
    n = lived.people.sum(axis=0)
    others = FEWEST_PEOPLE <= n[UNTOUCHED] < n[EVERYBODY]
    return [EVERYBODY, UNTOUCHED] if others else [EVERYBODY]


def _over_time(
    lived: Caseloads, scenario: int, group: int, outcomes: Sequence[str]
) -> Iterator[Row]:
    usual, apart = lived.mean(0, group).value * PER, ShownFigures(lived.difference(scenario, group))
    saved = lived.saved_by_pairing(scenario)
    heads = {"who": WHO[group], "people": int(lived.people[:, group].sum())}
    for column in map(outcome_at, outcomes):
        for look, week in enumerate(lived.spec.weeks):
            yield {
                **_head(lived, scenario, column), **heads, "week": week,
                "usual": float(usual[look, column]), **apart.row("difference", look, column),
                "pairing": float(saved[look, column]) if group == EVERYBODY else np.nan,
            }  # fmt: skip


def subgroup_rows(lived: Caseloads, outcomes: Sequence[str]) -> list[Row]:
    """A row for each scenario but the first, subgroup and outcome, at the last look.

    `apart` is the difference of differences: what the scenario adds in the subgroup, less what it
    adds for everybody else; missing where there are fewer than ten of them. `percent_of_usual` is
    the change of a total over what the subgroup has under the first scenario; see
    `relative.percent_of_usual`.
    """
    return [
        row
        for scenario in range(1, len(lived.spec.scenarios))
        for group in range(UNTOUCHED + 1, UNTOUCHED + 1 + len(lived.spec.cells))
        for row in _of_cell(lived, scenario, group, outcomes)
    ]


def _of_cell(lived: Caseloads, scenario: int, group: int, outcomes: Sequence[str]) -> Iterator[Row]:
    cell, usual = lived.spec.cells[group - UNTOUCHED - 1], lived.mean(0, group).at(-1).value * PER
    here = lived.difference(scenario, group).at(-1)
    mine, apart = ShownFigures(here), ShownFigures(here.less(lived.rest_of(scenario, group).at(-1)))
    others = int(lived.people[:, EVERYBODY].sum() - lived.people[:, group].sum())
    for column in map(outcome_at, outcomes):
        relative = percent_of_usual(lived, scenario, column, group)
        yield {
            **_head(lived, scenario, column), "by": cell.by, "level": cell.level,
            "people": int(lived.people[:, group].sum()), "week": lived.spec.weeks[-1],
            "usual": float(usual[column]), **mine.row("difference", column),
            **(apart.row("apart", column) if others >= FEWEST_PEOPLE else no_figure("apart")),
            **figure_or_none("percent_of_usual", relative),
        }  # fmt: skip


def substitution_rows(lived: Caseloads) -> list[Row]:
    """A row for each scenario but the first and source of help, at the last look.

    `lost` is help of professionals in acts a week and person, `gain` what the source gives more, by
    "nobody" what is lost beyond all of that, `unmet` what the scenario adds to unmet need. `share`
    is that of the loss which the gain would be if it were all in place of it; missing where that
    cannot be, which `told` says (see `substitution.Substitution`). Of those alive, where a scenario
    moves who dies (`of`).
    """
    rows = []
    first, *others = lived.spec.scenarios
    for scenario, other in enumerate(others, start=1):
        alike = alike_in_death(lived, scenario)
        found = substitution(
            lived.difference(scenario).at(-1) if alike else difference_while_alive(lived, scenario),
            services_alone=moves_services_alone(first, other),
        )
        heads = {
            "scenario": other.id, "week": lived.spec.weeks[-1],
            "of": WHO[EVERYBODY] if alike else "those alive",
            **ShownFigures(found.lost, 1).row("lost"), **ShownFigures(found.unmet, 1).row("unmet"),
            "told": found.told,
        }  # fmt: skip
        rows += [
            {**heads, "source": source, **ShownFigures(gain, 1).row("gain"),
             **figure_or_none("share", None if found.shares is None else found.shares[source])}
            for source, gain in found.gains.items()
        ]  # fmt: skip
    return rows


def individual_rows(spec: FuturesSpec, effects: Sequence[ExpectedEffects]) -> list[Row]:
    """A row for each scenario but the first: expected effects given the state, between people.

    `spread` is their standard deviation, in units of the outcome; `worse` and `better` the shares
    of people expected to lose or gain more than a fifth of the standard deviation between people.
    All of it without what Monte Carlo error adds.
    """
    rows = []
    for scenario, one in zip(spec.lived.scenarios[1:], effects, strict=True):
        worse, better = one.share_worse(HARM), one.other_way().share_worse(HARM)
        rows.append({
            "scenario": scenario.id, "outcome": spec.outcome, "week": spec.lived.weeks[-1],
            "people": one.mean.size, "futures": spec.futures, "mean": float(one.mean.mean()),
            "spread": one.spread, "sd": one.sd, "harm_sd": HARM,
            "worse": worse[0], "worse_mcse": worse[1],
            "better": better[0], "better_mcse": better[1],
        })  # fmt: skip
    return rows


def _head(lived: Caseloads, scenario: int, column: int) -> Row:
    one = LIFE_OUTCOMES[column]
    return {
        "scenario": lived.spec.scenarios[scenario].id, "outcome": one.name, "label": one.label,
        "unit": one.unit,
    }  # fmt: skip
