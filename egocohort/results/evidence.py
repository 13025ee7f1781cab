"""What `egocohort evidence` finds: every target beside the simulated mean, and a verdict."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.evidence.drift import A_YEAR, MEASURES, QUARTERS
from analysis.evidence.rows import KINDS, EvidenceRow
from egocohort.results.result import Result

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from analysis.evidence.drift import Drift
    from egocohort.results.files import FileContent
    from sim.side_by_side import Progress

__all__ = ["Verification", "verify"]

KIND_TITLES = {
    "mean": "Means set by calibration: the simulated mean within the band",
    "count": "Counts of one study: the published one within 95 % of simulated studies",
    "rate": "Rates: within the bounds of the evidence",
    "pairing": "Pairing: what common draws must buy",
    "drift": "Drift of usual care over three years: at most 2 % a year",
}


@dataclass(frozen=True)
class Verification(Result):
    """The evidence on the shipped world: simulated people, not real ones.

    Attributes
    ----------
    rows : tuple of analysis.evidence.rows.EvidenceRow
    drift : analysis.evidence.drift.Drift
    studies, teams, seed : int
        What was simulated.
    """

    rows: tuple[EvidenceRow, ...]
    drift: Drift
    studies: int
    teams: int
    seed: int

    @property
    def holding(self) -> int:
        """How many rows hold."""
        return sum(row.holds for row in self.rows)

    @property
    def holds(self) -> bool:
        """Whether all rows hold."""
        return self.holding == len(self.rows)

    @property
    def table(self) -> pd.DataFrame:
        """The rows as a DataFrame."""
        import pandas as pd

        return pd.DataFrame([asdict(row) for row in self.rows])

    def as_data(self) -> dict[str, Any]:
        """The rows and the verdict as plain data."""
        said = {"synthetic": True, "seed": self.seed, "studies": self.studies, "teams": self.teams}
        verdict = {"holding": self.holding, "of": len(self.rows), "holds": self.holds}
        return {**said, **verdict, "rows": [asdict(row) for row in self.rows]}

    def summary(self) -> str:
        """The table for people, kind by kind, and the verdict in the last line."""
        from egocohort.terminal.output import columns

        heads = ("", "target", "simulated", "(MCSE)", "must hold", "n", "source", "")
        body = [(kind, [r for r in self.rows if r.kind == kind]) for kind in KINDS]
        cells = [heads, *(_cells(row) for _, rows in body for row in rows)]
        head, *lines = columns(cells, right=(1, 2, 3, 4, 5), indent=2).split("\n")
        parts, at = [head], 0
        for kind, rows in body:
            if rows:
                parts += ["", KIND_TITLES[kind], *lines[at : at + len(rows)]]
            at += len(rows)
        return "\n".join([*parts, "", f"{self.holding} of {len(self.rows)} hold"])

    @property
    def title(self) -> str:
        """How much was simulated."""
        return (
            f"The evidence beside {self.studies} studies and {self.teams} teams, seed {self.seed}"
        )

    @property
    def headline(self) -> str:
        """How many rows hold."""
        return f"{self.holding} of {len(self.rows)} hold"

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """`evidence`: the rows; `drift`: three years of usual care."""
        import pandas as pd

        heads, rows = self._drift_rows()
        return {"evidence": self.table, "drift": pd.DataFrame(rows, columns=heads)}

    @property
    def shown_tables(self) -> tuple[str, ...]:
        """The rows; drift is drawn."""
        return ("evidence",)

    @property
    def pictures(self) -> Mapping[str, Callable[[], Figure]]:
        """The targets ("evidence") and three years of usual care ("drift")."""
        return {"evidence": self._evidence_figure, "drift": self._drift_figure}

    def _evidence_figure(self) -> Figure:
        from analysis.evidence.figure import evidence_figure

        return evidence_figure(self.rows)

    def _drift_figure(self) -> Figure:
        from analysis.evidence.figure import drift_figure

        return drift_figure(self.drift)

    def _contents(self, out: Path) -> Mapping[str, FileContent]:
        heads, rows = self._drift_rows()
        return {
            "drift.csv": _csv([*heads, "synthetic"], [[*row, "TRUE"] for row in rows]),
            "drift.png": self._drift_figure(),
            "evidence.csv": self._evidence_csv(),
            "evidence.png": self._evidence_figure(),
        }

    def _evidence_csv(self) -> bytes:
        rows = [{**asdict(row), "synthetic": "TRUE"} for row in self.rows]
        return _csv(list(rows[0]), [list(row.values()) for row in rows])

    def _drift_rows(self) -> tuple[list[str], list[list[Any]]]:
        errors = self.drift.change[1]
        slope, slope_error = self.drift.a_year
        quarters = range(QUARTERS + 1)
        heads = ["layer", "mean_of", "share_of", "size"]
        heads += [f"month_{12 // A_YEAR * q}" for q in quarters]
        heads += [f"mcse_change_month_{12 // A_YEAR * q}" for q in quarters[1:]]
        heads += ["drift_per_year", "mcse_drift", "teams"]
        rows = [
            [
                *measure[:3], self.drift.sizes[n], *self.drift.means[:, n], *errors[1:, n],
                slope[n], slope_error[n], len(self.drift.values),
            ]
            for n, measure in enumerate(MEASURES)
        ]  # fmt: skip
        return heads, rows


def verify(
    studies: int,
    teams: int,
    *,
    seed: int,
    threads: int = 1,
    progress: Progress | None = None,
) -> Verification:
    """Simulate what the evidence is compared with; see `egocohort.evidence`."""
    from analysis.evidence.targets import all_evidence

    rows, drift = all_evidence(studies, teams, seed=seed, threads=threads, progress=progress)
    return Verification(tuple(rows), drift, studies, teams, seed)


def _cells(row: EvidenceRow) -> tuple[str, ...]:
    number = _percent if row.kind == "drift" else _plain
    target = "" if row.kind in ("rate", "pairing", "drift") else number(row.target)
    verdict = "holds" if row.holds else "DOES NOT HOLD"
    simulated, error = number(row.simulated), f"({number(row.mcse)})"
    held = _bounds(number(row.low), number(row.high), row)
    return (row.quantity, target, simulated, error, held, f"{row.n}", row.source, verdict)


def _bounds(low: str, high: str, row: EvidenceRow) -> str:
    if not math.isfinite(row.low):
        return f"<= {high}"
    return f"{low} to {high}" if math.isfinite(row.high) else f">= {low}"


def _plain(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _percent(value: float) -> str:
    return f"{100 * value:.2f} %"


def _csv(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    sink = StringIO()
    out = csv.writer(sink, lineterminator="\n")
    out.writerow(heads)
    out.writerows([[_cell(value) for value in row] for row in rows])
    return sink.getvalue().encode()


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return f"{float(value):.6g}" if isinstance(value, float) else value
