"""What a frame of people is asked for by every process that draws them in a fixed order."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.errors import InputError

__all__ = ["arm_shares", "batches", "words_of"]

BATCH = 256
"""Replicates drawn together."""


def batches(n: int, frame: int, replicates: range) -> Iterator[tuple[int, int]]:
    """First replicate and number of those drawn together, for studies of n people.

    Raises
    ------
    sim.errors.InputError
        If the frame has not so many people.
    """
    if not 1 <= n <= frame:
        raise InputError(f"{n} people cannot be drawn: the plan has 1 to {frame} of them")
    for first in range(replicates.start, replicates.stop, BATCH):
        yield first, min(BATCH, replicates.stop - first)


def arm_shares(arm: np.ndarray, arms: int) -> np.ndarray:
    """Share of the people in each arm, (A,), from the position of each one's arm."""
    return np.bincount(arm, minlength=arms) / arm.size


def words_of(seed: int) -> tuple[int, int]:
    """The two words of a seed, as compiled code takes it."""
    return seed & 0xFFFFFFFF, seed >> 32
