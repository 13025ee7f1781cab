"""Births set anew for changed parameters, so that ties neither dwindle nor multiply.

The shipped births balance the shipped losses. Where parameters change losses, a year would show
the way to another equilibrium and not life in one. The full calibration solves for it by
simulation; here births are corrected by a ratio: let h be the losses per tie and year, and B the
births, with the changed parameters (1) and as shipped (0), the same people and draws in both; then

    formation_1 = formation_0 * (h_1 / h_0) * (B_0 / B_1)

brings births to where they replace what is lost from the set point of ties. Common draws cancel
most of the noise, and unchanged parameters give unchanged births exactly.

One correction does most of it: docs/sensitivity.md has how far friends grow or dwindle over joint
draws of all that is assumed, without it and with more (`python docs/figures.py draws`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.worlds.moments import FORMED, MOMENT_GROUPS
from sim.world.kinds import GROUP_OF_KIND, Event
from sim.world.parameters import catalogue
from sim.world.run import History, Place, live, run_in
from sim.world.scenario import Scenario
from sim.world.streams import key_of

__all__ = ["Turnover", "rebalanced", "turnover", "turnovers"]

YEAR = 52
LEAST, MOST = 0.05, 20.0
"""How far a correction may go: where nothing is born any more, nothing is learnt of births."""

_GROUP = np.array([int(group) for group in GROUP_OF_KIND])
_FORMED = np.array([MOMENT_GROUPS.index(name) for name in FORMED])
_FEW = 1.0  # added to counts, so that a group with no loss in a small sample has a ratio


@dataclass(frozen=True)
class Turnover:
    """What came and went in a year, by group that is formed, each (7,)."""

    ties: np.ndarray
    births: np.ndarray
    losses: np.ndarray

    def __add__(self, other: Turnover) -> Turnover:
        return Turnover(
            self.ties + other.ties, self.births + other.births, self.losses + other.losses
        )


def turnover(scenario: Scenario, place: Place, key: np.ndarray) -> Turnover:
    """Births and losses of one team in the year after its run-in."""
    team = run_in(scenario, place, key)
    before = _active(team)
    history: History = live(scenario, place, team, key, YEAR)
    after = _active(history.team)
    began = history.events[history.events["event"] == Event.TIE_BEGAN]["kind"]
    births = np.bincount(_GROUP[began], minlength=len(MOMENT_GROUPS))[_FORMED]
    return Turnover((before + after) / 2, births, births - (after - before))


def turnovers(scenario: Scenario, replicates: Iterable[int], seed: int) -> list[Turnover]:
    """Births and losses of one team of each replicate, in a year without shocks."""
    calm = scenario.but(shocks=())
    return [turnover(calm, Place(1, 1), key_of(seed, replicate)) for replicate in replicates]


def _active(team: object) -> np.ndarray:
    column = team.column  # type: ignore[attr-defined]
    there = (column("active") > 0) & (column("group") >= 0)
    return np.bincount(column("group")[there].astype(int), minlength=len(MOMENT_GROUPS))[_FORMED]


def rebalanced(
    parameters: Mapping[str, float], changed: Sequence[Turnover], shipped: Sequence[Turnover]
) -> dict[str, float]:
    """The parameters with births that replace what is lost.

    Parameters
    ----------
    parameters : mapping of str to float
        What differs from the catalogue, births as shipped or corrected before.
    changed, shipped : sequence of Turnover
        The same teams with these parameters, and as shipped.
    """
    new, old = (_rates(seen) for seen in (changed, shipped))
    factor = np.clip(new[0] / old[0] * old[1] / new[1], LEAST, MOST)
    known = catalogue()
    found = dict(parameters)
    for name, times in zip(FORMED, factor.tolist(), strict=True):
        entry = known[f"tie.{name}.formation"]
        value = found.get(entry.path, entry.value) * times
        found[entry.path] = min(max(value, entry.low), entry.high)
    return found


def _rates(seen: Sequence[Turnover]) -> tuple[np.ndarray, np.ndarray]:
    """Losses per tie, and births."""
    ties, births, losses = (
        np.sum([getattr(one, what) for one in seen], axis=0)
        for what in ("ties", "births", "losses")
    )
    return np.maximum(losses + _FEW, _FEW) / np.maximum(ties, _FEW), births + _FEW
