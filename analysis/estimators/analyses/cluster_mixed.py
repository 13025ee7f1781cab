"""A linear mixed model of one wave with an effect of clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.estimators.record import Analysis, Holds
from analysis.estimators.said import BY_REML, GIVEN_THE_MODEL

if TYPE_CHECKING:
    from analysis.estimators.asked import Enquiry, OutcomesOfPeople
    from analysis.estimators.contract import Fits
    from analysis.estimators.formulas.design import Design, Form


def _fit(asked: Enquiry, studies: OutcomesOfPeople) -> Fits:
    from analysis.estimators.by_clusters import mixed

    return mixed(asked, studies, CLUSTER_MIXED.name)


def _closed_form(design: Design) -> Form | None:
    from analysis.estimators.formulas.clusters import of_weighted_means

    return of_weighted_means(design, by_people=False)


CLUSTER_MIXED = Analysis(
    name="cluster_mixed",
    estimates="difference between arms in the mean at a wave",
    rows="one wave",
    right_under=GIVEN_THE_MODEL,
    function="random_intercept:random_intercept",
    small_samples="cautious with few teams whose effects seem to be none",
    holds=(Holds("value", ("difference",), 40, ("clusters",)),),
    answers={"value": ("difference",)},
    place=8,
    fit=_fit,
    closed_form=_closed_form,
    by_cluster=True,
    in_protocol="a linear mixed model of those interviewed at that wave with a random effect of "
    f"clusters, {BY_REML}",
)
