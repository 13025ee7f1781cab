"""What a scenario does to each person, on average over many futures of the state it starts from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from analysis.compare.outcomes import life_table, outcome_at
from analysis.runs.parameter_draws import drawn_together
from analysis.runs.purposes import Purpose
from sim.side_by_side import side_by_side
from sim.world.run import Place, live, run_in
from sim.world.scenario import Scenario
from sim.world.state import Team
from sim.world.streams import key_of

__all__ = ["ExpectedEffects", "expected_effects"]


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
