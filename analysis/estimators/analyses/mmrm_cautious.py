"""The mixed model for repeated measures, careful where few people stay to the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.estimators.record import Analysis, Holds
from analysis.estimators.said import GIVEN_THE_MODEL

if TYPE_CHECKING:
    from analysis.estimators.asked import Enquiry, OutcomesOfPeople
    from analysis.estimators.contract import Fits
    from analysis.estimators.formulas.design import Design, Form


def _fit(asked: Enquiry, studies: OutcomesOfPeople) -> Fits:
    from analysis.estimators.all_waves import all_waves

    return all_waves(asked, studies, MMRM_CAUTIOUS.of_arrays)


def _closed_form(design: Design) -> Form | None:
    from analysis.estimators.formulas.all_waves import of_all_waves

    return of_all_waves(design)


MMRM_CAUTIOUS = Analysis(
    name="mmrm_cautious",
    estimates="coefficients of a linear model of the mean",
    rows="all waves",
    right_under=GIVEN_THE_MODEL,
    function="mmrm:mmrm",
    settings={"df": "complete cases"},
    small_samples="cautious where hardly more people than waves are seen to the end",
    holds=(Holds("value", ("difference", "change", "mean"), 20, ("own pace",)),),
    answers={"value": ("difference", "change", "mean")},
    place=7,
    fit=_fit,
    closed_form=_closed_form,
    waves=(2, 6),
    in_protocol="a mixed model for repeated measures of all interviews with an unstructured "
    "covariance, fitted by restricted maximum likelihood, with standard errors from the observed "
    "information and Kenward-Roger degrees of freedom, at most as many as people interviewed at "
    "all waves less the arms and the earlier waves",
)
