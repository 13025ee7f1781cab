"""The parts of a plan in words: the cheapest design, how people are found."""

from __future__ import annotations

import numpy as np

from analysis.planning.design.cheapest import CheapestResult, Contender
from analysis.planning.design.cost_words import bill_in_words, money
from analysis.planning.design.pareto import FRONT
from analysis.planning.design.recruiting import Recruited
from analysis.questions.of_study import plan_of
from analysis.trials.success import Confirmed
from analysis.worlds.estimand import question_in_words
from sim.study.spec import Study

__all__ = ["cheapest_in_words", "recruitment_in_words"]

RUNGS = (0.5, 0.7, 0.8, 0.85, 0.9, 0.95)
"""Power at which the cheapest simulated design is named."""


def _share(one: Confirmed) -> str:
    return f"{one.share:.3f} (MCSE {one.mcse:.3f}, n = {one.n})"


def cheapest_in_words(result: CheapestResult) -> str:
    """The cheapest design, how sure that is, what it costs, and what more power costs."""
    plan = plan_of(result.study)
    parts = [result.study.title, f"Wanted: {result.target:.2f} (seed {result.seed})"]
    parts += [f"  {k}. {question_in_words(one)}" for k, one in enumerate(plan.question, start=1)]
    parts += ["", *_best(result), "", *_contenders(result), "", *_rungs(result)]
    curve = plan.incentive_curve
    if curve is not None and plan.choices is not None and plan.choices.incentive is not None:
        parts += [
            "",
            f"Assumed of incentives: the odds of being lost fall by {curve.most_fewer:.0%} at "
            f"best, by half of that with {curve.half_at:g}; on what absence hangs does not change.",
        ]
    return "\n".join([*parts, "", "Simulated people: this plans a study and is no evidence."])


def _best(result: CheapestResult) -> list[str]:
    best = result.best
    if best is None or best.cost is None:
        most = plan_of(result.study).people_at_most
        return [f"No design reaches the target with the {most} people there are"]
    study = result.study
    lines = [
        f"Cheapest: {best.variant.words}, with N = {best.n} (95 % Monte Carlo interval "
        f"{best.low:.0f} to {best.high:.0f}), for {money(study, best.cost.total)}"
    ]
    if result.confirmed is not None:
        lines.append(f"  fresh run: {_share(result.confirmed)}")
    if result.cost is not None:
        lines += bill_in_words(study, result.cost)
    lines.append(
        f"  how sure: the cheapest of {len(result.contenders)} settings in "
        f"{best.cheapest_in:.0%} of 1,000 resamples of {best.studies} studies"
    )
    ties = result.ties
    if ties:
        lines.append("  not to be told from it: " + "; ".join(_tie(study, one) for one in ties))
    else:
        lines.append("  all others surely cost more (95 % paired Monte Carlo intervals)")
    usual = result.usual
    if usual is not None and usual.cost is not None and usual is not best:
        more = money(study, usual.cost.total - best.cost.total)
        lines.append(
            f"  the study file's own ({usual.variant.words}): N = {usual.n} for "
            f"{money(study, usual.cost.total)}, {more} more"
        )
    return lines


def _tie(study: Study, one: Contender) -> str:
    gap, low, high = one.dearer
    return (
        f"{one.variant.words} with N = {one.n} (costs {gap:+,.0f}, {low:+,.0f} to "
        f"{money(study, high)})"
    )


def _contenders(result: CheapestResult) -> list[str]:
    wide = max(len(one.variant.words) for one in result.contenders)
    lines = [
        f"{'setting':<{wide}}  {'N':>5}  {'95 % interval':>14}  {'cost':>11}  {'cheapest in':>11}  "
        f"{'studies':>7}"
    ]
    for one in result.contenders:
        n = "none" if one.n is None else str(one.n)
        low = f"{min(one.low, 1e6):.0f}"
        high = f"{one.high:.0f}" if np.isfinite(one.high) else "?"
        cost = "" if one.cost is None else f"{one.cost.total:,.0f}"
        mark = " tie" if one.is_tie else ""
        between = f"{low} to {high}"
        lines.append(
            f"{one.variant.words:<{wide}}  {n:>5}  {between:>14}  {cost:>11}  "
            f"{one.cheapest_in:>11.3f}  {one.studies:>7}{mark}"
        )
    return [*lines, "Settings with fewer studies were left as soon as they surely cost more"]


def _rungs(result: CheapestResult) -> list[str]:
    """The cheapest simulated design of at least each power."""
    lines = [f"{'power':>6}  {'MCSE':>6}  {'people':>6}  {'cost':>11}  setting"]
    front = [one for one in result.points if one.standing == FRONT]
    shown = []
    for rung in RUNGS:
        found = next((one for one in front if one.success.share >= rung), None)
        if found is not None and found not in shown:
            shown.append(found)
    for one in shown:
        s = one.success
        lines.append(
            f"{s.share:>6.3f}  {s.mcse:>6.4f}  {one.n:>6}  {one.cost.total:>11,.0f}  "
            f"{one.variant.words}"
        )
    if not shown:
        return []
    studies = shown[0].success.n
    return ["What power costs: designs that none beats in both", *lines,
            f"Each line: {studies} simulated studies, shared by all"]  # fmt: skip


def recruitment_in_words(study: Study, result: Recruited) -> str:
    """How long, how many to approach, and whether there is time."""
    rules = plan_of(study).recruiting
    if rules is None:
        return ""
    weeks, asked = result.weeks_needed, result.approached
    error = result.mcse[rules.weeks - 1]
    said = f", MCSE {error:.3f}" if error > 0 else ", exact"
    known = f", known from {rules.consent_from} people" if rules.consent_from else ""
    middle, low, high = (_weeks(weeks[q]) for q in (0.5, 0.05, 0.95))
    return "\n".join(
        [
            f"Recruiting {result.n} people at {rules.sites} sites, {rules.approached_a_week:g} "
            "approached a week at each",
            f"  of whom {result.share:.3f} enrol: interested {study.recruitment.interest:.3g}, "
            f"consenting {rules.consent:.3f}{known}",
            f"  to approach: {asked[0.5]} (90 % of studies {asked[0.05]} to {asked[0.95]})",
            f"  weeks: {middle} (90 % of studies {low} to {high})",
            f"  chance of {result.n} within {rules.weeks} weeks: {result.in_time:.3f}{said}",
            f"  people found within {rules.weeks} weeks with a chance of .8: "
            f"{result.enough_in_time}",
        ]
    )


def _weeks(value: float) -> str:
    return f"{value:.0f}" if np.isfinite(value) else "over 1040"
