"""How interviews were held, where a study asks for it under [errors].

A condition takes the place of the study's own setting, or of what interviews do by themselves; it
is never added to it. Where the study has a setting for the same thing, `as_held` puts the value
there, so the study as held says it; the rest acts in the interviews.

Streams: [CONDITION] effects of interviewers and sites, by address and kind.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.errors import InputError
from sim.study.draws import draws
from sim.study.error_kinds import error_kinds
from sim.study.error_settings import sort_of_errors
from sim.study.forgetting import AS_BEFORE, Terms
from sim.study.settings import EVERYBODY
from sim.study.spec import Study
from sim.world.arithmetic import ONE, exponential, f4, logarithm, normal
from sim.world.streams import Stream

__all__ = ["as_held", "interviewers_of", "is_held", "numbers_of", "terms_of"]

CIRCLES = 3
LEAST_EFFECT = f4(0.1)
"""However little an interviewer or a site brings out, it is so much of the usual."""
WEEKS_A_MONTH = f4(52 / 12)
LEAST_RETENTION = 1e-6
AT_SITE = 100_000
"""An interviewer is numbered from 1 within the site, which stands before it."""


def numbers_of(kind: str) -> dict[str, float]:
    """What a kind needs beside its rate."""
    return error_kinds()[kind].numbers


def is_held(study: Study, kind: str) -> bool:
    """Whether a condition is asked for, at a rate above 0."""
    return (study.errors or {}).get(kind, 0) > 0


def as_held(study: Study) -> Study:
    """The study with what its conditions say in place of its own settings.

    The same study where it asks for none. What is held so already stays as it is.
    """
    asked = sort_of_errors(study.errors or {}, "condition")
    if not asked:
        return study
    if is_held(study, "mnar_attrition") and not (
        study.participation.retention or "missed_waves" in asked or len(study.waves.weeks) == 1
    ):
        raise InputError(
            f"{study.id}, errors.mnar_attrition: nobody stays away from this study; give "
            "participation.retention, or ask for missed_waves, too"
        )
    visits = _of_visits(asked, len(study.waves.weeks))
    return study.but(
        map=study.map.model_copy(update=_of_maps(asked)),
        participation=study.participation.model_copy(update=visits),
    )


def _of_maps(asked: dict[str, float]) -> dict[str, Any]:
    """Settings of the map that conditions take the place of."""
    found: dict[str, Any] = {}
    if "cap" in asked:
        found["most_members"] = round(asked["cap"]) or None
    if "mode" in asked:
        found["telephone_share"] = asked["mode"]
    if "forgotten" in asked:
        found |= {"how": "afresh", "error_free": False}
    if "dependent_interviewing" in asked:  # the last map is shown
        found["how"] = "revisited"
    return found


def _of_visits(asked: dict[str, float], waves: int) -> dict[str, Any]:
    """Settings of participation that conditions take the place of."""
    found: dict[str, Any] = {}
    if "missed_waves" in asked:
        first, more = asked["missed_waves"], numbers_of("missed_waves")
        kept = [1 - first, *[1 - more["later_share"] * first] * (waves - 2)][: waves - 1]
        retention, left = [], 1.0
        for share in kept:
            left = max(left * share, LEAST_RETENTION)
            retention.append(round(left, 6))
        found["retention"] = {EVERYBODY: tuple(retention)} if retention else {}
        found["return_rate"] = more["returning_share"]
    if "mnar_attrition" in asked:
        ratio = float(exponential(f4(asked["mnar_attrition"])))
        found |= {
            "mechanism": {EVERYBODY: "MNAR-state"},
            "odds_ratio": {EVERYBODY: round(ratio, 6)},
        }
    return found


def interviewers_of(study: Study, site: np.ndarray) -> np.ndarray:
    """Number of each participant's interviewer, the same at every wave, (n,).

    Those of a site have so many people each, one after the other as people are recruited; so a
    larger study leaves everybody with the interviewer they had. 1 of everybody where interviewers
    are no condition.
    """
    if not is_held(study, "interviewers"):
        return np.ones(site.size, np.int64)
    rank = np.zeros(site.size, np.int64)
    for one in np.unique(site):
        mine = site == one
        rank[mine] = np.arange(int(mine.sum()))
    each = int(numbers_of("interviewers")["people_each"])
    return site.astype(np.int64) * AT_SITE + rank // each + 1


def terms_of(
    study: Study,
    site: np.ndarray,
    weeks: np.ndarray,
    attended: np.ndarray,
    telephone: np.ndarray,
    key: np.ndarray,
) -> Terms:
    """What the conditions of a study do to the maps of n people.

    Parameters
    ----------
    study : Study
        As held.
    site : ndarray of int, (n,)
        From 1.
    weeks : ndarray of int, (n, W)
        Calendar weeks of the interviews.
    attended : ndarray of bool, (n, W)
    telephone : ndarray of bool, (n,)
    key : ndarray of uint32, shape (2,)
    """
    asked = sort_of_errors(study.errors or {}, "condition")
    if not asked:
        return AS_BEFORE
    lift = np.ones((site.size, 2), np.float32)
    lift *= _of_interviewers(study, site, key)[:, None]
    lift *= _of_sites(study, site, key)[:, None]
    if "mode" in asked:
        fewer = numbers_of("mode")
        lift[telephone] *= np.array([1 - fewer["fewer_members"], 1 - fewer["fewer_objects"]], "f4")
    share = _learned(study, attended)
    if is_held(study, "interviewers"):
        share *= _drifted(weeks)
    prevented = f4(asked.get("dependent_interviewing", 0))
    return Terms(lift, share, _chances(asked), prevented)


def _chances(asked: dict[str, float]) -> np.ndarray:
    """Chance to be forgotten by circle; empty where that is no condition."""
    if "forgotten" not in asked:
        return np.zeros(0, np.float32)
    rate, more = asked["forgotten"], numbers_of("forgotten")
    odds = np.array([1.0, more["middle_circle_odds"], more["outer_circle_odds"]]) * rate
    return (odds / (odds + 1 - rate)).astype(np.float32)


def _of_interviewers(study: Study, site: np.ndarray, key: np.ndarray) -> np.ndarray:
    """Factor of each person's interviewer on the chances to be named, (n,)."""
    if not is_held(study, "interviewers"):
        return np.ones(site.size, np.float32)
    number = interviewers_of(study, site)
    who = (site.astype(np.int64) << 26) + number % AT_SITE
    return _effects(study, "interviewers", who.astype(np.uint32), key)


