"""Studies of everybody eligible of some whole teams, for what only an interview can show."""

from __future__ import annotations

from collections.abc import Sequence

from sim.study.simulate import simulate_study
from sim.study.simulated import SimulatedStudy
from sim.study.spec import parse_study
from sim.world.scenario import Scenario

__all__ = ["everybody_interviewed"]

PEOPLE_A_TEAM = 150
"""Enrolled of a team of 288: whoever is eligible, willing, and comes first."""


def everybody_interviewed(
    scenario: Scenario, weeks: Sequence[int], teams: int, *, seed: int = 1, threads: int = 2
) -> SimulatedStudy:
    """Interview everybody eligible of whole teams in these weeks.

    Parameters
    ----------
    weeks : sequence of int
        Since baseline, rising from 0.
    seed, threads : int
        As of `sim.study.simulate.simulate_study`.
    """
    study = parse_study(
        {
            "id": "everybody",
            "title": "Everybody eligible",
            "frame": {"teams_per_site": [teams]},
            "recruitment": {"n": PEOPLE_A_TEAM * teams, "interest": 1.0, "consent": 1.0},
            "waves": {"weeks": list(weeks)},
            "map": {"telephone_share": 0.138},
        }
    )
    return simulate_study(scenario, study, seed=seed, threads=threads, frame=False)
