"""Logistic regression of ties lost, by estimating equations: what holds of the average tie."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.estimators.record import Analysis, Holds
from analysis.estimators.said import FEW_OR_RARE, OF_TIES

if TYPE_CHECKING:
    from analysis.estimators.asked import Enquiry, TieStudy
    from analysis.estimators.contract import Fits
    from analysis.estimators.formulas.design import Form
    from analysis.estimators.formulas.ties import TieDesign


def _fit(asked: Enquiry, study: TieStudy) -> Fits:
    from analysis.estimators.tie_groups import loss_in_groups

    return loss_in_groups(asked, study, GEE_LOGIT.of_arrays)


def _closed_form(design: TieDesign) -> Form | None:
    from analysis.estimators.formulas.ties import of_tie_odds

    return of_tie_odds(design)


def _log_odds(share: np.ndarray) -> np.ndarray:
    return np.asarray(np.log(share / (1 - share)))


GEE_LOGIT = Analysis(
    name="gee_logit",
    estimates="marginal log odds ratio",
    rows="ties",
    right_under=("MCAR",),
    function="gee:gee",
    settings={"link": "logit", "working": "independence"},
    small_samples=FEW_OR_RARE,
    holds=(Holds("ties", ("difference", "classes", "episode"), 20),),
    answers={"ties": ("difference", "classes", "episode")},
    place=13,
    fit=_fit,
    closed_form=_closed_form,
    in_protocol=f"a logistic regression with a row for each tie, {OF_TIES}",
    scale="log odds ratio over ties",
    summary="log odds ratio of loss over ties",
    ratio="odds ratio",
    of_means=_log_odds,
)
