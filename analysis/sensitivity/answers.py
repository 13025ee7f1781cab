"""What the world answers at points of the unit cube, with the Monte Carlo error of each answer.

Every point is lived by the same teams with the same draws, so that two points differ by their
parameters alone. The noise that is left (one visit moved shifts another) is known from leaving out
one team at a time: the same omission at all points, so errors of differences come out right.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from analysis.patterns.lives import WEEKS, TeamLives, with_room
from analysis.patterns.statistics import Stat
from analysis.runs.chunks import ChunkRows, kept_map, on_threads
from analysis.runs.parameter_space import Space
from analysis.runs.run import Run, job_run
from analysis.sensitivity.names import SENSITIVITY
from analysis.sensitivity.outputs import measure_of
from analysis.worlds.balance import Turnover, rebalanced, turnovers
from sim.side_by_side import Progress
from sim.sources import HOUSE
from sim.world.scenario import read_scenario

__all__ = [
    "EGOS_A_TEAM",
    "Answers",
    "Ask",
    "MeasuredWorld",
    "PointSpec",
    "jackknife",
    "measure_point",
    "sensitivity_run",
]

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
    kept : Run, optional
        Where answers are kept, and taken from if they are there.
    """

    def __init__(
        self,
        outputs: Sequence[str],
        teams: int,
        *,
        seed: int,
        threads: int = 1,
        egos: int = EGOS_A_TEAM,
        kept: Run | None = None,
    ) -> None:
        self.threads = threads
        names = tuple(outputs)
        self.spec = PointSpec(names, teams, seed, egos, *_as_shipped(names, teams, seed, egos))
        self._store = (
            None
            if kept is None
            else kept.store("points", outputs=names, teams=teams, seed=seed, egos=egos)
        )

    def answers(
        self,
        space: Space,
        points: np.ndarray,
        progress: Progress | None = None,
        stage: str = "",
    ) -> list[Answers]:
        """Each output at points (n, k) of a space."""
        chunks = [tuple(space.at(point).items()) for point in points]
        tables = kept_map(
            measure_point, self.spec, chunks, store=self._store, driver=on_threads(self.threads),
            progress=progress, stage=stage,
        )  # fmt: skip
        shape = (len(self.spec.outputs), 1 + self.spec.teams)
        found = np.array([table["value"].to_numpy().reshape(shape) for table in tables])
        return [
            Answers(*map(np.ascontiguousarray, (found[:, m, 0], found[:, m, 1:])))
            for m in range(shape[0])
        ]


@dataclass(frozen=True)
class PointSpec:
    """What the answers at a point depend on.

    Attributes
    ----------
    outputs : tuple of str
    teams, seed, egos : int
    shipped : tuple of Turnover
        Of each team with the parameters as shipped.
    weeks : frozenset of int
        That the outputs look at; fewer are faster.
    """

    outputs: tuple[str, ...]
    teams: int
    seed: int
    egos: int
    shipped: tuple[Turnover, ...]
    weeks: frozenset[int]


def measure_point(spec: PointSpec, point: tuple[tuple[str, float], ...]) -> ChunkRows:
    """Every output with these parameters: of all teams, then without each of them in turn."""
    parameters = dict(point)
    changed = _turnover(parameters, spec.teams, spec.seed, spec.egos)
    balanced = rebalanced(parameters, changed, spec.shipped)
    measures = [measure_of(name) for name in spec.outputs]
    stats: list[list[Stat]] = [[] for _ in measures]
    for replicate in range(spec.teams):
        lived = partial(TeamLives, spec.seed, replicate, balanced, spec.egos, False, spec.weeks)
        found = with_room(lived, lambda lives: [measure(lives) for measure in measures])
        for of, stat in zip(stats, found, strict=True):
            of.append(stat)
    values = [_whole_and_rest(of) for of in stats]
    return {
        "output": np.repeat(np.array(spec.outputs), 1 + spec.teams),
        "without_team": np.tile(np.arange(1 + spec.teams), len(values)),
        "value": np.concatenate(values),
    }


def sensitivity_run(out: str | Path | None, seed: int) -> Run | None:
    """The place for answers at points in a folder of results; None without one.

    Raises
    ------
    sim.errors.ResumeError
        If it holds those of another run; the message says what differs.
    """
    return job_run(out, SENSITIVITY, HOUSE / "analysis" / "sensitivity" / "answers.py", seed=seed)


def _as_shipped(
    outputs: tuple[str, ...], teams: int, seed: int, egos: int
) -> tuple[tuple[Turnover, ...], frozenset[int]]:
    """Turnover as shipped, and the weeks that the outputs look at."""

    def looked(lives: TeamLives) -> frozenset[int]:
        for name in outputs:
            measure_of(name)(lives)
        return frozenset(lives.asked)

    turned = tuple(_turnover({}, teams, seed, egos))
    return turned, with_room(partial(TeamLives, seed, 0, {}, egos, False, WEEKS), looked)


def _turnover(parameters: dict[str, float], teams: int, seed: int, egos: int) -> list[Turnover]:
    usual = read_scenario("usual-care").with_parameters(parameters)
    small = usual.but(world=usual.world.model_copy(update={"egos_per_team": egos}))
    return turnovers(small, range(teams), seed)


def _whole_and_rest(stats: Sequence[Stat]) -> np.ndarray:
    """A figure of all T teams, then without each, (1 + T,)."""
    parts = np.stack([stat.parts for stat in stats])
    total = parts.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        whole = float(stats[0].value(total))
        rest = np.asarray(stats[0].value(total - parts), np.float64)
    return np.array([whole, *rest])
