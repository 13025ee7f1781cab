"""A plan with what its questions leave open filled in from the study, and checked with it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import NoReturn

from analysis.estimators.catalogue import analysis, answering
from analysis.questions.asking import COMPARES_ARMS, OUTCOMES, family
from analysis.questions.designs import check_choices
from analysis.questions.known import check_known
from analysis.questions.on_scale import check_on_scale
from analysis.questions.panel import Panel
from analysis.questions.plan import Plan
from analysis.questions.question import Question, has_baseline
from analysis.questions.scales import known_scales
from analysis.questions.therapists import (
    check_moderator,
    check_needed,
    check_predictor,
    with_therapists,
)
from analysis.questions.ties import check_kept, check_of_ties
from sim.errors import counted, meant_or_known
from sim.study.owners import Fail, Owner
from sim.study.settings import EVERYBODY, SCORES

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
        panel = with_therapists(_with_scale(plan.panel, fail), arms, fail)
        plan = plan.model_copy(update={"panel": panel})
    if plan.panel is not None and plan.panel.ties is not None:
        check_kept(plan.panel.ties, arms, len(weeks) - 1, fail)
    elif plan.panel is not None:
        _check_arms(plan.panel, arms, fail)
        _check_waves(plan.panel, len(weeks) - 1, fail)
        check_known(plan, arms, fail)
        check_moderator(plan, fail)
        check_predictor(plan.panel, arms, fail)
        check_on_scale(plan, arms, weeks, fail)
    questions = [
        _settled_question(one, plan.panel, arms, weeks, partial(_at, fail, number))
        for number, one in enumerate(plan.question)
    ]
    whole = plan.model_copy(update={"question": tuple(questions)})
    check_choices(whole, weeks, fail)
    return whole


def _with_scale(panel: Panel, fail: Fail) -> Panel:
    """The panel with the scale of its outcome, which those of the world do without."""
    if panel.ties is not None:
        return panel
    if panel.outcome in SCORES:
        if panel.scale is not None:
            fail(
                ("plan", "panel", "scale"),
                f'"{panel.outcome}" is a scale of the simulated world, whose ends are known; leave '
                "the table out, or call the outcome something else",
            )
        return panel
    if panel.scale is not None:
        return panel
    if panel.outcome not in known_scales():
        hint = meant_or_known(panel.outcome, known_scales())
        fail(
            ("plan", "panel", "outcome"),
            f'there is no scale "{panel.outcome}"{hint}\n'
            "A scale of your own takes a table [plan.panel.scale] with name, low, high, worse and "
            "source.",
        )
    return panel.model_copy(update={"scale": known_scales()[panel.outcome].in_a_plan})


def _check_in_world(outcome: str, fail: Callable[[str, str], NoReturn]) -> None:
    """In the simulated world there are its own outcomes alone."""
    if outcome in known_scales() and outcome not in SCORES:
        fail(
            "outcome",
            f"nobody in the simulated world is asked {outcome}; its scales are "
            f'{", ".join(SCORES)}; process = "panel" takes any',
        )
    if outcome not in OUTCOMES:
        hint = meant_or_known(outcome, OUTCOMES)
        fail("outcome", f'there is no outcome "{outcome}"{hint}')


def _check_in_panel(one: Question, panel: Panel, fail: Callable[[str, str], NoReturn]) -> None:
    """A panel has one outcome, and people who share nothing."""
    if one.outcome != panel.outcome:
        fail(
            "outcome",
            f'the panel has no "{one.outcome}"; its one outcome is "{panel.outcome}"; '
            + (
                '[plan.panel.ties] plans for ties, and process = "world" follows those of a class'
                if family(one.outcome) == "ties"
                else "gMCP in R plans for several that are correlated"
            ),
        )
    if one.contrast != "all":
        fail(
            "contrast",
            f'people of a panel share nothing that could spill over, so "{one.contrast}" is "all" '
            'there; leave it out, or plan with process = "world"',
        )
    if panel.ties is not None:
        check_of_ties(one, fail)


def _at(fail: Fail, number: int, key: str, what: str) -> NoReturn:
    fail(("plan", "question", number, key), what)


def _settled_question(
    one: Question,
    panel: Panel | None,
    arms: tuple[str, ...],
    weeks: tuple[int, ...],
    fail: Callable[[str, str], NoReturn],
) -> Question:
    if panel is None:
        _check_in_world(one.outcome, fail)
    else:
        _check_in_panel(one, panel, fail)
    check_needed(one, panel, fail)
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
            hint = meant_or_known(name, arms, "it has")
            fail("arms", f'the study has no arm "{name}"{hint}')
    week = weeks[-1] if one.at_week is None and one.about != "slope" else one.at_week
    if week is not None and week not in weeks:
        fail("at_week", f"there is no wave in week {week}; there are {', '.join(map(str, weeks))}")
    if week == 0 and (one.about != "mean" or family(one.outcome) != "value"):
        fail("at_week", f"a {one.about} at baseline is nothing yet; name a later wave")
    if one.about == "slope" and panel is not None:
        _check_straight(panel, asked, weeks, fail)
    _check_number_of_waves(one, len(weeks), fail)
    baseline = one.baseline or ("free" if has_baseline(one) else None)
    return one.model_copy(update={"arms": asked, "at_week": week, "baseline": baseline})


def _check_number_of_waves(one: Question, waves: int, fail: Callable[[str, str], NoReturn]) -> None:
    """Whether the analysis takes so many interviews of a person."""
    low, high = analysis(one.analysis).waves
    if low <= waves <= high:
        return
    fit = [
        name
        for name in answering(family(one.outcome))[one.about]
        if analysis(name).waves[0] <= waves <= analysis(name).waves[1]
    ]
    able = [name for name in fit if analysis(name).rows == analysis(one.analysis).rows] or fit
    fail(
        "analysis",
        f'"{one.analysis}" takes {low} to {high} waves, and the study has {waves}; '
        + (f"these take them: {', '.join(able)}" if able else "a study of more waves would do"),
    )


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
    tables: dict[tuple[str, ...], Collection[str]] = {
        ("effect",): panel.effect,
        ("clusters",): panel.clusters,
    }
    tables[("sd_ratio",)] = [one for one in panel.sd_ratio if one != EVERYBODY]
    if panel.moderator is not None:
        tables[("moderator", "effect")] = panel.moderator.effect
    for table, by_arm in tables.items():
        for name in by_arm:
            if name not in arms:
                hint = meant_or_known(name, arms, "it has")
                fail(("plan", "panel", *table, name), f'the study has no arm "{name}"{hint}')


def _check_waves(panel: Panel, followups: int, fail: Fail) -> None:
    given: dict[tuple[str, ...], tuple[float, ...]] = {}
    if panel.trend:
        given[("trend",)] = panel.trend
    given |= {("effect", name): one for name, one in panel.effect.items()}
    given |= {("sd_ratio", name): one for name, one in panel.sd_ratio.items()}
    if panel.moderator is not None:
        more = panel.moderator.effect
        given |= {("moderator", "effect", name): one for name, one in more.items()}
    if panel.correlations and len(panel.correlations) != followups:
        fail(
            ("plan", "panel", "correlations"),
            f"is of {len(panel.correlations) + 1} waves, but there are {followups + 1}; its first "
            "row has a value for each wave after the first",
        )
    for path, values in given.items():
        if len(values) != followups:
            fail(
                ("plan", "panel", *path),
                f"has {counted(len(values), 'value')}, but the study has "
                f"{counted(followups, 'wave')} after the first; give one for each",
            )


OWNER = Owner(Plan, settled)
"""Reads the table `[plan]` of a study file."""
