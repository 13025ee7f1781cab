"""What a study may do instead of an analysis that is wrong too often."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.estimators.catalogue import analyses, analysis, answering
from analysis.planning.validity.measure import Validity
from analysis.questions.asking import family
from analysis.questions.of_study import plan_of, with_plan
from analysis.questions.question import Question
from sim.study.spec import Study

__all__ = ["instead"]


def instead(study: Study, found: Validity) -> Iterator[Study]:
    """Studies that may hold their level where this one does not, the likeliest first.

    Analyses that are wrong too often give way to others that answer the same question; where any
    of several questions may succeed, they share alpha out between them (Bonferroni).
    """
    plan = plan_of(study)
    bad = [q for q, one in enumerate(found.levels) if one.misses]
    shared = found.family is not None and found.family.worst.misses
    if shared and plan.succeeds_with == "any":
        tested = len([one for one in found.levels if one.type_i is not None])
        fair = tuple(one.model_copy(update={"alpha": one.alpha / tested}) for one in plan.question)
        plan = plan.model_copy(update={"question": fair})
    if not bad:
        if shared and plan.succeeds_with == "any":
            yield with_plan(study, plan)
        return
    for names in zip(*(_others(plan.question[q]) for q in bad), strict=False):
        questions = list(plan.question)
        for q, name in zip(bad, names, strict=True):
            questions[q] = questions[q].model_copy(update={"analysis": name})
        yield with_plan(study, plan.model_copy(update={"question": tuple(questions)}))


def _others(one: Question) -> list[str]:
    """Analyses that answer the same question, those that know of the same units first."""
    own = analysis(one.analysis)
    fits = [name for name in answering(family(one.outcome))[one.about] if name != one.analysis]
    return sorted(
        (name for name in fits if not analyses()[name].wrong),
        key=lambda name: analyses()[name].by_cluster != own.by_cluster,
    )
