"""Estimands person by person: what a mean or a share adds up from, on any layer of the truth.

An estimand is a sum over people divided by another; what each person adds to both is found here,
so that the frame, participants, their interviews and their other lives are all counted alike.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.study.settings import SCORES
from sim.world.kinds import CLASS_OF_GROUP, TIE_CLASSES

__all__ = ["COUNTED", "Counted", "Parts", "parts_of_people", "sums_by_arm", "values_of"]

ALL_CLASSES = "all"
CLASSES_SHOWN = (*TIE_CLASSES, ALL_CLASSES)
CLASS_IN_GROUP = np.array([*CLASS_OF_GROUP, -1])


class Counted(NamedTuple):
    """One estimand: its name in the codebook, the scale or class of ties, waves it begins at."""

    estimand: str
    item: str
    first_wave: int


COUNTED = (
    *(Counted("score_mean", scale, 1) for scale in SCORES),
    *(Counted("score_change", scale, 2) for scale in SCORES),
    *(Counted("map_size", one, 1) for one in CLASSES_SHOWN),
    *(Counted("map_loss", one, 2) for one in CLASSES_SHOWN),
)
"""All of them, Q, in the order of the last axis of `Parts`."""


class Parts(NamedTuple):
    """What each person adds to each estimand, (n, W, Q) of float64.

    Attributes
    ----------
    top : ndarray
        To what is divided: a score, a number of members, a number of members lost.
    bottom : ndarray
        To what it is divided by: 1 where the person counts, or the number of members followed.
    """

    top: np.ndarray
    bottom: np.ndarray


def parts_of_people(
    members: np.ndarray, on_map: np.ndarray, scores: np.ndarray, seen: np.ndarray
) -> Parts:
    """What some people add to each estimand.

    Parameters
    ----------
    members : ndarray, (n, W, S) of seen.MEMBER
    on_map : ndarray of bool, (n, W, S)
        Whatever map is meant: without error, or as recorded.
    scores : ndarray of float32, (n, W, 5)
        True or as recorded; nan where there is none.
    seen : ndarray of bool, (n, W)
        Who counts at which wave: the living, or those interviewed.
    """
    known = np.where(seen[:, :, None], scores.astype(np.float64), np.nan)
    change = known - known[:, :1]
    sizes = _by_class(on_map, members["group"])
    followed = on_map[:, 0] & (members["group"][:, 0] >= 0)
    kept = followed[:, None] & on_map & (members["identity"] == members["identity"][:, :1])
    first_group = np.broadcast_to(members["group"][:, :1], members.shape)
    lost = _by_class(followed[:, None] & ~kept, first_group)
    held = np.broadcast_to(_by_class(followed[:, None], first_group[:, :1]), lost.shape)
    both = (seen & seen[:, :1])[:, :, None]
    top = np.concatenate([known, change, sizes, lost], axis=2)
    counts = (
        ~np.isnan(known), ~np.isnan(change),
        np.broadcast_to(seen[:, :, None], sizes.shape), np.where(both, held, 0),
    )  # fmt: skip
    bottom = np.concatenate(counts, axis=2).astype(np.float64)
    return Parts(np.where(bottom > 0, top, 0), bottom)


def _by_class(there: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Members by class and in all, (n, W, 5)."""
    of_class = CLASS_IN_GROUP[group]
    counts = [(there & (of_class == c)).sum(axis=2) for c in range(len(TIE_CLASSES))]
    return np.stack([*counts, there.sum(axis=2)], axis=2).astype(np.float64)


def sums_by_arm(parts: Parts, arm: np.ndarray, arms: int) -> np.ndarray:
    """Sums over everybody and over each arm, (1 + arms, W, Q, 2).

    Values are added in order, which NumPy's own sum does not.

    Parameters
    ----------
    parts : Parts
    arm : ndarray of int, (n,)
        Position of each person's arm.
    arms : int
    """
    groups = [np.ones(arm.size, np.bool_), *(arm == a for a in range(arms))]
    both = np.stack(parts, axis=3)
    found = np.zeros((len(groups), *both.shape[1:]), np.float64)
    for g, mine in enumerate(groups):
        if mine.any():
            found[g] = np.cumsum(both[mine], axis=0)[-1]
    return found


def values_of(sums: np.ndarray) -> np.ndarray:
    """The estimands from their sums, nan where nobody counts."""
    top, bottom = sums[..., 0], sums[..., 1]
    return np.where(bottom > 0, top / np.where(bottom > 0, bottom, 1), np.nan)
