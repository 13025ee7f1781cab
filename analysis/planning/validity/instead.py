"""What a study may do instead of an analysis that is wrong too often."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from analysis.estimators.catalogue import analyses, answering, holding
from analysis.estimators.contract import Fits
from analysis.estimators.record import Circumstance
from analysis.planning.search.found import Found
from analysis.planning.validity.level import Level, level_of
from analysis.planning.validity.measure import Checks, Validity
from analysis.questions.asking import family
from analysis.questions.of_study import plan_of, with_plan
from analysis.questions.plan import Plan
from analysis.questions.question import Question
from analysis.questions.ties import analyses_of_panel_ties
from sim.errors import InputError
from sim.study.spec import Study

__all__ = ["Instead", "alternatives", "instead"]

GLANCE = 1_000
"""Studies that show whether an alternative is worth a search; at its own size all are run."""


@dataclass(frozen=True)
class Instead:
    """A plan that holds its level where the one asked for does not.

    Attributes
    ----------
    study : Study
        With other analyses, or with alpha shared out.
    found : Found
        How many people it takes.
    validity : Validity
        There.
    """

    study: Study
    found: Found
    validity: Validity

    @property
    def questions(self) -> tuple[Question, ...]:
        """As they would be asked."""
        return plan_of(self.study).question


def instead(
    study: Study,
    found: Validity,
    checks: Checks,
    truths: Sequence[float],
    answer: Callable[[Study], Found],
    planned: Callable[[Study, int], Sequence[Fits] | None] | None = None,
) -> Instead | None:
    """The first alternative that holds its level at the number of people it takes; None if none.

    Parameters
    ----------
    study
        Whose plan does not hold.
    found
        How it does not.
    checks
        That found it.
    truths
        What each question asks for.
    answer
        Finds the number of people of a study.
    planned
        Has estimates of a study as planned at a size, or none; simulated then.
    """
    for other in alternatives(study, found):
        if plan_of(other).panel is not None:  # another analysis may be on another scale
            process = checks.trial(other).process
            truths = [process.truth(one) for one in plan_of(other).question]
        try:
            if any(one.misses for one in _levels(other, found, checks, truths)):
                continue
            number = answer(other)
        except InputError:  # an analysis that this design has no room for
            continue
        if number.answer is None:
            continue
        n = int(number.answer)
        there = checks.validity(other, n, truths, planned and planned(other, n))
        if there.holds:
            return Instead(other, number, there)
    return None


def alternatives(study: Study, found: Validity) -> Iterator[Study]:
    """Studies that may hold their level where this one does not, the likeliest first.

    Analyses that are wrong too often give way to others that answer the same question; where any
    of several questions may succeed, they share alpha out between them (Bonferroni).
    """
    plan = plan_of(study)
    bad = [q for q, one in enumerate(found.levels) if one.misses]
    claims = found.family is not None and found.family.worst.misses
    if claims and plan.succeeds_with == "any":
        plan = _shared_out(plan, found)
        if not bad:
            yield with_plan(study, plan)
    others = [_others(plan, plan.question[q], found.n) for q in bad]
    for names in zip(*others, strict=False):
        questions = list(plan.question)
        for q, name in zip(bad, names, strict=True):
            questions[q] = questions[q].model_copy(update={"analysis": name})
        yield with_plan(study, plan.model_copy(update={"question": tuple(questions)}))


def _levels(
    study: Study, found: Validity, checks: Checks, truths: Sequence[float]
) -> tuple[Level, ...]:
    """Levels of an alternative with the people of the plan that does not hold, at a glance."""
    null = checks.null(study, found.n, min(GLANCE, checks.studies))
    return tuple(
        level_of(None if old.type_i is None else fits, fits, truth, one.alpha)
        for old, fits, truth, one in zip(
            found.levels, null, truths, plan_of(study).question, strict=True
        )
    )


def _shared_out(plan: Plan, found: Validity) -> Plan:
    tested = sum(one.type_i is not None for one in found.levels)
    fair = tuple(one.model_copy(update={"alpha": one.alpha / tested}) for one in plan.question)
    return plan.model_copy(update={"question": fair})


def _others(plan: Plan, one: Question, people: int) -> list[str]:
    """Analyses that answer the same question, those that claim to hold here first."""
    kind = family(one.outcome)
    there = () if plan.panel is None else plan.panel.there
    claim = list(holding(kind, one.about, _circumstances(plan, one), people, there))
    fits = [name for name in answering(kind, there)[one.about] if not analyses()[name].wrong]
    rows = analyses()[one.analysis].rows
    claim.sort(key=lambda name: analyses()[name].rows != rows)  # nearest to what was asked for
    known = dict.fromkeys([*claim, *fits])
    if plan.panel is not None and plan.panel.ties is not None:
        known = dict.fromkeys(name for name in known if name in analyses_of_panel_ties(one.about))
    return [name for name in known if name != one.analysis]


def _circumstances(plan: Plan, one: Question) -> tuple[Circumstance, ...]:
    """What the study is like beside what the simplest model says of it."""
    found: list[Circumstance] = []
    panel = plan.panel
    if panel is not None and (panel.slope_sd > 0 or not panel.is_classical):
        found.append("own pace")
    if panel is not None and panel.therapists is not None:
        return (*found, "therapists")
    grouped = [arm for arm, each in (panel.clusters if panel else {}).items() if each.icc > 0]
    if grouped:
        found.append(
            "groups in one arm" if 0 < len(set(one.arms) & set(grouped)) < 2 else "clusters"
        )
    if panel is None and family(one.outcome) == "count":
        found.append("other counts")
    return tuple(found)
