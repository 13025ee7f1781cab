"""The `[feasibility]` table of a study file: criteria for going ahead, and what to estimate."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field, FiniteFloat, model_validator

from sim.errors import InputError
from sim.study.owners import Fail, Owner
from sim.study.settings import Count, Tuple
from sim.study.spec import Study
from sim.world.shock import STRICT

__all__ = ["OWNER", "Criterion", "Feasibility", "feasibility_of"]

Inside = Annotated[FiniteFloat, Field(ge=0.001, le=0.999)]
MOST_COUNTED = 1_000_000


class Criterion(BaseModel):
    """What share must be reached for the trial to go ahead.

    Attributes
    ----------
    name
        What it is a share of: "interviewed at 12 months".
    expected
        What the share is thought to be.
    go
        The trial goes ahead from this observed share on; or, where it lies below `stop`, up to it.
    stop
        It does not below this observed share; or, where that lies above `go`, beyond it.
    counted
        How many the share is of, for each person enrolled: 2 where two are approached for one who
        enrols, 0.5 where one arm of two is counted.
    """

    model_config = STRICT

    name: Annotated[str, Field(min_length=1, max_length=80)]
    expected: Inside
    go: Inside
    stop: Inside
    counted: Annotated[FiniteFloat, Field(ge=0.01, le=100)] = 1.0

    @model_validator(mode="after")
    def _agree(self) -> Criterion:
        if self.go == self.stop:
            raise ValueError(
                f"go and stop are both {self.go:g}; between them lies amber, so give stop = 0.6 "
                "and go = 0.75, or the other way round where less is better"
            )
        return self

    @property
    def more_is_better(self) -> bool:
        """Whether the trial goes ahead when the share is large."""
        return self.go > self.stop

    def people(self, n: int) -> int:
        """How many the share is of in a study of n people."""
        return max(round(n * self.counted), 1)


class Groups(BaseModel):
    """Groups of people in which the intracluster correlation is to be estimated.

    Attributes
    ----------
    size
        People in each.
    icc
        What it is thought to be.
    """

    model_config = STRICT

    size: Annotated[int, Field(ge=2, le=10_000)]
    icc: Annotated[FiniteFloat, Field(ge=0, lt=1)]


def _rows(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


class Feasibility(BaseModel):
    """What a feasibility study is to find out.

    Attributes
    ----------
    people
        Numbers of people to look at beside the study's own.
    alpha, power
        How often the trial may go ahead on a criterion that is no better than where it stops, and
        how often it is to go ahead on one as good as asked for, when a number of people is sought
        for that (Lewis et al. 2021, doi 10.1186/s40814-021-00770-x).
    level
        Of intervals.
    criterion
        The criteria; the trial goes ahead if all say so, and stops if any does.
    clusters
        Where people come in groups.
    """

    model_config = STRICT

    people: Annotated[tuple[Count, ...], Tuple, Field(max_length=20)] = ()
    alpha: Annotated[FiniteFloat, Field(ge=0.001, le=0.5)] = 0.05
    power: Annotated[FiniteFloat, Field(ge=0.5, le=0.999)] = 0.8
    level: Annotated[FiniteFloat, Field(ge=0.5, le=0.999)] = 0.95
    criterion: Annotated[
        tuple[Criterion, ...], BeforeValidator(_rows), Field(min_length=1, max_length=12)
    ]
    clusters: Groups | None = None

    @model_validator(mode="after")
    def _agree(self) -> Feasibility:
        names = [one.name for one in self.criterion]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f'two criteria are called "{name}"; give each a name of its own')
        return self


def _settle(
    table: Feasibility, arms: tuple[str, ...], weeks: tuple[int, ...], fail: Fail
) -> Feasibility:
    """Nothing of it hangs on arms or waves."""
    return table


OWNER = Owner(Feasibility, _settle)
"""Reads the table `[feasibility]` of a study file."""


def feasibility_of(study: Study) -> Feasibility:
    """The study's `[feasibility]`; an `InputError` if it has none."""
    found: Feasibility | None = study.asked.get("feasibility")
    if found is None:
        raise InputError(
            f'study "{study.id}" has no [feasibility]; "feasibility-of-guided-help" shows what one '
            "looks like"
        )
    return found
