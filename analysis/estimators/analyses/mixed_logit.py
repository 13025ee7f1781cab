"""A logistic mixed model of ties lost: what holds of two ties of one person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.estimators.record import Analysis, Holds
from analysis.estimators.said import GIVEN_THE_MODEL

if TYPE_CHECKING:
    from analysis.estimators.asked import Enquiry, TieStudy
    from analysis.estimators.contract import Fits


def _fit(asked: Enquiry, study: TieStudy) -> Fits:
    from analysis.estimators.tie_groups import loss_in_groups

    return loss_in_groups(asked, study, MIXED_LOGIT.of_arrays)


MIXED_LOGIT = Analysis(
    name="mixed_logit",
    estimates="conditional log odds ratio, given the ego's intercept",
    rows="ties",
    right_under=GIVEN_THE_MODEL,
    function="mixed_logit:mixed_logit",
    small_samples="errors of contrasts between egos are uncertain below 30 egos",
    holds=(Holds("ties", ("difference", "classes", "episode"), 20),),
    answers={"ties": ("difference", "classes", "episode")},
    place=15,
    fit=_fit,
    in_protocol="a logistic mixed model with a row for each tie and a random intercept for each "
    "person",
    scale="log odds ratio between ties of one person",
    summary="log odds ratio of loss between ties of one person",
    ratio="odds ratio",
    within_people=True,
)
