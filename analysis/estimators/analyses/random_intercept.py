"""A linear mixed model of all waves with a random intercept."""

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

    return all_waves(asked, studies, RANDOM_INTERCEPT.of_arrays)


def _closed_form(design: Design) -> Form | None:
    from analysis.estimators.formulas.all_waves import of_equal_correlations

    return of_equal_correlations(design)


RANDOM_INTERCEPT = Analysis(
    name="random_intercept",
    estimates="coefficients of a linear model of the mean",
    rows="all waves",
    right_under=GIVEN_THE_MODEL,
    function="random_intercept:random_intercept",
    holds=(Holds("value", ("difference", "slope", "change", "mean"), 20),),
    answers={"value": ("difference", "slope", "change", "mean")},
    place=4,
    fit=_fit,
    closed_form=_closed_form,
    adjusts=True,
    in_protocol=f"a linear mixed model of all interviews with a random intercept, {BY_REML}",
)
