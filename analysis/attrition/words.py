"""What absence costs, in words: a line for each case, and what those missing would have to be.

The words are in `words.md.j2`.
"""

from __future__ import annotations

from analysis.attrition.dial import AttritionResult
from analysis.attrition.tipping import DELTAS, can_tip
from analysis.pages.render import Filters, lines
from analysis.questions.asking import YES_NO, is_scale
from analysis.questions.of_study import plan_of
from analysis.worlds.estimand import phrase, question_in_words, scale

__all__ = ["attrition_in_words"]

FILTERS: Filters = {
    "is_scale": is_scale,
    "phrase": phrase,
    "question": question_in_words,
    "signed": lambda gap: f"{gap:+.3f}",
    "unit": scale,
}


def attrition_in_words(result: AttritionResult) -> str:
    """The dial and the tipping points."""
    plan, cases = plan_of(result.study), result.cases
    facts = {
        "result": result,
        "plan": plan,
        "widest": max(len(one.case.name) for one in cases),
        "error_of_kept": max(one.kept.mcse for one in cases),
        "error_of_better": max(one.better.mcse for one in cases),
        "not_fitted": 1 - min(m["converged"].value for one in cases for m in one.measures),
        "first_is_no_scale": not is_scale(plan.question[0].outcome),
        "truths": list(zip(plan.question, result.truths, strict=True)),
        "worse_than_predicted": _worse_than_predicted(result),
        "deltas": DELTAS,
        "error_of_shares": max(
            (point.mcse for one in result.tipping for point in one.significant), default=0
        ),
        "without": [(k, one) for k, one in enumerate(plan.question, start=1) if not can_tip(one)],
        "yes_no": YES_NO,
    }
    dial, reading, tipping, without = (
        lines("attrition/words.md.j2", part, facts, FILTERS)
        for part in ("dial", "reading", "tipping", "no_tipping_point")
    )
    return "\n".join([*dial, *reading, "", *tipping, *without])


def _worse_than_predicted(result: AttritionResult) -> list[tuple[str, object]]:
    """Of the cases in which absence hangs on one thing in all arms, as strongly as in the file."""
    return [
        (one.case.name, one.worse_than_predicted)
        for one in result.cases
        if one.case.mechanism is not None
        and set(one.case.mechanism) == {"all"}
        and one.case.odds_ratio is None
    ]
