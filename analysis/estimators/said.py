"""Half sentences that several analyses share."""

from __future__ import annotations

__all__ = ["BY_REML", "FEW_OR_RARE", "GIVEN_THE_MODEL", "OF_TIES"]

BY_REML = "fitted by restricted maximum likelihood, with Kenward-Roger degrees of freedom"
OF_TIES = (
    "by generalised estimating equations with independence as the working correlation; standard "
    "errors allow for ties of one person being alike, and are corrected for small samples"
)
GIVEN_THE_MODEL = ("MCAR", "MAR given the columns and outcomes of the model")
FEW_OR_RARE = "cautious with few or rare events, more so below 30 egos"
