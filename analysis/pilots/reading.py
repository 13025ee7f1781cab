"""A pilot's folder, or its frames, as interviews."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from analysis.pilots.faults import Faults
from analysis.pilots.given import NOTHING_SAID, PilotMap
from analysis.pilots.interviews import PilotInterviews, interviews_in
from analysis.pilots.layouts import sheets_in
from analysis.pilots.sheet import Sheet, sheet_of
from analysis.pilots.table import table_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["interviews_of", "read_interviews"]


def read_interviews(folder: Path, given: PilotMap = NOTHING_SAID) -> PilotInterviews:
    """Read the interviews of a folder.

    Raises
    ------
    InputError
        No folder, no file, or anything wrong with a file: all of it, each with file and line.
    """
    faults = Faults()
    egos, alters = sheets_in(folder, given, faults)
    return _interviews(egos, alters, given, faults)


def interviews_of(
    egos: pd.DataFrame, alters: pd.DataFrame, where: str, given: PilotMap = NOTHING_SAID
) -> PilotInterviews:
    """The same from tables at hand."""
    sheets = sheet_of(egos, f"{where}, egos"), sheet_of(alters, f"{where}, alters")
    return _interviews(*sheets, given, Faults())


def _interviews(egos: Sheet, alters: Sheet, given: PilotMap, faults: Faults) -> PilotInterviews:
    tables = (
        table_of(egos, "egos", given, alters.heads, faults),
        table_of(alters, "alters", given, egos.heads, faults),
    )
    return interviews_in(*tables, given, faults)
