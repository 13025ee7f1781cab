"""A plan in words: what was asked, the number, how sure it is, and a table of the curve."""

from __future__ import annotations

import numpy as np

from analysis.planning.band.words import band_in_sentences, band_in_words
from analysis.planning.curve import CurvePoint
from analysis.planning.design.cost_words import cost_in_words
from analysis.planning.found import PlanResult
from analysis.planning.search.search import Found
from analysis.questions.plan import Plan
from analysis.trials.performance import Measured
from analysis.trials.success import Confirmed
from analysis.worlds.estimand import estimand, question_in_words, scale

__all__ = ["answer_in_words", "result_in_words"]

SHOWN = (
    ("bias", "bias"), ("empirical_se", "SE, empirical"), ("model_se", "SE, of the model"),
    ("coverage", "coverage of the interval"), ("power", "significant"),
    ("type_s", "type S, wrong sign if significant"),
    ("type_m", "type M, exaggeration if significant"),
    ("width", "width of the interval"), ("converged", "fits that converged"),
)  # fmt: skip

OF_TESTS = ("power", "type_s", "type_m")
"""Measures that say nothing of a question whose success is not significance."""


def result_in_words(result: PlanResult) -> str:
    """The whole plan."""
    plan = result.plan
    parts = [result.study.title, *_asked(plan, result), ""]
    if result.found is not None:
        parts += [*_answer(result, result.found), ""]
    if result.detectable is not None:
        parts += [*_detected(result), ""]
    parts += _table(result)
    point = result.at(result.found.answer) if result.found else None
    point = point or (result.curve[0] if len(result.curve) == 1 else None)
    if point is not None:
        parts += ["", *_performance(result, point)]
    if result.band is not None:
        parts += ["", *band_in_words(result.band, _of_interest(result))]
    if result.cost is not None:
        parts += ["", *cost_in_words(result.study, result.cost)]
    for form in result.beside:
        if form is not None and form.caveat:
            parts += ["", f"Closed form {form.caveat}."]
    notes = [*result.notes, *(result.found.notes if result.found else ())]
    if notes:
        parts += ["", *(f"Note: {one}." for one in notes)]
    return "\n".join([*parts, "", "Simulated people: this plans a study and is no evidence."])


def _of_interest(result: PlanResult) -> list[int]:
    """Sizes given; or the answer, or the largest there is, and the study file's own."""
    sizes = [one.n for one in result.curve]
    if result.found is None:
        return sizes
    wanted = {int(result.found.answer or sizes[-1]), result.study.recruitment.n}
    return [n for n in sizes if n in wanted]


def answer_in_words(result: PlanResult) -> list[str]:
    """The number of people, and the smallest effect if one was searched for, a line each."""
    found = _answer(result, result.found) if result.found is not None else []
    band = band_in_sentences(result.band, _of_interest(result)) if result.band else []
    said = [*_asked(result.plan, result), *found, *_detected(result), *band]
    return [one.strip() for one in said]


def _power(plan: Plan) -> str:
    return "chance of success" if plan.tests_nothing else "power"


def _asked(plan: Plan, result: PlanResult) -> list[str]:
    if plan.type_m is not None:
        wanted = (
            f"Wanted: significant results exaggerate by a factor of {plan.type_m:g} at most, "
            f"which is a power of {result.target:.3f}"
        )
    elif len(plan.question) == 1:
        wanted = f"Wanted: {_power(plan)} {result.target:.2f}"
    else:
        wanted = f"Wanted: {result.target:.2f} chance that {plan.succeeds_with} succeed"
    lines = [f"{wanted} ({plan.process} process, seed {result.seed})"]
    for number, (one, truth) in enumerate(zip(plan.question, result.truths, strict=True), start=1):
        if plan.panel is None:
            error = result.truth_errors[number - 1]
            said = f"truth {truth:.3g} (MCSE {error:.2g}), {scale(one)}"
            lines += [f"  {number}. {question_in_words(one)}; {said}", f"     {estimand(one)}"]
            continue
        d = f", {truth / plan.panel.sd:.2f} SD" if one.about in ("difference", "change") else ""
        unit = "points a year" if one.about == "slope" else "points"
        lines.append(f"  {number}. {question_in_words(one)}; truth {truth:.3g} {unit}{d}")
    return lines


