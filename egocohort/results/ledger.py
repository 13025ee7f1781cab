"""The service ledger of a scenario's first year, as text and as plain data."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from analysis.evidence.ledger import (
    CLOSES,
    LEDGER_WEEKS,
    PLACE,
    LedgerRow,
    promised_by,
    service_ledger,
)
from egocohort.results.baseline import baseline_of
from egocohort.results.shocks_in_year import shocks_in_year
from sim.errors import InputError
from sim.world.scenario import read_scenario

if TYPE_CHECKING:
    from egocohort.results.listing import Listing
    from sim.side_by_side import Progress

__all__ = ["Ledger", "ledger_of"]

TEAMS, SEED = 40, 1
FIGURES = {
    "gross": "capacity of all posts",
    "net": "capacity of staff at work",
    "demand": "demand at full service",
    "load": "  of net capacity",
    "promised": "demand at full service",
    "promised_load": "  of net capacity",
    "utilisation": "done / net capacity",
    "wanted": "wanted",
    "kept": "kept",
    "missed": "missed by the person",
    "cancelled": "cancelled by the service",
    "cancelled_share": "cancelled, of those booked",
    "postponed": "postponed",
    "urgent_unmet": "urgent, not seen",
    "forgone": "forgone: not asked for",
}
IN_PERCENT = ("load", "promised_load", "utilisation", "cancelled_share")
OF_PROMISE = ("promised", "promised_load")
"""Told apart from demand where the scenario promises other visits than its baseline."""


@dataclass(frozen=True)
class Ledger:
    """What the teams of a scenario can do, what is wanted of them, and what comes of it.

    Attributes
    ----------
    scenario : str
    rows : tuple of analysis.evidence.ledger.LedgerRow
        By line of service, and all together last.
    baseline : str
        By whose promises demand is measured, in words; empty where they are the scenario's own.
    timing : tuple of str
        When its shocks act within the year.
    """

    scenario: str
    rows: tuple[LedgerRow, ...]
    baseline: str = ""
    timing: tuple[str, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """The ledger as plain data."""
        rows = [{**asdict(row), "closes": row.closes} for row in self.rows]
        return {
            "scenario": self.scenario, "synthetic": True, "seed": SEED,
            "demand_as_promised_by": self.baseline or self.scenario,
            "shocks": list(self.timing), "ledger": rows,
        }  # fmt: skip

    def summary(self) -> str:
        """The ledger for people: a column for each line of service, and whether each closes."""
        from egocohort.terminal.output import columns

        cells = [["", *(row.line for row in self.rows)]]
        for name, words in self._figures.items():
            number = _percent if name in IN_PERCENT else _plain
            cells.append(
                [words]
                + [f"{number(getattr(r, name))} ({number(r.mcse[name])})" for r in self.rows]
            )
        acts = ["When its shocks act", *(f"  {one}" for one in self.timing), ""]
        most = f"at most {_percent(CLOSES)} of net capacity"
        return "\n".join([
            f"Service ledger of {self.scenario}, first year, visits per team and week (Monte Carlo "
            f"standard error), n = {self.rows[0].teams} teams",
            columns(cells, right=range(1, len(self.rows) + 1)),
            "",
            *(acts if self.timing else []),
            f"It closes where demand{self._as_promised} is {most}",
            *(f"  {self._verdict(row)}" for row in self.rows),
        ])  # fmt: skip

    @property
    def _as_promised(self) -> str:
        """What tells demand from what the scenario itself promises; nothing where it is that."""
        return f", as {self.baseline} promises," if self.baseline else ""

    @property
    def _figures(self) -> dict[str, str]:
        """Figures in words; of both demands it is said who promises them, where they differ."""
        if not self.baseline:
            return {name: words for name, words in FIGURES.items() if name not in OF_PROMISE}
        demand = FIGURES["demand"]
        return FIGURES | {
            "demand": f"{demand}, as {self.baseline} promises",
            "promised": f"{demand}, as {self.scenario} promises",
        }

    def _verdict(self, row: LedgerRow) -> str:
        closes = "closes" if row.closes else "DOES NOT CLOSE"
        said = f"{row.line}: {closes}, full-service demand is {_percent(row.load)} of net capacity"
        if not self.baseline:
            return said
        own = f"{_percent(row.promised_load)} as {self.scenario} does"
        return f"{said} as {self.baseline} promises ({own})"


def ledger_of(found: Listing, progress: Progress | None = None) -> Ledger:
    """Simulate the ledger of a scenario, or of the one a study is held in at the study's size.

    Raises
    ------
    sim.errors.InputError
        If none was asked for.
    """
    if found.scenario is None or found.world is None:
        raise InputError("the service ledger needs a scenario or a study")
    lived = found.scenario.but(world=found.world)
    named = found.study.scenario if found.study else found.named
    baseline = read_scenario(baseline_of(named))
    need = promised_by(baseline, lived)
    differs = need.hash != lived.hash
    threads = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    rows = service_ledger(
        lived, TEAMS, need=need if differs else None, seed=SEED, threads=threads, progress=progress
    )
    itself = f"{baseline.id} without its shocks" if baseline.id == lived.id else baseline.id
    timing = shocks_in_year(lived.shocks, PLACE, LEDGER_WEEKS)
    return Ledger(found.scenario.id, tuple(rows), itself if differs else "", tuple(timing))


def _plain(value: float) -> str:
    return f"{value:.2f}"


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %"
