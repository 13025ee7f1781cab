"""The kinds of errors that a study may have on request, read once from ``scenarios/errors.toml``.

Nothing else in the project lists them: the table [errors] of study files, its messages and
`docs/errors.md` are made from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field, FiniteFloat, RootModel, model_validator

from sim.errors import nearest
from sim.world.parameters import Grade, sources
from sim.world.shock import STRICT, as_tuple
from sim.world.toml_file import read_toml, shipped

__all__ = ["LEVELS", "ErrorKind", "error_kinds"]

Level = Literal["low", "typical", "high"]
LEVELS = ("low", "typical", "high")
"""Rates by name, from mild to strong."""

Text = Annotated[str, Field(min_length=1)]


class ErrorKind(BaseModel):
    """One kind of error.

    Attributes
    ----------
    number
        Its place in the addresses of its draws; that of no other kind, ever.
    sort
        "condition": how the study was held. "file": what happened to the tables afterwards.
    what, target
        What goes wrong, and what it falls upon.
    unit
        What its rate is a number of.
    low, typical, high
        Rates by name, from mild to strong.
    range
        The rates that may be asked for.
    source, grade, note
        As of a parameter.
    numbers
        What else the kind needs; not for users to set.
    """

    model_config = STRICT

    number: Annotated[int, Field(ge=1, le=127)]
    sort: Literal["condition", "file"]
    what: Text
    unit: Text
    low: FiniteFloat
    typical: FiniteFloat
    high: FiniteFloat
    range: Annotated[tuple[FiniteFloat, FiniteFloat], BeforeValidator(as_tuple)]
    target: Text
    source: str
    grade: Grade
    note: str = ""
    numbers: dict[str, FiniteFloat] = {}

    @model_validator(mode="after")
    def _in_order(self) -> ErrorKind:
        rates = [getattr(self, level) for level in LEVELS]
        if rates not in (sorted(rates), sorted(rates, reverse=True)):
            raise ValueError("low, typical and high must rise or fall")
        if not self.range[0] <= min(rates) <= max(rates) <= self.range[1]:
            raise ValueError("low, typical and high must lie within range")
        return self

    def rate(self, wanted: object) -> float:
        """The rate that a level's name or a number stands for.

        Raises
        ------
        ValueError
            If it is neither, or out of range; the message says what would be right.
        """
        least, most = self.range
        right = f"{', '.join(LEVELS)}, or a number from {least:g} to {most:g} ({self.unit})"
        if isinstance(wanted, str):
            if wanted not in LEVELS:
                raise ValueError(f'"{wanted[:40]}" is not one of {right}{nearest(wanted, LEVELS)}')
            return float(getattr(self, wanted))
        if isinstance(wanted, bool) or not isinstance(wanted, int | float):
            raise ValueError(f"must be one of {right}")
        if not least <= wanted <= most:
            raise ValueError(f"{wanted:g} is out of range: must be one of {right}")
        return float(wanted)


_Kinds = RootModel[dict[str, ErrorKind]]


@cache
def error_kinds() -> Mapping[str, ErrorKind]:
    """Every kind by name, in the order of the file.

    Raises
    ------
    sim.errors.InputError
        If the file breaks a rule of its own: a number given twice, or an unknown source.
    """
    file = read_toml(shipped() / "errors.toml")
    found: dict[str, ErrorKind] = file.validate(_Kinds).root
    numbers: dict[int, str] = {}
    for name, kind in found.items():
        if numbers.setdefault(kind.number, name) != name:
            file.fail((name, "number"), f"{kind.number} is that of {numbers[kind.number]}")
        for key in kind.source.split():
            if key not in sources():
                file.fail((name, "source"), f'there is no source "{key}"{nearest(key, sources())}')
    return found
