"""Cohorts as rows, one for each person: a fit that was killed need not simulate them again."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa

from analysis.calibration.cohort import Cohort, simulate_cohort
from analysis.calibration.statistics import CohortColumns
from analysis.runs.chunks import ChunkRows
from analysis.worlds.moments import N_GROUPS, Moments
from sim.study.spec import Study
from sim.world.scenario import Scenario

__all__ = ["CohortPoint", "CohortsOf", "cohort_from", "point_rows"]

CohortPoint: TypeAlias = tuple[tuple[tuple[str, float], ...], int, int]
"""Parameters by path, teams, and seed."""
OF_ALL = "all "
"""Begins the names of columns about all people together, which only the first row fills."""
SCALING = "scale.latent."


@dataclass(frozen=True)
class CohortsOf:
    """What cohorts depend on besides their point; `threads` run the teams of one side by side."""

    world: Scenario
    study: Study
    threads: int


def point_rows(spec: CohortsOf, point: CohortPoint) -> ChunkRows:
    """The people of one cohort, in the order of their teams."""
    values, teams, seed = point
    cohort = simulate_cohort(
        spec.world, spec.study, dict(values), teams, seed=seed, threads=spec.threads
    )
    names = CohortColumns(len(spec.study.waves.weeks)).at
    columns: dict[str, Any] = {"team": cohort.team, "eligible": cohort.eligible}
    columns |= {name: np.ascontiguousarray(cohort.rows[:, at]) for name, at in names.items()}
    of_all = vars(cohort.seen) | cohort.scaling
    people = cohort.team.size
    return columns | {OF_ALL + name: _once(value, people) for name, value in of_all.items()}


def cohort_from(table: pa.Table) -> Cohort:
    """The cohort that rows were made of, to the bit."""
    of_all: dict[str, Any] = {
        name.removeprefix(OF_ALL): np.array(table[name][0].as_py())
        for name in table.column_names
        if name.startswith(OF_ALL)
    }
    own = [name for name in table.column_names if not name.startswith(OF_ALL)]
    rows = np.stack([table[name].to_numpy() for name in own[2:]], axis=1)
    seen = {one.name: of_all[one.name] for one in fields(Moments)}
    for name, values in seen.items():
        if values.size == 1:
            seen[name] = values.item()
    seen |= {"egos": int(seen["egos"]), "latent": seen["latent"].reshape(-1, N_GROUPS)}
    scaling = {name: one.item() for name, one in of_all.items() if name.startswith(SCALING)}
    return Cohort(
        np.ascontiguousarray(rows), table["eligible"].to_numpy(), table["team"].to_numpy(),
        Moments(**seen), scaling,
    )  # fmt: skip


def _once(value: Any, people: int) -> pa.Array:
    numbers = np.asarray(value, np.float64).ravel().tolist()
    return pa.array([numbers, *[None] * (people - 1)], pa.list_(pa.float64()))
