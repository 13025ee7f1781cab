"""The interaction of arm and moderator at one wave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.estimators.record import Analysis, Holds

if TYPE_CHECKING:
    from analysis.estimators.asked import Enquiry, OutcomesOfPeople
    from analysis.estimators.contract import Fits
    from analysis.estimators.formulas.design import Design, Form


def _fit(asked: Enquiry, studies: OutcomesOfPeople) -> Fits:
    from analysis.estimators.asked import in_first_arm, level

    treated = in_first_arm(asked, studies.arm) * 1.0
    y = studies.y[:, :, asked.wave]
    return INTERACTION.of_arrays(y, treated, studies.moderator, level=level(asked))


def _closed_form(design: Design) -> Form | None:
    from analysis.estimators.formulas.moderation import of_interaction

    return of_interaction(design, adjusted=False)


INTERACTION = Analysis(
    name="interaction",
    estimates="difference between arms in the mean at a wave, for a unit more of a moderator",
    rows="one wave",
    right_under=("MCAR", "MAR given arm and moderator"),
    function="interaction:interaction",
    holds=(Holds("value", ("moderation",), 20, ("own pace",)),),
    answers={"value": ("moderation",)},
    place=10,
    fit=_fit,
    closed_form=_closed_form,
    needs="moderator",
    in_protocol="the interaction of arm and characteristic in a linear model of those interviewed "
    "at that wave",
)
