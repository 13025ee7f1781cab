"""Living a comparison: so many replicates, or as many as an interval of a given width takes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from analysis.compare.asked import Precision
from analysis.compare.caseloads import Caseloads, CaseloadsSpec, run_caseloads
from analysis.compare.outcomes import LIFE_OUTCOMES, outcome_at
from analysis.runs.chunks import kept_map, on_threads
from analysis.runs.run import Run, job_run
from sim.errors import InputError, RunError
from sim.side_by_side import Progress
from sim.sources import HOUSE
from sim.world.scenario import Scenario

__all__ = ["COMPARE", "compared_caseloads", "kept_place", "rows_place"]

COMPARE = "compare"
BLOCK = 20
"""Replicates of a file; a killed run lives at most so many again."""
MOST_REPLICATES = 5000
SPARE = 1.1
STAGE = "paired caseloads"


def kept_place(out: str | Path | None, spec: CaseloadsSpec) -> Run | None:
    """Where a comparison's rows lie in a folder of results; None without one.

    Raises
    ------
    sim.errors.ResumeError
        If other scenarios, or another seed, were compared there.
    """
    made_by = ("caseloads", "drawn", "futures")
    return rows_place(out, COMPARE, spec.scenarios, spec.seed, *made_by)


def rows_place(
    out: str | Path | None, job: str, scenarios: Sequence[Scenario], seed: int, *made_by: str
) -> Run | None:
    """Where rows of a job that lives scenarios lie; `made_by` are modules of this room.

    Raises
    ------
    sim.errors.ResumeError
        If the job was run there before, otherwise.
    """
    sources = [HOUSE / "analysis" / "compare" / f"{name}.py" for name in made_by]
    said = [{"id": one.id, "hash": one.hash} for one in scenarios]
    return job_run(out, job, *sources, seed=seed, scenarios=said)


def compared_caseloads(
    spec: CaseloadsSpec,
    replicates: int,
    *,
    precision: Precision | None = None,
    kept: Run | None = None,
    threads: int = 1,
    progress: Progress | None = None,
    **asked: object,
) -> Caseloads:
    """Live replicates 0, 1, ... of a comparison.

    Parameters
    ----------
    replicates
        How many; with `precision` how many at first.
    precision
        Go on until the interval of every scenario's difference, at the last look, is as narrow.
    kept
        Where rows are kept, from which a later run goes on.
    threads
        Replicates side by side; nothing depends on it.
    asked
        What rows depend on beside what `kept` is of, by which they are told apart there.

    Raises
    ------
    sim.errors.InputError
        If there are none, or too many.
    sim.errors.RunError
        If it would take too many replicates; a file cannot be read or written.
    sim.errors.ResumeError
        If rows there are of another run.
    """
    if not 1 <= replicates <= MOST_REPLICATES:
        raise InputError(f"--replicates {replicates} is out of range: from 1 to {MOST_REPLICATES}")
    store = None if kept is None else kept.store(
        "caseloads", block=BLOCK, places=spec.team_numbers, weeks=spec.weeks, cells=spec.cells,
        who=spec.who, **asked,
    )  # fmt: skip
    tables: list[pa.Table] = []
    while True:
        todo = range(len(tables), replicates)
        tables += kept_map(
            run_caseloads, spec, todo, store=store, driver=on_threads(threads, first_alone=True),
            progress=progress, stage=STAGE,
        )  # fmt: skip
        lived = Caseloads.read(spec, tables)
        factor = 1.0 if precision is None else _too_wide(lived, precision)
        if factor <= 1:
            return lived
        replicates = max(int(np.ceil(replicates * factor * SPARE)), replicates + 1)
        if replicates > MOST_REPLICATES:
            raise RunError(
                f"the half-width asked for would take about {replicates:,} replicates, and "
                f"{MOST_REPLICATES:,} are the most; ask for a wider one"
            )


def _too_wide(lived: Caseloads, precision: Precision) -> float:
    """By how much replicates must grow for the half-width asked for; 1 or less if they need not."""
    column = outcome_at(precision.outcome)
    per = LIFE_OUTCOMES[column].per
    widths = [
        float(lived.difference(scenario).at(-1, column).reach) * per
        for scenario in range(1, len(lived.spec.scenarios))
    ]
    widest = max(widths)
    return 2.0 if np.isnan(widest) else (widest / precision.half_width) ** 2
