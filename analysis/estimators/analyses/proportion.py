"""A share with Wilson's interval."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.estimators.record import Analysis, Holds

if TYPE_CHECKING:
    from analysis.estimators.asked import Enquiry, OutcomesOfPeople
    from analysis.estimators.contract import Fits


def _fit(asked: Enquiry, studies: OutcomesOfPeople) -> Fits:
    from analysis.estimators.asked import level

    return PROPORTION.of_arrays(studies.y[:, :, asked.wave], level=level(asked))


PROPORTION = Analysis(
    name="proportion",
    estimates="share of egos",
    rows="one wave",
    right_under=("MCAR",),
    function="precision:proportion",
    small_samples="coverage of one true share swings around the level; its average is right",
    holds=(Holds("yes_no", ("mean",), 100),),
    made_for=("yes_no", "mean"),
    answers={"yes_no": ("mean",)},
    place=12,
    fit=_fit,
    in_protocol="a share of those interviewed at that wave, with Wilson's interval",
    scale="share",
)