def _answer(result: PlanResult, found: Found) -> list[str]:
    plan = result.plan
    sims = f"{found.sims} simulated studies"
    if found.answer is None:
        lines = [
            f"N >= {plan.people_at_most}: the target is out of reach with the "
            f"{plan.people_at_most} people there are ({sims})",
        ]
        if found.confirmed is not None:
            said = f"  {_power(plan)} cannot exceed {_share(found.confirmed)} with all of them"
            lines.append(said)
        return lines + _own(result)
    n = f"{found.answer:.0f}"
    if found.edge == "<=":
        lines = [f"N <= {n} people: the smallest size allowed is already enough ({sims})"]
    else:
        high = f"{found.high:.0f}" if np.isfinite(found.high) else f"over {plan.people_at_most}"
        interval = f"95 % Monte Carlo interval {max(found.low, 0):.0f} to {high}"
        lines = [f"N = {n} people ({interval}; {sims}, {found.method})"]
    if found.confirmed is not None:
        lines.append(f"  fresh run at {n}: {_power(plan)} {_share(found.confirmed)}")
    lines.append(
        f"  ceiling: {_power(plan)} {_share(found.ceiling)} with the {plan.people_at_most} people "
        "there are"
    )
    for number, form in enumerate(result.beside, start=1):
        if form is not None:
            which = f" of question {number}" if len(result.beside) > 1 else ""
            said = f">{plan.people_at_most}" if form.n is None else f"{form.n}"
            lines.append(f"  closed form{which}: N = {said} ({form.source})")
    lines += _own(result)
    return lines


def _own(result: PlanResult) -> list[str]:
    """How the size in the study file does; whether it is enough, where the interval tells."""
    own = result.at(result.study.recruitment.n)
    if own is None:
        return []
    verdict = ""
    if own.success.high < result.target:
        verdict = "; it is not enough"
    elif own.success.low >= result.target:
        verdict = "; it is enough"
    said = f"{_power(result.plan)} {_share(own.success)}"
    return [f"  with the study file's n = {own.n}: {said}{verdict}"]


def _detected(result: PlanResult) -> list[str]:
    one = result.detectable
    if one is None:
        return []
    found = one.found
    if found.answer is None:
        return [f"With {one.n} people no effect up to {found.points.x.max():g} times this is found"]
    lines = [
        f"Smallest detectable effect with {one.n} people: {found.answer:.3g} times that of the "
        f"study file (95 % Monte Carlo interval {found.low:.3g} to {found.high:.3g}; "
        f"{found.sims} simulated studies)"
    ]
    lines += [f"  question {k}: {truth:.3g} points" for k, truth in enumerate(one.truths, start=1)]
    if found.confirmed is not None:
        lines.append(f"  fresh run there: {_power(result.plan)} {_share(found.confirmed)}")
    return lines


def _share(one: Confirmed) -> str:
    return (
        f"{one.share:.3f} (MCSE {one.mcse:.3f}, 95 % {one.low:.3f} to {one.high:.3f}, n = {one.n})"
    )


def _table(result: PlanResult) -> list[str]:
    forms = [i for i, one in enumerate(result.beside) if one is not None]
    head = f"{'people':>8}  {_power(result.plan):>17}  {'MCSE':>6}  {'95 % interval':>15}  "
    head += f"{'failed fits':>24}" + "".join(f"  closed form {i + 1}" for i in forms)
    lines = [head]
    for one in result.curve:
        s = one.success
        failed = "0"
        if one.failed:
            failed = f"{one.failed} ({s.share:.3f} to {one.if_failed_succeed:.3f})"
        line = f"{one.n:>8}  {s.share:>17.3f}  {s.mcse:>6.4f}  {s.low:>6.3f} to {s.high:.3f}  "
        line += f"{failed:>24}" + "".join(f"  {_number(one.closed[i]):>13}" for i in forms)
        lines.append(line.rstrip())
    return [
        *lines,
        f"Each line: {result.curve[0].success.n} simulated studies, shared by all lines",
    ]


def _performance(result: PlanResult, point: CurvePoint) -> list[str]:
    lines = []
    for number, measures in enumerate(point.measures, start=1):
        tests = result.plan.question[number - 1].success == "significant"
        shown = [one for one in SHOWN if tests or one[0] not in OF_TESTS]
        lines.append(f"Question {number} with {point.n} people (MCSE; studies)")
        lines += [f"  {words:<36}{_measured(measures[name])}" for name, words in shown]
    return lines


def _measured(one: Measured) -> str:
    return f"{_number(one.value):>9}  ({_number(one.mcse)}; {one.n})"


def _number(value: float | None) -> str:
    return "" if value is None or not np.isfinite(value) else f"{value:.4f}"
