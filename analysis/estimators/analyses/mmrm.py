"""The mixed model for repeated measures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.estimators.record import Analysis
from analysis.estimators.said import BY_REML, GIVEN_THE_MODEL

if TYPE_CHECKING:
    from analysis.estimators.asked import Asked, Outcomes
    from analysis.estimators.contract import Fits
    from analysis.estimators.formulas.design import Design, Form


def _fit(asked: Asked, studies: Outcomes) -> Fits:
    from analysis.estimators.all_waves import longitudinal_design
    from analysis.estimators.asked import in_first_arm, level

    X, contrast = longitudinal_design(asked, in_first_arm(asked, studies.arm))
    return MMRM.of_arrays(studies.y, X, contrast, level=level(asked))


def _closed_form(design: Design) -> Form | None:
    from analysis.estimators.formulas.all_waves import of_all_waves

    return of_all_waves(design, "mixed model of repeated measures, Lu, Luo and Chen 2008")


MMRM = Analysis(
    name="mmrm",
    estimates="coefficients of a linear model of the mean",
    rows="all waves",
    right_under=GIVEN_THE_MODEL,
    function="mmrm:mmrm",
    answers={"value": ("difference", "change", "mean")},
    place=6,
    fit=_fit,
    closed_form=_closed_form,
    in_protocol="a mixed model for repeated measures of all interviews with an unstructured "
    f"covariance, {BY_REML}",
)
