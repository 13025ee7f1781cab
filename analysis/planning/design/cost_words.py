"""What a study costs, in words, which are in `cost_words.md.j2`."""

from __future__ import annotations

from functools import partial

from analysis.pages.render import lines
from analysis.planning.design.cost import Cost
from analysis.questions.of_study import plan_in
from sim.study.spec import Study

__all__ = ["bill_in_words", "cost_in_words", "money"]


def money(study: Study, amount: float) -> str:
    """An amount in the currency of the study file."""
    plan = plan_in(study)
    prices = plan.costs if plan else None
    return f"{amount:,.0f} {prices.currency if prices else ''}".rstrip()


def cost_in_words(study: Study, cost: Cost) -> list[str]:
    """What a study is expected to cost, and for what."""
    return [*_said("expected", study, cost), *bill_in_words(study, cost)]


def bill_in_words(study: Study, cost: Cost) -> list[str]:
    """The headings of a bill, a line each, and the spread of its sum."""
    return _said("bill", study, cost)


def _said(part: str, study: Study, cost: Cost) -> list[str]:
    filters = {"money": partial(money, study)}
    return lines("planning/design/cost_words.md.j2", part, {"cost": cost}, filters)
