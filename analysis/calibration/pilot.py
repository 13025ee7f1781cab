"""Targets from somebody's own tables: who is on whose map, wave by wave, and nothing else.

What leaves this module are means, shares and their errors. A figure taken over fewer than five
people is neither shown nor used, and neither is a share of people with fewer than five on either
side. `analysis.pilots` says what is read, and how.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from analysis.calibration.statistics import STATISTICS, CohortColumns, Key, evaluate
from analysis.calibration.targets import Target, Use
from analysis.pilots.faults import Faults
from analysis.pilots.given import NOTHING_SAID, PilotMap
from analysis.pilots.identity import lasting_ids, next_maps
from analysis.pilots.interviews import PilotInterviews
from analysis.pilots.reading import interviews_of, read_interviews
from analysis.worlds.moments import MOMENT_CLASSES
from sim.errors import InputError, counted
from sim.world.toml_file import at_home

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FEWEST", "Pilot", "pilot_in", "pilot_of", "read_pilot", "targets_of", "weights_of"]

FEWEST = 5
FEWEST_PEOPLE = 10
RESAMPLES, AT_ONCE = 1000, 100


class TooLittleError(InputError):
    """The tables can be read, but hold too little for any figure."""


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
    retention : tuple of (float or None), or None
        Share interviewed at each wave after the first, None where it would tell of a few; None if
        no wave tells.
    held_back : tuple of str
        Figures that would have been of fewer than five people.
    notes : tuple of str
        What was mended or left out in reading.
    lasting : bool
        Whether ids tell who stayed.
    """

    people: int
    weeks: tuple[int, ...] | None
    waves: int
    targets: tuple[Target, ...]
    retention: tuple[float | None, ...] | None
    held_back: tuple[str, ...]
    notes: tuple[str, ...] = ()
    lasting: bool = True


def read_pilot(folder: str | Path, *, seed: int = 0, given: PilotMap = NOTHING_SAID) -> Pilot:
    """Read the tables of a pilot.

    Parameters
    ----------
    folder
        Holds `egos.csv` (a row for each interview) and `alters.csv` (a row for each member of each
        map), or another layout that `analysis.pilots.layouts` knows.
    seed
        Of the resampling of people that gives the errors.
    given
        What the user says of columns and words.

    Raises
    ------
    InputError
        Whatever is wrong with the tables, all of it with file, line and column; or fewer than ten
        people.
    """
    place = at_home(Path(folder))
    return pilot_in(read_interviews(place, given), seed=seed, where=str(place), given=given)


def pilot_of(
    egos: pd.DataFrame, alters: pd.DataFrame, *, seed: int = 0, where: str = "pilot"
) -> Pilot:
    """The same from tables at hand."""
    return pilot_in(interviews_of(egos, alters, where), seed=seed, where=where)


def pilot_in(
    found: PilotInterviews, *, seed: int = 0, where: str, given: PilotMap = NOTHING_SAID
) -> Pilot:
    """What interviews say, in figures."""
    columns = CohortColumns(found.waves)
    ids = lasting_ids(found)
    rows = _rows(found, columns)
    enrolled = rows[:, columns.at["n"]] > 0
    if enrolled.sum() < FEWEST_PEOPLE:
        raise TooLittleError(
            f"{where}: {counted(int(enrolled.sum()), 'person')} interviewed at the first wave; a "
            f"fit needs at least {FEWEST_PEOPLE}"
        )
    joined = int((~enrolled & (rows != 0).any(axis=1)).sum())
    weights, note = weights_of(found, given)
    targets, held_back = targets_of(rows, columns, seed, weights)
    if not ids.holds:
        targets = [one for one in targets if not one.key.name.startswith("kept.")]
        held_back = [one for one in held_back if not one.startswith("kept.")]
    if not targets:
        raise TooLittleError(
            f"{where}: no figure rests on {FEWEST} people or more; is a map missing?"
        )
    said = {one.key: one.value for one in targets}
    kept = tuple(said.get(Key("interviewed", wave)) for wave in range(2, found.waves + 1))
    notes = [*found.notes, ids.note, note]
    if joined:
        notes.append(
            f"people first seen, or first with a map, after the first wave: {joined}; they count "
            "for who stayed, and not for first maps or who was interviewed again"
        )
    return Pilot(
        int(enrolled.sum()), found.weeks, found.waves, tuple(targets),
        kept if any(one is not None for one in kept) else None, tuple(held_back),
        tuple(one for one in notes if one), ids.holds,
    )  # fmt: skip


