"""Many repetitions of a study, counted: what fitting and checking need, without tables."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.side_by_side import Progress, side_by_side
from sim.study.recruit import FATES
from sim.study.scales import LATENTS, latent_moments, latents
from sim.study.simulate import simulate_study
from sim.study.simulated import SimulatedStudy
from sim.study.spec import Study
from sim.world.kinds import Group
from sim.world.scenario import Scenario

__all__ = ["ROWS", "MapCounts", "measure_maps", "measure_scaling"]

ROWS = ("partner", "other_kin", "friend", "professional", "object")
"""Rows of Table 1 of the founding paper; weak ties count as friends, pets and groups as objects."""

ROW_OF_GROUP = np.array([0, 1, 1, 2, 2, 3, 3, 3, 3, 4, -1])


@dataclass(frozen=True)
class MapCounts:
    """Counts from R repetitions of a study of n people at W waves, by row of Table 1.

    Where a repetition recruited fewer than n, the rest is absent and not alive.

    Attributes
    ----------
    ideal, elicited : ndarray of int16, (R, n, W, 5)
        Members on the error-free map; recorded on the elicited one (none at a missed interview).
    alive, attended : ndarray of bool, (R, n, W)
    held, lost : ndarray of int16, (R, n, 5)
        Ties on the first error-free map of those alive at the last wave; of them, those no longer
        active then.
    kept_from, dropped : ndarray of int16, (R, n, 5)
        Members on the first elicited map of those interviewed at the last wave; of them, those not
        on the last map.
    arm : ndarray of int8, (R, n)
    telephone, male, non_white : ndarray of bool, (R, n)
    approached, interested, enrolled : ndarray of int32, (R,)
    """

    ideal: np.ndarray
    elicited: np.ndarray
    alive: np.ndarray
    attended: np.ndarray
    held: np.ndarray
    lost: np.ndarray
    kept_from: np.ndarray
    dropped: np.ndarray
    arm: np.ndarray
    telephone: np.ndarray
    male: np.ndarray
    non_white: np.ndarray
    approached: np.ndarray
    interested: np.ndarray
    enrolled: np.ndarray

    def means(self, wave: int = 0, layer: str = "elicited") -> tuple[np.ndarray, np.ndarray]:
        """Mean count a person by row, and of the whole map, with Monte Carlo standard errors.

        Parameters
        ----------
        wave : int
            From 0.
        layer : str
            "elicited": those interviewed; "ideal": those alive.

        Returns
        -------
        mean, mcse : ndarray of float64, (6,)
        """
        there = self.attended if layer == "elicited" else self.alive
        counts = (self.elicited if layer == "elicited" else self.ideal)[:, :, wave]
        whole = np.concatenate([counts, counts.sum(axis=2, keepdims=True)], axis=2)
        return _ratio(whole * there[:, :, wave, None], there[:, :, wave, None].repeat(6, 2))

    def loss(self, layer: str = "ideal") -> tuple[np.ndarray, np.ndarray]:
        """Share of first-map ties lost by the last wave, by row, with its Monte Carlo error."""
        if layer == "ideal":
            return _ratio(self.lost, self.held)
        return _ratio(self.dropped, self.kept_from)


def _ratio(top: np.ndarray, bottom: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ratio of sums over people and repetitions, and its standard error over repetitions."""
    above, below = top.sum(axis=1).astype(float), bottom.sum(axis=1).astype(float)
    ratio = above.sum(axis=0) / np.maximum(below.sum(axis=0), 1)
    rest = above - ratio * below
    n = len(top)
    error = np.sqrt(n * (rest * rest).sum(axis=0) / max(n - 1, 1))
    return ratio, error / np.maximum(below.sum(axis=0), 1)


def measure_maps(
    scenario: Scenario,
    study: Study,
    replicates: int,
    *,
    seed: int = 0,
    first: int = 0,
    threads: int = 1,
    progress: Progress | None = None,
) -> MapCounts:
    """Repeat a study and count its maps.

    Parameters
    ----------
    scenario, study : Scenario, Study
    replicates : int
    seed, first : int
        Repetitions `first` to `first + replicates - 1` under the seed.
    threads : int
        Repetitions side by side.
    progress : callable, optional
        Called with the name of the stage, the number of repetitions done, and of all.
    """

    def work(replicate: int) -> tuple[np.ndarray, ...]:
        done = simulate_study(scenario, study, seed=seed, replicate=replicate, interviews_only=True)
        return _count(done)

    numbers = range(first, first + replicates)
    found = side_by_side(
        work, numbers, threads, progress=progress, stage="studies", first_alone=True
    )
    return MapCounts(*(np.stack(part) for part in zip(*found, strict=True)))


