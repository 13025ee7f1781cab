"""Analyses that weight people by how likely they were to be seen."""

from __future__ import annotations

from analysis.estimators.record import Analysis

RECORDED = ("MCAR", "MAR given arm and what was recorded")
FEW = "weights vary much below 30 egos"

ANCOVA_WEIGHTED = Analysis(
    name="ancova_weighted",
    estimates="difference between arms in the mean at a wave",
    rows="all waves",
    right_under=RECORDED,
    function="ipw:ancova_weighted",
    small_samples=FEW,
)

GEE_WEIGHTED = Analysis(
    name="gee_weighted",
    estimates="marginal difference of means",
    rows="all waves",
    right_under=RECORDED,
    function="ipw:gee_weighted",
    small_samples=FEW,
)
