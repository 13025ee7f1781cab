"""Analyses of waves and ties that no question names: other links, other correlations."""

from __future__ import annotations

from analysis.estimators.record import Analysis
from analysis.estimators.said import FEW_OR_RARE

GEE_LOG = Analysis(
    name="gee_log",
    estimates="marginal log ratio of means",
    rows="all waves",
    right_under=("MCAR",),
    function="gee:gee",
    settings={"link": "log"},
)

GEE_LOGIT_EXCHANGEABLE = Analysis(
    name="gee_logit_exchangeable",
    estimates="marginal log odds ratio",
    rows="ties",
    right_under=("MCAR",),
    function="gee:gee",
    settings={"link": "logit"},
    small_samples=FEW_OR_RARE,
)

HAZARD_LOGIT = Analysis(
    name="hazard_logit",
    estimates="log odds ratio of loss in an interval, averaged over egos",
    rows="ties at risk",
    right_under=("MCAR",),
    function="hazard:hazard",
    settings={"link": "logit"},
    small_samples=FEW_OR_RARE,
)
