"""A world that counts what a service counts: fitted where a dial is there, checked where none is.

Staff, caseload, vacancies and missed visits are set; visits, admissions and bed days are what the
world makes of them, and three dials (intervals between visits, the hazard of crises, the length of
stays) are turned in proportion until they agree or a dial is at the end of its range.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from analysis.compare.asked import comparison_of
from analysis.compare.outcomes import outcome_at
from analysis.compare.run import compared_caseloads
from sim.side_by_side import Progress
from sim.world.parameters import catalogue
from sim.world.run import places, run_in
from sim.world.scenario import Scenario
from sim.world.streams import key_of

__all__ = ["SERVICE_COUNTS", "WITHIN", "ServiceCounts", "counts_of_service", "fitted_service"]

YEAR = 52
WITHIN = 0.1
"""A count of the world is as asked within a tenth of it."""
ROUNDS = 4
STEADY = 0.02
SERVICE_COUNTS = ("caseload", "vacancies", "missed", "visits", "admissions", "bed_days")
"""Names of `ServiceCounts`: people, %, %, and a year of one team."""
DIALS: Mapping[str, tuple[tuple[str, ...], int]] = {
    "visits": (tuple(
        f"service.{line}.{what}"
        for line in ("psychiatrist", "coordinator")
        for what in ("interval_weeks", "shortest_weeks", "longest_weeks")
    ), -1),
    "admissions": (("crisis.hazard", "crisis.hazard_well"), 1),
    "bed_days": (("crisis.stay_days",), 1),
    "missed": (("service.missed",), 1),
}  # fmt: skip
"""By count, what is turned for it, and which way."""


class ServiceCounts(NamedTuple):
    """What one team of a world counts in the year from week 0 on; and the errors of that."""

    value: dict[str, float]
    mcse: dict[str, float]


def counts_of_service(
    scenario: Scenario,
    replicates: int,
    *,
    seed: int,
    threads: int = 1,
    names: Collection[str] = SERVICE_COUNTS,
) -> ServiceCounts:
    """Live a world and count, a team.

    Parameters
    ----------
    replicates
        Of one team of each site.
    names
        Of the counts wanted; for vacancies every run-in is lived once more.
    """
    world = scenario.world
    once = scenario.but(
        shocks=(), world=world.model_copy(update={"teams_per_site": (1,), "horizon_weeks": YEAR})
    )
    spec = comparison_of([once, once], every=YEAR, seed=seed)
    lived = compared_caseloads(spec, replicates, threads=threads)
    teams = lived.sums[0, :, 0, -1]
    columns = {name: outcome_at(name) for name in
               ("kept", "missed", "admissions", "hospital_days", "on_caseload")}  # fmt: skip
    of = {name: teams[:, column] for name, column in columns.items()}
    parts = {
        "caseload": of["on_caseload"], "visits": of["kept"], "admissions": of["admissions"],
        "bed_days": of["hospital_days"],
        "missed": 100 * of["missed"] / (of["missed"] + of["kept"]),
    }  # fmt: skip
    if "vacancies" in names:
        parts["vacancies"] = np.array([_vacant(once, seed, one) for one in range(replicates)])
    root = np.sqrt(replicates)
    return ServiceCounts(
        {name: float(parts[name].mean()) for name in names},
        {name: float(parts[name].std(ddof=1) / root) if replicates > 1 else float("nan")
         for name in names},
    )  # fmt: skip


def _vacant(scenario: Scenario, seed: int, replicate: int) -> float:
    """Posts that nobody holds when the run-in is over, in %, by time of work."""
    posts = run_in(scenario, places(scenario)[0], key_of(seed, replicate)).posts
    return float(100 * posts["fte"][posts["vacant_until"] >= 0].sum() / posts["fte"].sum())


def fitted_service(
    scenario: Scenario,
    asked: Mapping[str, float],
    *,
    replicates: int,
    seed: int,
    threads: int = 1,
    progress: Progress | None = None,
) -> tuple[Scenario, ServiceCounts]:
    """Turn the dials for counts that are asked for, and count again.

    Parameters
    ----------
    asked : mapping of str to float
        By names of `SERVICE_COUNTS`.

    Returns
    -------
    Scenario, ServiceCounts
        With the dials as parameters of its own; what it counts then, of other people.
    """
    for done in range(ROUNDS):
        found = counts_of_service(scenario, replicates, seed=seed, threads=threads, names=DIALS)
        if progress is not None:
            progress("rounds of fitting", done + 1, ROUNDS)
        turned = _turned(scenario, asked, found.value)
        if turned == scenario.parameters:
            break
        scenario = scenario.with_parameters(turned)
    return scenario, counts_of_service(scenario, replicates, seed=seed + 1, threads=threads)


def _turned(
    scenario: Scenario, asked: Mapping[str, float], found: Mapping[str, float]
) -> dict[str, float]:
    values = scenario.parameters
    ratio = {name: asked[name] / max(found[name], 1e-9) for name in DIALS if name in asked}
    if "bed_days" in ratio:
        ratio["bed_days"] /= ratio.get("admissions", 1.0)  # days follow admissions
    for name, factor in ratio.items():
        if abs(factor - 1) > STEADY:
            paths, way = DIALS[name]
            values |= _times(values, paths, factor**way)
    return values


def _times(values: Mapping[str, float], paths: Sequence[str], factor: float) -> dict[str, Any]:
    known, found = catalogue(), {}
    for path in paths:
        entry = known[path]
        after = values.get(path, entry.value) * factor
        found[path] = float(f"{min(max(after, entry.low), entry.high):.4g}")
    return found
