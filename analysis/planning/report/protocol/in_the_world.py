"""Where figures come from when a plan is of the simulated world: scenario, arms, teams, truth."""

from __future__ import annotations

from collections import Counter

from analysis.planning.report.protocol.facts import Facts
from analysis.planning.report.protocol.outcomes import joined, plain, short, unit, value
from analysis.planning.report.protocol.wording import people, with_error
from analysis.questions.question import Question
from sim.data.provenance import version
from sim.world.parameters import catalogue
from sim.world.scenario import Scenario, read_scenario

__all__ = ["arms_in_words", "graded", "grades", "layer", "true_value", "world_in_words"]

GRADES = ("reported", "derived", "fitted", "assumed")
LAYERS = {
    "elicited": "What counts is what interviews record, with their errors and omissions,",
    "error_free": "What counts is the map or score without error",
    "latent": "What counts are the ties there are, mapped or not,",
}


def world_in_words(facts: Facts) -> list[str]:
    """The paragraphs that take the place of a panel's assumptions."""
    scenario = read_scenario(facts.study.scenario)
    world = (
        "No standard deviation, correlation or effect was entered. Studies were drawn from an "
        "agent-based simulation of the personal networks of people with severe mental illness and "
        f"of the community teams that see them (egocohort {version()}), in the scenario "
        f"{_named(facts, scenario)}. {_frame(facts)}"
    )
    return [world, f"{arms_in_words(facts)}{_spreads(facts)}{_cited(facts)}"]


def _cited(facts: Facts) -> str:
    if not facts.study.cite:
        return ""
    return f" The study file names as its sources {facts.references.cite(*facts.study.cite)}."


def _spreads(facts: Facts) -> str:
    """Standard deviations and intracluster correlations, as they came out."""
    said, last = [], None
    for one, spread in zip(facts.plan.question, facts.result.spreads, strict=True):
        if spread is None or spread.sd.n == 0 or (one.outcome, one.at_week) == last:
            continue
        last = (one.outcome, one.at_week)
        said.append(
            f"the standard deviation of {short(one)} within arms is "
            f"{with_error(spread.sd, unit(one, scaled=False), 2)} and its intracluster correlation "
            f"by team {with_error(spread.icc)}"
        )
    if not said:
        return ""
    most = max(one.people for one in facts.result.spreads if one)
    arms = "; ".join(said) if facts.study.arms else "; ".join(said).replace(" within arms", "")
    return f" In simulated studies of {most:,} people {arms}."


def _named(facts: Facts, one: Scenario) -> str:
    cite = f" {facts.references.cite(*one.cite)}" if one.cite else ""
    return f'"{one.id}" ({one.title}){cite}'


def _frame(facts: Facts) -> str:
    world = facts.world
    shape, each = world.lived.world, world.lived.world.caseload
    sites = len(shape.teams_per_site)
    teams = "one team" if world.teams == 1 else f"{world.teams} teams"
    where = f"{teams} at {sites} sites" if sites > 1 else f"{teams} at one site"
    scaled = ""
    if shape.scale != 1:
        scaled = (
            f" ({100 * shape.scale:.0f} % of the usual caseload and staff, so that visits a person "
            "are as usual)"
        )
    return (
        f"It has {where} with about {each} people each{scaled}, {people(world.teams * each)} in "
        f"all, and runs for {shape.runin_weeks} weeks before the study begins. Participants are "
        f"recruited from these caseloads, at most {people(facts.plan.people_at_most)}"
        f"{_people_source(facts)}."
    )


def _people_source(facts: Facts) -> str:
    return facts.source("people") if "people" in facts.plan.sources else ""


def arms_in_words(facts: Facts) -> str:
    """What the arms do."""
    arms = facts.study.arms
    if arms is None:
        return "There are no arms: nothing is done to anybody, and what happens is observed."
    laid = dict(facts.study.overlays)
    said = []
    for name in facts.study.arm_names:
        one = laid.get(name)
        what = f"the scenario {_named(facts, one)}" if one else "the world as it is"
        said.append(f"in {plain(name)} people live in {what}")
    whom = {"ego": "person"}.get(arms.unit, arms.unit)
    return (
        f"Arms are allocated by {whom}, to the whole caseload before anybody is recruited: "
        f"{joined(said)}. What an arm does follows from its scenario and was not entered as a "
        "difference."
    )


def layer(one: Question) -> str:
    """What counts as true, and of whom."""
    return f"{LAYERS[one.layer]} of everybody the study would ask, while alive, discharged or not."


def true_value(facts: Facts, place: int) -> str:
    """`1.72 (an odds ratio of 5.58) with an MCSE of 0.051, from 20 worlds`."""
    result, one = facts.result, facts.plan.question[place]
    pairs = "pairs of worlds" if one.about in ("difference", "slope") else "worlds"
    return (
        f"{value(one, result.truths[place])} with a Monte Carlo standard error of "
        f"{result.truth_errors[place]:.2g}, from {result.truth_worlds[place]:,} {pairs}"
    )


def graded() -> Counter[str]:
    """Parameters of the world by grade."""
    return Counter(one.grade for one in catalogue().values())


def grades() -> str:
    """`15 are reported, 15 derived, 140 fitted and 575 assumed`."""
    counts = graded()
    first, *others = GRADES
    return joined([f"{counts[first]} are {first}", *(f"{counts[one]} {one}" for one in others)])
