"""The ways in which a folder may hold a pilot: two long tables, wide ones, or field software's."""

from __future__ import annotations

from pathlib import Path

from analysis.pilots.faults import Faults
from analysis.pilots.given import PilotMap
from analysis.pilots.network_canvas import is_export, read_export
from analysis.pilots.sheet import Sheet, open_sheet
from analysis.pilots.wide import long_alters, long_egos, members_of_egos
from sim.errors import InputError

__all__ = ["sheets_in"]


def sheets_in(folder: Path, given: PilotMap, faults: Faults) -> tuple[Sheet, Sheet]:
    """Interviews and members as two long tables.

    Raises
    ------
    InputError
        No such folder, or none of the layouts that are read.
    """
    if not folder.is_dir():
        what = "is not a folder" if folder.exists() else "no such folder"
        raise InputError(f"{folder}: {what}; give the folder that holds egos.csv and alters.csv")
    if is_export(folder):
        return read_export(folder, given, faults)
    absent = "no such file; a pilot needs egos.csv and alters.csv"
    egos = open_sheet(_file(folder, "egos"), faults, absent)
    file = _file(folder, "alters")
    if not file.exists() and (members := members_of_egos(egos, given)) is not None:
        return long_egos(egos, given), members
    alters = open_sheet(file, faults, absent)
    return long_egos(egos, given), long_alters(alters, given, faults)


def _file(folder: Path, name: str) -> Path:
    """`egos.csv`, or what else it may be called: Egos.CSV, ego.csv, egos.tsv, egos.txt."""
    wanted = folder / f"{name}.csv"
    if wanted.exists():
        return wanted
    for stem in (name, name[:-1]):
        for one in sorted(folder.iterdir()):
            ending = one.suffix.casefold()
            if one.stem.casefold() == stem and ending in (".csv", ".tsv", ".tab", ".txt"):
                return one
    return wanted
