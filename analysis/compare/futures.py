"""What a scenario does to each person, on average over many futures of the state it starts from.

A person's effect in one future is mostly luck: other draws, other effects. What can be said of a
person is the mean over futures of the same state, and of people how these means vary beyond what so
many futures leave of luck: expected harm given the state.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from analysis.compare.caseloads import CaseloadsSpec
from analysis.compare.looks import fork_week, forked, life_on_looks
from analysis.compare.outcomes import life_table, outcome_at
from analysis.runs.chunks import ChunkRows, kept_map, on_threads
from analysis.runs.parameter_draws import drawn_together
from analysis.runs.purposes import Purpose
from analysis.runs.run import Run
from sim.errors import InputError
from sim.side_by_side import Progress, side_by_side
from sim.world.run import Place, live, run_in
from sim.world.scenario import Scenario
from sim.world.state import Team
from sim.world.streams import key_of

__all__ = [
    "FEWEST_FUTURES", "ExpectedEffects", "FuturesSpec", "check_futures", "effects_over_futures",
    "expected_effects", "run_futures",
]  # fmt: skip

FEWEST_FUTURES = 200
A_CHUNK = 20
"""Futures lived together."""
STAGE = "futures"


class ExpectedEffects(NamedTuple):
    """Effects on the people of some teams, given the state they start from.

    Attributes
    ----------
    mean, noise : ndarray, (n,)
        Each person's mean effect over futures, and the Monte Carlo variance of that mean.
    sd : float
        Of the outcome between people at the start.
    """

    mean: np.ndarray
    noise: np.ndarray
    sd: float

    def share_worse(self, by: float) -> tuple[float, float]:
        """Share of people whose expected effect is at most minus so many SD, and its error.

        Without what Monte Carlo error adds to the spread of effects.
        """
        share = float((drawn_together(self.mean, self.noise) <= -by * self.sd).mean())
        return share, float(np.sqrt(share * (1 - share) / self.mean.size))

    @property
    def spread(self) -> float:
        """Standard deviation of expected effects between people, without Monte Carlo error."""
        return float(np.sqrt(max(self.mean.var(ddof=1) - self.noise.mean(), 0.0)))

    def other_way(self) -> ExpectedEffects:
        """The same with the sign of effects turned."""
        return self._replace(mean=-self.mean)


def expected_effects(
    scenarios: tuple[Scenario, Scenario],
    outcome: str,
    weeks: Sequence[int],
    who: Callable[[Team], np.ndarray],
    *,
    teams: int,
    futures: int,
    seed: int = 1,
    threads: int = 2,
) -> ExpectedEffects:
    """Live many futures of each team's state at week 0, in pairs.

    Parameters
    ----------
    scenarios : (Scenario, Scenario)
        Without and with what is asked about.
    outcome : str
        A level of `analysis.compare.outcomes`, averaged over the ends of `weeks`.
    who : callable
        Whose effects are wanted, told from the state at week 0.
    """
    column, place = outcome_at(outcome), Place(1, 1)

    def of_team(number: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        start = run_in(scenarios[0], place, key_of(seed, number))
        found = np.zeros((futures, start.egos.size))
        for future in range(futures):
            key = key_of(seed, Purpose.FUTURE.first + number * futures + future)
            for scenario, sign in zip(scenarios, (-1, 1), strict=True):
                team = start
                for week in weeks:
                    team = live(scenario, place, team, key, week + 1).team
                    found[future] += sign * life_table(team)[:, column] / len(weeks)
        mine = who(start) & (start.egos["alive"] > 0)
        spread = found.var(axis=0, ddof=1) / futures
        return found.mean(axis=0)[mine], spread[mine], life_table(start)[:, column]

    parts = list(side_by_side(of_team, range(teams), threads))
    mean, noise, level = (np.concatenate([part[k] for part in parts]) for k in range(3))
    return ExpectedEffects(mean, noise, float(level.std()))


@dataclass(frozen=True)
class FuturesSpec:
    """Futures of the state that all scenarios of a comparison share.

    Attributes
    ----------
    lived : CaseloadsSpec
        Its teams, of replicate 0, and its last look.
    outcome : str
        A level of `analysis.compare.outcomes`.
    futures : int
    """

    lived: CaseloadsSpec
    outcome: str
    futures: int


def check_futures(futures: int) -> None:
    """Raise an `InputError` if there are too few futures to tell people from luck, but some."""
    if futures != 0 and futures < FEWEST_FUTURES:
        raise InputError(
            f"--futures {futures}: fewer than {FEWEST_FUTURES} do not tell people from luck"
        )


def effects_over_futures(
    spec: FuturesSpec,
    *,
    kept: Run | None = None,
    threads: int = 1,
    progress: Progress | None = None,
) -> list[ExpectedEffects]:
    """Expected effects of each scenario but the first, given the state before they part."""
    asked = spec.lived
    chunks = [
        [team, first] for team in range(len(asked.places))
        for first in range(0, spec.futures, A_CHUNK)
    ]  # fmt: skip
    store = None if kept is None else kept.store(
        "futures", outcome=spec.outcome, futures=spec.futures, week=asked.weeks[-1],
        places=asked.team_numbers, who=asked.who,
    )  # fmt: skip
    driver = on_threads(threads, first_alone=True)
    rows = kept_map(
        run_futures, spec, chunks, store=store, driver=driver, progress=progress, stage=STAGE
    )
    table = pa.concat_tables(list(rows)).to_pandas()
    people = table.groupby(["scenario", "team", "ego"], sort=True)
    found = people.agg({"total": "sum", "squares": "sum", "futures": "sum", "level": "first"})
    n, mean = found["futures"], found["total"] / found["futures"]
    noise = (found["squares"] / n - mean**2) * n / (n - 1) / n
    level = float(found.loc[1, "level"].std(ddof=0))
    return [
        ExpectedEffects(mean.loc[s].to_numpy(), noise.loc[s].to_numpy(), level)
        for s in range(1, len(asked.scenarios))
    ]


def run_futures(spec: FuturesSpec, chunk: Sequence[int]) -> ChunkRows:
    """Rows of some futures of one team: a person's effects summed, and their squares."""
    number, first = chunk
    asked, column = spec.lived, outcome_at(spec.outcome)
    place, key = asked.places[number], key_of(asked.seed, 0)
    start = forked(asked.scenarios, place, key, [fork_week(asked.scenarios, asked.weeks[-1])]).start
    mine = start.egos["alive"] > 0
    mine &= asked.who.of(start, place) if asked.who is not None else True
    last = min(first + A_CHUNK, spec.futures)
    effects = np.zeros((last - first, len(asked.scenarios) - 1, int(mine.sum())))
    for future in range(first, last):
        luck = key_of(asked.seed, Purpose.FUTURE.first + future)
        ends = [
            life_on_looks(one, place, start, luck, asked.weeks[-1:])[0][0, mine, column]
            for one in asked.scenarios
        ]
        effects[future - first] = np.array(ends[1:]) - ends[0]
    scenario, ego = (one.ravel() for one in np.indices(effects.shape[1:]))
    level = life_table(start)[mine, column]
    return {
        "team": np.full(ego.size, number), "scenario": scenario + 1,
        "ego": np.flatnonzero(mine)[ego], "futures": np.full(ego.size, last - first),
        "level": level[ego],
        "total": effects.sum(axis=0).ravel(), "squares": (effects**2).sum(axis=0).ravel(),
    }  # fmt: skip
