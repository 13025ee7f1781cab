"""What a calibration can aim at: statistics of maps, of ties and of illness, by name.

A statistic is a function of sums over people, and every person is a row of numbers to be summed.
The rows come from a simulated cohort (`cohort`) or from somebody's own tables (`pilot`); what is
done with them is the same, so like is compared with like, and resampling people resamples rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from analysis.worlds.moments import MOMENT_CLASSES
from sim.errors import InputError, meant_or_known

__all__ = [
    "EPISODE_WEEKS",
    "MOMENT_CLASSES",
    "STATISTICS",
    "CohortColumns",
    "Key",
    "Statistic",
    "covariance_of_samples",
    "evaluate",
    "statistic",
]

EPISODE_WEEKS = 52
GROUPS_OF_PEOPLE = 400
FEWEST_GROUPS = 60

Scale = Literal["mean", "share"]


class Key(NamedTuple):
    """A statistic, and the wave it is of (from 2; 0 for those that are of no wave)."""

    name: str
    wave: int = 0

    def __str__(self) -> str:
        return f"{self.name}, wave {self.wave}" if self.wave else self.name


@dataclass(frozen=True)
class Statistic:
    """What a name means.

    Attributes
    ----------
    meaning
        In words, with its unit.
    scale
        "share" lies between 0 and 1 and is a count over a count; "mean" is anything else.
    by_wave
        Whether a target must name a wave.
    """

    meaning: str
    scale: Scale = "mean"
    by_wave: bool = False


def _statistics() -> dict[str, Statistic]:
    label = {
        "partner": "partners", "kin": "kin other than partners", "friend": "friends",
        "professional": "professionals", "object": "pets, places, activities and things",
    }  # fmt: skip
    found = {"map.size": Statistic("members on a first map, mean a person")}
    found["map.size_sd"] = Statistic("standard deviation of that number between people")
    for name in MOMENT_CLASSES:
        scale: Scale = "share" if name == "partner" else "mean"
        found[f"map.{name}"] = Statistic(f"{label[name]} on a first map, mean a person", scale)
    for name in ("all", *MOMENT_CLASSES):
        what = label.get(name, "members")
        meaning = f"of the {what} on the map before, share still on the map of this wave"
        found[f"kept.{name}"] = Statistic(meaning, "share", by_wave=True)
    found["interviewed"] = Statistic(
        "share of those enrolled who are interviewed; a setting of the study", "share", by_wave=True
    )
    for name in MOMENT_CLASSES:
        meaning = f"of the {label[name]} on an error-free map, share lost in a year"
        found[f"lost.{name}"] = Statistic(meaning, "share")
    found["episode.onsets"] = Statistic("acute episodes begun, for each person and year")
    found["episode.median_weeks"] = Statistic("median length of an acute episode, weeks")
    return found


STATISTICS = _statistics()


def statistic(name: str, where: str) -> Statistic:
    """What a name means, or an `InputError` with the nearest name."""
    if name not in STATISTICS:
        hint = meant_or_known(name, STATISTICS)
        raise InputError(f'{where}: there is no statistic "{name}"{hint}')
    return STATISTICS[name]


class CohortColumns:
    """Names and places of the numbers each person brings to the sums, for a study of W waves."""

    def __init__(self, waves: int) -> None:
        names = ["n", "size", "size_squared", *(f"map.{name}" for name in MOMENT_CLASSES)]
        for wave in range(2, waves + 1):
            names.append(f"there.{wave}")
            names += [f"{what}.{c}.{wave}" for c in MOMENT_CLASSES for what in ("held", "kept")]
        names += [f"{what}.{c}" for c in MOMENT_CLASSES for what in ("risk", "lost")]
        names += ["years", "onsets"]
        weeks = range(1, EPISODE_WEEKS + 1)
        names += [f"{what}.{week}" for what in ("running", "ended") for week in weeks]
        self.waves = waves
        self.at = {name: place for place, name in enumerate(names)}

    def __len__(self) -> int:
        return len(self.at)

    def statistics(self) -> list[Key]:
        """Every statistic that sums of these columns give."""
        found = []
        for name, one in STATISTICS.items():
            found += (
                [Key(name, w) for w in range(2, self.waves + 1)] if one.by_wave else [Key(name)]
            )
        return found


def evaluate(sums: np.ndarray, columns: CohortColumns, keys: Sequence[Key]) -> np.ndarray:
    """Statistics of sums over people.

    Parameters
    ----------
    sums : ndarray, (..., C)
        In the order of the columns; of as many groups of people as there are.
    columns : Columns
    keys : sequence of Key

    Returns
    -------
    ndarray, (..., K)
        nan where there is nobody to take a statistic over.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.stack([_value(sums, columns, key) for key in keys], axis=-1)


