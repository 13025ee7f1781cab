"""What a scenario saves in visits, and what of that comes back in crises and days in hospital.

Prices are in a small file that says of each where it is from and of which year: the user's own, or
one that is shipped. A visit is priced as what is not spent when it is not kept; that holds where
posts go with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, Field

from analysis.compare.caseloads import EVERYBODY, Caseloads
from analysis.compare.estimates import Figures
from analysis.compare.moved import moved
from analysis.compare.outcomes import outcome_at
from analysis.compare.shown import figure_or_none
from sim.errors import InputError, counted
from sim.world.parameters import SERVICES
from sim.world.scenario import Scenario
from sim.world.shock import STRICT
from sim.world.toml_file import read_named

__all__ = ["Prices", "UnitPrice", "cost_rows", "read_prices", "saves_staff"]

PER_PEOPLE = 1000
PRICED = {"visit": "kept", "crisis": "crises", "bed_day": "hospital_days"}
"""What has a price, and the outcome that counts it."""
LABELS = {"visit": "visits kept", "crisis": "crises", "bed_day": "days in hospital"}
SAVED, BACK = ("visit",), ("crisis", "bed_day")
Row = dict[str, Any]


class UnitPrice(BaseModel):
    """Of one unit, and where it is from.

    Attributes
    ----------
    value : float
    unit : str
        What one is, in words; empty where that goes without saying.
    source : str
    year : int
    """

    model_config = STRICT

    value: Annotated[float, Field(ge=0, le=1e6)]
    unit: str = ""
    source: Annotated[str, Field(min_length=1)]
    year: Annotated[int, Field(ge=1990, le=2100)]

    @property
    def where(self) -> str:
        """What one is, and where its price is from."""
        return f"{self.unit}; {self.source}" if self.unit else self.source


class Prices(BaseModel):
    """Prices of a visit that is kept, a crisis (without its days in hospital), and a bed day.

    Attributes
    ----------
    currency : str
    visit, crisis, bed_day : UnitPrice
    """

    model_config = STRICT

    currency: Annotated[str, Field(min_length=1, max_length=8)]
    visit: UnitPrice
    crisis: UnitPrice
    bed_day: UnitPrice


class _Counted(NamedTuple):
    """Differences of each thing priced, a person on the caseload: how many, and what they cost."""

    units: Mapping[str, Figures]
    money: Mapping[str, Figures]

    def total(self, items: tuple[str, ...]) -> Figures:
        """What several cost together."""
        return reduce(Figures.plus, (self.money[item] for item in items))


def read_prices(wanted: str | Path) -> Prices:
    """Read prices: shipped ones by their name, or anybody's `.toml` file by its path.

    Raises
    ------
    InputError
        If it cannot be read, or a price lacks its source or year; the message says where.
    """
    file = read_named(wanted, "prices", "there are no prices")
    found: Prices = file.validate(Prices)
    if len({one.year for one in (found.visit, found.crisis, found.bed_day)}) > 1:
        raise InputError(
            f"{wanted}: prices are of different years; bring them to one, and say so in source"
        )
    return found


def cost_rows(lived: Caseloads, prices: Prices) -> list[Row]:
    """A row for each scenario but the first and thing priced, of all weeks up to the last look.

    Of 1,000 people on the caseload under the first scenario at the last look. `units` is how many
    more there are than under it, `cost` what they cost more, both for so many people and weeks as
    `per` says; "all" is the sum. A visit that is not kept costs as much as one that is where the
    scenario leaves staff and their visits as they are. `comes_back` is the share of what visits
    save that crises and days in hospital cost more: missing where it is not clear that visits save
    anything.
    """
    return [
        row
        for scenario in range(1, len(lived.spec.scenarios))
        for row in _of_scenario(lived, scenario, prices)
    ]


def saves_staff(first: Scenario, other: Scenario) -> bool:
    """Whether two scenarios differ in staff or their visits, so that some may be saved."""
    return any(path.startswith(SERVICES) for path in moved(first, other))


def _of_scenario(lived: Caseloads, scenario: int, prices: Prices) -> list[Row]:
    found = _counted(lived, scenario, prices)
    saved = found.total(SAVED).times(-1)
    back: Figures | None = None
    if saved.clear and saved.value > 0:
        back = found.total(BACK).over(saved)
    first, weeks = lived.spec.scenarios[0], lived.spec.weeks[-1] + 1
    heads = {
        "scenario": lived.spec.scenarios[scenario].id, "week": lived.spec.weeks[-1],
        "per": f"{PER_PEOPLE:,} people on the caseload of {first.id}, {counted(weeks, 'week')}",
        "currency": prices.currency, "year": prices.visit.year,
    }  # fmt: skip
    rows: list[Row] = [
        {**heads, "item": item, "label": LABELS[item], **figure_or_none("units", found.units[item]),
         **figure_or_none("cost", found.money[item]), **figure_or_none("comes_back", None)}
        for item in PRICED
    ]  # fmt: skip
    whole = found.total((*SAVED, *BACK))
    rows.append({**heads, "item": "all", "label": "all of these",
                 **figure_or_none("units", None), **figure_or_none("cost", whole),
                 **figure_or_none("comes_back", back)})  # fmt: skip
    return rows


def _counted(lived: Caseloads, scenario: int, prices: Prices) -> _Counted:
    difference = lived.difference(scenario, EVERYBODY).at(-1)
    served = lived.mean(0, EVERYBODY).at(-1).at(outcome_at("on_caseload"))
    units = {
        item: difference.at(outcome_at(name)).over(served).times(PER_PEOPLE)
        for item, name in PRICED.items()
    }
    money = {item: one.times(getattr(prices, item).value) for item, one in units.items()}
    if not saves_staff(lived.spec.scenarios[0], lived.spec.scenarios[scenario]):
        money |= {item: money[item].less(money[item]) for item in SAVED}
    return _Counted(units, money)
