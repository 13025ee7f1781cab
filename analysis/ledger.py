"""The service ledger: what teams can do, what is wanted of them, and what comes of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.world.run import Place, live, run_in
from sim.world.scenario import Scenario, parse_scenario
from sim.world.state import LEDGER
from sim.world.streams import key_of

__all__ = ["LINES", "LedgerRow", "service_ledger"]

LINES = ("psychiatrist", "care co-ordinator", "support worker")
AMPLE = 10
WEEKS = 52


@dataclass(frozen=True)
class LedgerRow:
    """One line of service, visit units per team and week unless said otherwise.

    Attributes
    ----------
    line : str
    gross, net : float
        Capacity of all posts; of those at work, covered vacancies included.
    demand : float
        Wanted at full service: the same people with ten times the staff.
    wanted, kept, missed, cancelled, postponed, urgent_unmet, forgone : float
        `cancelled` was booked; `postponed` counts bookings made later than due.
    load, utilisation, cancelled_share : float
        demand / net; (kept + missed) / net; cancelled / (kept + missed + cancelled).
    mcse : float
        Monte Carlo standard error of `cancelled_share`.
    """

    line: str
    gross: float
    net: float
    demand: float
    wanted: float
    kept: float
    missed: float
    cancelled: float
    postponed: float
    urgent_unmet: float
    forgone: float
    load: float
    utilisation: float
    cancelled_share: float
    mcse: float


def _year(scenario: Scenario, key: np.ndarray) -> np.ndarray:
    place = Place(1, 1)
    team = run_in(scenario, place, key)
    return live(scenario, place, team, key, WEEKS).team.ledger / WEEKS


def _with_ample_staff(scenario: Scenario) -> Scenario:
    data: dict[str, Any] = scenario.resolved()
    for role in data["world"]["staff"].values():
        role["fte"] = role["fte"] * AMPLE
        role["posts"] = len(role["fte"])
    return parse_scenario(data)


def service_ledger(
    scenario: Scenario, teams: int = 40, *, seed: int = 1, threads: int = 2
) -> list[LedgerRow]:
    """The ledger of a scenario's first year, by line of service and for all together.

    Parameters
    ----------
    scenario : Scenario
    teams : int
        Replicated teams; about 20 ms each and core.

    Returns
    -------
    list of LedgerRow
        Psychiatrist, care co-ordinator, support worker, all.
    """
    ample = _with_ample_staff(scenario)
    jobs = [(world, key_of(seed, r)) for world in (scenario, ample) for r in range(teams)]
    with ThreadPoolExecutor(threads) as pool:
        found = list(pool.map(lambda job: _year(*job), jobs))
    usual, full = np.array(found[:teams]), np.array(found[teams:])
    rows = [_row(name, usual[:, k], full[:, k]) for k, name in enumerate(LINES)]
    return [*rows, _row("all", usual.sum(1), full.sum(1))]


def _row(line: str, usual: np.ndarray, full: np.ndarray) -> LedgerRow:
    mean = {name: float(usual[:, number].mean()) for name, number in LEDGER.items()}
    demand = float(full[:, LEDGER["wanted"]].mean())
    cancelled = usual[:, LEDGER["cancelled"]]
    served = usual[:, LEDGER["kept"]] + usual[:, LEDGER["missed"]]
    booked = served + cancelled
    share = cancelled.sum() / max(booked.sum(), 1e-9)
    spread = np.std(cancelled - share * booked, ddof=1) / max(booked.mean(), 1e-9)
    return LedgerRow(
        line,
        mean["capacity_gross"],
        mean["capacity_net"],
        demand,
        mean["wanted"],
        mean["kept"],
        mean["missed"],
        mean["cancelled"],
        mean["postponed"],
        mean["urgent_unmet"],
        mean["forgone"],
        demand / max(mean["capacity_net"], 1e-9),
        float(served.mean()) / max(mean["capacity_net"], 1e-9),
        float(share),
        float(spread / np.sqrt(len(usual))),
    )
