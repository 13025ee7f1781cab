"""A plan with what its analyses do where there is nothing to find, and what to do instead."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from analysis.estimators.contract import Fits
from analysis.planning.found import PlanResult, point_of
from analysis.planning.search.found import Found
from analysis.planning.validity.instead import instead
from analysis.planning.validity.measure import Checks
from sim.study.spec import Study

__all__ = ["judged"]


def judged(
    result: PlanResult,
    checks: Checks,
    answer: Callable[[Study], Found],
    planned: Callable[[Study, int], Sequence[Fits] | None] | None = None,
) -> PlanResult:
    """The plan, judged at the size it is about; as it is where several sizes are looked at.

    Parameters
    ----------
    result
        Not judged yet.
    checks
        Runs studies in which there is nothing to find.
    answer
        Finds the number of people of another analysis.
    planned
        Has estimates of a study as planned at a size, or none; simulated then.
    """
    point = point_of(result)
    if point is None:
        return result
    fits = planned and planned(result.study, point.n)
    found = checks.validity(result.study, point.n, result.truths, fits)
    other = None
    if not found.holds and result.found is not None:
        other = instead(result.study, found, checks, result.truths, answer, planned)
    return replace(result, validity=found, instead=other)
