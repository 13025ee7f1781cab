"""Targets from somebody's own tables: who is on whose map, wave by wave, and nothing else.

What leaves this module are means, shares and their errors. A figure taken over fewer than five
people is neither shown nor used, and neither is a share of people with fewer than five on either
side. `pilot_tables` and `interviews` say what is read, and how.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from analysis.calibration.interviews import PilotInterviews, interviews_in
from analysis.calibration.pilot_tables import PilotRows, read_rows, rows_of
from analysis.calibration.statistics import STATISTICS, CohortColumns, Key, evaluate
from analysis.calibration.targets import Target, Use
from analysis.worlds.moments import MOMENT_CLASSES
from sim.errors import InputError, counted
from sim.world.toml_file import at_home

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FEWEST", "Pilot", "pilot_of", "read_pilot", "targets_of"]

FEWEST = 5
FEWEST_PEOPLE = 10
RESAMPLES = 1000


@dataclass(frozen=True)
class Pilot:
    """What a pilot says, in figures that tell nothing of a single person.

    Attributes
    ----------
    people : int
        Interviewed at the first wave.
    weeks : tuple of int or None
        Of the waves, from the first; None if the tables do not say when they were.
    waves : int
    targets : tuple of Target
        Every figure with its error; validation for those a fit does not use.
    retention : tuple of float or None
        Share interviewed at each wave after the first; None if it would tell of a few.
    held_back : tuple of str
        Figures that would have been of fewer than five people.
    notes : tuple of str
        What was mended or left out in reading.
    """

    people: int
    weeks: tuple[int, ...] | None
    waves: int
    targets: tuple[Target, ...]
    retention: tuple[float, ...] | None
    held_back: tuple[str, ...]
    notes: tuple[str, ...] = ()


def read_pilot(folder: str | Path, *, seed: int = 0) -> Pilot:
    """Read the tables of a pilot.

    Parameters
    ----------
    folder
        Holds `egos.csv` (a row for each interview) and `alters.csv` (a row for each member of each
        map), with columns called as in a bundle.
    seed
        Of the resampling of people that gives the errors.

    Raises
    ------
    InputError
        No folder, no file, no column, no ids, an unknown class or kind, interviews of nobody, a
        wave left out, or fewer than ten people.
    """
    place = at_home(Path(folder))
    if not place.is_dir():
        what = "is not a folder" if place.exists() else "no such folder"
        raise InputError(f"{place}: {what}; give the folder that holds egos.csv and alters.csv")
    egos, alters = (read_rows(place / f"{name}.csv", name) for name in ("egos", "alters"))
    return _pilot(egos, alters, seed, str(place))


def pilot_of(
    egos: pd.DataFrame, alters: pd.DataFrame, *, seed: int = 0, where: str = "pilot"
) -> Pilot:
    """The same from tables at hand."""
    rows = (rows_of(egos, "egos", f"{where}, egos"), rows_of(alters, "alters", f"{where}, alters"))
    return _pilot(*rows, seed, where)


def _pilot(egos: PilotRows, alters: PilotRows, seed: int, where: str) -> Pilot:
    found = interviews_in(egos, alters)
    columns = CohortColumns(found.waves)
    rows = _rows(found, columns)
    people = rows[rows[:, columns.at["n"]] > 0]
    if len(people) < FEWEST_PEOPLE:
        raise InputError(
            f"{where}: {counted(len(people), 'person')} interviewed at the first wave; a fit "
            f"needs at least {FEWEST_PEOPLE}"
        )
    targets, held_back = targets_of(people, columns, seed)
    if not found.lasting:
        targets = [one for one in targets if not one.key.name.startswith("kept.")]
        held_back = [one for one in held_back if not one.startswith("kept.")]
    if not targets:
        raise InputError(f"{where}: no figure rests on {FEWEST} people or more; is a map missing?")
    said = {one.key: one.value for one in targets}
    kept = [said.get(Key("interviewed", wave)) for wave in range(2, found.waves + 1)]
    known = [one for one in kept if one is not None]
    return Pilot(
        len(people), found.weeks, found.waves, tuple(targets),
        tuple(known) if known and len(known) == found.waves - 1 else None, tuple(held_back),
        found.notes,
    )  # fmt: skip


def _rows(found: PilotInterviews, columns: CohortColumns) -> np.ndarray:
    """What each person brings to the sums, as `interview_rows` has it of simulated ones.

    An interview without a map says that somebody came, and nothing of who is on the map.
    """
    rows = np.zeros((len(found.attended), len(columns)))
    at = columns.at
    first = [person for person, wave in found.maps if wave == 1]
    rows[first, at["n"]] = 1
    for person in first:
        mine = found.maps[person, 1]
        rows[person, at["size"]], rows[person, at["size_squared"]] = len(mine), len(mine) ** 2
        for name in mine.values():
            rows[person, at[f"map.{name}"]] += 1
        for later in range(2, found.waves + 1):
            rows[person, at[f"there.{later}"]] = found.attended[person, later - 1]
            before, now = found.maps.get((person, later - 1)), found.maps.get((person, later))
            if before is None or now is None:
                continue
            for member, name in before.items():
                rows[person, at[f"held.{name}.{later}"]] += 1
                rows[person, at[f"kept.{name}.{later}"]] += member in now
    return rows


def targets_of(
    rows: np.ndarray, columns: CohortColumns, seed: int
) -> tuple[list[Target], list[str]]:
    """Every figure that rests on enough people, with its error from resampling people.

    Parameters
    ----------
    rows : ndarray, (people, C)
        Of those interviewed at the first wave.

    Returns
    -------
    targets : list of Target
    held_back : list of str
        Names of figures that rest on too few.
    """
    theirs = ("map.", "kept.", "interviewed")
    of_pilots = [key for key in columns.statistics() if key.name.startswith(theirs)]
    held_back = [str(key) for key in of_pilots if _few(rows, columns, key)]
    keys = [key for key in of_pilots if not _few(rows, columns, key)]
    if not keys:
        return [], held_back
    n = len(rows)
    weights = np.random.default_rng([seed, n]).multinomial(n, np.full(n, 1 / n), RESAMPLES)
    values = evaluate(rows.sum(axis=0), columns, keys)
    errors = np.nanstd(evaluate(weights @ rows, columns, keys), axis=0)
    found = []
    for key, value, se in zip(keys, values.tolist(), errors.tolist(), strict=True):
        use: Use = "validation" if key.name in _LOOKED_AT else "calibration"
        found.append(Target(key, value, se, n, use, "pilot", STATISTICS[key.name].meaning))
    return found, held_back


_LOOKED_AT = ("map.size", "kept.all", "kept.professional", "interviewed")
"""Not fitted to: sums of what is fitted class by class; what no parameter of the world moves; and
ties to professionals, which end for all whom a worker sees at once, so that a pilot in a few teams
says less of them than its number of people suggests."""


def _few(rows: np.ndarray, columns: CohortColumns, key: Key) -> bool:
    """Whether a figure would tell of fewer than five people."""
    family, _, which = key.name.partition(".")
    if family == "kept":
        classes = MOMENT_CLASSES if which == "all" else (which,)
        held = sum(rows[:, columns.at[f"held.{c}.{key.wave}"]] for c in classes)
        return bool((np.asarray(held) > 0).sum() < FEWEST)
    if family == "interviewed" or key.name == "map.partner":
        name = f"there.{key.wave}" if family == "interviewed" else key.name
        has = int((rows[:, columns.at[name]] > 0).sum())
        return 0 < has < FEWEST or 0 < len(rows) - has < FEWEST
    name = "size" if which in ("size", "size_sd") else key.name
    return bool((rows[:, columns.at[name]] > 0).sum() < FEWEST)
