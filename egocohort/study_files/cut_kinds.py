"""What can be cut, and what a cut of some depth acts on, as far as ranges of parameters go."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from sim.world.kinds import LINES_OF_SERVICE
from sim.world.parameters import catalogue
from sim.world.shock import CLOSURE, EVENTS

__all__ = ["CUTS", "ONCE", "Cut", "CutShock", "Scaling", "Values", "shocks_at"]

STEADY = 0.84
"""Capacity falls by so much of what planned visits fall by, for early weeks of an episode are as
before: in `service-cutback` a third fewer are planned, capacity falls by .28, and a quarter fewer
are made."""
ONCE = "drop-ins"
Values = Mapping[str, float]
"""Of parameters, before the cut."""


class Scaling(NamedTuple):
    """How a parameter goes with the depth of a cut: a depth's factor, and a factor's depth."""

    factor: Callable[[float], float]
    depth: Callable[[float], float]


LONGER = Scaling(lambda depth: 1 / (1 - depth), lambda factor: 1 - 1 / factor)
LESS = Scaling(lambda depth: 1 - depth, lambda factor: 1 - factor)
STEADILY_LESS = Scaling(lambda depth: 1 - STEADY * depth, lambda factor: (1 - factor) / STEADY)
MORE = Scaling(lambda depth: 1 + depth, lambda factor: factor - 1)


class Cut(NamedTuple):
    """Something that can be cut.

    Attributes
    ----------
    words : str
        What it does, for a title.
    depth : float
        Proposed.
    means : str
        What the depth is of.
    acts_on : sequence of (str, Scaling)
        Parameters, and how each goes with the depth; none for ties that end in one week.
    note : str
        What a reader must know beside that.
    of_people : bool
        Whether it can be for some people, and not only for whole sites or teams.
    """

    words: str
    depth: float
    means: str
    acts_on: Sequence[tuple[str, Scaling]]
    note: str = ""
    of_people: bool = False

    def reaches(self, depth: float) -> bool:
        """Whether there is such a depth: no share is over 1; visits never made have no interval."""
        if not self.means.startswith("share"):
            return True
        return depth < 1 or (depth == 1 and not self.acts_on)


def _fewer_visits(*roles: str) -> list[tuple[str, Scaling]]:
    longer = ("interval_weeks", "shortest_weeks", "longest_weeks")
    return [
        *((f"service.{role}.{what}", LONGER) for role in roles for what in longer),
        *((f"service.{role}.capacity", STEADILY_LESS) for role in roles),
    ]


CUTS: Mapping[str, Cut] = {
    "visits": Cut(
        "psychiatrists and co-ordinators see people less often", 0.33,
        "share of planned visits cut", _fewer_visits("psychiatrist", "coordinator"),
        "Those in the early weeks of an episode are seen as before, so that fewer visits are cut "
        "as made than as planned: a third fewer as planned is a quarter fewer as made. Visits of "
        "support workers are not cut.",
    ),
    "support": Cut(
        "support workers see people less often", 0.33, "share of planned visits cut",
        _fewer_visits("support_worker"),
        "Visits of psychiatrists and co-ordinators are not cut.",
    ),
    "staff": Cut(
        "staff have less time, and visits stay as promised", 0.2, "share of capacity cut",
        [(f"service.{line}.capacity", LESS) for line in LINES_OF_SERVICE],
        "What staff have no time for is cancelled or comes late.",
    ),
    "turnover": Cut(
        "staff leave more often", 1.0, "how much more often: 1 is twice",
        [("service.leaving", MORE)],
    ),
    "discharge": Cut(
        "teams discharge more people", 3.0, "how many more: 3 is four times",
        [("service.discharge", MORE)], of_people=True,
    ),
    ONCE: Cut(
        "drop-ins close", 0.5, "share of ties to groups and places that end", [], of_people=True
    ),
}  # fmt: skip
"""By the word that asks for it."""


class CutShock(NamedTuple):
    """One shock of a cut.

    Attributes
    ----------
    acts_on, how, value
        As in a scenario file.
    meaning : str
        What it does, for a comment.
    stop : str
        Where the parameter's range ends before the depth is reached; empty where it does not.
    """

    acts_on: str
    how: str
    value: float
    meaning: str
    stop: str = ""


def shocks_at(cut: Cut, depth: float, before: Values) -> list[CutShock]:
    """What a cut acts on; a parameter goes to the end of its range where it would leave it."""
    if not cut.acts_on:
        return [CutShock(CLOSURE, "force", depth, EVENTS[CLOSURE])]
    return [_change(path, scaling, depth, before[path]) for path, scaling in cut.acts_on]


def _change(path: str, scaling: Scaling, depth: float, before: float) -> CutShock:
    entry, factor = catalogue()[path], scaling.factor(depth)
    end = min(max(before * factor, entry.low), entry.high)
    if end == before * factor:
        value = round(factor, 4)
        meaning = f"{before:.4g} to {before * value:.4g} {entry.unit}"
        return CutShock(path, "multiply", value, meaning)
    at = f"{end:g} {entry.unit}, the end of its range"
    reached = f", as at depth {scaling.depth(end / before):.3g}" if end != before else ""
    stop = f"{path} {'stops' if reached else 'stays'} at {at}{reached}"
    return CutShock(path, "set", end, f"{before:.4g} to {at}{reached}", stop)