def _value(sums: np.ndarray, columns: CohortColumns, key: Key) -> np.ndarray:
    def of(name: str) -> np.ndarray:
        return np.asarray(sums[..., columns.at[name]])

    family, _, which = key.name.partition(".")
    wave = key.wave
    if key.name == "map.size_sd":
        spread = of("size_squared") - of("size") ** 2 / of("n")
        return np.asarray(np.sqrt(np.maximum(spread, 0) / (of("n") - 1)))
    if family == "map":
        return np.asarray(of("size" if which == "size" else key.name) / of("n"))
    if family == "kept":
        classes = MOMENT_CLASSES if which == "all" else (which,)
        kept = sum(of(f"kept.{c}.{wave}") for c in classes)
        return np.asarray(kept / sum(of(f"held.{c}.{wave}") for c in classes))
    if family == "interviewed":
        return np.asarray(of(f"there.{wave}") / of("n"))
    if family == "lost":
        return np.asarray(of(key.name) / of(f"risk.{which}"))
    if which == "onsets":
        return np.asarray(of("onsets") / of("years"))
    return _median_weeks(sums, columns)


def _median_weeks(sums: np.ndarray, columns: CohortColumns) -> np.ndarray:
    """Where the product-limit survival of episodes crosses a half, interpolated within its week."""
    first = columns.at["running.1"], columns.at["ended.1"]
    running, ended = (sums[..., at : at + EPISODE_WEEKS] for at in first)
    alive = np.cumprod(1 - np.where(running > 0, ended / np.maximum(running, 1), 0), axis=-1)
    alive = np.concatenate([np.ones((*alive.shape[:-1], 1)), alive], axis=-1)
    crossed = alive <= 0.5
    week = np.argmax(crossed, axis=-1)
    after = np.take_along_axis(alive, week[..., None], -1)[..., 0]
    before = np.take_along_axis(alive, np.maximum(week - 1, 0)[..., None], -1)[..., 0]
    share = (before - 0.5) / np.maximum(before - after, 1e-12)
    return np.where(crossed.any(axis=-1), week - 1 + share, np.nan)


def covariance_of_samples(
    rows: np.ndarray, columns: CohortColumns, keys: Sequence[Key], n: int, rng: np.random.Generator
) -> np.ndarray:
    """Covariance of statistics between samples of n people of a large cohort.

    Parameters
    ----------
    rows : ndarray, (people, C)
        Of those who could take part.
    n : int
        People in a sample; where the cohort is too small for enough separate samples, people may
        be in more than one.

    Returns
    -------
    ndarray, (K, K)
    """
    sums: list[np.ndarray] = []
    groups = len(rows) // n
    if groups >= FEWEST_GROUPS:
        for _ in range(-(-GROUPS_OF_PEOPLE // groups)):
            order = rng.permutation(len(rows))[: groups * n]
            sums.append(rows[order].reshape(groups, n, rows.shape[1]).sum(axis=1))
    else:
        for _ in range(GROUPS_OF_PEOPLE):
            sums.append(rows[rng.integers(0, len(rows), n)].sum(axis=0)[None])
    found = evaluate(np.concatenate(sums), columns, keys)
    whole = evaluate(rows.sum(axis=0), columns, keys)
    off = np.where(np.isfinite(found), found - whole, 0)
    return off.T @ off / max(len(off) - 1, 1)
