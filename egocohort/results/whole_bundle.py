"""A bundle on disk, read for what speaks of the whole of it."""

from __future__ import annotations

from pathlib import Path

from egocohort.results.simulation import Simulation
from sim.data.bundle import read_bundle
from sim.errors import InputError, typed

__all__ = ["whole_bundle"]


def whole_bundle(folder: str | Path) -> Simulation:
    """Read a bundle all of whose files are as they were written.

    Raises
    ------
    sim.errors.InputError
        If the folder is no bundle, or a file of it is gone or was changed.
    """
    read = read_bundle(folder)
    changed = read.differences()
    if changed:
        raise InputError(
            f"{folder}: not as its manifest says: {', '.join(map(str, changed))}\n"
            f"{typed('egocohort', 'rerun', Path(folder))} --out FOLDER makes the bundle again"
        )
    return Simulation.from_bundle(read)
