"""A linear mixed model of all waves with a random intercept and slope."""

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

    return all_waves(asked, studies, RANDOM_SLOPE.of_arrays, asked.years)


def _closed_form(design: Design) -> Form | None:
    from analysis.estimators.formulas.all_waves import of_levels_and_slopes

    return of_levels_and_slopes(design)


RANDOM_SLOPE = Analysis(
    name="random_slope",
    estimates="coefficients of a linear model of the mean",
    rows="all waves",
    right_under=GIVEN_THE_MODEL,
    function="random_slope:random_slope",
    holds=(Holds("value", ("slope",), 20, ("own pace",)),),
    answers={"value": ("slope",)},
    made_for=("value", "slope"),
    place=5,
    fit=_fit,
    closed_form=_closed_form,
    waves=(3, 30),
    adjusts=True,
    in_protocol="a linear mixed model of all interviews with a random intercept and slope, "
    f"{BY_REML}",
)
