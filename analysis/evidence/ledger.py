"""The service ledger: what teams can do, what is wanted of them, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.evidence.rows import ratio_of_means
from sim.side_by_side import Progress, side_by_side
from sim.world.run import Place, live, run_in
from sim.world.scenario import Scenario, parse_scenario
from sim.world.state import LEDGER
from sim.world.streams import key_of

__all__ = ["CLOSES", "LINES", "LedgerRow", "service_ledger"]

LINES = ("psychiatrist", "care co-ordinator", "support worker")
AMPLE = 10
WEEKS = 52
CLOSES = 0.95
"""Largest share of net capacity that full-service demand may take."""


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
    mcse : dict
        Monte Carlo standard error of each of these figures, by name.
    teams : int
        Replicated teams, with the usual and with ample staff.
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
    mcse: dict[str, float]
    teams: int

    @property
    def closes(self) -> bool:
        """Whether full-service demand is at most .95 of net capacity."""
        return self.load <= CLOSES


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
    scenario: Scenario,
    teams: int = 40,
    *,
    seed: int = 1,
    threads: int = 2,
    progress: Progress | None = None,
) -> list[LedgerRow]:
    """The ledger of a scenario's first year, by line of service and for all together.

    Parameters
    ----------
    scenario : Scenario
    teams : int
        Replicated teams, at least 2; about 40 ms each and core.

    Returns
    -------
    list of LedgerRow
        Psychiatrist, care co-ordinator, support worker, all.
    """
    ample = _with_ample_staff(scenario)
    jobs = [(world, key_of(seed, r)) for world in (scenario, ample) for r in range(teams)]
    found = list(
        side_by_side(
            lambda job: _year(*job), jobs, threads, progress=progress,
            stage="simulating the services",
        )
    )  # fmt: skip
    usual, full = np.array(found[:teams]), np.array(found[teams:])
    rows = [_row(name, usual[:, k], full[:, k]) for k, name in enumerate(LINES)]
    return [*rows, _row("all", usual.sum(1), full.sum(1))]


def _row(line: str, usual: np.ndarray, full: np.ndarray) -> LedgerRow:
    """One line's figures from (teams, columns) a week, with usual and with ample staff."""
    of = {name: usual[:, number] for name, number in LEDGER.items()}
    demand, served = full[:, LEDGER["wanted"]], of["kept"] + of["missed"]
    means = {
        "gross": _mean(of["capacity_gross"]),
        "net": _mean(of["capacity_net"]),
        "demand": _mean(demand),
        **{name: _mean(of[name]) for name in _COUNTS},
        "load": ratio_of_means(demand, of["capacity_net"]),
        "utilisation": ratio_of_means(served, of["capacity_net"]),
        "cancelled_share": ratio_of_means(of["cancelled"], served + of["cancelled"]),
    }
    errors = {name: error for name, (_, error) in means.items()}
    figures = {name: value for name, (value, _) in means.items()}
    return LedgerRow(line, **figures, mcse=errors, teams=len(usual))


_COUNTS = ("wanted", "kept", "missed", "cancelled", "postponed", "urgent_unmet", "forgone")


def _mean(values: np.ndarray) -> tuple[float, float]:
    return float(values.mean()), float(values.std(ddof=1) / np.sqrt(values.size))
