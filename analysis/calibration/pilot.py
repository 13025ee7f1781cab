"""Targets from somebody's own tables: who is on whose map, wave by wave, and nothing else.

Of a folder's `egos.csv` and `alters.csv` only the columns named here are read; names, notes and
whatever else there is stay unread, and `aaties.csv` is not needed. What leaves this module are
means, shares and their errors. A figure taken over fewer than five people is neither shown nor
used, and neither is a share of people with fewer than five on either side.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from analysis.calibration.statistics import CLASSES, STATISTICS, Columns, Key, evaluate
from analysis.calibration.targets import Target, Use
from sim.errors import InputError, nearest
from sim.world.kinds import TieClass

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FEWEST", "Pilot", "pilot_of", "read_pilot", "targets_of"]

FEWEST = 5
FEWEST_PEOPLE = 10
RESAMPLES = 1000
NEEDED = {"egos": ("ego_pid", "wave"), "alters": ("ego_pid", "wave", "tie_class", "tie_kind")}
WANTED = {"egos": ("month_target",), "alters": ("alter_id",)}
MONTHS, WEEKS = 12, 52


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
    """

    people: int
    weeks: tuple[int, ...] | None
    waves: int
    targets: tuple[Target, ...]
    retention: tuple[float, ...] | None
    held_back: tuple[str, ...]


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
        No folder, no file, no column, no ids, an unknown class, interviews of nobody, a wave left
        out, or fewer than ten people.
    """
    place = Path(folder).expanduser()
    if not place.is_dir():
        what = "is not a folder" if place.exists() else "no such folder"
        raise InputError(f"{place}: {what}; give the folder that holds egos.csv and alters.csv")
    egos, alters = (_read(place / f"{name}.csv", name) for name in NEEDED)
    return pilot_of(egos, alters, seed=seed, where=str(place))


def pilot_of(
    egos: pd.DataFrame, alters: pd.DataFrame, *, seed: int = 0, where: str = "pilot"
) -> Pilot:
    """The same from tables at hand."""
    waves = _waves(egos, f"{where}, egos.csv")
    rows, columns = _rows(egos, alters, waves, where)
    people = rows[rows[:, columns.at["n"]] > 0]
    if len(people) < FEWEST_PEOPLE:
        raise InputError(
            f"{where}: {len(people)} people were interviewed at the first wave; a fit needs at "
            f"least {FEWEST_PEOPLE}"
        )
    targets, held_back = targets_of(people, columns, seed)
    said = {one.key: one.value for one in targets}
    kept = [said.get(Key("interviewed", wave)) for wave in range(2, waves + 1)]
    known = [one for one in kept if one is not None]
    return Pilot(
        len(people), _weeks(egos, waves, where), waves, tuple(targets),
        tuple(known) if known and len(known) == waves - 1 else None, tuple(held_back),
    )  # fmt: skip


def _read(file: Path, name: str) -> pd.DataFrame:
    import pandas as pd

    try:
        heads = list(pd.read_csv(file, nrows=0).columns)
        absent = [column for column in NEEDED[name] if column not in heads]
        if absent:
            raise InputError(f"{file}: there is no column {absent[0]}{nearest(absent[0], heads)}")
        used = [column for column in (*NEEDED[name], *WANTED[name]) if column in heads]
        return pd.read_csv(file, usecols=used, dtype="string", keep_default_na=True)
    except FileNotFoundError:
        raise InputError(f"{file}: no such file; a pilot needs egos.csv and alters.csv") from None
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputError(f"{file}: not a CSV file in UTF-8: {_first_line(error)}") from None


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__


def _numbers(table: pd.DataFrame, column: str, where: str) -> np.ndarray:
    import pandas as pd

    found = pd.to_numeric(table[column], errors="coerce").to_numpy(float, na_value=np.nan)
    wrong = ~(np.isfinite(found) & (found == np.round(found)))
    if wrong.any():
        line = int(np.flatnonzero(wrong)[0]) + 2
        raise InputError(f"{where}, line {line}: {column} must be a whole number")
    return found.astype(int)


def _waves(egos: pd.DataFrame, where: str) -> int:
    if not len(egos):
        raise InputError(f"{where}: holds no interviews")
    if egos["ego_pid"].isna().any():
        line = int(np.flatnonzero(egos["ego_pid"].isna())[0]) + 2
        raise InputError(f"{where}, line {line}: no ego_pid; every interview needs its person's id")
    waves = sorted(set(_numbers(egos, "wave", where).tolist()))
    if waves != list(range(1, len(waves) + 1)):
        raise InputError(f"{where}: waves must be 1, 2, 3, ... without a gap, not {waves}")
    if egos.assign(wave=_numbers(egos, "wave", where)).duplicated(["ego_pid", "wave"]).any():
        raise InputError(f"{where}: a person has two interviews of one wave")
    return len(waves)


def _weeks(egos: pd.DataFrame, waves: int, where: str) -> tuple[int, ...] | None:
    if "month_target" not in egos:
        return None
    months = _numbers(egos, "month_target", f"{where}, egos.csv")
    wave = _numbers(egos, "wave", where)
    found = [round(float(np.median(months[wave == w + 1])) * WEEKS / MONTHS) for w in range(waves)]
    if found[0] != 0 or any(b <= a for a, b in pairwise(found)):
        raise InputError(
            f"{where}, egos.csv: month_target must be 0 at wave 1 and rise from wave to wave"
        )
    return tuple(found)


def _rows(
    egos: pd.DataFrame, alters: pd.DataFrame, waves: int, where: str
) -> tuple[np.ndarray, Columns]:
    """What each person brings to the sums, as `interview_rows` has it of simulated ones."""
    columns = Columns(waves)
    wave = _numbers(egos, "wave", f"{where}, egos.csv")
    pids = egos["ego_pid"].to_numpy(str)
    people = sorted(set(pids.tolist()))
    attended = np.zeros((len(people), waves), bool)
    number = {pid: i for i, pid in enumerate(people)}
    attended[[number[pid] for pid in pids.tolist()], wave - 1] = True
    maps = _maps(alters, number, attended, where)
    rows = np.zeros((len(people), len(columns)))
    at = columns.at
    rows[:, at["n"]] = attended[:, 0]
    for person in np.flatnonzero(attended[:, 0]).tolist():
        mine = maps.get((person, 1), {})
        rows[person, at["size"]], rows[person, at["size_squared"]] = len(mine), len(mine) ** 2
        for name in mine.values():
            rows[person, at[f"map.{name}"]] += 1
        for later in range(2, waves + 1):
            rows[person, at[f"there.{later}"]] = attended[person, later - 1]
            if not (attended[person, later - 1] and attended[person, later - 2]):
                continue
            now = maps.get((person, later), {})
            for member, name in maps.get((person, later - 1), {}).items():
                rows[person, at[f"held.{name}.{later}"]] += 1
                rows[person, at[f"kept.{name}.{later}"]] += member in now
    return rows, columns


def _maps(
    alters: pd.DataFrame, number: Mapping[str, int], attended: np.ndarray, where: str
) -> dict[tuple[int, int], dict[str, str]]:
    """Class of each member by its lasting id, for each map by person and wave."""
    file = f"{where}, alters.csv"
    waves = attended.shape[1]
    if waves > 1 and "alter_id" not in alters:
        raise InputError(
            f"{file}: there is no column alter_id; a member's own id, the same at every wave, is "
            "needed to see who stayed"
        )
    wave = _numbers(alters, "wave", file).tolist()
    ids = alters["alter_id"] if "alter_id" in alters else alters.index.astype("string")
    columns = (alters["ego_pid"], wave, ids, alters["tie_class"], alters["tie_kind"])
    known = [one.name.lower() for one in TieClass]
    found: dict[tuple[int, int], dict[str, str]] = {}
    for line, (pid, when, member, what, kind) in enumerate(zip(*columns, strict=True), 2):
        person = number.get(pid) if isinstance(pid, str) else None
        if person is None or not 1 <= when <= waves or not attended[person, when - 1]:
            raise InputError(
                f"{file}, line {line}: egos.csv has no interview of it (ego_pid, wave)"
            )
        if not isinstance(member, str):
            raise InputError(f"{file}, line {line}: no alter_id; every member needs its id")
        if what not in known:
            hint = nearest(str(what), known)
            raise InputError(
                f"{file}, line {line}: tie_class must be one of {', '.join(known)}{hint}"
            )
        mine = found.setdefault((person, when), {})
        if member in mine:
            raise InputError(f"{file}, line {line}: a member is on this map twice (alter_id)")
        mine[member] = "partner" if kind == "partner" else what
    return found


def targets_of(rows: np.ndarray, columns: Columns, seed: int) -> tuple[list[Target], list[str]]:
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
    keys = [key for key in columns.statistics() if key.name.startswith(theirs)]
    n = len(rows)
    weights = np.random.default_rng([seed, n]).multinomial(n, np.full(n, 1 / n), RESAMPLES)
    values = evaluate(rows.sum(axis=0), columns, keys)
    errors = np.nanstd(evaluate(weights @ rows, columns, keys), axis=0)
    found, held_back = [], []
    for key, value, se in zip(keys, values.tolist(), errors.tolist(), strict=True):
        if _few(rows, columns, key):
            held_back.append(str(key))
            continue
        use: Use = "validation" if key.name in _LOOKED_AT else "calibration"
        found.append(Target(key, value, se, n, use, "pilot", STATISTICS[key.name].meaning))
    return found, held_back


_LOOKED_AT = ("map.size", "kept.all", "kept.professional", "interviewed")
"""Not fitted to: sums of what is fitted class by class; what no parameter of the world moves; and
ties to professionals, which end for all whom a worker sees at once, so that a pilot in a few teams
says less of them than its number of people suggests."""


def _few(rows: np.ndarray, columns: Columns, key: Key) -> bool:
    """Whether a figure would tell of fewer than five people."""
    family, _, which = key.name.partition(".")
    if family == "kept":
        classes = CLASSES if which == "all" else (which,)
        held = sum(rows[:, columns.at[f"held.{c}.{key.wave}"]] for c in classes)
        return bool((np.asarray(held) > 0).sum() < FEWEST)
    if family == "interviewed" or key.name == "map.partner":
        name = f"there.{key.wave}" if family == "interviewed" else key.name
        has = int((rows[:, columns.at[name]] > 0).sum())
        return 0 < has < FEWEST or 0 < len(rows) - has < FEWEST
    name = "size" if which in ("size", "size_sd") else key.name
    return bool((rows[:, columns.at[name]] > 0).sum() < FEWEST)
