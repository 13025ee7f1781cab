"""The change of the outcome regressed on the change of the predictor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.estimators.record import Analysis, Holds

if TYPE_CHECKING:
    from analysis.estimators.asked import Enquiry, OutcomesOfPeople
    from analysis.estimators.contract import Fits
    from analysis.estimators.formulas.design import Design, Form


def _fit(asked: Enquiry, studies: OutcomesOfPeople) -> Fits:
    from analysis.estimators.asked import level

    both = studies.y, np.asarray(studies.predictor)
    changes = [one[:, :, asked.wave] - one[:, :, 0] for one in both]
    return CHANGE_REGRESSION.of_arrays(*changes, level=level(asked))


def _closed_form(design: Design) -> Form | None:
    from analysis.estimators.formulas.change_on_change import of_change_on_change

    return of_change_on_change(design)


CHANGE_REGRESSION = Analysis(
    name="change_regression",
    estimates="slope of the change of the outcome on the change of a predictor",
    rows="one wave and baseline",
    right_under=("MCAR", "MAR given the change of the predictor"),
    function="change_on_change:change_on_change",
    holds=(Holds("value", ("change_on_change",), 20, ("own pace",)),),
    answers={"value": ("change_on_change",)},
    place=11,
    fit=_fit,
    closed_form=_closed_form,
    needs="predictor",
    in_protocol="a linear regression of the change of the outcome since baseline on that of the "
    "predictor",
    scale="points for each unit of the predictor",
)
