"""What the world answers at points of the unit cube, with the Monte Carlo error of each answer.

Every point is lived by the same teams with the same draws, so that two points differ by their
parameters alone. The noise that is left (one visit moved shifts another) is known from leaving out
one team at a time: the same omission at all points, so errors of differences come out right.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from analysis.patterns.lives import PLACE, WEEKS, TeamLives, with_room
from analysis.patterns.statistics import Stat
from analysis.runs.parameter_space import Space
from analysis.sensitivity.outputs import measure_of
from analysis.worlds.balance import Turnover, rebalanced, turnover
from sim.side_by_side import Progress, side_by_side
from sim.world.scenario import Scenario, parse_scenario, read_scenario
from sim.world.streams import key_of

__all__ = ["EGOS_A_TEAM", "Answers", "Ask", "MeasuredWorld", "jackknife"]

EGOS_A_TEAM = 288
"""People in a team, as in usual care."""


@dataclass(frozen=True)
class Answers:
    """An output at n points.

    Attributes
    ----------
    value : ndarray, (n,)
    rest : ndarray, (n, T)
        The same without one of the T teams.
    """

    value: np.ndarray
    rest: np.ndarray

    def at(self, which: np.ndarray) -> Answers:
        """Some of the points."""
        return Answers(self.value[which], self.rest[which])

    @property
    def finite(self) -> np.ndarray:
        """Where the answer exists, whichever team is left out, (n,)."""
        found: np.ndarray = np.isfinite(self.value) & np.isfinite(self.rest).all(axis=1)
        return found

    @property
    def mcse(self) -> np.ndarray:
        """Monte Carlo standard error of each answer, (n,)."""
        return jackknife(self.rest)


Ask = Callable[[Space, np.ndarray], Answers]
"""What a method needs: the output at points (n, k) of a space."""


def jackknife(rest: np.ndarray) -> np.ndarray:
    """Standard errors from leaving out one team at a time: (..., T) to (...)."""
    teams = rest.shape[-1]
    apart = rest - rest.mean(axis=-1, keepdims=True)
    error: np.ndarray = np.sqrt((teams - 1) / teams * (apart**2).sum(axis=-1))
    return error


class MeasuredWorld:
    """The simulated world as a function of its parameters.

    Parameters
    ----------
    outputs : sequence of str
        Names of `names.OUTPUTS`.
    teams : int
        Teams lived at each point, at least 2.
    seed : int
    threads : int
        Points side by side; the answers do not depend on it.
    egos : int
        People in a team.
    """

    def __init__(
        self,
        outputs: Sequence[str],
        teams: int,
        *,
        seed: int,
        threads: int = 1,
        egos: int = EGOS_A_TEAM,
    ) -> None:
        self.outputs, self.teams, self.threads = tuple(outputs), teams, threads
        self._measures = [measure_of(name) for name in outputs]
        self._seed, self._egos = seed, egos
        self._shipped = self._turnover({})
        self._weeks = self._looked_at()

    def answers(
        self,
        space: Space,
        points: np.ndarray,
        progress: Progress | None = None,
        stage: str = "",
    ) -> list[Answers]:
        """Each output at points (n, k) of a space."""
        found = list(
            side_by_side(
                lambda point: self._measured(space.at(point)), points, self.threads,
                progress=progress, stage=stage,
            )
        )  # fmt: skip
        return [
            Answers(np.array([one[m][0] for one in found]), np.array([one[m][1] for one in found]))
            for m in range(len(self.outputs))
        ]

    def _measured(self, parameters: dict[str, float]) -> list[tuple[float, np.ndarray]]:
        """Whole and left-out values of every output with these parameters."""
        balanced = rebalanced(parameters, self._turnover(parameters), self._shipped)
        stats: list[list[Stat]] = [[] for _ in self._measures]
        for replicate in range(self.teams):
            lived = partial(
                TeamLives, self._seed, replicate, balanced, self._egos, False, self._weeks
            )
            found = with_room(lived, lambda lives: [measure(lives) for measure in self._measures])
            for of, stat in zip(stats, found, strict=True):
                of.append(stat)
        return [_whole_and_rest(of) for of in stats]

    def _looked_at(self) -> frozenset[int]:
        """Weeks that the outputs look at; fewer are faster."""

        def looked(lives: TeamLives) -> frozenset[int]:
            for measure in self._measures:
                measure(lives)
            return frozenset(lives.asked)

        return with_room(partial(TeamLives, self._seed, 0, {}, self._egos, False, WEEKS), looked)

    def _turnover(self, parameters: dict[str, float]) -> list[Turnover]:
        scenario = _usual_care(parameters, self._egos)
        return [turnover(scenario, PLACE, key_of(self._seed, r)) for r in range(self.teams)]


def _usual_care(parameters: dict[str, float], egos: int) -> Scenario:
    data = read_scenario("usual-care").resolved()
    data["parameters"] = {**data.get("parameters", {}), **parameters}
    data["world"]["egos_per_team"] = egos
    return parse_scenario(data)


def _whole_and_rest(stats: Sequence[Stat]) -> tuple[float, np.ndarray]:
    parts = np.stack([stat.parts for stat in stats])
    total = parts.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        whole = float(stats[0].value(total))
        rest = np.asarray(stats[0].value(total - parts), np.float64)
    return whole, rest
