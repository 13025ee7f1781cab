"""Outcomes, what is asked of them, and units, as a protocol writes them."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from analysis.estimators.catalogue import analysis
from analysis.questions.asking import COUNTS, LOSS, MAP, YES_NO
from analysis.questions.question import Question
from analysis.worlds.estimand import UNITS, scale
from sim.world.parameters import catalogue

__all__ = [
    "SCALES", "amount", "estimand_in_words", "joined_words", "metric", "number",
    "on_log_scale", "plain_words", "short", "unit_in_words", "value_in_words",
]  # fmt: skip

SCALES = {
    "swemwbs": ("Short Warwick-Edinburgh Mental Wellbeing Scale", "SWEMWBS", "higher"),
    "reqol10": ("Recovering Quality of Life questionnaire, 10 items", "ReQoL-10", "higher"),
    "hccq": ("Health Care Climate Questionnaire", "HCCQ", "higher"),
    "loneliness": ("three-item loneliness scale", "loneliness", "lower"),
    "symptoms": ("severity of symptoms", "symptoms", "lower"),
}
"""Name, short name, and which scores are better."""

MEANS = {
    "map_size": "number of members on the map",
    "n_kin": "number of kin on the map",
    "n_friend": "number of friends on the map",
    "n_professional": "number of professionals on the map",
    "n_object": "number of pets, places and things on the map",
    "share_professional": "professional share of the map",
    "diversity": "diversity of the map",
    "service_contacts": "number of visits kept since baseline",
    "members_added": "number of members new since the first map",
    "members_dropped": "number of members gone since the first map",
    "had_episode": "share of people in whom an acute episode began since baseline",
    "lost_a_friend": "share of people who lost a friend of their first map",
}
"""What is averaged over people, or the share itself."""
SICK = "people in whom an acute episode began after baseline"


def number(size: float) -> str:
    """Three digits, as in 1.37 and 213."""
    return f"{size:.0f}" if abs(size) >= 100 else f"{size:.3g}"


def plain_words(name: str) -> str:
    """The name of an arm as text."""
    return name.replace("_", " ")


def joined_words(parts: Sequence[str]) -> str:
    """`a, b and c`."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def metric(one: Question) -> str:
    """`The outcome is ..., SWEMWBS (7 to 35 points, higher is better)`, from `the` on."""
    name = one.outcome
    if name in SCALES:
        long, short, better = SCALES[name]
        low, high = (catalogue()[f"scale.{name}.{end}"].value for end in ("lowest", "highest"))
        return f"the {long}, {short} ({low:g} to {high:g} points, {better} is better)"
    if analysis(one.analysis).rows == "ties at risk":
        return (
            f"the time from the first map to a tie's first absence from one, up to {one.at_week} "
            "weeks, in intervals between waves. A tie that comes back counts as lost, and one is "
            "followed until the person's first missed interview"
        )
    if name == LOSS:
        return (
            f"whether a tie of the first map is gone from the map at {one.at_week} weeks. Ties are "
            "of four classes: kin (the partner among them), friends (weaker ties among them), "
            "professionals, and objects (pets, places and things)"
        )
    defined = {**MAP, **COUNTS, **YES_NO}[name]
    if name in YES_NO:
        return f"yes or no: {defined}"
    return f"the {MEANS[name]}" + (f": {defined}" if name == "diversity" else "")


def estimand_in_words(one: Question) -> str:
    """What a question asks for, as part of a sentence."""
    if one.outcome == LOSS:
        return _loss(one)
    if summary := analysis(one.analysis).summary:
        return f"{summary} {_mean(one)} {_when(one)}{_between(one)}"
    if one.about == "slope":
        return f"difference in the change a year of {short(one)}{_between(one)}"
    if one.about == "difference":
        return f"difference in {_mean_of(one)} {_when(one)}{_between(one)}"
    where = f" in {plain_words(one.arms[0])}" if len(one.arms) == 1 else ""
    if one.about == "change":
        return f"change of {short(one)} from baseline to {one.at_week} weeks{where}"
    return f"{_mean_of(one)} {_when(one)}{where}"


def _loss(one: Question) -> str:
    kinds = [f"{name} ties" for name in one.classes]
    until = f"between the first map and that at {one.at_week} weeks"
    whose = f", of {SICK}" if one.among == "episode" else ""
    what = analysis(one.analysis).summary
    if one.about == "classes":
        return f"{what} {until}, {kinds[0]} against {kinds[1]}{whose}"
    ties = kinds[0] if kinds else "all ties"
    if one.about == "difference":
        return f"{what} {until}, {ties}{whose}{_between(one)}"
    if len(kinds) == 2:
        return (
            f"interaction in the {what} {until}: how much more it differs between {SICK} and "
            f"others for {kinds[0]} than for {kinds[1]}"
        )
    return f"{what} {until}, {ties} of {SICK} against those of others"


def _between(one: Question) -> str:
    if len(one.arms) < 2:
        return ""
    return f" between {plain_words(one.arms[0])} and {plain_words(one.arms[1])}"


def _when(one: Question) -> str:
    return f"at {one.at_week} weeks" if one.at_week else "at baseline"


def short(one: Question) -> str:
    """`SWEMWBS`, or `the number of visits ...`."""
    return SCALES[one.outcome][1] if one.outcome in SCALES else f"the {MEANS[one.outcome]}"


def _mean(one: Question) -> str:
    return SCALES[one.outcome][1] if one.outcome in SCALES else MEANS[one.outcome]


def _mean_of(one: Question) -> str:
    return f"the {MEANS[one.outcome]}" if one.outcome in YES_NO else f"mean {_mean(one)}"


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
    return number(size) + (re.sub(r"s\b", "", said, count=1) if size == 1 else said)


def on_log_scale(one: Question) -> str:
    """What the exponential of an estimate is; empty where it is no logarithm."""
    return analysis(one.analysis).ratio


def value_in_words(one: Question, size: float) -> str:
    """`1.37 points`, or `1.72 (an odds ratio of 5.6)`."""
    ratio = on_log_scale(one)
    back = f" (a{'n' * ratio.startswith('o')} {ratio} of {number(math.exp(size))})" if ratio else ""
    return f"{number(size)}{unit_in_words(one)}{back}"
