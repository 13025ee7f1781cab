"""A t test of means of clusters; people in no cluster are each one of their own.

Where only one arm has clusters the variances differ, and the test is Welch's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.estimators.record import Analysis, Circumstance, Holds

if TYPE_CHECKING:
    from analysis.estimators.asked import Enquiry, OutcomesOfPeople
    from analysis.estimators.contract import Fits
    from analysis.estimators.formulas.design import Design, Form


def _fit(asked: Enquiry, studies: OutcomesOfPeople) -> Fits:
    from analysis.estimators.cluster_means import from_cluster_means

    return from_cluster_means(asked, studies, CLUSTER_T.of_arrays)


def _closed_form(design: Design) -> Form | None:
    from analysis.estimators.formulas.one_wave import of_clusters

    return of_clusters(design) if design.asked.question.about == "difference" else None


GROUPED: tuple[Circumstance, ...] = ("own pace", "clusters", "groups in one arm")

CLUSTER_T = Analysis(
    name="cluster_t",
    estimates="mean of team means, or its difference between arms",
    rows="one wave",
    right_under=("MCAR", "MAR given arm and team"),
    function="cluster_t:cluster_t",
    small_samples="exact with equal teams; cautious when few teams differ much in size, or where "
    "two or three groups in one arm are alike",
    holds=(
        Holds("value", ("difference", "slope"), 20, GROUPED),
        Holds("value", ("change", "mean"), 20, GROUPED),
        Holds("count", ("difference",), 20, ("other counts",)),
        Holds("yes_no", ("difference",), 20),
        Holds("yes_no", ("mean",), 40),
    ),
    answers={
        "value": ("difference", "slope", "change", "mean"),
        "count": ("difference", "mean"),
        "yes_no": ("difference", "mean"),
    },
    place=9,
    fit=_fit,
    closed_form=_closed_form,
    by_cluster=True,
    in_protocol="a t test of the means of clusters",
    in_protocol_about={
        "slope": "a t test of the means of clusters, of each person's own least squares slope",
        "change": "a t test of the means of clusters, of changes since baseline",
        "mean": "a t interval from the means of clusters",
    },
)
