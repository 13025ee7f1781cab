"""The world of a plan with other parameters: everything assumed drawn at once, births balanced.

What varies, and how far, is as for the ignorance band (`analysis.runs.parameter_space`). Not free
are parameters that the study's own scenario sets: those are what it asks about. And a range ends
where a shock of the study would leave the catalogue's, and at what a shock or a scenario it is
compared with sets: posts that stay empty *longer* do so in every draw. The study file's retention
is held in every draw, so absence is solved anew for each, on a small part of the reference cohort.

Many draws are worlds that lose ties far faster than any that was observed. A draw is *near the
shipped world* where the ties of friends and those of kin end, each tie and year, at no less than
half and no more than twice the rate there, which is the one held likely (B16).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from analysis.runs.parameter_draws import joint_draws
from analysis.runs.parameter_space import Space, choose_space
from analysis.runs.purposes import Purpose
from analysis.worlds.balance import Turnover, rebalanced, turnovers
from analysis.worlds.moments import FORMED
from analysis.worlds.process import WorldProcess
from sim.study.reference import absence_of
from sim.world.parameters import Entry, catalogue
from sim.world.scenario import Scenario
from sim.world.shock import Shock

__all__ = ["DrawnWorld", "DrawnWorlds", "is_near", "space_of", "turnover_of"]

BALANCE_PEOPLE = 1152
"""People in whom births and losses are counted: four teams of the usual size."""
REFERENCE_TEAMS = 10
"""Teams on which absence is solved: another ten would move retention by .01 (standard error)."""
DRAWN = 6
"""Purpose of the generator; the ignorance band has others."""


NEAR_GROUPS = (("friend",), ("kin", "young_kin"))
TWICE = 2.0


class DrawnWorld(NamedTuple):
    """The process with the parameters of one draw, and whether that is near the shipped world."""

    process: WorldProcess
    near: bool


class DrawnWorlds:
    """Joint draws of a world's parameters.

    Parameters
    ----------
    process : WorldProcess
        As shipped.
    draws : int
    space : Space, optional
        What varies; everything assumed by default.
    """

    def __init__(self, process: WorldProcess, draws: int, space: Space | None = None) -> None:
        self.process = process
        self.space = space_of(process.lived) if space is None else space
        rng = np.random.default_rng([process.seed, DRAWN])
        self._points = joint_draws(self.space, draws, rng)

    def find_balance(self) -> None:
        """Count births and losses as shipped, before draws are asked for side by side."""
        self._shipped  # noqa: B018  # kept once found

    def at(self, draw: int) -> DrawnWorld:
        """One draw."""
        lived = self.process.lived
        drawn = {**lived.parameters, **self.space.at(self._points[draw])}
        changed = turnover_of(lived, drawn, self.process.seed)
        balanced = rebalanced(drawn, changed, self._shipped)
        world = lived.with_parameters(balanced)
        absence = absence_of(self.process.study, world, teams=REFERENCE_TEAMS)
        process = replace(self.process, lived=world, kept={}, truths=[], absence=absence)
        return DrawnWorld(process, is_near(changed, self._shipped))

    @cached_property
    def _shipped(self) -> list[Turnover]:
        return turnover_of(self.process.lived, {}, self.process.seed)


def turnover_of(lived: Scenario, parameters: Mapping[str, float], seed: int) -> list[Turnover]:
    """Births and losses of a year without shocks, the same teams whatever the parameters."""
    numbers = Purpose.BIRTHS.some(-(-BALANCE_PEOPLE // lived.world.caseload))
    return turnovers(lived.with_parameters(parameters), numbers, seed)


def is_near(changed: Sequence[Turnover], shipped: Sequence[Turnover]) -> bool:
    """Whether friends and kin are each lost at no less than half and no more than twice the rate.

    Parameters
    ----------
    changed, shipped : sequence of Turnover
        The same teams with the parameters drawn, and as shipped.
    """
    for names in NEAR_GROUPS:
        of = [FORMED.index(name) for name in names]
        new, old = (
            sum(one.losses[of].sum() for one in seen) / sum(one.ties[of].sum() for one in seen)
            for seen in (changed, shipped)
        )
        if not old / TWICE <= new <= old * TWICE:
            return False
    return True


def space_of(lived: Scenario, *others: Scenario) -> Space:
    """Everything assumed that a study can feel and its scenario does not set.

    Parameters
    ----------
    lived : Scenario
        The world that is drawn.
    *others : Scenario
        What is compared with it.
    """
    space = choose_space(("assumed",), on_maps=True)
    free = space.subset([path for path in space.paths if path not in lived.parameters])
    shocks = [shock for one in (lived, *others) for shock in one.shocks]
    levels = [(shock.acts_on, shock.value) for shock in shocks if shock.how == "set"]
    levels += [own for one in others for own in one.changed]
    return replace(free, entries=tuple(_within(entry, shocks, levels) for entry in free.entries))


def _within(entry: Entry, shocks: Sequence[Shock], levels: Sequence[tuple[str, float]]) -> Entry:
    """The entry with a range that no shock can leave, alone or all at once, or turn round."""
    bounds = catalogue()[entry.path]
    low, high = entry.low, entry.high
    for level in (value for path, value in levels if path == entry.path):
        low = max(low, level) if level < entry.value else low
        high = min(high, level) if level > entry.value else high
    acting = [one for one in shocks if one.acts_on == entry.path and one.how in ("multiply", "add")]
    for chosen in [*([one] for one in acting), acting]:
        at_low, at_high = low, high
        for one in chosen:
            at_low, at_high = one.applied(at_low), one.applied(at_high)
        slope = (at_high - at_low) / (high - low) if high > low else 0.0
        if slope > 0:
            low, high = (
                max(low, low + (bounds.low - at_low) / slope),
                min(high, high + (bounds.high - at_high) / slope),
            )
    return replace(entry, low=min(low, entry.value), high=max(high, entry.value))
