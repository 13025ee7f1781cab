"""The mixed model for repeated measures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.estimators.record import Analysis, Holds
from analysis.estimators.said import BY_REML, GIVEN_THE_MODEL

if TYPE_CHECKING:
    from analysis.estimators.asked import Enquiry, OutcomesOfPeople
    from analysis.estimators.contract import Fits
    from analysis.estimators.formulas.design import Design, Form


def _fit(asked: Enquiry, studies: OutcomesOfPeople) -> Fits:
    from analysis.estimators.all_waves import all_waves

    return all_waves(asked, studies, MMRM.of_arrays)


def _closed_form(design: Design) -> Form | None:
    from analysis.estimators.formulas.all_waves import of_all_waves

    return of_all_waves(design)


MMRM = Analysis(
    name="mmrm",
    estimates="coefficients of a linear model of the mean",
    rows="all waves",
    right_under=GIVEN_THE_MODEL,
    function="mmrm:mmrm",
    small_samples="rejects too often below 100 people of whom half are lost, most for a mean or "
    "change of one group",
    holds=(Holds("value", ("difference",), 100, ("own pace",)),),
    answers={"value": ("difference", "change", "mean")},
    place=6,
    fit=_fit,
    closed_form=_closed_form,
    waves=(2, 6),
    adjusts=True,
    in_protocol="a mixed model for repeated measures of all interviews with an unstructured "
    f"covariance, {BY_REML}",
)
