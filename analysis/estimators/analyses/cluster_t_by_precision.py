"""Means of clusters weighted by the precision of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.estimators.record import Analysis, Holds

if TYPE_CHECKING:
    from analysis.estimators.asked import Enquiry, OutcomesOfPeople
    from analysis.estimators.contract import Fits
    from analysis.estimators.formulas.design import Design, Form


def _fit(asked: Enquiry, studies: OutcomesOfPeople) -> Fits:
    from analysis.estimators.by_clusters import by_means

    return by_means(asked, studies, CLUSTER_T_BY_PRECISION)


def _closed_form(design: Design) -> Form | None:
    from analysis.estimators.formulas.clusters import of_weighted_means

    return of_weighted_means(design, by_people=False)


CLUSTER_T_BY_PRECISION = Analysis(
    name="cluster_t_by_precision",
    estimates="difference between arms in the mean of team means, the precise ones counting more",
    rows="one wave",
    right_under=("MCAR", "MAR given arm and team"),
    function="weighted_cluster_means:cluster_means",
    settings={"weights": "precision"},
    small_samples="rejects too often with few teams that differ much in size",
    holds=(Holds("value", ("difference",), 20, ("clusters",)),),
    answers={"value": ("difference",)},
    place=8,
    fit=_fit,
    closed_form=_closed_form,
    by_cluster=True,
    in_protocol="a t test of the means of clusters, each weighted by its precision",
)
