"""A t test of means of clusters; people in no cluster are each one of their own.

Where only one arm has clusters the variances differ, and the test is Welch's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.estimators.record import Analysis

if TYPE_CHECKING:
    from analysis.estimators.asked import Enquiry, OutcomesOfPeople
    from analysis.estimators.contract import Fits
    from analysis.estimators.formulas.design import Design, Form


def _fit(asked: Enquiry, studies: OutcomesOfPeople) -> Fits:
    from analysis.estimators.asked import in_first_arm, level
    from analysis.estimators.kernels.teams import team_means
    from analysis.estimators.one_wave import one_value
    from analysis.estimators.welch import welch

    treated = in_first_arm(asked, studies.arm)
    alone = studies.cluster < 0
    if alone.all():
        return one_value(asked, studies.arm, studies.y[:, :, asked.wave])
    label = np.where(alone, -1 - np.arange(alone.size), studies.cluster)
    _, first, unit = np.unique(
        np.stack([treated, label]), axis=1, return_index=True, return_inverse=True
    )
    y, unit = np.ascontiguousarray(studies.y[:, :, asked.wave]), unit.reshape(-1)
    if not alone.any():
        return CLUSTER_T.of_arrays(y, treated.astype(np.float64), unit, level=level(asked))
    means = team_means(y, unit.astype(np.int64)[None], first.size)
    return welch(means[:, treated[first]], means[:, ~treated[first]], level(asked))


def _closed_form(design: Design) -> Form | None:
    from analysis.estimators.formulas.one_wave import of_clusters

    return of_clusters(design)


CLUSTER_T = Analysis(
    name="cluster_t",
    estimates="difference between arms in the mean of team means",
    rows="one wave",
    right_under=("MCAR", "MAR given arm and team"),
    function="cluster_t:cluster_t",
    small_samples="exact with equal teams; cautious when few teams differ much in size",
    answers={"value": ("difference",), "count": ("difference",), "yes_no": ("difference",)},
    place=8,
    fit=_fit,
    closed_form=_closed_form,
    by_cluster=True,
    in_protocol="a t test of the means of clusters",
)
