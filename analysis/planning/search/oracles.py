"""What a search asks of a planned study: the same simulated studies at several sizes or effects.

A study of n people is the beginning of every larger one, so one draw of the largest serves all; and
studies that differ in their effect alone share every other draw.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np

from analysis.planning.search.tally import Oracle
from analysis.trials.trial import Trial

__all__ = ["by_effect", "by_size"]


def by_size(trial: Trial) -> Oracle:
    """Success by the number of people."""

    def succeed(sizes: Sequence[float], numbers: range) -> np.ndarray:
        fits = trial.fits([int(n) for n in sizes], numbers)
        return np.stack([trial.successes(one) for one in fits])

    return succeed


def by_effect(trial_of: Callable[[float], Trial], n: int) -> Oracle:
    """Success of studies of n people by the multiple of the effect."""
    made = cache(trial_of)

    def succeed(effects: Sequence[float], numbers: range) -> np.ndarray:
        trials = [made(effect) for effect in effects]
        return np.stack([one.successes(one.fits([n], numbers)[0]) for one in trials])

    return succeed
