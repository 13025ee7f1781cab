"""The service ledger: what teams can do, what is wanted of them, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.evidence.rows import ratio_of_means
from sim.side_by_side import Progress, side_by_side
from sim.world.parameters import SERVICES
from sim.world.run import Place, live, run_in
from sim.world.scenario import Scenario, parse_scenario
from sim.world.state import LEDGER
from sim.world.streams import key_of

__all__ = ["CLOSES", "LEDGER_WEEKS", "LINES", "PLACE", "LedgerRow", "promised_by", "service_ledger"]

LINES = ("psychiatrist", "care co-ordinator", "support worker")
AMPLE = 10
LEDGER_WEEKS = 52
PLACE = Place(1, 1)
"""The team that is simulated."""
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
    demand, promised : float
        Wanted at full service: the same people with ten times the staff, promised what the baseline
        promises, and promised what this scenario does. A cut that promises less has less of the
        second, whatever people need.
    wanted, kept, missed, cancelled, postponed, urgent_unmet, forgone : float
        `cancelled` was booked; `postponed` counts bookings made later than due.
    load, promised_load, utilisation, cancelled_share : float
        demand / net; promised / net; (kept + missed) / net;
        cancelled / (kept + missed + cancelled).
    mcse : dict
        Monte Carlo standard error of each of these figures, by name.
    teams : int
        Replicated teams, with the usual and with ample staff.
    """

    line: str
    gross: float
    net: float
    demand: float
    promised: float
    wanted: float
    kept: float
    missed: float
    cancelled: float
    postponed: float
    urgent_unmet: float
    forgone: float
    load: float
    promised_load: float
    utilisation: float
    cancelled_share: float
    mcse: dict[str, float]
    teams: int

    @property
    def closes(self) -> bool:
        """Whether full-service demand is at most .95 of net capacity."""
        return self.load <= CLOSES


def _year(scenario: Scenario, key: np.ndarray) -> np.ndarray:
    team = run_in(scenario, PLACE, key)
    return live(scenario, PLACE, team, key, LEDGER_WEEKS).team.ledger / LEDGER_WEEKS


def _with_ample_staff(scenario: Scenario) -> Scenario:
    data: dict[str, Any] = scenario.resolved()
    for role in data["world"]["staff"].values():
        role["fte"] = role["fte"] * AMPLE
        role["posts"] = len(role["fte"])
    return parse_scenario(data)


def promised_by(baseline: Scenario, scenario: Scenario) -> Scenario:
    """A scenario's people and what befalls them, with services that promise what a baseline does.

    Parameters of services are those of the baseline, and no shock acts on them; shocks on anything
    else stay, for a wave of episodes is need, and longer intervals are not.
    """
    of_services = {path: one for path, one in baseline.changed if path.startswith(SERVICES)}
    others = {path: one for path, one in scenario.changed if not path.startswith(SERVICES)}
    return scenario.but(
        changed=tuple(sorted({**others, **of_services}.items())),
        shocks=tuple(one for one in scenario.shocks if not one.acts_on.startswith(SERVICES)),
    )


def service_ledger(
    scenario: Scenario,
    teams: int = 40,
    *,
    need: Scenario | None = None,
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
    need : Scenario, optional
        World by whose promises demand is measured, of `promised_by`; the scenario by default.

    Returns
    -------
    list of LedgerRow
        Psychiatrist, care co-ordinator, support worker, all.
    """
    worlds = [scenario, _with_ample_staff(scenario)]
    worlds += [] if need is None else [_with_ample_staff(need)]
    jobs = [(world, key_of(seed, r)) for world in worlds for r in range(teams)]
    found = side_by_side(
        lambda job: _year(*job), jobs, threads, progress=progress, stage="simulating the services"
    )
    years = np.array(list(found)).reshape(len(worlds), teams, len(LINES), -1)
    rows = [_row(name, years[:, :, k]) for k, name in enumerate(LINES)]
    return [*rows, _row("all", years.sum(2))]


def _row(line: str, years: np.ndarray) -> LedgerRow:
    """One line's figures from (worlds, teams, columns) a week.

    Worlds are the one with the usual staff, with ample staff, and the last, by which demand is
    measured.
    """
    usual, full, needed = years[0], years[1], years[-1]
    of = {name: usual[:, number] for name, number in LEDGER.items()}
    demand, promised = (world[:, LEDGER["wanted"]] for world in (needed, full))
    served = of["kept"] + of["missed"]
    means = {
        "gross": _mean(of["capacity_gross"]),
        "net": _mean(of["capacity_net"]),
        "demand": _mean(demand),
        "promised": _mean(promised),
        **{name: _mean(of[name]) for name in _COUNTS},
        "load": ratio_of_means(demand, of["capacity_net"]),
        "promised_load": ratio_of_means(promised, of["capacity_net"]),
        "utilisation": ratio_of_means(served, of["capacity_net"]),
        "cancelled_share": ratio_of_means(of["cancelled"], served + of["cancelled"]),
    }
    errors = {name: error for name, (_, error) in means.items()}
    figures = {name: value for name, (value, _) in means.items()}
    return LedgerRow(line, **figures, mcse=errors, teams=len(usual))


_COUNTS = ("wanted", "kept", "missed", "cancelled", "postponed", "urgent_unmet", "forgone")


def _mean(values: np.ndarray) -> tuple[float, float]:
    return float(values.mean()), float(values.std(ddof=1) / np.sqrt(values.size))
