"""The service ledger of a scenario's first year, as text and as plain data."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from analysis.evidence.ledger import CLOSES, LedgerRow, service_ledger
from sim.errors import InputError

if TYPE_CHECKING:
    from egocohort.results.listing import Listing
    from sim.side_by_side import Progress

__all__ = ["Ledger", "ledger_of"]

TEAMS, SEED = 40, 1
FIGURES = {
    "gross": "capacity of all posts",
    "net": "capacity of staff at work",
    "demand": "demand at full service",
    "load": "demand / net capacity",
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
IN_PERCENT = ("load", "utilisation", "cancelled_share")


@dataclass(frozen=True)
class Ledger:
    """What the teams of a scenario can do, what is wanted of them, and what comes of it.

    Attributes
    ----------
    scenario : str
    rows : tuple of analysis.evidence.ledger.LedgerRow
        By line of service, and all together last.
    """

    scenario: str
    rows: tuple[LedgerRow, ...]

    def as_data(self) -> dict[str, Any]:
        """The ledger as plain data."""
        rows = [{**asdict(row), "closes": row.closes} for row in self.rows]
        return {"scenario": self.scenario, "synthetic": True, "seed": SEED, "ledger": rows}

    def summary(self) -> str:
        """The ledger for people: a column for each line of service, and whether each closes."""
        from egocohort.terminal.output import columns

        cells = [["", *(row.line for row in self.rows)]]
        for name, words in FIGURES.items():
            number = _percent if name in IN_PERCENT else _plain
            cells.append(
                [words]
                + [f"{number(getattr(r, name))} ({number(r.mcse[name])})" for r in self.rows]
            )
        said = [
            f"{row.line}: {'closes' if row.closes else 'DOES NOT CLOSE'}, full-service demand is "
            f"{_percent(row.load)} of net capacity"
            for row in self.rows
        ]
        return "\n".join([
            f"Service ledger of {self.scenario}, first year, visits per team and week (Monte Carlo "
            f"standard error), n = {self.rows[0].teams} teams",
            columns(cells, right=range(1, len(self.rows) + 1)),
            "",
            f"It closes where demand is at most {_percent(CLOSES)} of net capacity",
            *(f"  {line}" for line in said),
        ])  # fmt: skip


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
    threads = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    rows = service_ledger(lived, TEAMS, seed=SEED, threads=threads, progress=progress)
    return Ledger(found.scenario.id, tuple(rows))


def _plain(value: float) -> str:
    return f"{value:.2f}"


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %"
