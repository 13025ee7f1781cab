"""What a search asks of a planned study: the same simulated studies at several sizes or effects.

A study of n people is the beginning of every larger one, so one draw of the largest serves all; and
studies that differ in their effect alone share every other draw.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np

from analysis.estimators.contract import Fits
from analysis.planning.search.tally import Looked, Oracle
from analysis.questions.plan import Plan
from analysis.trials.trial import Trial

__all__ = ["Keep", "by_effect", "by_size", "has_tail", "looked_at"]


Keep = Callable[[Sequence[int], range, list[list[Fits]]], None]
"""Told of estimates by number of people and question."""


def by_size(trial: Trial, people: Callable[[int], int] = int, keep: Keep | None = None) -> Oracle:
    """Success by the number of people, or of the units that are so many people."""

    def succeed(sizes: Sequence[float], numbers: range) -> Looked:
        asked = [people(int(n)) for n in sizes]
        fits = trial.fits(asked, numbers)
        if keep is not None:
            keep(asked, numbers, fits)
        return looked_at(trial, fits)

    return succeed


def by_effect(trial_of: Callable[[float], Trial], n: int) -> Oracle:
    """Success of studies of n people by the multiple of the effect."""
    made = cache(trial_of)

    def succeed(effects: Sequence[float], numbers: range) -> Looked:
        trials = [made(effect) for effect in effects]
        each = [looked_at(one, one.fits([n], numbers)) for one in trials]
        if each[0].estimate is None:
            return Looked(np.concatenate([one.won for one in each]))
        return Looked(*(np.concatenate(parts) for parts in zip(*each, strict=True)))

    return succeed


def has_tail(plan: Plan) -> bool:
    """Whether success is the significance of one estimate."""
    return len(plan.question) == 1 and not plan.tests_nothing


def looked_at(trial: Trial, fits: Sequence[Sequence[Fits]]) -> Looked:
    """What a search looks at in the estimates of each question at several sizes."""
    won = np.stack([trial.successes(one) for one in fits])
    if not has_tail(trial.plan):
        return Looked(won)
    alone = [one[0] for one in fits]
    return Looked(
        won,
        np.stack([np.where(one.converged, one.estimate, np.nan) for one in alone]),
        np.stack([(one.hi - one.lo) / 2 for one in alone]),
    )
