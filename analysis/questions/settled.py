"""A plan with what its questions leave open filled in from the study, and checked with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NoReturn

from analysis.questions.asking import (
    COMPARES_ARMS,
    family,
)
from analysis.questions.designs import check_choices
from analysis.questions.on_scale import check_on_scale
from analysis.questions.panel import Panel
from analysis.questions.plan import Plan
from analysis.questions.question import Question
from sim.errors import counted, nearest
from sim.study.owners import Fail, Owner

__all__ = ["OWNER", "settled"]


def settled(plan: Plan, arms: tuple[str, ...], weeks: tuple[int, ...], fail: Fail) -> Plan:
    """The plan with what its questions leave open filled in from the study, and checked with it.

    Parameters
    ----------
    plan
        As read.
    arms, weeks
        The study's.
    fail
        Called with the first thing wrong.
    """
    if plan.panel is not None:
        _check_arms(plan.panel, arms, fail)
        _check_waves(plan.panel, len(weeks) - 1, fail)
        check_on_scale(plan, arms, weeks, fail)
    questions = [
        _settled_question(one, plan.panel, arms, weeks, partial(_at, fail, number))
        for number, one in enumerate(plan.question)
    ]
    whole = plan.model_copy(update={"question": tuple(questions)})
    check_choices(whole, weeks, fail)
    return whole


def _at(fail: Fail, number: int, key: str, what: str) -> NoReturn:
    fail(("plan", "question", number, key), what)


def _settled_question(
    one: Question,
    panel: Panel | None,
    arms: tuple[str, ...],
    weeks: tuple[int, ...],
    fail: Callable[[str, str], NoReturn],
) -> Question:
    if panel is not None and one.outcome != panel.outcome:
        fail("outcome", f'the panel has no "{one.outcome}"; its one outcome is "{panel.outcome}"')
    if panel is not None and one.contrast != "all":
        fail(
            "contrast",
            f'people of a panel share nothing that could spill over, so "{one.contrast}" is "all" '
            'there; leave it out, or plan with process = "world"',
        )
    compares = one.about in COMPARES_ARMS
    asked = one.arms or ((arms[-1], arms[0]) if compares and arms else ())
    if compares and (len(asked) != 2 or asked[0] == asked[1]):
        fail(
            "arms", f"a {one.about} is between two arms; the study has {', '.join(arms) or 'none'}"
        )
    if not compares and len(asked) > 1:
        fail("arms", f"a {one.about} is of one arm, or of everybody with no arm named")
    for name in asked:
        if name not in arms:
            hint = nearest(name, arms) or f"; it has {', '.join(arms) or 'none'}"
            fail("arms", f'the study has no arm "{name}"{hint}')
    week = weeks[-1] if one.at_week is None and one.about != "slope" else one.at_week
    if week is not None and week not in weeks:
        fail("at_week", f"there is no wave in week {week}; there are {', '.join(map(str, weeks))}")
    if week == 0 and (one.about != "mean" or family(one.outcome) != "value"):
        fail("at_week", f"a {one.about} at baseline is nothing yet; name a later wave")
    if one.about == "slope" and panel is not None:
        _check_straight(panel, asked, weeks, fail)
    return one.model_copy(update={"arms": asked, "at_week": week})


def _check_straight(
    panel: Panel,
    arms: tuple[str, ...],
    weeks: tuple[int, ...],
    fail: Callable[[str, str], NoReturn],
) -> None:
    if len(weeks) < 2:
        fail("about", "a slope needs two waves or more")
    for name in arms:
        added = panel.effect.get(name, ())
        straight = [added[-1] * week / weeks[-1] for week in weeks[1:]] if added else []
        if any(abs(a - b) > 1e-6 for a, b in zip(added, straight, strict=True)):
            wanted = ", ".join(f"{one:.4g}" for one in straight)
            fail(
                "about",
                f"a slope asks for an effect that grows evenly, but plan.panel.effect.{name} does "
                f"not; [{wanted}] would",
            )


def _check_arms(panel: Panel, arms: tuple[str, ...], fail: Fail) -> None:
    for table in ("effect", "clusters"):
        for name in getattr(panel, table):
            if name not in arms:
                hint = nearest(name, arms) or f"; it has {', '.join(arms) or 'none'}"
                fail(("plan", "panel", table, name), f'the study has no arm "{name}"{hint}')


def _check_waves(panel: Panel, followups: int, fail: Fail) -> None:
    given: dict[tuple[str, ...], tuple[float, ...]] = {}
    if panel.trend:
        given[("trend",)] = panel.trend
    given |= {("effect", name): one for name, one in panel.effect.items()}
    for path, values in given.items():
        if len(values) != followups:
            fail(
                ("plan", "panel", *path),
                f"has {counted(len(values), 'value')}, but the study has "
                f"{counted(followups, 'wave')} after the first; give one for each",
            )


OWNER = Owner(Plan, settled)
"""Reads the table `[plan]` of a study file."""
