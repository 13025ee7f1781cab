"""Negative binomial regression of counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.estimators.record import Analysis, Holds
from analysis.estimators.said import FEW_OR_RARE

if TYPE_CHECKING:
    from analysis.estimators.asked import Enquiry, OutcomesOfPeople
    from analysis.estimators.contract import Fits


def _fit(asked: Enquiry, studies: OutcomesOfPeople) -> Fits:
    from analysis.estimators.asked import in_first_arm, level
    from analysis.estimators.one_wave import on_arm

    X = on_arm(in_first_arm(asked, studies.arm))
    y = studies.y[:, :, asked.wave]
    return NEGATIVE_BINOMIAL.of_arrays(y, X, np.array([0.0, 1.0]), level=level(asked))


NEGATIVE_BINOMIAL = Analysis(
    name="negative_binomial",
    estimates="log ratio of rates",
    rows="one wave",
    right_under=("MCAR", "MAR given the columns of the model"),
    function="negative_binomial:negative_binomial",
    small_samples=FEW_OR_RARE,
    holds=(Holds("count", ("difference",), 20),),
    answers={"count": ("difference",)},
    made_for=("count", "difference"),
    place=10,
    fit=_fit,
    in_protocol="a negative binomial regression of the counts of those interviewed at that wave",
    scale="log ratio of means",
    summary="log ratio of the mean",
    ratio="ratio of means",
    of_means=np.log,
)
