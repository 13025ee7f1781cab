"""What plans of every process share: what is asked for, and a point of the curve."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.estimators.contract import Fits
from analysis.planning.found import CurvePoint
from analysis.planning.panel.beside import ClosedForm
from analysis.planning.panel.exaggeration import power_of_type_m
from analysis.planning.performance import performance
from analysis.planning.searching.search import Found
from analysis.planning.searching.tally import confirmed_share
from analysis.planning.trial import Trial
from sim.errors import InputError
from sim.study.planning import Plan

__all__ = [
    "SEARCH_FROM",
    "check_detectable",
    "check_sizes",
    "curve_point",
    "priced_size",
    "target_of",
]

SEARCH_FROM = 1_000_000
"""Replicates of searches are numbered from here."""


def check_sizes(plan: Plan, sizes: Sequence[int]) -> None:
    """Raise an `InputError` if the plan is not for such numbers of people."""
    for n in sizes:
        if not plan.people_at_least <= n <= plan.people_at_most:
            raise InputError(
                f"n = {n}: the plan is for {plan.people_at_least} to {plan.people_at_most} people; "
                "change plan.people_at_least or plan.people_at_most if there are others"
            )


def check_detectable(plan: Plan) -> None:
    """Raise an `InputError` if success of the plan is not significance with a chance."""
    if plan.tests_nothing or plan.type_m is not None:
        raise InputError(
            "the smallest detectable effect is about questions whose success is significance, with "
            'a chance; change success to "significant"'
        )


def target_of(plan: Plan) -> float:
    """The chance of success that is wanted."""
    if plan.type_m is not None:
        return power_of_type_m(plan.type_m, plan.question[0].alpha)
    return float(plan.chance or 0.0)


def curve_point(
    trial: Trial, n: int, fits: Sequence[Fits], forms: Sequence[ClosedForm | None] = ()
) -> CurvePoint:
    """How studies of n people do, from the estimates of each question."""
    strict, kind = trial.bounds(fits)
    failed = ~np.all([one.converged for one in fits], axis=0)
    measures = tuple(
        performance(one, trial.process.truth(asked.question), alpha=asked.question.alpha)
        for asked, one in zip(trial.asked, fits, strict=True)
    )
    closed = tuple(None if form is None else form.power(n) for form in forms)
    success = confirmed_share(float(n), int(strict.sum()), strict.size)
    return CurvePoint(n, success, int(failed.sum()), float(kind.mean()), closed, measures)


def priced_size(found: Found | None, sizes: Sequence[int]) -> int | None:
    """The number of people whose cost is of interest: the answer, or the one size looked at."""
    if found is not None:
        return None if found.answer is None else int(found.answer)
    return sizes[0] if len(sizes) == 1 else None
