"""Analyses that are wrong on purpose: a stress test has to convict each of them."""

from __future__ import annotations

from analysis.estimators.record import Analysis

COMPLETE_CASES = Analysis(
    name="complete_cases",
    estimates="difference between arms in the mean at a wave",
    rows="one wave",
    right_under=("MCAR",),
    function="wrong:complete_cases",
    wrong="takes those seen for all: biased where being seen depends on the outcome (MNAR)",
)

T_TEST_IGNORING_TEAMS = Analysis(
    name="t_test_ignoring_teams",
    estimates="difference between arms in the mean",
    rows="one wave",
    right_under=("MCAR",),
    function="students_t:t_test",
    wrong="takes egos of a team for independent: errors too small",
)

LOGIT_IGNORING_EGOS = Analysis(
    name="logit_ignoring_egos",
    estimates="marginal log odds ratio",
    rows="ties",
    right_under=("MCAR",),
    function="wrong:logit_ignoring_egos",
    wrong="takes ties of an ego for independent: errors too small between egos",
)

KEPT_TIES_WITH_CLOSED_CASES = Analysis(
    name="kept_ties_with_closed_cases",
    estimates="share of ties that stand",
    rows="ties",
    right_under=("MCAR",),
    function="wrong:kept_with_closed_cases",
    wrong="counts a closed case as a tie: the share is too large",
)
