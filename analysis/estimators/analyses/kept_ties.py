"""The share of ties kept: of the average tie, with errors robust to what an ego's ties share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.estimators.record import Analysis, Holds
from analysis.estimators.said import OF_TIES

if TYPE_CHECKING:
    import numpy as np

    from analysis.estimators.asked import Enquiry, TieStudy
    from analysis.estimators.contract import Fits
    from analysis.estimators.formulas.design import Form
    from analysis.estimators.formulas.ties import TieDesign


def _fit(asked: Enquiry, study: TieStudy) -> Fits:
    from analysis.estimators.gee import gee
    from analysis.estimators.tie_groups import loss_in_groups

    def of_kept(lost: np.ndarray, X: np.ndarray, contrast: np.ndarray, **more: object) -> Fits:
        return gee(1 - lost, X, contrast, working="independence", **more)  # type: ignore[arg-type]

    return loss_in_groups(asked, study, of_kept)


def _closed_form(design: TieDesign) -> Form | None:
    from analysis.estimators.formulas.ties import of_tie_shares

    return of_tie_shares(design)


def _kept(lost: np.ndarray) -> np.ndarray:
    return 1 - lost


KEPT_TIES = Analysis(
    name="kept_ties",
    estimates="share of ties that stand",
    rows="ties",
    right_under=("MCAR",),
    function="kept_ties:kept_ties",
    holds=(Holds("ties", ("mean",), 20),),
    made_for=("ties", "mean"),
    answers={"ties": ("mean",)},
    place=17,
    fit=_fit,
    closed_form=_closed_form,
    in_protocol=f"the share of ties kept (1 or 0), a row for each tie, {OF_TIES}",
    scale="share of ties kept",
    summary="share of ties kept",
    of_means=_kept,
)
