"""What a study of n people is expected to cost."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from analysis.planning.process import Process
from sim.study.planning import Plan
from sim.study.spec import Study

__all__ = ["Cost", "cost_of"]


class Cost(NamedTuple):
    """Expected numbers and their price, in the currency of the study file.

    Attributes
    ----------
    people, approached, interviews, missed, clusters : float
    total : float
    """

    people: int
    approached: float
    interviews: float
    missed: float
    clusters: int
    total: float


def cost_of(study: Study, plan: Plan, process: Process, n: int) -> Cost | None:
    """Expected cost, or None if the study file gives no prices.

    So many are approached that n enrol at the study's rates of interest and consent; those too
    unwell to be asked are not counted among them.
    """
    prices = plan.costs
    if prices is None:
        return None
    batch = next(iter(process.draw(n, range(1))))
    followups = len(process.weeks) - 1
    kept = np.array(
        [
            [1.0, *(study.participation.of("retention", a) or [1.0] * followups)]
            for a in process.arms
        ]
    )
    people = np.bincount(batch.arm, minlength=len(process.arms))
    interviews = float(people @ kept.sum(axis=1))
    missed = n * len(process.weeks) - interviews
    homes = batch.cluster >= 0
    clusters = np.unique(np.stack([batch.arm[homes], batch.cluster[homes]]), axis=1).shape[1]
    rules = study.recruitment
    approached = n / (rules.interest * rules.consent)
    total = (
        prices.fixed + prices.approach * approached + prices.enrolment * n
        + prices.interview * interviews + prices.tracing * missed + prices.cluster * clusters
    )  # fmt: skip
    return Cost(n, approached, interviews, missed, int(clusters), total)
