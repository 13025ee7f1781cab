"""Where the numbers of a plan come from, in the words of whoever wrote the study file."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from sim.errors import meant_or_known

__all__ = ["GIVEN", "Given"]

GIVEN = (
    "mean", "sd", "correlation", "slope_sd", "sd_ratio", "covariate_r2", "strata",
    "trend", "effect", "icc", "arm_icc", "cac", "moderator", "predictor", "cluster_size",
    "members_named", "kept", "links", "retention",
    "mechanism", "odds_ratio", "recruitment", "people", "costs",
)  # fmt: skip
"""What a plan rests on; "recruitment" is interest and consent, "people" how many there are."""


def _known(table: dict[str, str]) -> dict[str, str]:
    for key in table:
        if key not in GIVEN:
            hint = meant_or_known(key, GIVEN)
            raise ValueError(f'there is no number "{key}" that a source could be for{hint}')
    return table


Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]

Given = Annotated[dict[str, Words], AfterValidator(_known)]
"""By number: ids of sources.toml among other words, as in "B46; checked in our pilot"."""
