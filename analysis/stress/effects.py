"""Effects that a user plants, in a few words, and what they make of what a study file says.

``swemwbs 0.35 SD at 52``: what one arm scores. ``loss friend -0.5 log odds at 52``: how its ties
end. Two arms may follow (``more - usual``), the first of which has the effect; else it is the last
arm, against the first. A score grows to it in a straight line from baseline, or has it in full from
the first wave after baseline on (``step``).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from math import exp, log
from typing import Any, NamedTuple, NoReturn, TypeAlias, get_args

from analysis.questions.asking import TieClassName
from sim.errors import InputError, meant_or_known, nearest
from sim.study.settings import SCORES
from sim.world.kinds import TIE_CLASSES, Group
from sim.world.parameters import catalogue
from sim.world.scenario import Scenario

__all__ = ["Effect", "LossEffect", "ScoreEffect", "effect_of", "loss_overlay", "without_effects"]

COURSES = ("linear", "step")
EXAMPLE = '"swemwbs 0.35 SD at 52" or "loss friend -0.5 log odds at 52"'
NUMBER = r"(?P<size>[+-]?(?:\d+\.?\d*|\.\d+))"
WHEN = r"\s+at\s+(?P<week>\d+)(?P<rest>.*)"
OF_SCORE = re.compile(rf"(?P<what>\S+)\s+{NUMBER}\s*SD{WHEN}", re.IGNORECASE)
OF_LOSS = re.compile(rf"loss\s+(?P<what>\S+)\s+{NUMBER}\s+log\s+odds{WHEN}", re.IGNORECASE)
RATES = ("end_rate", "dormancy_rate")
"""Hazards that a tie ends, and that it falls out of touch: either takes it off the map."""
BY_STAFF = "professional"
AFTER_BASELINE = 1
"""The first week of which the baseline interview, at the end of week 0, sees nothing."""

Said: TypeAlias = dict[str, Any]


class ScoreEffect(NamedTuple):
    """What an arm scores beside what it would.

    Attributes
    ----------
    said : str
        As the user said it.
    arms : tuple of str
        The one that has the effect, and the one beside which it is seen.
    scale : str
    size : float
        Difference of means at the week, in SD of observed scores there without it.
    week : int
    course : {"linear", "step"}
    """

    said: str
    arms: tuple[str, str]
    scale: str
    size: float
    week: int
    course: str

    def share_at(self, week: int) -> float:
        """Of the whole effect, the share there is in a week of the study."""
        if week == 0:
            return 0.0
        return 1.0 if self.course == "step" else min(week / self.week, 1.0)


class LossEffect(NamedTuple):
    """How much likelier ties of an arm's people end.

    Attributes
    ----------
    said, arms
        As of `ScoreEffect`.
    tie_class : str
    log_odds : float
        Of a tie's ending or falling out of touch in a week, from baseline on.
    week : int
        Until which it lasts.
    """

    said: str
    arms: tuple[str, str]
    tie_class: str
    log_odds: float
    week: int


Effect: TypeAlias = ScoreEffect | LossEffect


def effect_of(said: str, arms: Sequence[str], weeks: Sequence[int]) -> Effect:
    """The effect that a user means.

    Parameters
    ----------
    said
        By the user.
    arms, weeks
        Of the study: names, and weeks of its waves, the first of which is baseline.

    Raises
    ------
    sim.errors.InputError
        If the words have no meaning, or none in this study.
    """
    of_loss, of_score = OF_LOSS.fullmatch(said.strip()), OF_SCORE.fullmatch(said.strip())
    found = of_loss or of_score
    if found is None:
        _refuse(said, f"is no effect; such as {EXAMPLE}")
    if len(arms) < 2:
        _refuse(said, "the study has no arms, so nobody is beside whom it is seen; give it [arms]")
    week = _week(weeks, said, int(found["week"]))
    course, both = _rest(arms, said, found["rest"].split())
    what, size = found["what"], float(found["size"])
    if of_loss is None:
        _check_known(said, "scale", what, SCORES)
        return ScoreEffect(said.strip(), both, what, size, week, course or COURSES[0])
    _check_known(said, "class of ties", what, get_args(TieClassName))
    if what == BY_STAFF:
        _refuse(
            said, "ties with staff end as staff leave and cases are closed, which is not for "
            "people of one arm; plant it in the arm's scenario (docs/scenarios.md)"
        )  # fmt: skip
    if course:
        _refuse(said, f'"{course}" is of scores; the odds of loss are shifted from baseline on')
    return LossEffect(said.strip(), both, what, size, week)


def _refuse(said: str, why: str) -> NoReturn:
    raise InputError(f'"{said.strip()}": {why}')


def _check_known(said: str, what: str, word: str, known: Collection[str]) -> None:
    if word not in known:
        hint = meant_or_known(word, known)
        _refuse(said, f'there is no {what} "{word}"{hint}')


def _week(weeks: Sequence[int], said: str, week: int) -> int:
    later = weeks[1:]
    if week not in later:
        there = ", ".join(map(str, later)) or "none"
        _refuse(said, f"the study has no wave after baseline at week {week}; it has {there}")
    return week


def _rest(arms: Sequence[str], said: str, words: list[str]) -> tuple[str, tuple[str, str]]:
    """The course, "" where none is named, and the two arms."""
    course = words.pop(0) if words and words[0] in COURSES else ""
    if not words:
        return course, (arms[-1], arms[0])
    if len(words) != 3 or words[1] != "-":
        hint = nearest(words[0], COURSES) if len(words) == 1 else ""
        _refuse(said, f'"{" ".join(words)}" is neither "step" nor two arms, as in '
                f'"{arms[-1]} - {arms[0]}"{hint}')  # fmt: skip
    for arm in (words[0], words[2]):
        _check_known(said, "arm", arm, arms)
    if words[0] == words[2]:
        _refuse(said, f'"{words[0]}" is both arms; name two')
    return course, (words[0], words[2])


def without_effects(said: Said) -> None:
    """Take from what a study file says all that its arms do."""
    said["arms"].pop("scenario", None)
    said["arms"].pop("planted", None)


def loss_overlay(world: Scenario, effect: LossEffect) -> Said | None:
    """The scenario of the arm that has an effect on ties; None where the effect is nothing.

    Parameters
    ----------
    world : Scenario
        In which all arms live.

    Raises
    ------
    sim.errors.InputError
        If it takes a hazard out of the bounds that the world has for it.
    """
    if effect.log_odds == 0:
        return None
    known, factor = catalogue(), exp(effect.log_odds)
    tie_class = TIE_CLASSES.index(effect.tie_class)
    shocks = []
    for group in (one.name.lower() for one in Group if one.tie_class == tie_class):
        for rate in RATES:
            entry = known[f"tie.{group}.{rate}"]
            usual = world.parameters.get(entry.path, entry.value)
            if usual * factor > entry.high:
                most = log(entry.high / usual)
                _refuse(
                    effect.said, f"{entry.path} would be {usual * factor:.3g}, and the world has "
                    f"it up to {entry.high:g}; at most {most:.2f} log odds"
                )  # fmt: skip
            if usual > 0:
                shocks.append(
                    {"acts_on": entry.path, "how": "multiply", "value": factor,
                     "from_study_week": AFTER_BASELINE, "weeks": effect.week}
                )  # fmt: skip
    said = world.resolved()
    return {
        **said, "id": "planted", "title": "Ties that end as planted",
        "shock": [*said["shock"], *shocks],
    }  # fmt: skip
