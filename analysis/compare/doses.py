"""Doses of a cut: the same scenario less or more deep, longer or shorter, later, with fewer staff.

What a scenario does beyond the one it extends is the cut; each dimension moves one thing of it and
leaves the rest. At the scenario's own value nothing moves at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from math import inf, isfinite
from typing import NamedTuple

from sim.errors import InputError, counted, meant_or_known
from sim.world.kinds import LINES_OF_SERVICE
from sim.world.scenario import Scenario, parse_scenario
from sim.world.shock import CLOSURE, EVENTS, Shock, Who

__all__ = [
    "BEGINS", "DOSES", "LASTS", "Dose", "Sweeping", "dosed", "own_shocks", "sweeping_of",
]  # fmt: skip

MOST_POINTS = 100
MOST_DIMENSIONS = 2
BEGINS, LASTS = "from_week", "weeks"
IN_TURN = (LASTS, BEGINS, "depth", "staff")
"""How dimensions are applied: how deep a cut is depends on what else holds then, and staff come
beside it."""
Cut = tuple[Shock, ...]


class Dose(NamedTuple):
    """One thing of a cut that can be moved.

    Attributes
    ----------
    label : str
    harder : bool
        Whether a larger value is more of the cut.
    moved : callable
        The shocks at a value, from those as written and the scenario that is cut.
    whole : bool
        Whether values are whole numbers of weeks.
    """

    label: str
    harder: bool
    moved: Callable[[Cut, float, Scenario], Cut]
    whole: bool = False


class Sweeping(NamedTuple):
    """A dimension with the values asked for, rising."""

    name: str
    values: tuple[float, ...]


def own_shocks(first: Scenario, other: Scenario) -> Cut:
    """What a scenario does beyond the one it extends.

    Raises
    ------
    InputError
        If it does not extend it, has parameters of its own, or does nothing more.
    """
    n = len(first.shocks)
    if other.changed != first.changed or other.shocks[:n] != first.shocks:
        raise InputError(
            f"a sweep moves the shocks that {other.id} adds to {first.id}; {other.id} must extend "
            f"{first.id} and differ from it by shocks alone"
        )
    if not other.shocks[n:]:
        raise InputError(f"{other.id} adds no shock to {first.id}, so there is nothing to sweep")
    return other.shocks[n:]


def dosed(first: Scenario, other: Scenario, at: Mapping[str, float]) -> Scenario:
    """A scenario with its cut at the doses given; as it is at its own.

    Raises
    ------
    InputError
        If a parameter would leave its range, or a shock has nothing that could be moved so.
    """
    cut = own_shocks(first, other)
    for name in IN_TURN:
        if name in at:
            cut = DOSES[name].moved(cut, at[name], first)
    data = other.but(shocks=(*first.shocks, *cut)).resolved()
    said = ", ".join(f"{name} {value:g}" for name, value in at.items())
    return parse_scenario(data, f"{other.id} at {said}")


def sweeping_of(words: Sequence[str]) -> tuple[Sweeping, ...]:
    """Dimensions from words such as ``depth=0:1.5:0.25`` or ``from_week=0,13,26``.

    Raises
    ------
    InputError
        If there are none or too many, one is unknown or named twice, or values make no sense.
    """
    found = tuple(_sweeping(one) for one in words)
    names = [one.name for one in found]
    if not 1 <= len(found) <= MOST_DIMENSIONS or len(set(names)) < len(names):
        raise InputError("give one or two different dimensions, as in --over depth=0:1.5:0.25")
    points = len(list(product(*(one.values for one in found))))
    if points > MOST_POINTS:
        raise InputError(f"--over asks for {points} points; at most {MOST_POINTS}")
    return found


def _sweeping(words: str) -> Sweeping:
    name, _, said = words.partition("=")
    if name not in DOSES:
        hint = meant_or_known(name, DOSES)
        raise InputError(f'--over {words}: there is no dimension "{name}"{hint}')
    right = f"give two values or more, as in {name}=0:1:0.25 (first:last:step) or {name}=0,1"
    try:
        numbers = [float(one) for one in said.replace(":", ",").split(",")]
    except ValueError:
        raise InputError(f"--over {words}: {right}") from None
    if ":" in said:
        numbers = _steps(words, numbers, right)
    values = tuple(sorted(set(numbers)))
    if len(values) < 2 or not all(isfinite(one) and one >= 0 for one in values):
        raise InputError(f"--over {words}: {right}, none below 0")
    if DOSES[name].whole and any(one != int(one) for one in values):
        raise InputError(f"--over {words}: {name} is a whole number of weeks")
    return Sweeping(name, values)


def _steps(words: str, numbers: Sequence[float], right: str) -> list[float]:
    if len(numbers) != 3 or not all(map(isfinite, numbers)) or numbers[2] <= 0:
        raise InputError(f"--over {words}: {right}")
    first, last, step = numbers
    steps = round((last - first) / step, 9)
    if not 0 < steps <= MOST_POINTS:
        raise InputError(f"--over {words}: from {first:g} to {last:g} must take 1 to "
                         f"{counted(MOST_POINTS, 'step')}")  # fmt: skip
    return [round(first + k * step, 9) for k in range(int(steps) + 1)]


def _deeper(cut: Cut, depth: float, first: Scenario) -> Cut:
    """Factors to the power of the depth, so that twice half is once; the rest in proportion."""
    return tuple(_at_depth(one, depth, first) for one in cut)


def _at_depth(shock: Shock, depth: float, first: Scenario) -> Shock:
    if depth == 1:
        return shock
    if shock.how == "multiply":
        return shock.model_copy(update={"value": shock.value**depth})
    if depth == 0 and shock.acts_on == CLOSURE:
        return shock.model_copy(update={"who": shock.who.model_copy(update={"share": 0.0})})
    if shock.how == "add" or (shock.acts_on == CLOSURE and 0 < depth * shock.value <= 1):
        return shock.model_copy(update={"value": shock.value * depth})
    if shock.how == "set":
        usual = _usual(shock, first)
        return shock.model_copy(update={"value": usual + depth * (shock.value - usual)})
    if shock.acts_on == CLOSURE:
        raise InputError(
            f"depth {depth:g}: {CLOSURE} would strike {depth * shock.value:g} of ties; it strikes "
            "more than 0 and at most 1"
        )
    raise InputError(f"depth: {shock.acts_on} happens or does not; sweep from_week, or its share")


def _usual(shock: Shock, first: Scenario) -> float:
    """What a parameter that is set would be without it: shocks of the first scenario count too."""
    from sim.world.parameters import catalogue

    path = shock.acts_on
    value = first.parameters.get(path, catalogue()[path].value)
    for one in first.shocks:
        if one.acts_on == path:
            if not _holds_throughout(one, shock):
                raise InputError(
                    f"depth: {first.id} moves {path} too, at other times or for other people, so "
                    "there is no one value between which and the one set depths could lie"
                )
            value = one.applied(value)
    return value


def _holds_throughout(one: Shock, other: Shock) -> bool:
    """Whether a shock is fully in force for everybody it may concern as long as another is."""
    whole = one.uptake == one.adherence == 1 and one.decay is None
    if one.from_week is None or other.from_week is None or not whole:
        return False
    ends, other_ends = (s.starts + (s.weeks or inf) for s in (one, other))
    begins = one.from_week <= other.from_week
    return one.who in (Who(), other.who) and begins and ends >= other_ends


def _lasting(cut: Cut, weeks: float, first: Scenario) -> Cut:
    del first
    if weeks < 1:
        raise InputError(f"weeks {weeks:g}: a shock lasts for a week or more")
    if all(one.acts_on in EVENTS for one in cut):
        raise InputError("weeks: what is forced happens once, and does not last")
    return tuple(
        one if one.acts_on in EVENTS else one.model_copy(update={"weeks": int(weeks)})
        for one in cut
    )


def _from(cut: Cut, week: float, first: Scenario) -> Cut:
    """The first of the shocks starts then; others keep their distance."""
    del first
    if any(one.from_week is None for one in cut):
        raise InputError("from_week: the cut counts from each person's baseline interview")
    by = int(week) - min(one.starts for one in cut)
    return tuple(one.model_copy(update={"from_week": one.starts + by}) for one in cut)


def _with_staff(cut: Cut, share: float, first: Scenario) -> Cut:
    """Everybody's capacity times the share, from the start of the cut on; on top of it."""
    del first
    if share == 1:
        return cut
    start = min(one.starts for one in cut)
    less = [
        Shock(acts_on=f"service.{one}.capacity", how="multiply", value=share, from_week=start)
        for one in LINES_OF_SERVICE
    ]
    return (*cut, *less)


DOSES: Mapping[str, Dose] = {
    "depth": Dose("depth of the cut (1: as written)", True, _deeper),
    LASTS: Dose("weeks the cut lasts", True, _lasting, whole=True),
    BEGINS: Dose("week in which the cut begins", False, _from, whole=True),
    "staff": Dose("staff time left, beside the cut (1: all)", False, _with_staff),
}
"""In the order in which they are applied."""
