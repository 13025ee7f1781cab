"""How shocks meet on a parameter: what each finds, what it makes of that, what it overrides."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import NamedTuple

from sim.world.scenario import Scenario
from sim.world.shock import Shock, Who

__all__ = ["Met", "shocks_met"]

NAMED = ("site", "team", "role", "diagnosis", "arm")


class Met(NamedTuple):
    """A parameter when a shock on it begins. Shocks are numbered from 1, as in the file.

    Attributes
    ----------
    before, after : float
        In the parameter's unit, without the shock and with it.
    through : tuple of int
        Shocks in force by then that certainly reach everybody whom this one reaches.
    perhaps : tuple of int
        Shocks that may be in force for some of those whom this one reaches; not in `before`.
    overrides : tuple of int
        Shocks that come to nothing while this one lasts, for it sets the parameter after them.
    """

    before: float
    after: float
    through: tuple[int, ...]
    perhaps: tuple[int, ...]
    overrides: tuple[int, ...]


def shocks_met(scenario: Scenario) -> list[Met | None]:
    """What each shock of a scenario meets, in the order of the file; None for forced events."""
    values = scenario.values
    return [
        None if shock.how == "force" else _met(index, scenario.shocks, values[shock.acts_on])
        for index, shock in enumerate(scenario.shocks)
    ]


def _met(index: int, shocks: Sequence[Shock], value: float) -> Met:
    """As the schedule applies them: whoever begins first, in the order of the file."""
    shock = shocks[index]
    before = after = value
    through, perhaps, overrides = [], [], []
    for at, other in enumerate(shocks):
        if at == index:
            after = shock.applied(after)
        elif other.acts_on == shock.acts_on and _may_meet(other, shock):
            if at < index and shock.how == "set":
                overrides.append(at + 1)
            if not _reaches_all_of(other, shock):
                perhaps.append(at + 1)
            elif (other.starts, at) < (shock.starts, index) and shock.starts < _end(other):
                through.append(at + 1)
                before, after = other.applied(before), other.applied(after)
    return Met(before, after, tuple(through), tuple(perhaps), tuple(overrides))


def _may_meet(one: Shock, other: Shock) -> bool:
    """Whether two shocks on a parameter can be in force at once in one person or post."""
    for name in NAMED:
        here, there = getattr(one.who, name), getattr(other.who, name)
        if here and there and not set(here) & set(there):
            return False
    return not _same_clock(one, other) or (one.starts < _end(other) and other.starts < _end(one))


def _reaches_all_of(other: Shock, shock: Shock) -> bool:
    """Whether a shock certainly reaches everybody whom another one reaches."""
    alike = other.who == shock.who and not shock.who.selects_egos
    return _same_clock(other, shock) and not other.is_offer and (alike or other.who == Who())


def _same_clock(one: Shock, other: Shock) -> bool:
    return (one.from_week is None) == (other.from_week is None)


def _end(shock: Shock) -> float:
    return inf if shock.weeks is None else shock.starts + shock.weeks
