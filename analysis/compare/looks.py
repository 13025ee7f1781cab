"""One team under several scenarios: one shared past, and lives that part where scenarios differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from analysis.compare.outcomes import LIFE_OUTCOMES, life_table, life_tables
from analysis.compare.touched import differing
from sim.world.run import Place, Watched, live, run_in
from sim.world.scenario import Scenario
from sim.world.shock import Shock
from sim.world.state import Team

__all__ = [
    "TOTAL_COLUMNS",
    "Fork",
    "begins_in",
    "fork_week",
    "forked",
    "life_on_looks",
    "shared_past",
]

TOTAL_COLUMNS = np.array([one.total for one in LIFE_OUTCOMES])
"""Which outcomes are totals, (outcomes,)."""
_SEEN_THEN = ("has_partner", "constrictor")


class Fork(NamedTuple):
    """Lives of one team under several scenarios.

    Attributes
    ----------
    start : Team
        The state all of them share when the first of their differences begins.
    levels : ndarray, (scenarios, W, E, outcomes)
        At the end of each week asked for; totals since week 0.
    """

    start: Team
    levels: np.ndarray


def fork_week(scenarios: Sequence[Scenario], stop: int) -> int:
    """The first week in which scenarios may differ; `stop` if none comes before it.

    A shock that chooses people by what may have changed meanwhile is not begun in a shared past:
    lives that part later would choose anew.
    """
    first, weeks = scenarios[0], [stop]
    for other in scenarios[1:]:
        weeks += [shock.starts for _, shock in differing(first, other)]
        weeks += [shock.starts for shock in other.shocks if _chooses(shock)]
        weeks += [0] * (other.changed != first.changed)
    return min(weeks)


def begins_in(scenarios: Sequence[Scenario], stop: int) -> dict[str, int]:
    """The week in which each scenario but the first may begin to differ from it; 0 if never."""
    first, *others = scenarios
    return {one.id: fork_week([first, one], stop) % stop for one in others}


def _chooses(shock: Shock) -> bool:
    return any(getattr(shock.who, name) is not None for name in _SEEN_THEN)


def forked(
    scenarios: Sequence[Scenario], place: Place, key: np.ndarray, weeks: Sequence[int]
) -> Fork:
    """Live a team's shared past once, and from where they differ under each scenario.

    Parameters
    ----------
    scenarios : sequence of Scenario
        Of one world. Parameters of the first hold in the run-in, those of each from week 0 on.
    weeks : sequence of int
        At whose ends people are looked at, rising.
    """
    start = run_in(scenarios[0], place, key)
    before = np.where(TOTAL_COLUMNS, life_table(start), 0)
    week = fork_week(scenarios, weeks[-1] + 1)
    early = [one for one in weeks if one < week]
    late = list(weeks[len(early) :])
    past = np.zeros((0, *before.shape))
    if week > 0:
        past, start = life_on_looks(scenarios[0], place, start, key, early, stop=week)
    lives: dict[Scenario, np.ndarray] = {}
    for one in scenarios:
        if one not in lives:
            own = life_on_looks(one, place, start, key, late)[0] if late else past[:0]
            lives[one] = np.concatenate([past, own]) - before
    return Fork(start, np.array([lives[one] for one in scenarios]))


def shared_past(scenarios: Sequence[Scenario], place: Place, key: np.ndarray, stop: int) -> Team:
    """The state of a team when scenarios part, or at `stop` if they part later."""
    start, week = run_in(scenarios[0], place, key), fork_week(scenarios, stop)
    return live(scenarios[0], place, start, key, week).team if week > 0 else start


def life_on_looks(
    scenario: Scenario,
    place: Place,
    start: Team,
    key: np.ndarray,
    weeks: Sequence[int],
    stop: int | None = None,
) -> tuple[np.ndarray, Team]:
    """Outcomes of everybody at the end of each week, (W, E, outcomes), and the state at the end.

    Parameters
    ----------
    stop : int, optional
        The week after the last; that after the last of `weeks` by default.
    """
    n = start.egos.size
    at = np.tile(np.array(weeks, np.int32), (n, 1)).reshape(n, len(weeks))
    watched = Watched(np.arange(n, dtype=np.int32), at)
    end = weeks[-1] + 1 if stop is None else stop
    history = live(scenario, place, start, key, end, watched=watched)
    return life_tables(history), history.team
