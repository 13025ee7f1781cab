"""All patterns there are, in order of their numbers."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from importlib.resources import files

from analysis.patterns.protocol import Pattern
from sim.errors import InputError, nearest

__all__ = ["OF_ALL", "all_patterns", "choose", "known_failures", "reserved"]

OF_ALL = 80
"""Patterns that the evidence names; those without a measure are not in this catalogue."""
MODULES = (
    "general", "partner", "family", "friends", "episodes", "professionals", "services", "objects",
    "network", "theory", "attrition", "reach", "people",
)  # fmt: skip


def all_patterns() -> tuple[Pattern, ...]:
    """Every pattern with a measure."""
    from importlib import import_module

    found = [one for name in MODULES for one in import_module(f"analysis.patterns.{name}").PATTERNS]
    return tuple(sorted(found, key=lambda one: int(one.id[1:])))


def choose(ids: Sequence[str]) -> tuple[Pattern, ...]:
    """Some of the patterns, by id, each once; all if none are named.

    Raises
    ------
    sim.errors.InputError
        If there is no pattern of that name, or it has no measure yet.
    """
    every = {one.id: one for one in all_patterns()}
    for name in ids:
        if name.upper() not in every:
            hint = nearest(name.upper(), list(every))
            raise InputError(f'there is no pattern "{name}" with a measure{hint}')
    return tuple(every[one] for one in dict.fromkeys(map(str.upper, ids))) or tuple(every.values())


def reserved() -> frozenset[str]:
    """Ids of the patterns set apart before any result was seen."""
    return frozenset(_table("reserved")["reserved"])


def known_failures() -> dict[str, dict[str, object]]:
    """Patterns known to fail, by id: the measurement and the reason."""
    return {one["id"]: one for one in _table("failures").get("failure", [])}


def _table(name: str) -> dict:
    text = files("analysis.patterns").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
