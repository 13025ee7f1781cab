"""A t test of changes since baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.estimators.record import Analysis, Holds

if TYPE_CHECKING:
    from analysis.estimators.asked import Enquiry, OutcomesOfPeople
    from analysis.estimators.contract import Fits
    from analysis.estimators.formulas.design import Design, Form


def _fit(asked: Enquiry, studies: OutcomesOfPeople) -> Fits:
    from analysis.estimators.one_wave import one_value

    return one_value(asked, studies.arm, studies.y[:, :, asked.wave] - studies.y[:, :, 0])


def _closed_form(design: Design) -> Form | None:
    from analysis.estimators.formulas.one_wave import of_changes

    return of_changes(design)


CHANGE_SCORE = Analysis(
    name="change_score",
    estimates="mean change since baseline, or its difference between arms",
    rows="one wave and baseline",
    right_under=("MCAR", "MAR given arm"),
    function="change:change_score",
    settings={"errors": "classical"},
    holds=(Holds("value", ("difference", "change"), 20, ("own pace",)),),
    answers={"value": ("difference", "change")},
    place=3,
    fit=_fit,
    closed_form=_closed_form,
    in_protocol="a t test of changes since baseline, of those interviewed at that wave",
)
