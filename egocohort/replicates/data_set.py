"""Many studies as one data set: for each table a folder of Parquet files with all replicates."""

from __future__ import annotations

import hashlib
from functools import partial
from glob import escape
from pathlib import Path
from typing import Any

import pyarrow as pa

from analysis.runs.kept_tables import RECORD, KeptTables, keep_tables
from analysis.runs.run import FINGERPRINT, Run, made_by, open_run, run_seed
from egocohort.replicates.described import descriptions
from egocohort.replicates.forecast import Tell, forecasting, needs_of_tables
from egocohort.replicates.request import STAGE, ManyStudies
from egocohort.simulation_run import SimulationRun
from sim.data.provenance import MANIFEST
from sim.errors import InputError, RunError
from sim.files.folder import hold_results
from sim.files.whole import write_together
from sim.side_by_side import Progress
from sim.sources import HOUSE

__all__ = ["data_set_folder", "seed_there", "write_data_set"]

ENDING = "-replicates"
FEW, FEW_PEOPLE = 10, 1000
"""Replicates to a file of studies of so many people at the most; of larger ones it has one."""
NAMES = ("title", "note", "cite")
MAKES_TABLES = HOUSE / "egocohort" / "simulation_run.py"


def data_set_folder(out: str | Path, run: SimulationRun) -> Path:
    """Where the data set of a study lies in a folder of results."""
    return Path(out) / (run.which.folder_name + ENDING)


def seed_there(out: str | Path, run: SimulationRun) -> int | None:
    """The seed of the data set of a study in a folder of results, if there is just one."""
    name = data_set_folder(out, run._replace(seed=0)).name
    before, _, after = name.rpartition("__s0")
    found = [run_seed(one) for one in Path(out).glob(f"{escape(before)}__s*{escape(after)}")]
    return found[0] if len(found) == 1 else None


def write_data_set(
    asked: ManyStudies,
    out: str | Path,
    threads: int = 1,
    *,
    progress: Progress | None = None,
    tell: Tell | None = None,
) -> tuple[Path, int]:
    """Write the tables asked for, those of what the study saw by default; take up what is there.

    Parameters
    ----------
    asked
        What is to be there. More replicates than are asked for stay.
    out
        Folder that will hold the data set's folder.
    threads
        Studies to simulate side by side; the bytes do not depend on it.
    progress
        Told after each replicate.
    tell
        Told what it will take before most of it is done.

    Returns
    -------
    folder : pathlib.Path
    replicates : int
        How many are there.

    Raises
    ------
    sim.errors.InputError
        If the study has no such table, or the folder is a bundle.
    sim.errors.ResumeError
        If the folder holds another run; the message says what differs.
    sim.errors.HeldError, sim.errors.RunError
        If another run is at work in the folder; if the disk is full or cannot be written. What was
        done is taken up by the next run.
    """
    run, names = asked.run, asked.names
    folder = data_set_folder(out, run)
    if (Path(out) / MANIFEST).is_file():
        raise InputError(f"{out}: is a bundle or a data set, in which no other can lie")
    with hold_results(folder):
        place = open_run(folder, _depends_on(asked, names))
        block = FEW if run.study.recruitment.n <= FEW_PEOPLE else 1
        kept = KeptTables.of(place, names, block)
        number = max(asked.replicates, kept.count())
        _take_up(place)
        keep_tables(
            partial(asked.made, names), number, kept, progress=progress, stage=STAGE,
            driver=forecasting(threads, folder, tell, partial(needs_of_tables, block, threads)),
        )  # fmt: skip
        _describe(folder, asked._replace(replicates=number))
    return folder, number


def _depends_on(asked: ManyStudies, names: tuple[str, ...]) -> dict[str, Any]:
    """All that every row depends on, and which tables there are."""
    run = asked.run
    unread = (*NAMES, *run.study.asked)
    return {
        **made_by(MAKES_TABLES),
        "seed": run.seed,
        "truth": run.truth,
        "tables": list(names),
        "study": {key: one for key, one in run.study.resolved().items() if key not in unread},
        "scenario": run.scenario.hash,
        "pyarrow": pa.__version__,
    }


def _take_up(place: Run) -> None:
    """Clear up after a killed run; what is written now has no manifest until it is done."""
    if not (place.folder / FINGERPRINT).exists():
        return
    place.begin()
    try:
        (place.folder / MANIFEST).unlink(missing_ok=True)
    except OSError as error:
        raise RunError(f"{place.folder}: cannot be written: {error.strerror or error}") from error


def _describe(folder: Path, asked: ManyStudies) -> None:
    """Write what says what the data set is; its manifest comes last."""
    files = {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for name in (*asked.names, RECORD)
        for file in sorted((folder / name).glob("*.parquet"))
    }
    contents = descriptions(folder.name, asked, files)
    write_together({folder / name: data for name, data in contents.items()})
