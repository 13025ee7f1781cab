"""Where the rows of a study of codes are kept, and what they depend on."""

from __future__ import annotations

from pathlib import Path

from analysis.runs.run import Run, job_run
from sim.sources import HOUSE
from sim.study.frame import lived_scenario
from sim.study.spec import Study
from sim.world.scenario import read_scenario

__all__ = ["SATURATION", "saturation_run"]

SATURATION = "saturation"
MAKES_ROWS = HOUSE / "analysis" / "saturation" / "sightings.py"
OF_OTHERS = ("id", "title", "note", "cite", "plan")
SEEN = ("codes", "detection", "detection_of", "stated")
"""What of `[saturation]` moves what is seen; the rest is asked of it."""


def saturation_run(out: str | Path | None, study: Study, seed: int) -> Run | None:
    """The place for the rows in a folder of results; None without one.

    Raises
    ------
    sim.errors.ResumeError
        If it holds rows of another run; the message says what differs.
    """
    said = {key: one for key, one in study.resolved().items() if key not in OF_OTHERS}
    asked = said.get(SATURATION, {})
    return job_run(
        out, SATURATION, MAKES_ROWS, seed=seed,
        study={**said, SATURATION: {key: asked[key] for key in SEEN if key in asked}},
        scenario=lived_scenario(read_scenario(study.scenario), study).hash,
    )  # fmt: skip
