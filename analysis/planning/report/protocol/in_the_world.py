"""Where figures come from when a plan is of the simulated world: scenario, arms, teams, truth."""

from __future__ import annotations

from collections import Counter

from analysis.planning.report.protocol.facts import Facts
from analysis.planning.report.protocol.outcomes import joined_words, value_in_words
from analysis.planning.world.spread_seen import Spread
from analysis.questions.question import Question
from sim.world.parameters import catalogue
from sim.world.scenario import read_scenario

__all__ = ["graded", "grades", "true_value", "world_of"]

GRADES = ("reported", "derived", "fitted", "assumed")


def world_of(facts: Facts) -> dict[str, object]:
    """What stands in the place of a panel's assumptions: scenario, frame, arms, spreads."""
    shape, laid = facts.world.lived.world, dict(facts.study.overlays)
    return {
        "scenario": read_scenario(facts.study.scenario),
        "teams": facts.world.teams,
        "sites": len(shape.teams_per_site),
        "caseload": shape.caseload,
        "scaled": f"{100 * shape.scale:.0f}" if shape.scale != 1 else None,
        "runin_weeks": shape.runin_weeks,
        "arms": [(arm, laid.get(arm)) for arm in facts.study.arm_names],
        "spreads": _spreads(facts),
        "most": max((one.people for one in facts.result.spreads if one), default=0),
    }


def _spreads(facts: Facts) -> list[tuple[Question, Spread]]:
    """Standard deviations and intracluster correlations as they came out, of each outcome once."""
    said: list[tuple[Question, Spread]] = []
    last = None
    for one, spread in zip(facts.plan.question, facts.result.spreads, strict=True):
        if spread is None or spread.sd.n == 0 or (one.outcome, one.at_week) == last:
            continue
        last = (one.outcome, one.at_week)
        said.append((one, spread))
    return said


def true_value(facts: Facts, place: int) -> str:
    """`1.72 (an odds ratio of 5.58) with an MCSE of 0.051, from 20 worlds`."""
    result, one = facts.result, facts.plan.question[place]
    pairs = "pairs of worlds" if one.about in ("difference", "slope") else "worlds"
    return (
        f"{value_in_words(one, result.truths[place])} with a Monte Carlo standard error of "
        f"{result.truth_errors[place]:.2g}, from {result.truth_worlds[place]:,} {pairs}"
    )


def graded() -> Counter[str]:
    """Parameters of the world by grade."""
    return Counter(one.grade for one in catalogue().values())


def grades() -> str:
    """Such as `16 are reported, 17 derived, 152 fitted and 724 assumed`."""
    counts = graded()
    first, *others = GRADES
    return joined_words(
        [f"{counts[first]} are {first}", *(f"{counts[one]} {one}" for one in others)]
    )
