"""What absence costs, in words: a line for each case, and what those missing would have to be."""

from __future__ import annotations

import numpy as np

from analysis.attrition.dial import AttritionResult, CaseResult
from analysis.attrition.tipping import DELTAS, can_tip
from analysis.pages.render import paragraphs
from analysis.questions.asking import YES_NO, is_scale
from analysis.questions.of_study import plan_of
from analysis.trials.performance import Measured
from analysis.worlds.estimand import phrase, question_in_words, scale

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
    lines += [*_reading(result), ""]
    if result.tipping:
        lines += _tips(result)
    lines += _no_tipping_point(result)
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


def _reading(result: AttritionResult) -> list[str]:
    """What the columns are; in the world deaths and truths with errors too."""
    plan, cases = plan_of(result.study), result.cases
    facts = {
        "result": result,
        "in_world": plan.process == "world",
        "error_of_kept": max(one.kept.mcse for one in cases),
        "error_of_better": max(one.better.mcse for one in cases),
        "not_fitted": 1 - min(m["converged"].value for one in cases for m in one.measures),
        "first_is_no_scale": not is_scale(plan.question[0].outcome),
        "truths": list(zip(plan.question, result.truths, strict=True)),
        "worse_than_predicted": [
            (one.case.name, one.worse_than_predicted)
            for one in cases
            if one.case.mechanism is not None
            and set(one.case.mechanism) == {"all"}
            and one.case.odds_ratio is None
        ],
    }
    said = {"unit": scale, "percent_of_studies": lambda share: f"{share:.1%}"}
    return paragraphs("attrition/reading.md.j2", facts, said)


def _no_tipping_point(result: AttritionResult) -> list[str]:
    """Why a question has none, a line each."""
    asked = enumerate(plan_of(result.study).question, start=1)
    without = [(number, one) for number, one in asked if not can_tip(one)]
    facts = {"questions": without, "yes_no": YES_NO}
    return paragraphs(
        "attrition/no_tipping_point.md.j2", facts, {"phrase": phrase, "is_scale": is_scale}
    )


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
