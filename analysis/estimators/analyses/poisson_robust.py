"""Poisson regression of counts with errors that do not take the counts for Poisson ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.estimators.record import Analysis, Holds

if TYPE_CHECKING:
    from analysis.estimators.asked import Enquiry, OutcomesOfPeople
    from analysis.estimators.contract import Fits


def _fit(asked: Enquiry, studies: OutcomesOfPeople) -> Fits:
    from analysis.estimators.asked import in_first_arm, level
    from analysis.estimators.one_wave import on_arm

    X = on_arm(in_first_arm(asked, studies.arm))[:, None, :]
    y = studies.y[:, :, [asked.wave]]
    return POISSON_ROBUST.of_arrays(y, X, np.array([0.0, 1.0]), level=level(asked))


POISSON_ROBUST = Analysis(
    name="poisson_robust",
    estimates="log ratio of means",
    rows="one wave",
    right_under=("MCAR", "MAR given the columns of the model"),
    function="gee:gee",
    settings={"link": "log", "working": "independence"},
    small_samples="rejects too often below 250 people where some have very many events",
    holds=(Holds("count", ("difference",), 250, ("other counts",)),),
    answers={"count": ("difference",)},
    place=11,
    fit=_fit,
    in_protocol="a Poisson regression of the counts of those interviewed at that wave, with robust "
    "standard errors corrected for small samples, so that the counts need not be Poisson counts",
    scale="log ratio of means",
    summary="log ratio of the mean",
    ratio="ratio of means",
    of_means=np.log,
)
