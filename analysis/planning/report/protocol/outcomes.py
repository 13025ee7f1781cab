"""Outcomes, what is asked of them, and units, as a protocol writes them.

The words are in `outcomes.md.j2`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from analysis.estimators.catalogue import analysis
from analysis.pages.render import lines
from analysis.questions.asking import COUNTS, LOSS, MAP, YES_NO
from analysis.questions.question import Question
from analysis.questions.scales import Scale, known_scales
from analysis.worlds.estimand import UNITS, scale

__all__ = [
    "amount",
    "estimand_in_words",
    "joined_words",
    "metric",
    "number",
    "on_log_scale",
    "plain_words",
    "points",
    "scale_in_words",
    "short",
    "unit_in_words",
    "value_in_words",
]  # fmt: skip

TEMPLATE = "planning/report/protocol/outcomes.md.j2"


def number(size: float) -> str:
    """Three digits, as in 1.37 and 213."""
    return f"{size:.0f}" if abs(size) >= 100 else f"{size:.3g}"


def points(*sizes: float) -> str:
    """`1 point`, `1.37 points`, `0.7 and 1.37 points`."""
    said = [number(one) for one in sizes]
    return f"{joined_words(said)} {'point' if said == ['1'] else 'points'}"


def plain_words(name: str) -> str:
    """The name of an arm as text."""
    return name.replace("_", " ")


def joined_words(parts: Sequence[str]) -> str:
    """`a, b and c`."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def metric(one: Question, own: Scale | None = None, *, of_classes: bool = True) -> str:
    """`The outcome is ..., SWEMWBS (7 to 35 points, higher is better)`, from `the` on.

    Parameters
    ----------
    one
        The question.
    own
        The scale of its outcome, where that is none of the world's.
    of_classes
        Whether ties are of classes, as those of the world are.
    """
    return _said("metric", one, own, of_classes=of_classes)


def estimand_in_words(one: Question, own: Scale | None = None, *, article: bool = True) -> str:
    """What a question asks for, as part of a sentence; without an article, to follow one."""
    return _said("estimand", one, own, article=article)


def short(one: Question, own: Scale | None = None) -> str:
    """`SWEMWBS`, or `the number of visits ...`."""
    return _said("short", one, own)


def scale_in_words(outcome: str, scale: Scale) -> str:
    """The short name of a scale, or its id."""
    return scale.short or outcome


def _said(part: str, one: Question, own: Scale | None, **more: object) -> str:
    """One part of the template."""
    name, its = one.outcome, analysis(one.analysis)
    its_scale = own or known_scales().get(name)
    facts = {
        "asked": one,
        "arms": [plain_words(arm) for arm in one.arms],
        "summary": its.summary,
        "of_ties": name == LOSS,
        "of_time": its.rows == "ties at risk",
        "yes_no": name in YES_NO,
        "defined": {**MAP, **COUNTS, **YES_NO}.get(name),
        "scale": its_scale,
        "called": scale_in_words(name, its_scale) if its_scale else None,
    }
    (said,) = lines(TEMPLATE, part, facts | more)
    return said


def unit_in_words(one: Question, *, scaled: bool = True) -> str:
    """What a number is a number of, ready to follow it; empty of shares and logarithms.

    Parameters
    ----------
    one
        The question.
    scaled
        Of its estimate; else of its outcome.
    """
    if scaled and on_log_scale(one):
        return ""
    said = scale(one) if scaled else UNITS.get(one.outcome, "points")
    return "" if one.outcome == LOSS or said.startswith("share") else f" {said}"


def amount(one: Question, size: float) -> str:
    """`1 point`, `1.5 points a year`."""
    said = unit_in_words(one)
    one_alone = number(size) == "1"
    return number(size) + (re.sub(r"s\b", "", said, count=1) if one_alone else said)


def on_log_scale(one: Question) -> str:
    """What the exponential of an estimate is; empty where it is no logarithm."""
    return analysis(one.analysis).ratio


def value_in_words(one: Question, size: float) -> str:
    """`1.37 points`, or `1.72 (an odds ratio of 5.6)`."""
    ratio = on_log_scale(one)
    back = f" (a{'n' * ratio.startswith('o')} {ratio} of {number(math.exp(size))})" if ratio else ""
    return f"{amount(one, size)}{back}"
