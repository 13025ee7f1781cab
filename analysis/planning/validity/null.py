"""A planned study in which nothing is to be found, or not all that is asked about."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.questions.asking import COMPARES_ARMS
from analysis.questions.of_study import plan_of, with_plan
from analysis.questions.panel import Panel
from analysis.questions.question import Question
from analysis.questions.ties import PanelTies
from sim.study.spec import Study

__all__ = ["has_null", "without"]


def has_null(study: Study, one: Question) -> bool:
    """Whether a study can be made in which what a question asks for is zero.

    In the panel that is any difference or change; in the world, arms made alike. A mean is never
    zero, and nobody can take from the world that ties of one class are kept longer than others.
    """
    if plan_of(study).panel is not None:
        return one.about != "mean"
    return one.about in COMPARES_ARMS


def without(study: Study, questions: Sequence[Question]) -> Study:
    """The same study, but that what these questions ask for is zero.

    Parameters
    ----------
    study
        With a `[plan]`.
    questions
        Of that plan, each of which `has_null`. In the world arms are made alike whichever is named.
    """
    plan = plan_of(study)
    if plan.panel is None:
        return study.with_arms_alike()
    panel = plan.panel
    for one in questions:
        panel = _zero(panel, one, study)
    return with_plan(study, plan.model_copy(update={"panel": panel}))


def _zero(panel: Panel, one: Question, study: Study) -> Panel:
    """The panel in which one question finds nothing."""
    if one.about == "change_on_change" and panel.predictor is not None:
        predictor = panel.predictor.without_effect(panel.sd)
        return panel.model_copy(update={"predictor": predictor})
    weeks = study.waves.weeks[1:]
    if panel.ties is not None:
        return _without_effect_on_ties(panel, panel.ties, one, weeks)
    there, none = np.array([one.at_week in (None, week) for week in weeks]), (0.0,) * len(weeks)
    if one.about == "moderation" and panel.moderator is not None:
        first, second = one.arms
        more = panel.moderator.effect
        mine, others = (np.array(more.get(arm) or none) for arm in (first, second))
        kept = {**more, first: tuple(np.where(there, others, mine).tolist())}
        moderator = panel.moderator.model_copy(update={"effect": kept})
        return panel.model_copy(update={"moderator": moderator})
    arms, trend = study.arm_names or ("",), np.array(panel.trend or none)
    effect = {arm: np.array(panel.effect.get(arm) or none) for arm in arms}
    if one.about in COMPARES_ARMS:
        first, second = one.arms
        effect[first] = np.where(there, effect[second], effect[first])
    else:
        trend = np.where(there, 0.0, trend)
        effect |= {arm: np.where(there, 0.0, effect[arm]) for arm in one.arms or arms}
    named = {arm: tuple(added.tolist()) for arm, added in effect.items() if arm}
    return panel.model_copy(update={"effect": named, "trend": tuple(trend.tolist())})


def _without_effect_on_ties(
    panel: Panel, ties: PanelTies, one: Question, weeks: Sequence[int]
) -> Panel:
    """The panel in which as many ties are kept in both arms at the wave asked about."""
    first, second = one.arms
    none = (0.0,) * len(weeks)
    each = zip(weeks, ties.effect.get(first, none), ties.effect.get(second, none), strict=True)
    alike = tuple(others if week == one.at_week else mine for week, mine, others in each)
    empty = ties.model_copy(update={"effect": {**ties.effect, first: alike}})
    return panel.model_copy(update={"ties": empty})