def _of_sites(study: Study, site: np.ndarray, key: np.ndarray) -> np.ndarray:
    """Factor of each person's site, (n,)."""
    if not is_held(study, "sites"):
        return np.ones(site.size, np.float32)
    return _effects(study, "sites", (site.astype(np.int64) << 26).astype(np.uint32), key)


def _effects(study: Study, kind: str, who: np.ndarray, key: np.ndarray) -> np.ndarray:
    """Factors with mean 1 that make the intraclass correlation of the number named the rate.

    With an SD s of factors, and a coefficient of variation v of the number named where nothing
    differs, the correlation is s^2 / (s^2 + v^2 (1 + s^2)).
    """
    rate = f4((study.errors or {})[kind])
    variation = f4(numbers_of(kind)["variation_named"])
    within = variation * variation
    spread = np.sqrt(rate * within / (ONE - rate - rate * within))
    u = draws(Stream.CONDITION, who, key, when=error_kinds()[kind].number)[:, 0]
    z = np.array([normal(one) for one in u], np.float32)
    return np.maximum(ONE + spread * z, LEAST_EFFECT)


def _learned(study: Study, attended: np.ndarray) -> np.ndarray:
    """Share still named for all that was learned at the interviews before, (n, W)."""
    rate = f4((study.errors or {}).get("panel_learning", 0))
    before = np.cumsum(attended, axis=1) - attended
    powers = np.cumprod(np.full(attended.shape[1] + 1, ONE - rate, np.float32)) / (ONE - rate)
    return powers[before].astype(np.float32)


def _drifted(weeks: np.ndarray) -> np.ndarray:
    """Share still brought out in a calendar week, (n, W)."""
    a_month = logarithm(ONE + f4(numbers_of("interviewers")["change_a_month"]))
    by_week = [exponential(a_month * f4(week) / WEEKS_A_MONTH) for week in range(weeks.max() + 1)]
    return np.array(by_week, np.float32)[weeks]
