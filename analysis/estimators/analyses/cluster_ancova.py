"""Means of clusters adjusted for their means at baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.estimators.record import Analysis, Holds

if TYPE_CHECKING:
    from analysis.estimators.asked import Enquiry, OutcomesOfPeople
    from analysis.estimators.contract import Fits
    from analysis.estimators.formulas.design import Design, Form


def _fit(asked: Enquiry, studies: OutcomesOfPeople) -> Fits:
    import numpy as np

    from analysis.estimators.asked import level
    from analysis.estimators.by_clusters import homes_of

    homes = homes_of(asked, studies, CLUSTER_ANCOVA.name)
    arm = homes.treated[homes.unit].astype(np.float64)
    after, before = (np.ascontiguousarray(studies.y[:, :, wave]) for wave in (asked.wave, 0))
    return CLUSTER_ANCOVA.of_arrays(after, arm, homes.unit, baseline=before, level=level(asked))


def _closed_form(design: Design) -> Form | None:
    from analysis.estimators.formulas.clusters import of_adjusted_means

    return of_adjusted_means(design)


CLUSTER_ANCOVA = Analysis(
    name="cluster_ancova",
    estimates="difference between arms in the mean of team means",
    rows="one wave and baseline",
    right_under=("MCAR", "MAR given arm, team and its mean at baseline"),
    function="cluster_t:cluster_t",
    small_samples="exact with equal teams; cautious when few teams differ much in size",
    holds=(Holds("value", ("difference",), 20, ("clusters",)),),
    answers={"value": ("difference",)},
    place=8,
    fit=_fit,
    closed_form=_closed_form,
    by_cluster=True,
    in_protocol="an analysis of covariance of the means of clusters, adjusted for their means at "
    "baseline",
)
