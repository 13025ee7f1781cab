"""The `[plan.choices]` of a study file: the designs among which the cheapest is looked for."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, FiniteFloat, model_validator

from sim.study.settings import Count, Tuple, Week
from sim.world.shock import STRICT

__all__ = ["MOST_DESIGNS", "Choices"]

MOST_DESIGNS = 400
"""Combinations that may be asked for."""
MOST_VALUES = 40


def _values(said: object) -> object:
    """A range `{ from = 0, to = 40, by = 10 }` as the values in it; a list as a tuple."""
    if isinstance(said, list):
        return tuple(tuple(one) if isinstance(one, list) else one for one in said)
    if not isinstance(said, dict):
        return said
    if set(said) != {"from", "to", "by"}:
        raise ValueError("is a list of values, or a range such as { from = 0, to = 40, by = 10 }")
    low, high, by = said["from"], said["to"], said["by"]
    if not all(isinstance(one, int | float) for one in (low, high, by)):
        raise ValueError("from, to and by are numbers")
    if by <= 0 or high < low:
        raise ValueError("a range rises: to is at least from, and by is above zero")
    count = int((high - low) / by + 1e-9) + 1
    if count > MOST_VALUES:
        raise ValueError(f"is a range of {count} values; {MOST_VALUES} are enough, make by larger")
    return tuple(low + k * by for k in range(count))


def _different(values: tuple[Any, ...] | None) -> tuple[Any, ...] | None:
    if values is not None and len(set(values)) < len(values):
        raise ValueError("names a value twice")
    return values


Values = Field(min_length=1, max_length=MOST_VALUES)
Counts = Annotated[tuple[Count, ...], BeforeValidator(_values), Values, AfterValidator(_different)]
Prices = Annotated[
    tuple[Annotated[FiniteFloat, Field(ge=0)], ...],
    BeforeValidator(_values), Values, AfterValidator(_different),
]  # fmt: skip
Weeks = Annotated[tuple[Week, ...], Tuple, Field(min_length=1, max_length=99)]
Schedules = Annotated[
    tuple[Weeks, ...], BeforeValidator(_values), Values, AfterValidator(_different)
]


class Choices(BaseModel):
    """Values of each design variable; what is not named stays as the study file has it.

    The number of people is a variable in any case, from `plan.people_at_least` to
    `plan.people_at_most`.

    Attributes
    ----------
    weeks
        Weeks of the waves, one list for each schedule.
    incentive
        Paid for each interview; retention answers by `plan.incentive_curve`.
    cluster_size, cluster_number
        Of every arm that has clusters of a size, or a number of them.
    most_members
        Network members asked about at most.
    """

    model_config = STRICT

    weeks: Schedules | None = None
    incentive: Prices | None = None
    cluster_size: Counts | None = None
    cluster_number: Counts | None = None
    most_members: Counts | None = None

    @model_validator(mode="after")
    def _agree(self) -> Choices:
        if not self.named:
            raise ValueError(
                "names nothing to choose from; give values of " + ", ".join(type(self).model_fields)
            )
        if self.designs > MOST_DESIGNS:
            raise ValueError(
                f"has {self.designs} combinations; {MOST_DESIGNS} are the most that are looked "
                "through, so name fewer values"
            )
        return self

    @property
    def named(self) -> dict[str, tuple[Any, ...]]:
        """The values of each variable that has some."""
        return {
            name: values
            for name in type(self).model_fields
            if (values := getattr(self, name)) is not None
        }

    @property
    def designs(self) -> int:
        """Combinations of the values."""
        count = 1
        for values in self.named.values():
            count *= len(values)
        return count
