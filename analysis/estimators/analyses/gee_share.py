"""Linear regression of ties lost, by estimating equations: shares of the average tie."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.estimators.record import Analysis, Holds
from analysis.estimators.said import OF_TIES

if TYPE_CHECKING:
    from analysis.estimators.asked import Enquiry, TieStudy
    from analysis.estimators.contract import Fits
    from analysis.estimators.formulas.design import Form
    from analysis.estimators.formulas.ties import TieDesign


def _fit(asked: Enquiry, study: TieStudy) -> Fits:
    from analysis.estimators.tie_groups import loss_in_groups

    return loss_in_groups(asked, study, GEE_SHARE.of_arrays)


def _closed_form(design: TieDesign) -> Form | None:
    from analysis.estimators.formulas.ties import of_tie_shares

    return of_tie_shares(design)


GEE_SHARE = Analysis(
    name="gee_share",
    estimates="marginal difference of shares",
    rows="ties",
    right_under=("MCAR",),
    function="gee:gee",
    settings={"working": "independence"},
    holds=(Holds("ties", ("difference", "classes", "episode"), 20),),
    answers={"ties": ("difference", "classes", "episode")},
    place=14,
    fit=_fit,
    closed_form=_closed_form,
    in_protocol=f"a linear regression of loss (0 or 1) with a row for each tie, {OF_TIES}",
    scale="difference of shares of ties",
    summary="difference in the share of ties lost",
)
