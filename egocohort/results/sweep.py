"""What `egocohort sweep` finds: dose and response of a cut."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.compare.asked import known_outcomes
from analysis.compare.counted import check_people
from analysis.compare.doses import DOSES, sweeping_of
from analysis.compare.shown import unit_of_change
from analysis.compare.sweep import Sweep, live_sweep, sweep_of, sweep_place
from analysis.compare.sweep_words import sweep_basis_in_words, sweep_in_words
from analysis.compare.thresholds import EffectLevel, effect_level_of
from analysis.compare.words import said, said_ends, spoken_of
from egocohort.results.result import Result
from sim.world.scenario import read_scenario

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from egocohort.results.files import FileContent
    from sim.side_by_side import Progress

__all__ = ["DoseResponse", "find_sweep"]

Row = dict[str, Any]


@dataclass(frozen=True)
class DoseResponse(Result):
    """A cut at many doses: simulated people, not real ones.

    Attributes
    ----------
    sweep : analysis.compare.sweep.Sweep
    outcomes : tuple of str
        Those that are shown.
    levels : tuple of analysis.compare.thresholds.EffectLevel
    """

    sweep: Sweep
    outcomes: tuple[str, ...]
    levels: tuple[EffectLevel, ...] = ()

    @cached_property
    def _rows(self) -> dict[str, list[Row]]:
        rows = {"doses": self.sweep.rows(self.outcomes)}
        if self.levels:
            rows["thresholds"] = self.sweep.thresholds(self.levels)
        return rows

    @property
    def title(self) -> str:
        """What is swept over what."""
        spec = self.sweep.spec
        over = " and ".join(one.name for one in spec.over)
        return f"{spec.other.id} over {over}, compared with {spec.first.id}"

    @property
    def headline(self) -> str:
        """Where effects pass the levels asked for; without any, how far they go."""
        few = [row for row in self._rows["doses"] if row["outcome"] in self._few]
        return "\n".join(sweep_in_words(self.sweep, few, self._rows.get("thresholds", [])))

    @property
    def _notes(self) -> list[str]:
        return sweep_basis_in_words(self.sweep, self._few)

    @property
    def _few(self) -> tuple[str, ...]:
        asked = tuple(dict.fromkeys(one.outcome for one in self.levels))
        return asked or spoken_of(self.outcomes)

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """`doses`, and `thresholds` where some were asked for."""
        import pandas as pd

        return {name: pd.DataFrame(rows) for name, rows in self._rows.items()}

    @property
    def pictures(self) -> Mapping[str, Callable[[], Figure]]:
        """Dose and response ("doses"), and a map ("heat") of two dimensions."""
        heat = {"heat": self._heat} if len(self.sweep.spec.over) > 1 else {}
        return {"doses": self._doses, **heat}

    @property
    def _shown(self) -> list[list[Row]]:
        """The doses of each of the few outcomes that words and pictures are of."""
        return [[row for row in self._rows["doses"] if row["outcome"] == name]
                for name in self._few]  # fmt: skip

    def _drawn(self) -> list[Row]:
        return [row for rows in self._shown for row in rows]

    def _doses(self) -> Figure:
        from analysis.compare.sweep_figures import doses_figure

        first, *second = (one.name for one in self.sweep.spec.over)
        return doses_figure(
            self._drawn(), self._rows.get("thresholds", []), first, DOSES[first].label,
            second[0] if second else None,
        )  # fmt: skip

    def _heat(self) -> Figure:
        from analysis.compare.sweep_figures import heat_figure

        over = [one.name for one in self.sweep.spec.over]
        levels = {one.outcome: one.value for one in self.levels}
        return heat_figure(self._drawn(), levels, over, [DOSES[one].label for one in over])

    def as_data(self) -> dict[str, Any]:
        """Everything as plain data; the lists have the rows of the tables."""
        spec, first = self.sweep.spec, self.sweep.lived[0]
        return {
            "synthetic": True, "seed": first.spec.seed,
            "scenarios": [spec.first.id, spec.other.id],
            "over": {one.name: list(one.values) for one in spec.over},
            "weeks": first.spec.weeks[-1] + 1, "replicates": first.replicates,
            "answer": self.headline.splitlines(), "notes": self._notes,
            **self._rows,
        }  # fmt: skip

    def summary(self) -> str:
        """The answer, a table of doses for each outcome, and what it rests on."""
        tables = [f"{rows[0]['label']} ({unit_of_change(rows[0]['unit'])})\n{self._set(rows)}"
                  for rows in self._shown]  # fmt: skip
        return "\n\n".join([self.headline, *tables, "\n".join(self._notes)])

    def _set(self, rows: Sequence[Row]) -> str:
        from egocohort.terminal.output import columns

        over = [one.name for one in self.sweep.spec.over]
        head = (*over, self.sweep.spec.first.id, "difference", "95 % interval", "MCSE")
        cells = [(*(f"{row[name]:g}" for name in over), *_cells(row)) for row in rows]
        return columns([head, *cells], right=tuple(range(len(over) + 2)))

    def _contents(self, out: Path) -> Mapping[str, FileContent]:
        from egocohort.results.plain import finite
        from sim.data.serialise import json_bytes

        drawn = {name: draw() for name, draw in self.pictures.items()}
        return {
            "report.html": self._html(drawn), **self._with_pictures(drawn),
            "sweep.json": json_bytes(finite(self.as_data())),
        }  # fmt: skip

    def _html(self, drawn: Mapping[str, Figure]) -> str:
        from analysis.compare.page import sweep_html

        spec = self.sweep.spec
        over = [one.name for one in spec.over]
        content = {
            "title": self.title, "usual": spec.first.id, "seed": spec.parts[0].seed,
            "answers": self.headline.splitlines(), "basis": self._notes,
            "over": over, "meanings": [f"{name}: {DOSES[name].label}" for name in over],
            "thresholds": self._rows.get("thresholds", []),
            "doses": self._shown,
        }  # fmt: skip
        return sweep_html(content, drawn)


def _cells(row: Row) -> tuple[str, ...]:
    ends = said_ends(row, "difference")
    error = said(row["difference_mcse"]) if ends else ""
    return said(row["usual"]), said(row["difference"]), ends, error


def find_sweep(
    usual: str | Path,
    cut: str | Path,
    over: Sequence[str],
    *,
    thresholds: Sequence[str] = (),
    weeks: int | None = None,
    teams: int | None = None,
    replicates: int,
    who: str | None = None,
    outcomes: Sequence[str] = (),
    seed: int,
    threads: int = 1,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> DoseResponse:
    """Live a cut at every dose; see `egocohort.api.policy.sweep`. Rows are kept in `out`."""
    shown = known_outcomes(outcomes)
    levels = tuple(dict.fromkeys(effect_level_of(one) for one in thresholds))
    first, other = read_scenario(usual), read_scenario(cut)
    spec = sweep_of(first, other, sweeping_of(over), weeks=weeks, teams=teams, who=who, seed=seed)
    for part in spec.parts:
        check_people(part, range(replicates), threads=threads)
    kept = sweep_place(out, first, other, seed)
    found = live_sweep(spec, replicates, kept=kept, threads=threads, progress=progress)
    asked = tuple(one.outcome for one in levels)
    return DoseResponse(found, tuple(dict.fromkeys((*shown, *asked))), levels)