def weights_of(found: PilotInterviews, given: PilotMap) -> tuple[np.ndarray | None, str]:
    """Weight of each person with mean 1, and what to say of a column of weights.

    Nobody's weight counts unless the user says so: a column of that name may be of kilograms.
    """
    if "weight" not in found.egos.cells:
        if given.weights:
            raise InputError(
                f"{found.egos.where}: there is no column weight, which {given.name} asks for; say "
                'what it is called: [columns] weight = "its name"'
            )
        return None, ""
    name = found.egos.called("weight")
    faults = Faults()
    values = found.egos.numbers("weight", faults if given.weights else Faults())
    by_wave = found.by_interview(values)
    first = np.argmax(found.row >= 0, axis=1)
    weight = by_wave[np.arange(len(first)), first]
    if not given.weights:
        if len(np.unique(weight[np.isfinite(weight)])) < 2:
            return None, ""
        return None, (
            f"egos.csv has a column {name} that differs between people; it is not used, and each "
            "person counts once (to weight by it: a file of --map with weights = true)"
        )
    faults.check()
    wrong = np.flatnonzero(~(weight > 0))
    found.egos.add(faults, found.row[wrong, first[wrong]], f"{name} must be more than 0")
    faults.check()
    return weight / weight.mean(), f"people are weighted by {name}"


def _rows(found: PilotInterviews, columns: CohortColumns) -> np.ndarray:
    """What each person brings to the sums, as `interview_rows` has it of simulated ones.

    An interview without a map says that somebody came, and nothing of who is on the map.
    """
    rows = np.zeros((len(found.attended), len(columns)))
    at, members = columns.at, found.members
    first = found.mapped[:, 0]
    rows[first, at["n"]] = 1
    mine = (members.wave == 0) & first[members.person]
    whose, what = members.person[mine], members.roles.what[mine]
    size = np.bincount(whose, minlength=len(rows))
    rows[:, at["size"]], rows[:, at["size_squared"]] = size, size**2
    names = np.array([at[f"map.{name}"] for name in MOMENT_CLASSES])
    np.add.at(rows, (whose, names[what]), 1)
    for wave in range(2, found.waves + 1):
        rows[first, at[f"there.{wave}"]] = found.attended[first, wave - 1]
    if found.waves > 1:
        pairs = next_maps(found)
        whose, what = members.person[pairs.at], members.roles.what[pairs.at]
        wave = members.wave[pairs.at]
        for name, which in (("held", slice(None)), ("kept", pairs.again >= 0)):
            place = np.array([[at[f"{name}.{c}.{w}"] for c in MOMENT_CLASSES]
                              for w in range(2, found.waves + 1)])  # fmt: skip
            np.add.at(rows, (whose[which], place[wave[which], what[which]]), 1)
    return rows


def targets_of(
    rows: np.ndarray, columns: CohortColumns, seed: int, weights: np.ndarray | None = None
) -> tuple[list[Target], list[str]]:
    """Every figure that rests on enough people, with its error from resampling people.

    Parameters
    ----------
    rows : ndarray, (people, C)
        Of everybody; those who have no map of the first wave have n = 0.
    weights : ndarray, (people,), optional
        What each person counts, with mean 1; 1 by default.

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
    people, n = len(rows), int((rows[:, columns.at["n"]] > 0).sum())
    counted = rows if weights is None else rows * weights[:, None]
    rng, sums = np.random.default_rng([seed, people]), []
    used = np.flatnonzero((counted != 0).any(axis=0))
    needed = np.ascontiguousarray(counted[:, used])
    for _ in range(RESAMPLES // AT_ONCE):
        drawn = rng.multinomial(people, np.full(people, 1 / people), AT_ONCE)
        sums.append(np.zeros((AT_ONCE, rows.shape[1])))
        sums[-1][:, used] = drawn.astype(float) @ needed
    values = evaluate(counted.sum(axis=0), columns, keys)
    errors = np.nanstd(evaluate(np.concatenate(sums), columns, keys), axis=0)
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
    first = rows[rows[:, columns.at["n"]] > 0]
    if family == "interviewed" or key.name == "map.partner":
        name = f"there.{key.wave}" if family == "interviewed" else key.name
        has = int((first[:, columns.at[name]] > 0).sum())
        return 0 < has < FEWEST or 0 < len(first) - has < FEWEST
    name = "size" if which in ("size", "size_sd") else key.name
    return bool((first[:, columns.at[name]] > 0).sum() < FEWEST)
