"""What one simulated study of the world recorded, as arrays: outcomes of people, fates of ties."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from analysis.questions.asking import LOSS
from analysis.trials.batch import Batch
from sim.study.settings import SCORES
from sim.world.kinds import CLASS_OF_GROUP, TIE_CLASSES, TieClass

__all__ = [
    "Interviews",
    "MappedTies",
    "Recorded",
    "asks_for_maps",
    "joined_interviews",
    "outcomes_of",
]

OF_GROUP = np.array([*CLASS_OF_GROUP, -1])


class MappedTies(NamedTuple):
    """Ties of the first maps of m people, at most S of each.

    Attributes
    ----------
    of_class : ndarray of int8, (m, S)
        Position in CLASSES; -1 where there is no tie.
    lost : ndarray of float32, (m, S, T)
        Not on the map of each wave: 1 or 0; NaN of no tie, or where there is no map.
    episode : ndarray of float32, (m, T)
        Whether an acute episode of the person began between baseline and the wave.
    """

    of_class: np.ndarray
    lost: np.ndarray
    episode: np.ndarray


class Recorded(NamedTuple):
    """What there is to see of m people at T waves, on one layer.

    Attributes
    ----------
    egos : ndarray, (m, T) of state.EGO
    members : ndarray, (m, T, S) of seen.MEMBER
    scores : ndarray, (m, T, 5)
    on_map : ndarray of bool, (m, T, S)
    seen : ndarray of bool, (m, T)
    """

    egos: np.ndarray
    members: np.ndarray
    scores: np.ndarray
    on_map: np.ndarray
    seen: np.ndarray


@dataclass(frozen=True)
class Interviews:
    """A study of m people, in order of recruitment, at T waves.

    Attributes
    ----------
    values : mapping of str to ndarray of float64, (m, T)
        Outcomes with one value a person and wave; NaN where none was recorded.
    ties : Ties or None
        Where ties are asked about.
    arm, cluster : ndarray of int, (m,)
        Position of the arm; number of the team.
    attended : ndarray of bool, (m, T)
        Interviews that took place.
    alive : ndarray of bool, (m, T)
    place : ndarray of int, (m,)
        Place in the study's quotas, from 0. A site that has nobody left leaves its places empty,
        so a study for which n are wanted has those whose place is below n.
    """

    values: Mapping[str, np.ndarray]
    ties: MappedTies | None
    arm: np.ndarray
    cluster: np.ndarray
    attended: np.ndarray
    alive: np.ndarray
    place: np.ndarray

    @property
    def held(self) -> np.ndarray:
        """Interviews that took place, as of a batch of one replicate."""
        return self.attended[None]

    @property
    def met_by_chance(self) -> bool:
        """Always: arms are drawn before anybody is recruited."""
        return True

    def first(self, n: int) -> Interviews:
        """The same study, had n people been wanted."""
        return self._at(slice(0, int(np.searchsorted(self.place, n))))

    def only(self, mine: np.ndarray) -> Interviews:
        """Some of its people, in order."""
        return self._at(mine)

    def of(self, outcome: str) -> Batch:
        """One outcome of people, as a batch of one replicate."""
        return Batch(self.values[outcome][None], self.arm, self.cluster)

    def _at(self, rows: slice | np.ndarray) -> Interviews:
        ties = None if self.ties is None else MappedTies(*(one[rows] for one in self.ties))
        values = {name: one[rows] for name, one in self.values.items()}
        people = (self.arm, self.cluster, self.attended, self.alive, self.place)
        return Interviews(values, ties, *(one[rows] for one in people))


def joined_interviews(parts: Sequence[Interviews]) -> Interviews:
    """The people of several studies of the same outcomes, one after the other."""
    values = {name: np.concatenate([one.values[name] for one in parts]) for name in parts[0].values}
    ties = [one.ties for one in parts if one.ties is not None]
    columns = (
        np.concatenate([getattr(one, name) for one in parts])
        for name in ("arm", "cluster", "attended", "alive", "place")
    )
    return Interviews(values, _side_by_side(ties) if ties else None, *columns)


def _side_by_side(parts: Sequence[MappedTies]) -> MappedTies:
    """Ties of several studies, in as many columns as the widest has."""
    widest = max(one.of_class.shape[1] for one in parts)

    def filled(array: np.ndarray, value: float) -> np.ndarray:
        more = [(0, 0)] * array.ndim
        more[1] = (0, widest - array.shape[1])
        return np.pad(array, more, constant_values=value)

    return MappedTies(
        np.concatenate([filled(one.of_class, -1) for one in parts]),
        np.concatenate([filled(one.lost, np.nan) for one in parts]),
        np.concatenate([one.episode for one in parts]),
    )


WITHOUT_MAPS = (*SCORES, "service_contacts", "had_episode")


def asks_for_maps(outcome: str) -> bool:
    """Whether an outcome is read off a map."""
    return outcome not in WITHOUT_MAPS


def outcomes_of(
    seen: Recorded, wanted: Collection[str]
) -> tuple[dict[str, np.ndarray], MappedTies | None]:
    """Outcomes by name, (m, T) each, NaN where a person was not seen; and ties, if asked about."""
    if any(asks_for_maps(one) for one in wanted):
        classes, kept = OF_GROUP[seen.members["group"]], _kept(seen)
    episode = _since_baseline(seen, "episode") > 0
    found = {}
    for name in sorted(set(wanted) - {LOSS}):
        if name in SCORES:
            values = seen.scores[:, :, SCORES.index(name)]
        elif name == "had_episode":
            values = episode
        elif name == "service_contacts":
            values = np.rint(_since_baseline(seen, "kept"))
        else:
            values = _of_map(name, seen.on_map, classes, kept)
        values = np.asarray(values, np.float64)
        if name in SINCE_BASELINE:
            values[:, 0] = np.nan
        found[name] = np.where(_comparable(name, seen.seen), values, np.nan)
    return found, _ties(seen, classes, kept, episode) if LOSS in wanted else None


SINCE_BASELINE = (
    "service_contacts", "members_added", "members_dropped", "had_episode", "lost_a_friend",
)  # fmt: skip


def _comparable(name: str, seen: np.ndarray) -> np.ndarray:
    return seen & seen[:, :1] if name in SINCE_BASELINE else seen


def _since_baseline(seen: Recorded, column: str) -> np.ndarray:
    """Growth of a running total, (m, T)."""
    total = seen.egos[column].astype(np.float64)
    return np.asarray(total - total[:, :1])


def _kept(seen: Recorded) -> np.ndarray:
    """Which members of the first map are on each map, (m, T, S); a tie keeps its slot."""
    identity = seen.members["identity"]
    on_both = seen.on_map & seen.on_map[:, :1]
    return np.asarray(on_both & (identity == identity[:, :1]))


def _of_map(name: str, on_map: np.ndarray, classes: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """A measure of each map, (m, T)."""
    if name == "members_added":
        return np.asarray((on_map & ~kept).sum(axis=2))
    if name == "members_dropped":
        return np.asarray((on_map[:, :1] & ~kept).sum(axis=2))
    counts = np.stack([(on_map & (classes == c)).sum(axis=2) for c in TieClass], axis=2)
    size = counts.sum(axis=2)
    if name == "map_size":
        return np.asarray(size)
    if name == "lost_a_friend":
        friends = kept & (classes == TieClass.FRIEND)
        still = friends.sum(axis=2)
        return np.where(counts[:, :1, TieClass.FRIEND] > 0, still < still[:, :1], np.nan)
    if name.startswith("n_"):
        return np.asarray(counts[:, :, TIE_CLASSES.index(name[2:])])
    shares = counts / np.where(size > 0, size, np.nan)[:, :, None]
    if name == "share_professional":
        return np.asarray(shares[:, :, TieClass.PROFESSIONAL])
    return np.asarray(1 - (shares**2).sum(axis=2))


def _ties(seen: Recorded, classes: np.ndarray, kept: np.ndarray, episode: np.ndarray) -> MappedTies:
    """The first map tie by tie, in as few columns as its largest needs."""
    first = seen.on_map[:, 0] & seen.seen[:, :1]
    front = np.argsort(~first, axis=1, kind="stable")[
        :, : max(int(first.sum(axis=1).max(initial=0)), 1)
    ]
    there = np.take_along_axis(first, front, axis=1)
    of_class = np.where(there, np.take_along_axis(classes[:, 0], front, axis=1), -1)
    still = np.take_along_axis(kept, front[:, None, :], axis=2)
    known = there[:, None, :] & seen.seen[:, :, None]
    lost = np.where(known, 1.0 - still, np.nan).transpose(0, 2, 1)
    return MappedTies(of_class.astype(np.int8), lost.astype(np.float32), episode.astype(np.float32))
