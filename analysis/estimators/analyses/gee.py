"""Estimating equations for all waves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.estimators.record import Analysis, Holds

if TYPE_CHECKING:
    from analysis.estimators.asked import Enquiry, OutcomesOfPeople
    from analysis.estimators.contract import Fits
    from analysis.estimators.formulas.design import Design, Form


def _fit(asked: Enquiry, studies: OutcomesOfPeople) -> Fits:
    from analysis.estimators.all_waves import all_waves

    return all_waves(asked, studies, GEE.of_arrays)


def _closed_form(design: Design) -> Form | None:
    from analysis.estimators.formulas.all_waves import of_equations

    return of_equations(design)


GEE = Analysis(
    name="gee",
    estimates="marginal difference of means",
    rows="all waves",
    right_under=("MCAR",),
    function="gee:gee",
    holds=(
        Holds("value", ("difference", "change", "mean"), 20, ("own pace",)),
        Holds("value", ("slope",), 40, ("own pace",)),
    ),
    answers={"value": ("difference", "slope", "change", "mean")},
    place=8,
    fit=_fit,
    closed_form=_closed_form,
    adjusts=True,
    in_protocol="generalised estimating equations for all interviews with an exchangeable working "
    "correlation and standard errors corrected for small samples",
)
