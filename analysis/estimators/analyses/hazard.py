"""The hazard of losing a tie, over all intervals between interviews."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.estimators.record import Analysis, Holds
from analysis.estimators.said import FEW_OR_RARE, OF_TIES

if TYPE_CHECKING:
    from analysis.estimators.asked import Enquiry, TieStudy
    from analysis.estimators.contract import Fits


def _fit(asked: Enquiry, study: TieStudy) -> Fits:
    from analysis.estimators.tie_hazard import hazard_of_ties

    return hazard_of_ties(asked, study)


HAZARD = Analysis(
    name="hazard",
    estimates="log ratio of the hazards of loss, averaged over egos",
    rows="ties at risk",
    right_under=("MCAR",),
    function="hazard:hazard",
    small_samples=FEW_OR_RARE,
    holds=(Holds("ties", ("difference", "classes", "episode"), 20),),
    answers={"ties": ("difference", "classes", "episode")},
    place=16,
    fit=_fit,
    in_protocol="a complementary log-log regression with a row for each tie and interval at risk, "
    f"{OF_TIES}",
    scale="log ratio of hazards of loss (first absence) over ties",
    summary="log ratio of the hazards of a tie's first absence from a map",
    ratio="hazard ratio",
)
