"""What plans of every process share: what is asked for, and a point of the curve."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.estimators.contract import Fits
from analysis.estimators.formulas.design import Form
from analysis.planning.curve import CurvePoint
from analysis.planning.formulas.exaggeration import power_of_type_m
from analysis.planning.search.found import Found
from analysis.questions.plan import Plan
from analysis.questions.question import Question
from analysis.trials.performance import performance
from analysis.trials.success import confirmed_share
from analysis.trials.trial import Trial
from analysis.trials.units import Units
from sim.errors import InputError

__all__ = [
    "at_answer",
    "biases",
    "check_detectable",
    "check_precision",
    "check_sizes",
    "check_whole",
    "curve_point",
    "priced_size",
    "target_of",
]

FINEST, COARSEST = 0.001, 0.5
FAR_OFF, MATTERS = 4.0, 0.1
"""A bias is named from so many Monte Carlo errors, and so much of the estimate's own error, on."""


def check_sizes(plan: Plan, sizes: Sequence[int]) -> None:
    """Raise an `InputError` if the plan is not for such numbers of people."""
    for n in sizes:
        if not plan.people_at_least <= n <= plan.people_at_most:
            raise InputError(
                f"n = {n}: the plan is for {plan.people_at_least} to {plan.people_at_most} people; "
                "change plan.people_at_least or plan.people_at_most if there are others"
            )


def check_whole(units: Units, sizes: Sequence[int]) -> None:
    """Raise an `InputError` if a study of such numbers of people would break up a cluster."""
    for n in sizes if units.whole else ():
        k = units.at_least(n)
        if units.people(k) == n and units.low <= k <= units.high:
            continue
        near = sorted({min(max(one, units.low), units.high) for one in (k - 1, k)})
        said = " or ".join(f"n = {units.people(one)} ({one} {units.name})" for one in near)
        raise InputError(f"n = {n}: clusters are studied whole; the nearest that can be: {said}")


def check_detectable(plan: Plan) -> None:
    """Raise an `InputError` if success of the plan is not significance with a chance."""
    if plan.panel is not None and plan.panel.ties is not None:
        raise InputError(
            "the smallest difference in ties kept is not searched for, as its multiples may be "
            "more than all of them; plan with other values of plan.panel.ties.effect"
        )
    if plan.panel is not None and plan.panel.predictor is not None:
        raise InputError(
            "the smallest slope of change on change is not searched for, as its multiples may be "
            "more than the outcome varies; plan with other values of plan.panel.predictor.effect"
        )
    if plan.tests_nothing or plan.type_m is not None:
        raise InputError(
            "the smallest detectable effect is about questions whose success is significance, with "
            'a chance; change success to "significant"'
        )


def check_precision(precision: float | None) -> None:
    """Raise an `InputError` if no search can have such a precision."""
    if precision is not None and not FINEST <= precision <= COARSEST:
        raise InputError(
            f"precision = {precision:g}: it is the standard error of N as a share of it; .01 is "
            f"usual, {FINEST:g} to {COARSEST:g} possible"
        )


def target_of(plan: Plan) -> float:
    """The chance of success that is wanted."""
    if plan.type_m is not None:
        return power_of_type_m(plan.type_m, plan.question[0].alpha)
    return float(plan.chance or 0.0)


def curve_point(
    trial: Trial, n: int, fits: Sequence[Fits], forms: Sequence[Form | None] = ()
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


def at_answer(curve: Sequence[CurvePoint], found: Found | None) -> CurvePoint:
    """The point of the curve at the answer; the last one if there is none."""
    wanted = found.answer if found is not None else None
    return next((one for one in curve if one.n == wanted), curve[-1])


def biases(
    questions: Sequence[Question], point: CurvePoint, truth_errors: Sequence[float] = ()
) -> list[tuple[Question, str]]:
    """Questions whose estimates are off by more than chance, and by enough to matter; in words.

    With so many standard errors one right analysis in 15,000 is named. `truth_errors` are the Monte
    Carlo errors of the truths; none where those are exact.
    """
    said = []
    errors = truth_errors or (0.0,) * len(questions)
    every = zip(questions, point.measures, errors, strict=True)
    for number, (one, measures, of_truth) in enumerate(every, start=1):
        bias, spread = measures["bias"], measures["empirical_se"]
        error = float(np.hypot(bias.mcse, of_truth))
        if abs(bias.value) > FAR_OFF * error and abs(bias.value) > MATTERS * spread.value:
            too = ", of the truth too" if truth_errors else ""
            words = (
                f"question {number}: with {point.n} people {one.analysis} is off by "
                f"{bias.value:.3g} (MCSE {error:.2g}{too}); how often it succeeds is no merit"
            )
            said.append((one, words))
    return said
