"""V29: how often a study of 29 people, interviewed three times, sees a sign that the world has."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np

from analysis.runs.chunks import ChunkRows, kept_map, on_threads
from analysis.runs.run import Run
from sim.side_by_side import Progress
from sim.study.simulate import simulate_study
from sim.study.simulated import SimulatedStudy
from sim.study.spec import Study, read_study
from sim.world.kinds import Group
from sim.world.scenario import Scenario, read_scenario

__all__ = ["SIGNS", "SmallStudies", "look_for_signs", "seen_by_small_studies"]

STUDIES_A_FILE = 20

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


@dataclass(frozen=True)
class SmallStudies:
    """What the signs that small studies see depend on: studies of a scenario, names of `SIGNS`."""

    study: Study
    scenario: Scenario
    names: tuple[str, ...]
    seed: int


def look_for_signs(spec: SmallStudies, replicate: int) -> ChunkRows:
    """One study: a row for each sign, nan where the study cannot compute it."""
    done = simulate_study(
        spec.scenario, spec.study, seed=spec.seed, replicate=replicate, interviews_only=True
    )
    return {
        "sign": np.array(spec.names),
        "value": np.array([SIGNS[name](done) for name in spec.names], float),
    }


def seen_by_small_studies(
    signs: Collection[str],
    studies: int,
    *,
    seed: int = 1,
    threads: int = 2,
    kept: Run | None = None,
    progress: Progress | None = None,
) -> dict[str, float]:
    """Share of simulated founding studies in which each figure is above zero.

    Parameters
    ----------
    signs : collection of str
        Keys of `SIGNS`.
    studies : int
    kept : Run, optional
        Where figures are kept, and taken from if they are there.

    Returns
    -------
    dict of str to float
        A study that cannot compute a figure has not seen it.
    """
    if not signs or not studies:
        return {}
    study = read_study("founding-study")
    spec = SmallStudies(study, read_scenario(study.scenario), tuple(sorted(signs)), seed)
    store = None if kept is None else kept.store("studies", block=STUDIES_A_FILE, signs=spec.names)
    tables = kept_map(
        look_for_signs, spec, range(studies), store=store,
        driver=on_threads(threads, first_alone=True), progress=progress, stage="studies of 29",
    )  # fmt: skip
    found = [table["value"].to_numpy() > 0 for table in tables]
    return dict(zip(spec.names, np.mean(found, axis=0).tolist(), strict=True))
