"""Whether a plan's analyses hold their level, in words.

The words are in `validity.md.j2`.
"""

from __future__ import annotations

from analysis.pages.render import lines
from analysis.planning.assumed import assumed_cac
from analysis.planning.found import PlanResult
from analysis.planning.validity.instead import Instead
from analysis.planning.validity.level import Level
from analysis.planning.validity.measure import Validity
from analysis.questions.plan import Plan

__all__ = ["barred_in_words", "levels_in_words", "validity_for_protocol"]

TEMPLATE = "planning/validity/validity.md.j2"
USUAL = 0.8
"""Power at which caution is priced where no power is wanted."""


def barred_in_words(result: PlanResult) -> list[str]:
    """Why the number is not to be used, and what to do instead; nothing if it may be."""
    valid = result.validity
    return [] if valid is None or valid.holds else _said(result, valid, "barred")


def levels_in_words(result: PlanResult) -> list[str]:
    """What was measured, a line each."""
    valid = result.validity
    return [] if valid is None else _said(result, valid, "levels")


def validity_for_protocol(result: PlanResult) -> str:
    """The sentences of a protocol; empty where nothing was measured."""
    valid = result.validity
    return "" if valid is None else " ".join(_said(result, valid, "in_protocol"))


def _said(result: PlanResult, valid: Validity, part: str) -> list[str]:
    other, plan = result.instead, result.plan
    missing = [q for q, one in enumerate(valid.levels) if one.misses]
    answer = result.found.answer if result.found is not None else None
    facts = {
        "valid": valid,
        "plan": plan,
        "other": other,
        "number": None if answer is None else f"{answer:.0f}",
        "numbers": [q + 1 for q in missing],
        "missing": [plan.question[q].analysis for q in missing],
        "taken": "" if other is None else _taken(plan, other),
        "cac": () if other is None else assumed_cac(other.study),
        "worst_of_other": None if other is None else _worst(other.validity).wrong,
        "searched": "" if result.found is not None else "; leave --n out to have one searched for",
        "price_at": plan.chance or USUAL,
        "power": "chance of success" if plan.tests_nothing else "power",
    }
    return lines(TEMPLATE, part, facts)


def _taken(plan: Plan, other: Instead) -> str:
    """What differs: analyses by name, or alpha."""
    pairs = list(zip(plan.question, other.questions, strict=True))
    named = dict.fromkeys(new.analysis for old, new in pairs if new.analysis != old.analysis)
    said = [f'analysis = "{name}"' for name in named]
    said += [f"alpha = {new.alpha:g}" for old, new in pairs[:1] if new.alpha != old.alpha]
    return " and ".join(said)


def _worst(valid: Validity) -> Level:
    family = [valid.family.worst] if valid.family is not None else []
    return max([*valid.levels, *family], key=lambda one: one.wrong.value)
