"""A t test of differences between arms within therapists who treat people of both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.estimators.record import Analysis, Holds

if TYPE_CHECKING:
    from analysis.estimators.asked import Enquiry, OutcomesOfPeople
    from analysis.estimators.contract import Fits
    from analysis.estimators.formulas.design import Design, Form


def _fit(asked: Enquiry, studies: OutcomesOfPeople) -> Fits:
    from analysis.estimators.asked import in_first_arm, level

    treated = in_first_arm(asked, studies.arm)
    y = studies.y[:, :, asked.wave]
    return THERAPIST_T.of_arrays(y, treated, studies.cluster, level=level(asked))


def _closed_form(design: Design) -> Form | None:
    from analysis.estimators.formulas.therapists import of_therapists

    return of_therapists(design)


THERAPIST_T = Analysis(
    name="therapist_t",
    estimates="mean over therapists of the difference between arms among their people",
    rows="one wave",
    right_under=("MCAR", "MAR given arm and therapist"),
    function="therapist_t:therapist_t",
    small_samples="exact with equal numbers; few therapists leave few degrees of freedom",
    holds=(Holds("value", ("difference",), 20, ("own pace", "therapists")),),
    answers={"value": ("difference",)},
    place=9,
    fit=_fit,
    closed_form=_closed_form,
    by_cluster=True,
    needs="therapists",
    in_protocol="a t test of the differences, within therapists, between the means of their "
    "people in the two arms",
)
