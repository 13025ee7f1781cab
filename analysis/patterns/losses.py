"""Losses of ties, as several patterns count them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.patterns.lives import Life, TeamLives
from analysis.patterns.statistics import Stat, mean_stat

__all__ = ["AFTER", "excess", "lost_by", "map_losses", "on_first_map"]

AFTER = 34
"""The week at the end of which half a year has passed since the forced onset."""


def on_first_map(life: Life, groups: Sequence[int]) -> np.ndarray:
    """Ties of some groups on the first error-free map of those alive a year later, (n, S)."""
    first: np.ndarray = life.error_free.ideal[:, 0]
    return first & life.has(0, *groups) & life.alive()[:, None]


def map_losses(life: Life, groups: Sequence[int]) -> Stat:
    """Share of the first error-free map no longer active after a year."""
    return mean_stat(~life.stays(0, 52), on_first_map(life, groups))


def lost_by(life: Life, groups: Sequence[int], who: np.ndarray) -> Stat:
    """Share of the ties active before the forced onset that are not active half a year later."""
    return mean_stat(~life.stays(7, AFTER), life.has(7, *groups) & who[:, None])


def excess(lives: TeamLives, groups: Sequence[int]) -> Stat:
    """Share of ties lost within half a year because of an episode."""
    who = lives.newly_ill
    return lost_by(lives.struck, groups, who) - lost_by(lives.usual, groups, who)
