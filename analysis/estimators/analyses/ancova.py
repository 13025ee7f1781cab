"""Analysis of covariance of one wave, adjusted for the score at baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.estimators.record import Analysis, Holds

if TYPE_CHECKING:
    from analysis.estimators.asked import Enquiry, OutcomesOfPeople
    from analysis.estimators.contract import Fits
    from analysis.estimators.formulas.design import Design, Form


def _fit(asked: Enquiry, studies: OutcomesOfPeople) -> Fits:
    from analysis.estimators.one_wave import one_value

    y = studies.y
    return one_value(asked, studies.arm, y[:, :, asked.wave], y[:, :, 0], studies.known)


def _closed_form(design: Design) -> Form | None:
    from analysis.estimators.formulas.one_wave import of_ancova

    return of_ancova(design)


ANCOVA = Analysis(
    name="ancova",
    estimates="difference between arms in the mean at a wave",
    rows="one wave and baseline",
    right_under=("MCAR", "MAR given arm and baseline"),
    function="ancova:ancova",
    settings={"errors": "classical"},
    holds=(Holds("value", ("difference",), 20, ("own pace",)),),
    answers={"value": ("difference",)},
    place=2,
    fit=_fit,
    closed_form=_closed_form,
    adjusts=True,
    in_protocol="an analysis of covariance of those interviewed at that wave, adjusted for the "
    "score at baseline",
)
