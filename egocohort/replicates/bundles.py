"""Many studies as bundles: a folder each, those of `simulate --replicate`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from egocohort.replicates.forecast import Tell, forecasting, needs_of_folders
from egocohort.replicates.request import STAGE, ManyStudies
from sim.data.provenance import MANIFEST, read_manifest, version
from sim.errors import ResumeError
from sim.side_by_side import Progress, silent

__all__ = ["write_bundles"]


def write_bundles(
    asked: ManyStudies,
    out: str | Path,
    threads: int = 1,
    *,
    progress: Progress | None = None,
    tell: Tell | None = None,
) -> list[Path]:
    """Write the bundle of each replicate; those that are there whole are left as they are.

    Parameters
    ----------
    asked
        What is to be there.
    out
        Folder that will hold the bundles' folders.
    threads
        Studies to simulate and write side by side.
    progress, tell
        As in `egocohort.replicates.data_set.write_data_set`.

    Returns
    -------
    list of pathlib.Path
        The bundles' folders.

    Raises
    ------
    sim.errors.ResumeError
        If a bundle of that name is there that was made otherwise.
    sim.errors.InputError, sim.errors.HeldError, sim.errors.RunError
        As in `sim.data.writing.write_bundle`.
    """
    places = [Path(out) / asked.one(n).which.folder_name for n in range(asked.replicates)]
    lacking = [number for number, folder in enumerate(places) if _is_lacking(asked, folder)]

    def write(replicate: int) -> Path:
        with asked.one(replicate).placed(out, force=False):
            return asked.simulated(replicate).save(out)[-1].parent

    driver = forecasting(threads, Path(out), tell, partial(needs_of_folders, threads))
    done, say = len(places) - len(lacking), progress or silent
    for number, _ in enumerate(driver(write, lacking), start=done + 1):
        say(STAGE, number, len(places))
    return places


def _is_lacking(asked: ManyStudies, folder: Path) -> bool:
    """Whether a bundle is not there; `ResumeError` if another one is."""
    if not (folder / MANIFEST).is_file():
        return True
    differs = _difference(asked, read_manifest(folder, any_version=True))
    if differs is not None:
        raise ResumeError(
            f"{folder}: is a bundle of another {differs}\n"
            "Give another --out, or what was given then, or remove the folder."
        )
    return False


def _difference(asked: ManyStudies, there: Mapping[str, Any]) -> str | None:
    """In what a bundle differs from what is asked for, in a word."""
    if there["versions"]["egocohort"] != version():
        return "version of egocohort"
    if there["truth"] != asked.run.truth:
        return "truth"
    hashes = {"study": asked.run.study.hash, "scenario": asked.run.scenario.hash}
    return next((kind for kind, one in hashes.items() if there[kind]["hash"] != one), None)
