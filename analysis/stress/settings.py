"""The `[stress]` table of a study file: which conditions are run, and conditions of one's own."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field, FiniteFloat

from analysis.stress.conditions import (
    ALL_THERE,
    CONDITIONS,
    MADE,
    Condition,
    Said,
    chosen_conditions,
    enrol,
)
from analysis.stress.criteria import zones_with
from analysis.stress.effects import effect_of
from sim.errors import InputError
from sim.missing_words import names_a_value
from sim.study.owners import Fail, Owner
from sim.study.settings import Tuple
from sim.study.spec import Study
from sim.world.shock import STRICT

__all__ = ["OWNER", "OwnCondition", "StressPlan", "stress_plan_of"]

NAME = r"^[a-z][a-z0-9_]{0,39}$"
Name = Annotated[str, Field(pattern=NAME), AfterValidator(names_a_value)]
Names = Annotated[tuple[Annotated[str, Field(min_length=1, max_length=200)], ...], Tuple]


class OwnCondition(BaseModel):
    """A condition of one's own: what a study file would say otherwise.

    What it leaves out is as in the study; without `participation`, nobody is absent.

    Attributes
    ----------
    words
        In a sentence: "where one friend in four is forgotten".
    n
        People enrolled, of each site in the proportions of a quota.
    participation, map, errors
        Keys of these tables of a study file, in place of the study's.
    """

    model_config = STRICT

    words: Annotated[str, Field(min_length=1, max_length=200)]
    n: Annotated[int, Field(ge=1)] | None = None
    participation: dict[str, Any] = {}
    map: dict[str, Any] = {}
    errors: dict[str, Any] = {}


class StressPlan(BaseModel):
    """How analyses of a study are tried where the command says nothing else.

    Attributes
    ----------
    conditions
        Those that are run, "mar+forgotten" for two that hold together; the usual ones, and one's
        own, if none are named.
    must
        Those that must hold.
    zones
        Edges of what is as it should be, by the names of `analysis.stress.criteria.Zones`.
    effect
        Planted in one arm: "swemwbs 0.35 SD at 52"; none if it is empty.
    condition
        Conditions of one's own, by their names.
    """

    model_config = STRICT

    conditions: Names = ()
    must: Names = ()
    zones: dict[str, FiniteFloat] = {}
    effect: Annotated[str, Field(max_length=200)] = ""
    condition: dict[Name, OwnCondition] = {}

    @property
    def people(self) -> int:
        """Most people that a condition of one's own wants; 0 if none says a number."""
        return max((one.n or 0 for one in self.condition.values()), default=0)

    @property
    def own(self) -> tuple[Condition, ...]:
        """Conditions of one's own."""
        return tuple(_condition(name, one) for name, one in self.condition.items())


def _condition(name: str, own: OwnCondition) -> Condition:
    absent = MADE if "retention" in own.participation else ALL_THERE
    return Condition(name, own.words, partial(_otherwise, own=own), absent=absent)


def _otherwise(said: Said, *, own: OwnCondition) -> bool:
    for table in ("participation", "map", "errors"):
        said[table] = {**(said.get(table) or {}), **getattr(own, table)}
    if own.n is not None:
        enrol(said, own.n)
    return True


def _settle(
    table: StressPlan, arms: tuple[str, ...], weeks: tuple[int, ...], fail: Fail
) -> StressPlan:
    """Check names; what a condition changes is checked with the study it makes."""
    shipped = {one.name for one in CONDITIONS}
    for name in table.condition:
        if name in shipped:
            fail(
                ("stress", "condition", name), "there is a condition of that name; give it another"
            )
    for key in ("conditions", "must"):
        try:
            chosen_conditions(getattr(table, key), table.own)
        except InputError as error:
            fail(("stress", key), str(error))
    try:
        zones_with(table.zones)
    except InputError as error:
        fail(("stress", "zones"), str(error))
    try:
        if table.effect:
            effect_of(table.effect, arms, weeks)
    except InputError as error:
        fail(("stress", "effect"), str(error))
    return table


OWNER = Owner(StressPlan, _settle)
"""Reads the table `[stress]` of a study file."""


def stress_plan_of(study: Study) -> StressPlan:
    """The study's `[stress]`; an empty one if it has none."""
    found: StressPlan = study.asked.get("stress") or StressPlan()
    return found
