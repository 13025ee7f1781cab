"""The parts of a plan in words: the cheapest design, how people are found.

The words are in `part_words.md.j2`.
"""

from __future__ import annotations

from functools import partial

from analysis.pages.blocks import Section
from analysis.pages.references import References
from analysis.pages.render import Filters, lines
from analysis.planning.design.cheapest import CheapestResult, Point
from analysis.planning.design.cost_words import bill_in_words, money
from analysis.planning.design.pareto import FRONT
from analysis.planning.design.recruiting import Recruited
from analysis.questions.of_study import plan_of
from analysis.worlds.estimand import question_in_words
from sim.study.spec import Study

__all__ = [
    "cheapest_in_words", "recruitment_answer", "recruitment_in_words", "recruitment_section",
]  # fmt: skip

TEMPLATE = "planning/design/part_words.md.j2"

RUNGS = (0.5, 0.7, 0.8, 0.85, 0.9, 0.95)
"""Power at which the cheapest simulated design is named."""


def cheapest_in_words(result: CheapestResult) -> str:
    """The cheapest design, how sure that is, what it costs, and what more power costs."""
    said = partial(_said_of, result)
    assumed = said("incentives")
    return "\n".join(
        [
            result.study.title, "", *said("best"),
            "", *said("asked"), "", *said("contenders"), "", *said("rungs"),
            *(["", *assumed] if assumed else []), "", *said("last"),
        ]
    )  # fmt: skip


def _said_of(result: CheapestResult, part: str) -> list[str]:
    study = result.study
    return _said(
        part,
        study,
        result=result,
        plan=plan_of(study),
        bill=[] if result.cost is None else bill_in_words(study, result.cost),
        widest=max(len(one.variant.words) for one in result.contenders),
        reached=_rungs(result),
    )


def _said(part: str, study: Study, **facts: object) -> list[str]:
    """The lines of one part of the template."""
    filters: Filters = {
        "money": partial(money, study),
        "question": question_in_words,
        "signed": lambda amount: f"{amount:+,.0f}",
    }
    return lines(TEMPLATE, part, {"study": study, **facts}, filters)


def _rungs(result: CheapestResult) -> list[Point]:
    """The cheapest simulated design of at least each power."""
    front = [one for one in result.points if one.standing == FRONT]
    shown: list[Point] = []
    for rung in RUNGS:
        found = next((one for one in front if one.success.share >= rung), None)
        if found is not None and found not in shown:
            shown.append(found)
    return shown


def recruitment_in_words(study: Study, result: Recruited) -> str:
    """How long, how many to approach, and whether there is time."""
    told = _recruiting("recruitment", study, result)
    return "\n".join([recruitment_answer(study, result), "", *told]) if told else ""


def recruitment_answer(study: Study, result: Recruited) -> str:
    """How long, how many to approach, and whether there is time, in one sentence."""
    return " ".join(_recruiting("recruitment_answer", study, result))


def recruitment_section(study: Study, result: Recruited, _: References) -> Section:
    """The section of a protocol."""
    return Section("Recruitment", recruitment_answer(study, result))


def _recruiting(part: str, study: Study, result: Recruited) -> list[str]:
    rules = plan_of(study).recruiting
    if rules is None:
        return []
    error = result.mcse[rules.weeks - 1]
    return _said(part, study, rules=rules, result=result, error=error)
