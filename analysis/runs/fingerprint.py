"""What the rows of a plan depend on: rows of two runs may mix only where all of it agrees.

What only says how rows are summed up (the chance wanted, prices) is left out, so that it may change
without a row being simulated again.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from analysis.runs.rows import Rows
from analysis.runs.run import made_by, open_run
from sim.sources import HOUSE
from sim.study.frame import lived_scenario
from sim.study.spec import Study
from sim.world.scenario import read_scenario

__all__ = ["fingerprint", "open_rows"]

ROWS = "rows"
NAMES = ("id", "title", "note", "cite")
OF_SUMMARIES = (
    "chance", "type_m", "succeeds_with", "costs", "sources", "choices", "incentive_curve",
    "recruiting",
)  # fmt: skip
MAKE_ROWS = (HOUSE / "analysis" / "planning" / "planner.py", HOUSE / "analysis" / "estimators")
"""What rows follow from: the planner, and the analyses that it finds by name."""


def fingerprint(study: Study, seed: int) -> dict[str, Any]:
    """Version, kernel, sources of what makes rows, seed, and all that moves the study."""
    said = {key: one for key, one in study.resolved().items() if key not in NAMES}
    plan = {key: one for key, one in said.pop("plan", {}).items() if key not in OF_SUMMARIES}
    found = {
        **made_by(*MAKE_ROWS),
        "seed": seed,
        "study": {**said, "plan": plan},
    }
    if plan.get("process") != "panel":
        found["scenario"] = lived_scenario(read_scenario(study.scenario), study).hash
    return found


def open_rows(folder: Path, study: Study, seed: int) -> Rows:
    """The place for a run's rows in its folder of results, which may hold some already.

    Raises
    ------
    sim.errors.ResumeError
        If what is there is of another run; the message says what differs.
    """
    run = open_run(folder, fingerprint(study, seed))
    return Rows(folder / ROWS, run.digest, run.says)
