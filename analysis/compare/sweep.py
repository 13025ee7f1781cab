"""A comparison lived at every dose of a cut: dose and response, with thresholds.

Doses that begin in the same week are lived together from one shared past. Every number is the one
that a comparison of the two scenarios would find.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, product
from pathlib import Path
from typing import Any

import numpy as np

from analysis.compare.asked import comparison_of
from analysis.compare.caseloads import Caseloads, CaseloadsSpec
from analysis.compare.doses import DOSES, LASTS, Sweeping, dosed, own_shocks
from analysis.compare.estimates import Figures
from analysis.compare.looks import fork_week
from analysis.compare.outcomes import LIFE_OUTCOMES, outcome_at
from analysis.compare.run import compared_caseloads, rows_place
from analysis.compare.shown import ShownFigures
from analysis.compare.thresholds import EffectLevel, threshold
from analysis.runs.run import Run
from sim.errors import InputError, counted
from sim.side_by_side import Progress
from sim.world.scenario import Scenario
from sim.world.shock import Shock

__all__ = ["SWEEP", "Sweep", "SweepSpec", "live_sweep", "sweep_of", "sweep_place"]

SWEEP = "sweep"
Row = dict[str, Any]


@dataclass(frozen=True)
class SweepSpec:
    """What is lived.

    Attributes
    ----------
    first, other : Scenario
    over : tuple of Sweeping
    points : tuple of tuple of float
        Doses of each point, by dimension of `over`.
    parts : tuple of CaseloadsSpec
        The first scenario with those doses that part from it in the same week.
    homes : tuple of (int, int)
        Of each point the part it is in, and its number there.
    """

    first: Scenario
    other: Scenario
    over: tuple[Sweeping, ...]
    points: tuple[tuple[float, ...], ...]
    parts: tuple[CaseloadsSpec, ...]
    homes: tuple[tuple[int, int], ...]


def sweep_of(
    first: Scenario,
    other: Scenario,
    over: Sequence[Sweeping],
    *,
    weeks: int | None = None,
    teams: int | None = None,
    who: str | None = None,
    seed: int,
) -> SweepSpec:
    """Make the doses, and check each as a comparison is; parameters as of `asked_comparison`.

    Raises
    ------
    InputError
        If there is no comparison of the two, or none at some dose.
    """
    last = first.world.horizon_weeks if weeks is None else weeks
    how: dict[str, Any] = {
        "weeks": last, "every": last, "teams": teams, "who": who, "seed": seed
    }  # fmt: skip
    own_shocks(first, other)
    comparison_of([first, other], **how)
    names = [one.name for one in over]
    points = tuple(product(*(one.values for one in over)))
    worlds = [dosed(first, other, dict(zip(names, at, strict=True))) for at in points]
    named = [one.but(id=f"{other.id}-{n}") for n, one in enumerate(worlds, start=1)]
    for at, one in zip(points, named, strict=True):
        doses = ", ".join(f"{name} {dose:g}" for name, dose in zip(names, at, strict=True))
        comparison_of([first, one.but(id=f"{other.id} at {doses}")], **how)
        if LASTS in names:
            _check_end(doses, own_shocks(first, one), last)
    parting = [fork_week([first, one], last) for one in named]
    order = sorted(range(len(points)), key=lambda at: (parting[at], at))
    parts: list[CaseloadsSpec] = []
    homes: dict[int, tuple[int, int]] = {}
    for part, (_, mine) in enumerate(groupby(order, key=parting.__getitem__)):
        members = list(mine)
        parts.append(comparison_of([first, *(named[at] for at in members)], **how))
        homes |= {at: (part, number) for number, at in enumerate(members, start=1)}
    return SweepSpec(
        first, other, tuple(over), points, tuple(parts), tuple(homes[at] for at in sorted(homes))
    )


def _check_end(doses: str, cut: Sequence[Shock], last: int) -> None:
    """That the run sees all of a cut: one that outlasts it would look as if longer did no more."""
    ends = max((one.starts + one.weeks for one in cut if one.weeks), default=0)
    if ends > last:
        raise InputError(
            f"--over {doses}: the cut would last to week {ends - 1}, and {counted(last, 'week')} "
            f"are lived; give --weeks {ends}, or fewer weeks of it"
        )


def sweep_place(out: str | Path | None, first: Scenario, other: Scenario, seed: int) -> Run | None:
    """Where rows of sweeps of a cut lie in a folder of results; None without one.

    Raises
    ------
    sim.errors.ResumeError
        If another cut, or another seed, was swept there.
    """
    return rows_place(out, SWEEP, (first, other), seed, "caseloads")


@dataclass(frozen=True)
class Sweep:
    """What each dose does.

    Attributes
    ----------
    spec : SweepSpec
    lived : tuple of Caseloads
        Of each part.
    """

    spec: SweepSpec
    lived: tuple[Caseloads, ...]

    def difference(self, point: int) -> Figures:
        """What a dose adds to the first scenario, a person, (outcomes,)."""
        part, number = self.spec.homes[point]
        return self.lived[part].difference(number).at(-1)

    def usual(self, point: int) -> np.ndarray:
        """Means under the first scenario, of the people of that comparison, (outcomes,)."""
        return self.lived[self.spec.homes[point][0]].mean(0).at(-1).value

    def rows(self, outcomes: Sequence[str]) -> list[Row]:
        """A row for each dose and outcome, at the last look, in units in which they are shown."""
        return [
            {**self._doses(point), **row}
            for point in range(len(self.spec.points))
            for row in self._of_point(point, outcomes)
        ]

    def _doses(self, point: int) -> dict[str, float]:
        names = [one.name for one in self.spec.over]
        return dict(zip(names, self.spec.points[point], strict=True))

    def _of_point(self, point: int, outcomes: Sequence[str]) -> Iterator[Row]:
        shown, usual = ShownFigures(self.difference(point)), self.usual(point)
        for column in map(outcome_at, outcomes):
            one = LIFE_OUTCOMES[column]
            yield {
                "outcome": one.name, "label": one.label, "unit": one.unit,
                "week": self.spec.parts[0].weeks[-1], "usual": float(usual[column]) * one.per,
                **shown.row("difference", column),
            }  # fmt: skip

    def thresholds(self, levels: Sequence[EffectLevel]) -> list[Row]:
        """A row for each level, and each value of the second dimension: the dose on which it lies.

        The dose is of the first dimension.
        """
        first, *second = self.spec.over
        others = second[0].values if second else (None,)
        found = []
        for level in levels:
            rows = self.rows([level.outcome])
            for other in others:
                beside = {} if other is None else {second[0].name: other}
                mine = [row for row in rows if all(row[k] == v for k, v in beside.items())]
                mine = mine if DOSES[first.name].harder else mine[::-1]
                at = threshold(
                    [row[first.name] for row in mine],
                    np.array([row["difference"] for row in mine]),
                    np.array([row["difference_hi"] - row["difference"] for row in mine]),
                    level.value,
                )
                found.append({
                    "outcome": level.outcome, "label": mine[0]["label"], "unit": mine[0]["unit"],
                    "week": mine[0]["week"], "usual": mine[0]["usual"],
                    "level": level.value, "over": first.name, **beside, **at._asdict(),
                })  # fmt: skip
        return found


def live_sweep(
    spec: SweepSpec,
    replicates: int,
    *,
    kept: Run | None = None,
    threads: int = 1,
    progress: Progress | None = None,
) -> Sweep:
    """Live replicates 0, 1, ... of every dose; see `run.compared_caseloads`.

    Raises
    ------
    sim.errors.InputError, sim.errors.RunError, sim.errors.ResumeError
        As there.
    """
    return Sweep(spec, tuple(
        compared_caseloads(
            part, replicates, kept=kept, threads=threads, progress=progress,
            doses=[one.hash for one in part.scenarios],
        )
        for part in spec.parts
    ))  # fmt: skip
