"""Tables of a study file that belong to other rooms: read with the study, and not looked into here.

A room that asks something of studies says which table of the file is its own, and how that is read.
The study carries what was settled, and writes it back where it stood.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, NamedTuple, NoReturn

__all__ = ["Fail", "Owner", "own", "owned_tables", "owner_of"]

Fail = Callable[[tuple[str | int, ...], str], NoReturn]
"""Says what is wrong with the key at this path, and does not return."""

_OWNERS: dict[str, str] = {}


class Owner(NamedTuple):
    """How a table is read.

    Attributes
    ----------
    model : type of pydantic.BaseModel
        What the table may say.
    settle : callable
        Of the table as read, the study's arms and weeks, and `Fail`: the table with what it leaves
        open filled in from the study, and checked with it.
    """

    model: type[Any]
    settle: Callable[[Any, tuple[str, ...], tuple[int, ...], Fail], Any]


def own(table: str, where: str) -> None:
    """Say who reads a table: an `Owner`, as "module:name", imported when a file has the table."""
    _OWNERS[table] = where


def owned_tables() -> tuple[str, ...]:
    """Names of the tables that belong to other rooms, in the order in which they are written."""
    return tuple(_OWNERS)


def owner_of(table: str) -> Owner:
    """Who reads a table."""
    module, _, name = _OWNERS[table].partition(":")
    found: Owner = getattr(import_module(module), name)
    return found
