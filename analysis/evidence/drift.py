"""Three years of usual care by quarter: no mean may drift because of how the world was begun."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from analysis.evidence.rows import EvidenceRow, drift_row
from sim.side_by_side import Progress, side_by_side
from sim.study.interview import ERROR_FREE, draw_maps
from sim.study.seen import MEMBER
from sim.world.kinds import Group
from sim.world.parameters import catalogue
from sim.world.run import Place, live, run_in
from sim.world.scenario import Scenario, parse_scenario, read_scenario
from sim.world.state import Team
from sim.world.streams import key_of

__all__ = ["EGOS", "FELT", "TIES", "Drift", "DriftMeasure", "describe", "drift_rows", "three_years"]

QUARTERS, WEEKS_A_QUARTER, A_YEAR = 12, 13, 4
SCALE = 1 / 3
WITHIN = 0.02
"""Drift a year that is allowed, of the mean of ties, of the SD of what has no natural size."""

TIES = {
    "partner": (Group.PARTNER,),
    "kin": (Group.KIN, Group.YOUNG_KIN),
    "friend": (Group.FRIEND,),
    "weak tie": (Group.WEAK,),
    "team professional": (Group.PSYCHIATRIST, Group.COORDINATOR, Group.SUPPORT_WORKER),
    "other professional": (Group.OUTSIDE,),
    "object": (Group.OBJECT,),
}
"""Ties are counted per living ego."""

EGOS = ("wellbeing", "severity", "service_trust", "guilt", "unmet", "capacity")
FELT = ("trust", "closeness", "strain", "support", "importance")
"""Means over living egos; means over their ties to people, active and dormant."""


class DriftMeasure(NamedTuple):
    """One mean that must not drift.

    `size` is "mean" where a drift is measured as a share of the mean, "sd" where as a share of the
    standard deviation between members.
    """

    layer: str
    name: str
    size: str


MEASURES = tuple(
    [DriftMeasure("latent ties", name, "mean") for name in TIES]
    + [DriftMeasure("error-free map", name, "mean") for name in TIES]
    + [DriftMeasure("egos", name, "sd") for name in EGOS]
    + [DriftMeasure("ties to people", name, "sd") for name in FELT]
)


@dataclass(frozen=True)
class Drift:
    """Means by team and quarter.

    Attributes
    ----------
    values : ndarray, (teams, quarters + 1, measures)
        In the order of `MEASURES`.
    sizes : ndarray, (measures,)
        What a drift is a share of.
    egos : int
        Living egos at week 0.
    """

    values: np.ndarray
    sizes: np.ndarray
    egos: int

    @property
    def means(self) -> np.ndarray:
        """Means over teams, (quarters + 1, measures)."""
        return self.values.mean(axis=0)

    @property
    def change(self) -> tuple[np.ndarray, np.ndarray]:
        """Change since week 0 as a share of the size, and its Monte Carlo error."""
        since = (self.values - self.values[:, :1]) / self.sizes
        return since.mean(axis=0), since.std(axis=0, ddof=1) / np.sqrt(len(since))

    @property
    def a_year(self) -> tuple[np.ndarray, np.ndarray]:
        """Slope a year of a straight line through the quarters, as a share, and its error."""
        at = (np.arange(QUARTERS + 1) - QUARTERS / 2) / A_YEAR
        slopes = np.tensordot(at / (at @ at), self.values, axes=(0, 1)) / self.sizes
        return slopes.mean(axis=0), slopes.std(axis=0, ddof=1) / np.sqrt(len(slopes))


def three_years(
    teams: int = 200,
    *,
    seed: int = 1,
    threads: int = 2,
    progress: Progress | None = None,
) -> Drift:
    """Follow so many teams, a third of the usual size, for three years of usual care.

    Parameters
    ----------
    teams : int
        At least 2.
    """
    data = read_scenario("usual-care").resolved()
    data["world"]["scale"] = SCALE
    scenario = parse_scenario(data)
    found = list(
        side_by_side(
            lambda r: _one_team(scenario, key_of(seed, r)), range(teams), threads,
            progress=progress, stage="three years",
        )
    )  # fmt: skip
    values = np.array([rows for rows, _, _ in found])
    spreads = np.mean([spread for _, spread, _ in found], axis=0)
    by_mean = np.array([measure.size == "mean" for measure in MEASURES])
    sizes = np.where(by_mean, values[:, 0].mean(axis=0), spreads)
    return Drift(values, np.maximum(sizes, 1e-9), sum(n for _, _, n in found))


def drift_rows(drift: Drift) -> list[EvidenceRow]:
    """Each drift a year beside the 2 % allowed, as rows of evidence."""
    slope, error = drift.a_year
    return [
        drift_row(
            f"{measure.layer}: {measure.name.replace('_', ' ')}",
            float(slope[number]), float(error[number]), len(drift.values), WITHIN,
        )
        for number, measure in enumerate(MEASURES)
    ]  # fmt: skip


def describe(team: Team, params: np.ndarray, key: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Means over the living of a team, and standard deviations where drift is measured in them.

    Parameters
    ----------
    params : ndarray, (1,)
        The record of parameters.
    key : ndarray of uint32, shape (2,)

    Returns
    -------
    means, spreads : ndarray of float64, (measures,)
    """
    alive = team.egos["alive"] > 0
    group = team.column("group")[alive]
    on_map = _on_map(team, params, key)[alive]
    n, people = alive.sum(), (group >= 0) & (group < Group.OBJECT)
    of_ties = [np.isin(group, groups) for groups in TIES.values()]
    means = [held.sum() / n for held in of_ties]
    means += [(held & on_map).sum() / n for held in of_ties]
    columns = [team.egos[name][alive].astype(np.float64) for name in EGOS]
    columns += [team.column(name)[alive][people].astype(np.float64) for name in FELT]
    means += [column.mean() for column in columns]
    spreads = [1.0] * (2 * len(TIES)) + [column.std() for column in columns]
    return np.array(means), np.array(spreads)


def _on_map(team: Team, params: np.ndarray, key: np.ndarray) -> np.ndarray:
    """Ties an error-free first interview would find now, (E, S)."""
    n = team.egos.size
    members = np.zeros((n, 1, team.slots), MEMBER)
    for name in MEMBER.names or ():
        members[name][:, 0] = team.column(name)
    attended, telephone = np.ones((n, 1), bool), np.zeros(n, bool)
    maps = draw_maps(team.egos[:, None], members, attended, telephone, params, key, ERROR_FREE)
    return maps.ideal[:, 0]


def _one_team(scenario: Scenario, key: np.ndarray) -> tuple[list[np.ndarray], np.ndarray, int]:
    place, params = Place(1, 1), catalogue().record(scenario.parameters)
    team = run_in(scenario, place, key)
    alive = int((team.egos["alive"] > 0).sum())
    first, spreads = describe(team, params, key)
    rows = [first]
    for _ in range(QUARTERS):
        team = live(scenario, place, team, key, team.week + WEEKS_A_QUARTER).team
        rows.append(describe(team, params, key)[0])
    return rows, spreads, alive