def _count(study: SimulatedStudy) -> tuple[np.ndarray, ...]:
    wanted, n = study.study.recruitment.n, study.n
    sample, maps = study.sample, study.maps
    row = ROW_OF_GROUP[sample.members["group"]]
    ideal, elicited = _by_row(maps.ideal, row), _by_row(maps.recorded, row)
    alive = sample.egos["alive"] > 0
    held = maps.ideal[:, 0] & alive[:, -1, None]
    still = _present(sample.members, sample.members["active"][:, -1] > 0)
    asked = maps.recorded[:, 0] & study.visits.attended[:, -1, None]
    again = _present(sample.members, maps.recorded[:, -1])
    fates = np.concatenate([site.fate for site in study.flow])
    people = (
        ideal, elicited, alive, study.visits.attended,
        _by_row(held, row[:, 0]), _by_row(held & ~still, row[:, 0]),
        _by_row(asked, row[:, 0]), _by_row(asked & ~again, row[:, 0]),
        sample.arm.astype(np.int8), study.telephone,
        sample.egos["male"][:, 0] == 1, sample.egos["non_white"][:, 0] == 1,
    )  # fmt: skip
    padded = [np.concatenate([a, np.zeros((wanted - n, *a.shape[1:]), a.dtype)]) for a in people]
    interested = (fates != FATES.index("not_interested")).sum()
    return *padded, np.array(fates.size), np.array(interested), np.array(n)


def _by_row(on_map: np.ndarray, row: np.ndarray) -> np.ndarray:
    found = [(on_map & (row == r)).sum(axis=-1) for r in range(len(ROWS))]
    return np.stack(found, axis=-1).astype(np.int16)


def _present(members: np.ndarray, at_last: np.ndarray) -> np.ndarray:
    """Which ties of the first wave are among some of the last, (n, S)."""
    first, last = members["identity"][:, 0], members["identity"][:, -1]
    return ((first[:, :, None] == last[:, None, :]) & at_last[:, None, :]).any(axis=2)


def measure_scaling(
    scenario: Scenario, study: Study, replicates: int, *, seed: int = 0
) -> dict[str, float]:
    """What `importance.*` and `scale.latent.*` of the catalogue should be for this world.

    Measured on the participants' first maps; these parameters only centre and scale what circles
    and scores read of the state.

    Returns
    -------
    dict
        Parameter path to value.
    """
    importance: list[np.ndarray] = []
    group: list[np.ndarray] = []
    shared: list[np.ndarray] = []
    for replicate in range(replicates):
        found = simulate_study(
            scenario, study, seed=seed, replicate=replicate, interviews_only=True
        )
        first = found.sample.members[:, :1]
        named = found.maps.recorded[:, :1]
        importance.append(first["importance"][named])
        group.append(first["group"][named])
        shared.append(_unscaled(found, first))
    return _scaling(np.concatenate(importance), np.concatenate(group), np.concatenate(shared))


def _unscaled(found: SimulatedStudy, first: np.ndarray) -> np.ndarray:
    """The latents of scales at baseline in their own units, (n, 4)."""
    scaled = latents(found.sample.egos[:, :1], first, found.params)[:, 0]
    record = found.params[0]
    mean, sd = (
        np.array([record[f"scale_latent_{name}_{what}"] for name in LATENTS])
        for what in ("mean", "sd")
    )
    return scaled * sd + mean


def _scaling(importance: np.ndarray, group: np.ndarray, shared: np.ndarray) -> dict[str, float]:
    values = {}
    for g in Group:
        mine = importance[group == g]
        if mine.size > 1:
            name = g.name.lower()
            values[f"importance.{name}.typical"] = round(float(mine.mean(dtype=float)), 4)
            values[f"importance.{name}.spread"] = round(float(mine.std(dtype=float)), 4)
    return values | {path: round(value, 4) for path, value in latent_moments(shared).items()}
