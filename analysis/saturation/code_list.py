"""The catalogue of codes that are events or states of the world: `scenarios/codes.toml`."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field, FiniteFloat, RootModel

from sim.world.shock import STRICT, as_tuple
from sim.world.toml_file import read_toml, shipped

__all__ = ["WorldCode", "world_codes"]

PatternId = Annotated[str, Field(pattern=r"^P\d+$")]


class WorldCode(BaseModel):
    """A code that the world gives to people.

    Attributes
    ----------
    counts
        What gives a person the code.
    at
        "follow-ups": it happened since the interview before, so there is none at the first.
    patterns
        Ids of the patterns it shows.
    numbers
        Where lines are drawn.
    """

    model_config = STRICT

    counts: str
    at: Literal["every interview", "follow-ups"]
    patterns: Annotated[tuple[PatternId, ...], BeforeValidator(as_tuple), Field(min_length=1)]
    numbers: dict[str, FiniteFloat] = {}


class _Catalogue(RootModel[dict[str, WorldCode]]):
    """All of them by name."""


@lru_cache(maxsize=1)
def world_codes() -> dict[str, WorldCode]:
    """Every code of the world by name, in the order of the file."""
    return read_toml(shipped() / "codes.toml").validate(_Catalogue).root
