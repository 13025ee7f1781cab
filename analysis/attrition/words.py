"""What absence costs, in words: a line for each case, and what those missing would have to be.

The words are in `words.md.j2`.
"""

from __future__ import annotations

from collections.abc import Sequence

from analysis.attrition.cases import REFERENCE
from analysis.attrition.dial import AttritionResult, CaseResult
from analysis.attrition.tipping import DELTAS, can_tip
from analysis.pages.blocks import Section, section_of
from analysis.pages.references import References
from analysis.pages.render import Filters, lines, text
from analysis.questions.asking import YES_NO, is_scale
from analysis.questions.of_study import plan_of
from analysis.worlds.estimand import phrase, question_in_words, scale

__all__ = ["attrition_answer", "attrition_in_words", "attrition_section"]

SURE = 3.0
"""MCSEs beyond which estimates are said to move."""

FILTERS: Filters = {
    "is_scale": is_scale,
    "phrase": phrase,
    "question": question_in_words,
    "shift": lambda gap: f"{gap:+.2g}",
    "signed": lambda gap: f"{gap:+.3f}",
    "unit": scale,
}


def attrition_in_words(result: AttritionResult) -> str:
    """What it does, in a sentence or two; the dial and the tipping points."""
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
    return "\n".join([attrition_answer(result), "", *dial, *reading, "", *tipping, *without])


def attrition_answer(result: AttritionResult) -> str:
    """What it does to the primary question if those worse off stay away, and where it does most."""
    return " ".join(lines("attrition/words.md.j2", "answer", _answer_facts(result), FILTERS))


def attrition_section(result: AttritionResult, _: References) -> Section:
    """The section of a protocol: the sentence, and a table of the cases of each question."""
    facts = {**_answer_facts(result), "answer": attrition_answer(result)}
    return section_of(text("attrition/section.md.j2", facts, FILTERS))


def _answer_facts(result: AttritionResult) -> dict[str, object]:
    by_name = {one.case.name: one for one in result.cases}
    arms = result.study.arm_names or ("all",)
    odds = [float(result.study.participation.of("odds_ratio", arm)) for arm in arms]
    tips = [one for one in result.tipping if one.question == 1]
    alike = by_name["MNAR-outcome"]
    return {
        "result": result,
        "plan": plan_of(result.study),
        "alike": alike,
        "furthest": _furthest(result.cases, alike),
        "chance": by_name[REFERENCE],
        "odds": " and ".join(f"{one:g}" for one in dict.fromkeys(odds)),
        "tip": min(tips, key=lambda one: one.tips_at[0.5], default=None),
    }


def _furthest(cases: Sequence[CaseResult], said: CaseResult) -> CaseResult | None:
    """Where estimates of the first question surely move most, if further than in the one said."""

    def moved(one: CaseResult) -> float:
        return abs(one.cost[0]["bias"].value)

    surely = [
        one
        for one in cases
        if one.cost
        and one.case.mechanism is not None
        and moved(one) > max(SURE * one.cost[0]["bias"].mcse, moved(said))
    ]
    return max(surely, key=moved, default=None)


def _worse_than_predicted(result: AttritionResult) -> list[tuple[str, object]]:
    """Of the cases in which absence hangs on one thing in all arms, as strongly as in the file."""
    return [
        (one.case.name, one.worse_than_predicted)
        for one in result.cases
        if one.case.mechanism is not None
        and set(one.case.mechanism) == {"all"}
        and one.case.odds_ratio is None
    ]
