"""What a study costs, in words."""

from __future__ import annotations

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
    return [
        f"Expected cost with {cost.people} people: {money(study, cost.total)} "
        f"({cost.approached:.0f} approached, {cost.interviews:.0f} interviews, "
        f"{cost.missed:.0f} missed)",
        *bill_in_words(study, cost),
    ]


def bill_in_words(study: Study, cost: Cost) -> list[str]:
    """The headings of a bill, a line each, and the spread of its sum."""
    lines = [
        f"    {one.what:<26}{one.number:>10,.1f} x {one.each:>8,.2f} = {one.total:>11,.0f}"
        for one in cost.bill
    ]
    if cost.spread is not None:
        s = cost.spread
        lines.append(
            f"    simulated: {money(study, s.mean)} (MCSE {s.mcse:,.0f}), SD {s.sd:,.0f}, nine in "
            f"ten studies {s.low:,.0f} to {s.high:,.0f} ({s.studies} studies)"
        )
    return lines
