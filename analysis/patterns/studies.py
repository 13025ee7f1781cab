"""V29: how often a study of 29 people, interviewed three times, sees a sign that the world has."""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np

from sim.side_by_side import Progress, side_by_side
from sim.study.simulate import simulate_study
from sim.study.simulated import SimulatedStudy
from sim.study.spec import read_study
from sim.world.kinds import Group
from sim.world.scenario import read_scenario

__all__ = ["SIGNS", "seen_by_small_studies"]

KIN = (Group.KIN, Group.YOUNG_KIN)
FRIENDS = (Group.FRIEND, Group.WEAK)


def _lost(study: SimulatedStudy, groups: tuple[int, ...], who: np.ndarray | None = None) -> float:
    """Share of the first elicited map that is not on the last, of those interviewed at both."""
    maps, members = study.maps, study.sample.members
    asked = study.visits.attended[:, -1] & study.visits.attended[:, 0]
    asked = asked if who is None else asked & who
    held = maps.recorded[:, 0] & np.isin(members["group"][:, 0], groups) & asked[:, None]
    first, last = members["identity"][:, 0], members["identity"][:, -1]
    again = ((first[:, :, None] == last[:, None, :]) & maps.recorded[:, -1][:, None, :]).any(axis=2)
    return float((held & ~again).sum() / held.sum()) if held.any() else np.nan


def _ill(study: SimulatedStudy) -> np.ndarray:
    """Who had an episode begin between the first and the last interview."""
    begun = study.sample.egos["episode"]
    found: np.ndarray = begun[:, -1] > begun[:, 0]
    return found


def _objects_inner(study: SimulatedStudy) -> float:
    """Objects placed inner with informal people: covariation, map size held fixed."""
    recorded, circle = study.maps.recorded[:, 0], study.maps.circle[:, 0]
    group = study.sample.members["group"][:, 0]
    things = recorded & (group == Group.OBJECT)
    number = things.sum(axis=1)
    who = (number > 0) & study.visits.attended[:, 0]
    inner = (things & (circle == 1)).sum(axis=1) / np.maximum(number, 1)
    people = (recorded & np.isin(group, (Group.PARTNER, *KIN, *FRIENDS))).sum(axis=1)
    size = recorded.sum(axis=1)
    if who.sum() < 5:
        return np.nan
    r = np.corrcoef(np.stack([inner[who], people[who], size[who]]))
    return float(r[0, 1] - r[0, 2] * r[1, 2])


SIGNS: dict[str, Callable[[SimulatedStudy], float]] = {
    "partner kept": lambda s: _lost(s, FRIENDS) - _lost(s, (Group.PARTNER,)),
    "kin kept": lambda s: _lost(s, FRIENDS) - _lost(s, KIN),
    "friends lost more than kin": lambda s: _lost(s, FRIENDS) - _lost(s, KIN),
    "friends lost by the ill": lambda s: _lost(s, FRIENDS, _ill(s)) - _lost(s, FRIENDS, ~_ill(s)),
    "objects kept": lambda s: _lost(s, FRIENDS) - _lost(s, (Group.OBJECT,)),
    "objects nearer": lambda s: -_objects_inner(s),
}
"""A figure of one study that is positive where it sees what the pattern claims."""


def seen_by_small_studies(
    signs: Collection[str],
    studies: int,
    *,
    seed: int = 1,
    threads: int = 2,
    progress: Progress | None = None,
) -> dict[str, float]:
    """Share of simulated founding studies in which each figure is above zero.

    Parameters
    ----------
    signs : collection of str
        Keys of `SIGNS`.
    studies : int

    Returns
    -------
    dict of str to float
        A study that cannot compute a figure has not seen it.
    """
    if not signs or not studies:
        return {}
    study = read_study("founding-study")
    scenario = read_scenario(study.scenario)
    names = sorted(signs)

    def work(replicate: int) -> list[bool]:
        done = simulate_study(scenario, study, seed=seed, replicate=replicate, interviews_only=True)
        return [SIGNS[name](done) > 0 for name in names]

    found = list(
        side_by_side(
            work, range(studies), threads, progress=progress, stage="studies of 29",
            first_alone=True,
        )
    )  # fmt: skip
    return dict(zip(names, np.mean(found, axis=0).tolist(), strict=True))
