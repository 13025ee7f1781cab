"""Outcome scales: the catalogue, `scenarios/scales.toml`, and a scale of a study's own."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field, FiniteFloat, RootModel, model_validator

from sim.world.shock import STRICT
from sim.world.toml_file import read_toml, shipped

__all__ = ["Important", "Retest", "Scale", "Typical", "known_scales"]

Positive = Annotated[FiniteFloat, Field(gt=0)]
Words = Annotated[str, Field(min_length=1, max_length=300)]
Grade = Literal["reported", "assumed"]


class Typical(BaseModel):
    """Mean and SD of scores in some people.

    Attributes
    ----------
    mean, sd
        In points.
    of
        Of whom.
    source
        Ids of sources.toml, among other words.
    grade
        "reported": read in public text; "assumed": from memory, or nobody's.
    """

    model_config = STRICT

    mean: FiniteFloat
    sd: Positive
    of: str = ""
    source: str = ""
    grade: Grade = "assumed"


class Important(BaseModel):
    """A smallest important difference that somebody published.

    Attributes
    ----------
    points, to
        The difference; a range, where `to` is given.
    found
        "anchor": what people who say they are better have changed by. "distribution": a multiple of
        an error of measurement. "instrument": steps of the questionnaire.
    of, source, grade
        As of `Typical`.
    """

    model_config = STRICT

    points: Positive
    to: Positive | None = None
    found: Literal["anchor", "distribution", "instrument", "unstated"] = "unstated"
    of: str = ""
    source: str = ""
    grade: Grade = "assumed"


class Retest(BaseModel):
    """Correlation of two measurements of one person, so many weeks apart where that is known.

    `of`, `source` and `grade` are as of `Typical`.
    """

    model_config = STRICT

    correlation: Annotated[FiniteFloat, Field(gt=0, lt=1)]
    weeks: Positive | None = None
    of: str = ""
    source: str = ""
    grade: Grade = "assumed"


def _as_tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


class Scale(BaseModel):
    """An outcome scale.

    Attributes
    ----------
    name, short
        In full, and as it is called; `short` may be left out.
    low, high
        The lowest and the highest score there can be.
    step
        Between two scores.
    worse
        The end that is worse.
    source
        Of the instrument: ids of sources.toml, or words.
    note
        What else a reader must know.
    typical, important, retest
        What is published of it; what is left out has no value known to us.
    """

    model_config = STRICT

    name: Words
    short: str = ""
    low: FiniteFloat
    high: FiniteFloat
    step: Positive | None = None
    worse: Literal["high", "low"]
    source: str = ""
    note: str = ""
    typical: Typical | None = None
    important: Annotated[tuple[Important, ...], BeforeValidator(_as_tuple)] = ()
    retest: Retest | None = None

    @property
    def in_a_plan(self) -> Scale:
        """What a plan says of it; the rest helps those who write one."""
        return self.model_copy(update={"step": None, "note": "", "typical": None, "retest": None})

    @model_validator(mode="after")
    def _agree(self) -> Scale:
        if not self.low < self.high:
            raise ValueError(f"low = {self.low:g} must be less than high = {self.high:g}")
        ends = f"{self.low:g} to {self.high:g}"
        for one in self.important:
            if not one.points <= (one.to or one.points) <= self.high - self.low:
                to = "" if one.to is None else f" to {one.to:g}"
                raise ValueError(f"an important difference of {one.points:g}{to} is none on {ends}")
        if self.typical is not None and not self.low < self.typical.mean < self.high:
            raise ValueError(f"a typical mean of {self.typical.mean:g} is not within {ends}")
        return self


class _Catalogue(RootModel[dict[str, Scale]]):
    """All of them by id."""


@cache
def known_scales() -> dict[str, Scale]:
    """Every scale of the catalogue by id, those of the simulated world first."""
    return read_toml(shipped() / "scales.toml").validate(_Catalogue).root
