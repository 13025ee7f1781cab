"""Whether the rest of a plan says what each of its choices does."""

from __future__ import annotations

from itertools import pairwise

from analysis.questions.plan import Plan
from sim.study.owners import Fail

__all__ = ["check_choices"]


def check_choices(plan: Plan, weeks: tuple[int, ...], fail: Fail) -> None:
    """Whether the rest of the plan says what each choice does.

    Parameters
    ----------
    plan
        With its questions settled.
    weeks
        Of the study's waves.
    fail
        Called with the first thing wrong.
    """
    choices = plan.choices
    if choices is None:
        return
    where = ("plan", "choices")
    if plan.panel is None:
        fail(where, 'designs are compared in the panel; use process = "panel", or leave this out')
    if plan.panel.ties is not None:
        fail(where, "nothing is chosen of a study of ties; plan once for each design instead")
    if plan.costs is None:
        fail(where, "the cheapest design needs prices; give [plan.costs]")
    if choices.incentive is not None and plan.incentive_curve is None:
        fail(
            (*where, "incentive"),
            "nothing says how retention answers to it; give "
            "[plan.incentive_curve] with most_fewer and half_at",
        )
    if choices.most_members is not None and plan.panel.members is None:
        fail(
            (*where, "most_members"),
            "nothing says how the outcome hangs on it; give [plan.panel.members] with sd and named",
        )
    if plan.panel.therapists is not None and choices.named.keys() & {
        "cluster_size", "cluster_number",
    }:  # fmt: skip
        fail(where, "nothing is chosen of therapists; plan once for each number of them instead")
    kinds = {"cluster_size": "size", "cluster_number": "number"}
    for key, kind in kinds.items():
        told = any(getattr(one, kind) is not None for one in plan.panel.clusters.values())
        if getattr(choices, key) is not None and not told:
            fail((*where, key), f"no arm of plan.panel.clusters has a {kind} of its clusters")
    panel = plan.panel
    if choices.weeks and (panel.sd_ratio or panel.correlations or panel.structure == "ar1"):
        fail(
            (*where, "weeks"),
            "says nothing of correlations and SDs at other waves; other schedules need waves that "
            "correlate alike, with one SD",
        )
    for schedule in choices.weeks or ():
        _check_schedule(plan, weeks, schedule, fail)


def _check_schedule(
    plan: Plan, weeks: tuple[int, ...], schedule: tuple[int, ...], fail: Fail
) -> None:
    where = ("plan", "choices", "weeks")
    said = f"[{', '.join(map(str, schedule))}]"
    if schedule[0] != 0 or any(b <= a for a, b in pairwise(schedule)):
        fail(where, f"{said} must begin with 0 and rise")
    if schedule[-1] > weeks[-1]:
        fail(
            where,
            f"{said} goes on after week {weeks[-1]}, the last of which the study file says "
            "anything",
        )
    for one in plan.question:
        if one.at_week is not None and one.at_week not in schedule:
            fail(where, f"{said} has no wave in week {one.at_week}, of which a question asks")
