"""Formulas for analyses of whole clusters, told of a design.

The mean of m people of a cluster has the variance of the cluster's effect and one m-th of a
person's; before and after, both parts correlate. With r the correlation of the two means, adjusting
for the one leaves 1 - r^2 of the variance of the other (Teerenstra et al. 2012,
doi 10.1002/sim.5352).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from analysis.estimators.formulas import closed_forms as closed
from analysis.estimators.formulas.design import Design, Form
from analysis.estimators.formulas.numbers_seen import mean_reciprocal

__all__ = ["of_adjusted_means", "of_weighted_means"]

UNEQUAL = "approximate where clusters differ in size, or not everybody is seen"
CAUTIOUS = "for many clusters, as the model is cautious with few"
LEAST_CLUSTERS = 4


def of_adjusted_means(design: Design, *, exact: bool = True) -> Form | None:
    """Means of clusters adjusted for their means at baseline; None where people are in none."""
    question = design.asked.question
    if not all(design.clustered) or question.success != "significant":
        return None
    if not exact and design.sizes_vary:
        return None  # clusters then count by their precision

    def power(n: int) -> float:
        means = [_means(design, place, home) for place, home in enumerate(design.homes(n))]
        clusters = [float(one.clusters) for one in means]
        if sum(clusters) < LEAST_CLUSTERS:
            return float("nan")
        before, after, both = np.average(
            [(one.before, one.after, one.both) for one in means], axis=0, weights=clusters
        )
        r = float(both / np.sqrt(before * after))
        return closed.ancova_power(
            design.truth, float(np.sqrt(after)), r, clusters[0], clusters[1], question.alpha
        )

    caveat = UNEQUAL if _unequal(design) else "" if exact else CAUTIOUS
    return Form(power, "analysis of covariance of cluster means, Teerenstra et al. 2012", caveat)


def of_weighted_means(design: Design, *, by_people: bool) -> Form | None:
    """Means of clusters weighted by people, or else by their precision."""
    question, wave = design.asked.question, design.asked.wave
    if not all(design.clustered) or question.success != "significant":
        return None
    within = float(design.covariance[wave, wave])

    def power(n: int) -> float:
        variance, clusters = 0.0, 0.0
        for place, home in enumerate(design.homes(n)):
            people = np.unique(home, return_counts=True)[1] * float(design.kept[place][wave])
            each = design.between[place] + within / people
            weight = people if by_people else 1 / each
            variance += float((weight**2 * each).sum() / weight.sum() ** 2)
            clusters += people.size
        if clusters < LEAST_CLUSTERS:
            return float("nan")
        return closed.two_sided_power(
            design.truth, float(np.sqrt(variance)), clusters - 2, question.alpha
        )

    by = "size" if by_people else "precision"
    source = f"means of clusters weighted by {by}, Kerry and Bland 2001"
    return Form(power, source, "for weights and degrees of freedom that are known")


class _Means(NamedTuple):
    """Clusters of an arm of which anybody is seen, and the covariance of their two means."""

    clusters: float
    before: float
    after: float
    both: float


def _means(design: Design, place: int, home: np.ndarray) -> _Means:
    wave, v, shared = design.asked.wave, design.covariance, design.shared[place]
    sizes = np.unique(home, return_counts=True)[1]
    kept = float(design.kept[place][wave])
    seen = 1 - (1 - kept) ** sizes
    weight = seen / seen.sum()
    all_of_it = float((weight / sizes).sum())
    after = sum(w * mean_reciprocal(int(m), kept) for w, m in zip(weight, sizes, strict=True))
    return _Means(
        float(seen.sum()),
        float(shared[0, 0] + v[0, 0] * all_of_it),
        float(shared[wave, wave] + v[wave, wave] * after),
        float(shared[0, wave] + v[0, wave] * all_of_it),
    )


def _unequal(design: Design) -> bool:
    wave = design.asked.wave
    return design.clusters_differ or any(float(kept[wave]) < 1 for kept in design.kept)
