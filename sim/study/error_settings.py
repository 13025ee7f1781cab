"""Errors that are asked for: the table [errors] of a study file, or the words of --errors.

What is settled holds a rate for each kind that was asked for and nothing for the others: those stay
as the study has them. A rate of 0 is asked for, too: such a condition never occurs, and such an
error of files changes none.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, FiniteFloat, create_model

from sim.errors import InputError
from sim.study.error_kinds import Level, error_kinds
from sim.world.shock import STRICT
from sim.world.toml_file import TomlFile

__all__ = [
    "ErrorRates",
    "error_table",
    "errors_in_words",
    "read_errors",
    "settle_errors",
    "sort_of_errors",
]

ErrorRates = dict[str, float]
"""The rate of each kind that was asked for, in its unit and in the order of the catalogue."""

GROUPS = {"condition": "conditions", "file": "files"}
"""The key that stands for all kinds of a sort."""


class _Groups(BaseModel):
    """What a table [errors] may say beside the names of kinds."""

    model_config = STRICT

    all: Level | None = None
    conditions: Level | None = None
    files: Level | None = None


@cache
def error_table() -> type[BaseModel]:
    """What a table [errors] may say: a rate for each kind, a level for all or those of a sort."""
    fields: dict[str, Any] = {
        name: (Annotated[FiniteFloat | None, BeforeValidator(partial(type(kind).rate, kind))], None)
        for name, kind in error_kinds().items()
    }
    return create_model("ErrorTable", __base__=_Groups, **fields)


def settle_errors(table: Any) -> ErrorRates:
    """The rates that a table [errors] asks for; what is more special wins.

    Parameters
    ----------
    table
        A model of `error_table`.
    """
    rates = {}
    for name, kind in error_kinds().items():
        level = getattr(table, GROUPS[kind.sort]) or table.all
        rate = getattr(table, name)
        if rate is None and level is None:
            continue
        rates[name] = kind.rate(level) if rate is None else rate
    return rates


def sort_of_errors(rates: Mapping[str, float], sort: str) -> ErrorRates:
    """Those of one sort, "condition" or "file"."""
    return {name: rate for name, rate in rates.items() if error_kinds()[name].sort == sort}


def read_errors(asked: str | Mapping[str, Any], name: str = "errors") -> ErrorRates:
    """Check and settle errors that are asked for outside a study file.

    Parameters
    ----------
    asked
        Words such as "typical" or "forgotten=high,duplicates=0.05", a level by itself being that
        of all kinds; or the same as a mapping.
    name
        What messages call it.

    Raises
    ------
    sim.errors.InputError
        Anything wrong with it; the nearest name where a kind is unknown.
    """
    data = _in_words(asked, name) if isinstance(asked, str) else dict(asked)
    file = TomlFile(name, "", data)
    return settle_errors(file.validate(error_table()))


def errors_in_words(asked: str | Mapping[str, Any]) -> str:
    """What `read_errors` takes, as one word of a command line."""
    if isinstance(asked, str):
        return asked
    return ",".join(f"{kind}={rate}" for kind, rate in asked.items())


def _in_words(words: str, name: str) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for part in words.split(","):
        kind, equals, rate = (one.strip() for one in part.partition("="))
        if not equals:
            kind, rate = "all", kind
        if not (kind and rate):
            raise InputError(
                f'{name}: give a level, as "typical", or kinds, as "aliases=high,duplicates=0.05"'
            )
        if kind in data:
            raise InputError(f"{name}: {kind} is given twice")
        data[kind] = _number_or_word(rate)
    return data


def _number_or_word(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text
