"""What absence costs, in words: a line for each case, and what those missing would have to be."""

from __future__ import annotations

import numpy as np

from analysis.attrition.dial import AttritionResult, CaseResult
from analysis.attrition.tipping import DELTAS, can_tip
from analysis.planning.report.words import question_in_words
from analysis.questions.asking import LOSS, YES_NO
from analysis.questions.of_study import plan_of
from analysis.questions.question import Question
from analysis.trials.performance import Measured
from analysis.worlds.estimand import phrase, scale
from sim.study.settings import SCORES

__all__ = ["attrition_in_words"]


def attrition_in_words(result: AttritionResult) -> str:
    """The dial and the tipping points."""
    plan = plan_of(result.study)
    is_world = plan.process == "world"
    lives = ", in the same lives" if is_world else ""
    lines = [
        f"Absence at the same retention, {result.n} people (each line: {result.studies} studies of "
        f"the same people{lives})",
    ]
    wide = max(len(one.case.name) for one in result.cases)
    for number, asked in enumerate(plan.question, start=1):
        head = f"{'absence hangs on':<{wide}}  {'kept':>5}  {'seen better':>11}  {'bias':>15}  "
        head += f"{'coverage':>15}  {'significant':>15}  {'bias - MCAR':>16}  {'power - MCAR':>16}"
        lines += [f"{number}. {question_in_words(asked)}", head]
        lines += [_case_line(one, number - 1, wide) for one in result.cases]
    lines += _legend(result)
    if is_world:
        lines += _of_the_world(result)
    lines += [*_true_deltas(result), ""]
    if result.tipping:
        lines += _tips(result)
    lines += [
        f"No tipping point for question {number}: {_why_not(one)}"
        for number, one in enumerate(plan.question, start=1)
        if not can_tip(one)
    ]
    return "\n".join(lines)


def _case_line(one: CaseResult, question: int, wide: int) -> str:
    m = one.measures[question]
    line = f"{one.case.name:<{wide}}  {one.kept.value:>5.3f}  {one.better.value:>11.3f}"
    for name in ("bias", "coverage", "power"):
        line += f"  {_pair(m[name]):>15}"
    if one.cost:
        c = one.cost[question]
        line += f"  {_pair(c['bias'], '+'):>16}  {_pair(c['power'], '+'):>16}"
    return line


def _pair(one: Measured, sign: str = "") -> str:
    return f"{one.value:{sign}.3f} ({one.mcse:.4f})"


def _legend(result: AttritionResult) -> list[str]:
    kept = max(one.kept.mcse for one in result.cases)
    better = max(one.better.mcse for one in result.cases)
    fitted = min(m["converged"].value for one in result.cases for m in one.measures)
    lost = f" Fits fail in up to {1 - fitted:.1%} of the studies of a line: these count as not "
    lost += "significant, and not in bias and coverage."
    return [
        "In brackets Monte Carlo standard errors; those of differences are paired. Those of `kept` "
        f"and `seen better` are at most {kept:.4f} and {better:.4f}.",
        f"`seen better`: by how many SD of {result.scale} (SD {result.sd:.3g} at baseline) those "
        "still interviewed are better off than all.",
        "`significant`: share with p <= alpha, power; what comes of bias is no gain."
        + (lost if fitted < 1 else ""),
    ]


def _of_the_world(result: AttritionResult) -> list[str]:
    """What is otherwise in the world: deaths, truths with errors, questions about no scale."""
    first = plan_of(result.study).question[0]
    lines = ["Nobody missing but the dead, who count as not kept in every line."]
    if first.outcome not in SCORES:
        lines.append(
            f"Question 1 is about no scale; `seen better` is about {result.scale}, the study's "
            "primary one."
        )
    truths = "; ".join(
        f"{number}. {one.value:.3g} {scale(asked)} (MCSE {one.mcse:.2g}, n = {one.replicates} "
        "worlds)"
        for number, (asked, one) in enumerate(
            zip(plan_of(result.study).question, result.truths, strict=True), start=1
        )
    )
    return [
        *lines,
        f"True of everybody eligible: {truths}. The error of a truth is in that of bias, and "
        "cancels in differences from MCAR.",
    ]


def _true_deltas(result: AttritionResult) -> list[str]:
    found = [
        f"{one.case.name} {one.worse_than_predicted.value:.2f} "
        f"({one.worse_than_predicted.mcse:.3f})"
        for one in result.cases
        if one.case.mechanism is not None and set(one.case.mechanism) == {"all"}
        and one.case.odds_ratio is None
    ]  # fmt: skip
    return [
        "Those missing are worse than people seen with the same records by (SD of "
        f"{result.scale}): {', '.join(found)}."
    ]


def _tips(result: AttritionResult) -> list[str]:
    lines = [
        "If those missing are worse than that analysis takes them to be, by so many SD (delta)"
    ]
    head = f"{'':<34}" + "".join(f"{delta:>7g}" for delta in DELTAS) + "   median tipping point"
    lines.append(head)
    for one in result.tipping:
        name = f"{one.question}. significant, {one.where}"
        shares = "".join(f"{point.share:>7.3f}" for point in one.significant)
        lines.append(f"{name:<34}{shares}   {_tip(one.tips_at)}")
    most = max(point.mcse for one in result.tipping for point in one.significant)
    return [*lines, f"Shares of {result.studies} studies (MCSE at most {most:.3f})"]


def _tip(at: dict[float, float]) -> str:
    low, middle, high = at[0.25], at[0.5], at[0.75]
    if not np.isfinite(middle):
        return "none tips" if not np.isfinite(low) else "most never tip"
    upper = f"{high:.2f}" if np.isfinite(high) else "never"
    return f"{middle:.2f} (quartiles {low:.2f}, {upper})"


def _why_not(one: Question) -> str:
    if one.outcome == LOSS:
        return "a tie is lost or kept, and those missing cannot be worse by so many SD"
    if one.outcome in YES_NO:
        return "its outcome is yes or no, and those missing cannot be worse by so many SD"
    if one.outcome not in SCORES:
        return f"of {phrase(one)} neither more nor less is worse"
    if one.about == "slope":
        return "it is about a slope, and delta is about one wave"
    return "its success is not significance"
