"""Money in words: what is saved and what comes back; the words are in `words.md.j2`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from analysis.compare.costs import Prices, saves_staff
from analysis.compare.looks import begins_in
from analysis.compare.moved import moved, over_from
from analysis.compare.words import TEMPLATE
from analysis.pages.render import lines
from sim.world.scenario import Scenario
from sim.world.shock import CLOSURE

__all__ = ["costs_in_words"]

Row = Mapping[str, Any]


def costs_in_words(
    rows: Sequence[Row],
    scenarios: Sequence[Scenario],
    prices: Prices,
    *,
    who: str = "",
    mortal: Sequence[str] = (),
) -> list[str]:
    """A paragraph for each scenario, then one on where the prices are from.

    Parameters
    ----------
    rows
        Of `costs.cost_rows`.
    scenarios
        What they are of; the first is what the others are compared with.
    who
        Of whom it is, if not of everybody.
    mortal
        Scenarios that move who dies.
    """
    told, first = [], scenarios[0]
    stop = rows[0]["week"] + 1
    begins, over = begins_in(scenarios, stop), over_from(scenarios, stop)
    for other in scenarios[1:]:
        scenario = other.id
        mine = {row["item"]: row for row in rows if row["scenario"] == scenario}
        told.append({
            "scenario": scenario, "visits": _money(mine["visit"]), "crises": _money(mine["crisis"]),
            "bed_days": _money(mine["bed_day"]), "all": _money(mine["all"]),
            "back": _share(mine["all"]), "weeks": stop,
            "is_mortal": scenario in mortal, "begins": begins[scenario],
            "over": over.get(scenario), "saves_staff": saves_staff(first, other),
            "closes": CLOSURE in moved(first, other),
        })  # fmt: skip
    priced = [
        f"{name.replace('_', ' ')} {one.value:,.0f} ({one.where})"
        for name, one in (("visit", prices.visit), ("crisis", prices.crisis),
                          ("bed_day", prices.bed_day))
    ]  # fmt: skip
    facts = {"told": told, "usual": first.id, "currency": prices.currency, "prices": priced,
             "year": prices.visit.year, "who": who}  # fmt: skip
    return lines(TEMPLATE, "costs", facts)


def _money(row: Row) -> str:
    ends = ""
    if isfinite(row["cost_lo"]):
        ends = f" ({_rounded(row['cost_lo'])} to {_rounded(row['cost_hi'])})"
    return f"{_rounded(row['cost'], signed=True)}{ends}"


def _rounded(value: float, *, signed: bool = False) -> str:
    """Money to three figures, never -0."""
    number = float(f"{value:.3g}") + 0.0
    return f"{number:+,.0f}" if signed and abs(number) >= 1 else f"{round(number):,}"


def _share(row: Row) -> str | None:
    if not isfinite(row["comes_back"]):
        return None
    low, high = (row[f"comes_back_{end}"] for end in ("lo", "hi"))
    ends = f" ({round(100 * low)} to {round(100 * high)})" if isfinite(low) else ""
    return f"{round(100 * row['comes_back'])} %{ends}"
