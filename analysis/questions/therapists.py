"""Therapists of every arm as the clusters of each, and what only some panels have."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

from analysis.estimators.catalogue import analysis, answering
from analysis.questions.asking import family
from analysis.questions.panel import Panel
from analysis.questions.plan import Plan
from analysis.questions.question import Question
from sim.study.owners import Fail

__all__ = ["check_moderator", "check_needed", "check_predictor", "with_therapists"]


def with_therapists(panel: Panel, arms: tuple[str, ...], fail: Fail) -> Panel:
    """The panel with its therapists, where there are some, as clusters of each arm."""
    if panel.therapists is None:
        return panel
    where = ("plan", "panel")
    if len(arms) < 2:
        fail((*where, "therapists"), "treat people of every arm, but the study has no two arms")
    clusters = dict.fromkeys(arms, panel.therapists.in_an_arm)
    if panel.clusters and panel.clusters != clusters:
        fail(
            (*where, "clusters"),
            "therapists who treat people of every arm are the clusters of each; leave clusters "
            "out, or therapists",
        )
    return panel.model_copy(update={"clusters": clusters})


def check_needed(one: Question, panel: Panel | None, fail: Callable[[str, str], NoReturn]) -> None:
    """Whether there is what the analysis of a question works on."""
    needs = analysis(one.analysis).needs
    there = () if panel is None else panel.there
    if not needs or needs in there:
        return
    others = answering(family(one.outcome), there).get(one.about, ())
    instead = f', or use "{others[0]}"' if others else ""
    where = "" if panel is not None else ' and process = "panel"'
    fail("analysis", f'"{one.analysis}" needs [plan.panel.{needs}]{where}; give it{instead}')


def check_moderator(plan: Plan, fail: Fail) -> None:
    """Whether people with a moderator are such as analyses of moderation take them to be."""
    panel = plan.panel
    asks = any(one.about == "moderation" for one in plan.question)
    if panel is None or panel.moderator is None or not asks:
        return
    where = ("plan", "panel", "moderator")
    if panel.clusters:
        fail(where, "no analysis of moderation knows of clusters; leave clusters or therapists out")
    if panel.sd_ratio or panel.strata is not None or panel.covariate_r2 > 0:
        fail(
            where,
            "analyses of moderation take people to have one SD and nothing else to be known of "
            "them; leave sd_ratio, strata and covariate_r2 out",
        )


def check_predictor(panel: Panel, arms: tuple[str, ...], fail: Fail) -> None:
    """Whether a panel with a predictor is a cohort of which nothing more is said."""
    if panel.predictor is None:
        return
    where = ("plan", "panel", "predictor")
    if arms:
        fail(where, "is of a cohort; leave arms out, or ask about moderation")
    if not panel.is_classical or panel.moderator is not None:
        fail(
            where,
            "goes with waves that correlate alike, with one SD, and nothing known at baseline; "
            "leave structure, correlations, sd_ratio, covariate_r2 and moderator out",
        )
