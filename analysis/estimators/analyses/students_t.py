"""Student's t test, or the t interval of a mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.estimators.record import Analysis, Holds

if TYPE_CHECKING:
    from analysis.estimators.asked import Enquiry, OutcomesOfPeople
    from analysis.estimators.contract import Fits
    from analysis.estimators.formulas.design import Design, Form


def _fit(asked: Enquiry, studies: OutcomesOfPeople) -> Fits:
    from analysis.estimators.one_wave import one_value

    return one_value(asked, studies.arm, studies.y[:, :, asked.wave])


def _closed_form(design: Design) -> Form | None:
    from analysis.estimators.formulas.one_wave import of_scores

    return of_scores(design)


T_TEST = Analysis(
    name="t_test",
    estimates="difference between arms in the mean at a wave, or the mean",
    rows="one wave",
    right_under=("MCAR", "MAR given arm"),
    function="students_t:t_test",
    holds=(
        Holds("value", ("difference", "mean"), 20, ("own pace",)),
        Holds("count", ("difference",), 20, ("other counts",)),
        Holds("yes_no", ("difference",), 20),
    ),
    answers={
        "value": ("difference", "mean"),
        "count": ("difference", "mean"),
        "yes_no": ("difference",),
    },
    place=1,
    fit=_fit,
    closed_form=_closed_form,
    in_protocol="a t test of those interviewed at that wave",
    in_protocol_about={"mean": "a t interval from those interviewed at that wave"},
)
