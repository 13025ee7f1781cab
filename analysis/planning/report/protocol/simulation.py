"""The simulation behind a plan, reported as Morris, White and Crowther (2019) ask: ADEMP."""

from __future__ import annotations

import numpy as np

from analysis.planning.report.protocol.blocks import Block, Paragraph, Section, Table
from analysis.planning.report.protocol.facts import Facts
from analysis.planning.report.protocol.in_the_world import true_value
from analysis.planning.report.protocol.outcomes import SCALES, estimand, joined, number, plain
from analysis.planning.report.protocol.true_difference import how_found
from analysis.planning.report.protocol.wording import analysis, people
from analysis.planning.search.pool import RESAMPLES
from analysis.questions.asking import MAP, family
from sim.data.provenance import version

__all__ = ["simulation_study"]

SHOWN = {
    "bias": "bias", "empirical_se": "empirical standard error",
    "model_se": "standard error of the model",
    "relative_error_se": "error of the model's standard error, %",
    "coverage": "coverage of the confidence interval", "width": "width of the confidence interval",
    "power": "significant, of those fitted", "type_s": "type S: wrong sign, if significant",
    "type_m": "type M: exaggeration, if significant", "converged": "models that could be fitted",
}  # fmt: skip
TESTS = ("power", "type_s", "type_m")
OF_MAPS = (*MAP, "members_added", "members_dropped", "lost_a_friend")
"""Outcomes of people that are read off their maps."""


def simulation_study(facts: Facts) -> Section:
    """Aims, data-generating mechanism, estimands, methods, performance; and what was measured."""
    cite = facts.references.cite("morris2019")
    plan = facts.plan
    rows = [
        ["Aims", _aims(facts)],
        ["Data-generating mechanism", _mechanism(facts)],
        ["Estimands", _estimands(facts)],
        ["Methods", "; ".join(dict.fromkeys(analysis(one) for one in plan.question))],
        ["Performance measures", _performance(facts)],
    ]  # fmt: skip
    blocks: list[Block] = [
        Paragraph(f"Reported under the headings of Morris, White and Crowther {cite}."),
        Table(["", ""], rows),
    ]
    for place, one in enumerate(plan.question):
        which = f"Question {place + 1}, the {estimand(one).removeprefix('the ')}, in studies"
        which = which if len(plan.question) > 1 else "Studies"
        blocks.append(Paragraph(f"{which} of {people(facts.n)} people.", "Performance."))
        blocks.append(_measured(facts, place))
    return Section("The simulation study (ADEMP)", blocks)


def _aims(facts: Facts) -> str:
    found = facts.result.found
    what = "chance of success" if facts.plan.tests_nothing else "power"
    if found is None:
        return f"To estimate the {what} of a study of {people(facts.n)} people."
    return f"To find the smallest number of people with a {what} of {facts.result.target:.2f}."


def _estimands(facts: Facts) -> str:
    """What is asked, and what is true."""
    plan, result = facts.plan, facts.result
    if facts.in_world:
        return " ".join(
            f"{_capital(estimand(one))}: {true_value(facts, place)}. {how_found(one)}"
            for place, one in enumerate(plan.question)
        )
    said = [
        f"{estimand(one)}: {number(truth)}"
        for one, truth in zip(plan.question, result.truths, strict=True)
    ]
    return f"{'; '.join(said)} (the value in a study of everybody without drop-out)"


def _capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def _of_world(facts: Facts) -> str:
    study, teams = facts.study, facts.world.teams
    weeks = joined([str(week) for week in study.waves.weeks])
    how = {"revisited": "the last map is gone through again", "afresh": "the map is drawn afresh"}
    maps = f"; at each {how[study.map.how]}" if _needs_maps(facts) else ""
    return (
        "An agent-based world in steps of a week: illness, ties, relational work, visits that are "
        "booked and rationed, staff who leave (described by the ODD protocol in docs/odd.md; the "
        f'order of a week in docs/week.md). Scenario "{study.scenario}", '
        f"{teams} team{'s' * (teams > 1)}; frame, arms and drop-out as under Sample size. "
        f"Interviews at weeks {weeks}{maps}. What they record has errors: members go unmentioned, "
        "scores are unreliable."
    )


def _needs_maps(facts: Facts) -> bool:
    return any(
        family(one.outcome) == "ties" or one.outcome in OF_MAPS for one in facts.plan.question
    )


def _mechanism(facts: Facts) -> str:
    if facts.in_world:
        return _of_world(facts)
    panel = facts.panel
    weeks = joined([str(one) for one in (0, *facts.flow.weeks)])
    trends = f", a random slope (SD {number(panel.slope_sd)} a year)" if panel.slope_sd else ""
    effects = "; ".join(
        f"{plain(arm)} adds {joined([number(panel.sd * one) for one in added])} points after "
        "baseline"
        for arm, added in panel.effect.items()
    )
    clusters = ", cluster effects" if panel.clusters else ""
    return (
        f"Normal {SCALES[panel.outcome][1]} scores at weeks {weeks}: means by "
        f"{'arm and ' if facts.study.arms else ''}wave, a "
        f"random level for each person{trends}{clusters}, and a residual; SD {number(panel.sd)}, "
        f"correlation {number(panel.correlation)}. {effects[:1].upper() + effects[1:]}"
        f"{'. ' if effects else ''}Drop-out as stated under Sample size."
    )


def _performance(facts: Facts) -> str:
    found, point = facts.result.found, facts.point
    searched = f"{found.sims:,} in the search; " if found and not facts.in_world else ""
    fresh = (
        f"{found.confirmed.n:,} in the fresh run at {found.confirmed.at:g} people; "
        if found and found.confirmed
        else ""
    )
    return (
        "Share of studies that succeed, bias, empirical and model standard error, coverage, types "
        "S and M, each with its Monte Carlo standard error (MCSE). Simulated studies: "
        f"{searched}{fresh}{point.success.n:,} {_each(facts)}. Seed "
        f"{facts.result.seed}, egocohort {version()}, counter-based random numbers "
        "(Philox4x32-10)."
    )


def _each(facts: Facts) -> str:
    """What the studies behind the curve are."""
    if not facts.in_world:
        return "at each point of the curve"
    worlds = max(facts.result.truth_worlds)
    said = f"in the pool that answers for all sizes; {worlds:,} other worlds for the truth"
    if facts.result.found:
        said += f"; the interval of the number of people from {RESAMPLES} resamples of the pool"
    return said


def _measured(facts: Facts, place: int) -> Table:
    tests = facts.plan.question[place].success == "significant"
    rows = [
        [words, _figure(one.value), _figure(one.mcse), f"{one.n:,}"]
        for name, words in SHOWN.items()
        if tests or name not in TESTS
        for one in [facts.point.measures[place][name]]
        if np.isfinite(one.value)
    ]
    return Table(["measure", "value", "MCSE", "studies"], rows)


def _figure(value: float) -> str:
    return f"{value:.4f}" if np.isfinite(value) else "–"
