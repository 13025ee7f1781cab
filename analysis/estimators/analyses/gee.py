"""Estimating equations for all waves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.estimators.record import Analysis

if TYPE_CHECKING:
    from analysis.estimators.asked import Asked, Outcomes
    from analysis.estimators.contract import Fits
    from analysis.estimators.formulas.design import Design, Form


def _fit(asked: Asked, studies: Outcomes) -> Fits:
    from analysis.estimators.all_waves import longitudinal_design
    from analysis.estimators.asked import in_first_arm, level

    X, contrast = longitudinal_design(asked, in_first_arm(asked, studies.arm))
    return GEE.of_arrays(studies.y, X, contrast, level=level(asked))


def _closed_form(design: Design) -> Form | None:
    from analysis.estimators.formulas.all_waves import of_equations

    return of_equations(design, "estimating equations, Liu and Liang 1997")


GEE = Analysis(
    name="gee",
    estimates="marginal difference of means",
    rows="all waves",
    right_under=("MCAR",),
    function="gee:gee",
    answers={"value": ("difference", "slope", "change", "mean")},
    place=7,
    fit=_fit,
    closed_form=_closed_form,
    in_protocol="generalised estimating equations for all interviews with an exchangeable working "
    "correlation and standard errors corrected for small samples",
)
