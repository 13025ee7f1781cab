"""The studies that the choices of a plan describe, each a study of its own.

What a study file says of its own waves is carried to others: effects and trends run straight from
one wave to the next, the odds of the hazard of being lost stay between two waves what they were.
How many interviews there are changes nothing else: a person does not tire of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from analysis.questions.plan import Plan
from analysis.trials.panel import panel_in
from sim.errors import InputError
from sim.study.settings import EVERYBODY
from sim.study.spec import Study, parse_study

__all__ = ["Variant", "members_asked", "retention_at", "usual_setting", "variants"]

Setting = dict[str, Any]


class Variant(NamedTuple):
    """A study with one value of each variable chosen.

    Attributes
    ----------
    setting : dict
        Value by variable; those that vary.
    study : Study
        Without choices left.
    """

    setting: Setting
    study: Study

    @property
    def words(self) -> str:
        """The setting, as short as can be read."""
        return ", ".join(said_of(key, value) for key, value in self.setting.items()) or "as it is"


def said_of(key: str, value: Any) -> str:
    """One value of a variable, in words."""
    if key == "weeks":
        return "weeks " + "-".join(str(week) for week in value)
    words = {
        "incentive": "incentive", "cluster_size": "clusters of", "cluster_number": "clusters:",
        "most_members": "members asked about",
    }  # fmt: skip
    return f"{words[key]} {value:g}"


def variants(study: Study, plan: Plan) -> list[Variant]:
    """Every combination of the choices; the study itself where there are none.

    Raises
    ------
    InputError
        If a combination makes no study.
    """
    if plan.choices is None:
        raise InputError(
            f'study "{study.id}" has no [plan.choices]; "retention-incentive" shows what they '
            "look like"
        )
    named = plan.choices.named
    return [
        Variant(setting, _study_with(study, plan, setting))
        for values in product(*named.values())
        for setting in [dict(zip(named, values, strict=True))]
    ]


def usual_setting(study: Study, plan: Plan) -> Setting:
    """Values of the study file itself for the variables that vary."""
    panel = panel_in(plan, "the cheapest design")
    clusters = next(iter(panel.clusters.values()), None)
    usual = {
        "weeks": study.waves.weeks,
        "incentive": plan.costs.incentive if plan.costs else 0.0,
        "cluster_size": clusters.size if clusters else None,
        "cluster_number": clusters.number if clusters else None,
        "most_members": study.map.most_members,
    }
    return {key: usual[key] for key in (plan.choices.named if plan.choices else ())}


def members_asked(study: Study, plan: Plan) -> int | None:
    """Network members asked about at an interview; None if nothing says how many."""
    members = None if plan.panel is None else plan.panel.members
    most = study.map.most_members
    if members is None:
        return most
    return members.named if most is None else min(most, members.named)


def retention_at(
    weeks: Sequence[int], kept: Sequence[float], schedule: Sequence[int]
) -> tuple[float, ...]:
    """Shares kept at the waves of another schedule, the hazard between two waves being constant.

    Parameters
    ----------
    weeks
        Of the waves, the first being 0.
    kept
        Share kept at each but the first.
    schedule
        Weeks of the other waves, none after the last of `weeks`.

    Examples
    --------
    >>> retention_at([0, 52], [0.64], [0, 26, 52])
    (0.8, 0.64)
    """
    logs = np.interp(schedule, weeks, np.log([1.0, *kept]))
    return tuple(float(round(one, 9)) for one in np.exp(logs[1:]))


def _study_with(study: Study, plan: Plan, setting: Setting) -> Study:
    """The study with the values of a setting, read anew and so checked anew."""
    said = study.resolved()
    said["plan"].pop("choices")
    if "weeks" in setting:
        _carry_over(said, study.waves.weeks, setting["weeks"])
    if "incentive" in setting:
        _pay(said, plan, setting["incentive"])
    if "most_members" in setting:
        said["map"]["most_members"] = setting["most_members"]
    for key, kind in (("cluster_size", "size"), ("cluster_number", "number")):
        for one in said["plan"]["panel"]["clusters"].values() if key in setting else ():
            if kind in one:
                one[kind] = setting[key]
    return parse_study(said, study.id)


def _carry_over(said: dict[str, Any], weeks: Sequence[int], schedule: Sequence[int]) -> None:
    said["waves"]["weeks"] = list(schedule)
    gap = min(np.diff(schedule)) if len(schedule) > 1 else None
    if gap is not None:  # a window that would let two interviews change places closes
        said["waves"]["window"] = min(said["waves"]["window"], int(gap - 1) // 2)
    retention = said["participation"].get("retention", {})
    for arm, kept in retention.items():
        retention[arm] = list(retention_at(weeks, kept, schedule))
    panel = said["plan"]["panel"]
    panel["trend"] = _straight(weeks, panel["trend"], schedule)
    panel["effect"] = {a: _straight(weeks, one, schedule) for a, one in panel["effect"].items()}


def _straight(
    weeks: Sequence[int], values: Sequence[float], schedule: Sequence[int]
) -> list[float]:
    """Values at the follow-ups of another schedule, on straight lines from zero at baseline."""
    if not values:
        return []
    return [float(one) for one in np.interp(schedule[1:], weeks, [0.0, *values])]


def _pay(said: dict[str, Any], plan: Plan, incentive: float) -> None:
    curve, usual = plan.incentive_curve, plan.costs.incentive if plan.costs else 0.0
    said["plan"]["costs"]["incentive"] = float(incentive)
    if curve is None:
        return
    table = said["participation"].get("retention", {})
    if not table:
        raise InputError(
            f"{said['id']}, participation.retention: everybody stays as it is, so an incentive "
            f"buys nothing; say who stays with an incentive of {usual:g}, as "
            f"{{ {EVERYBODY} = [0.9, 0.8] }}"
        )
    for arm, kept in table.items():
        table[arm] = [round(curve.retention(one, incentive, usual), 9) for one in kept]
