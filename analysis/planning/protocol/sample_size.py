"""The paragraph on sample size that item 14 of SPIRIT 2013 asks for (item 19 in 2025)."""

from __future__ import annotations

from analysis.planning.closed_forms import design_effect
from analysis.planning.protocol.blocks import Paragraph, Section
from analysis.planning.protocol.facts import Facts
from analysis.planning.protocol.wording import (
    MECHANISMS,
    SCALES,
    analysis,
    estimand,
    joined,
    level,
    metric,
    number,
    people,
    plain,
    share,
    target,
)
from sim.study.planning import Question

__all__ = ["sample_size"]

SMALLER = 3
"""So many smaller sizes of the curve are named, at most."""


def sample_size(facts: Facts) -> Section:
    """How many people, what for, under which assumptions, found how."""
    texts = [
        f"{_enrol(facts)} {_purpose(facts)}", _analyses(facts), _assumptions(facts), _found(facts),
        _fewer(facts), _guide(facts),
    ]  # fmt: skip
    return Section("Sample size", [Paragraph(one) for one in texts if one])


def _guide(facts: Facts) -> str:
    cite = facts.references.cite("spirit2013")
    return f"This section answers item 14 of SPIRIT 2013 (item 19 of SPIRIT 2025) {cite}."


def _enrol(facts: Facts) -> str:
    arms = [f"{people(one.people)} in {plain(one.name)}" for one in facts.flow.arms if one.name]
    split = f", {joined(arms)}" if arms else ""
    return f"The study will enrol {people(facts.n)} people{split}."


def _purpose(facts: Facts) -> str:
    plan, result = facts.plan, facts.result
    goals = [
        _goal(one, truth, facts.panel.sd)
        for one, truth in zip(plan.question, result.truths, strict=True)
    ]
    if plan.type_m is not None:
        return (
            f"It was planned so that significant results exaggerate the true {goals[0]} by a "
            f"factor of {plan.type_m:g} on average, which takes a power of {result.target:.3f}."
        )
    verb = {"all": "all of the following hold", "any": "at least one of the following holds"}
    aim = goals[0] if len(goals) == 1 else f"{verb[plan.succeeds_with]}: {'; '.join(goals)}"
    power = "a probability" if plan.tests_nothing or len(goals) > 1 else "a power"
    link = "that" if plan.tests_nothing or len(goals) > 1 else "to detect a"
    if len(goals) == 1 and not plan.tests_nothing:
        aim = aim.removeprefix("a ")
    if result.found is None:
        return f"The number was given, not searched for; the aim is {power} of " + (
            f"{result.target:.2f} {link} {aim}."
        )
    return f"The aim is {power} of {result.target:.2f} {link} {aim}."


def _goal(one: Question, truth: float, sd: float) -> str:
    if one.success == "significant":
        return f"{estimand(one)} of {target(one, truth, sd)} in a two-sided test at the " + (
            f"{100 * one.alpha:g} % level"
        )
    if one.success == "narrow":
        unit = "points a year" if one.about == "slope" else "points"
        return (
            f"the {level(one)} confidence interval of the {estimand(one)} reaches at most "
            f"{number(one.half_width or 0)} {unit} to either side"
        )
    return f"the {level(one)} confidence interval of the {estimand(one)} holds the true value"


def _analyses(facts: Facts) -> str:
    said = []
    for one in facts.plan.question:
        name = SCALES[one.outcome][0]
        named = f"The outcome is the {name}, {metric(one.outcome)}. "
        by = analysis(one)
        said.append(f"{named}The {estimand(one)} will be estimated by {by}.")
    return " ".join(dict.fromkeys(said))


def _assumptions(facts: Facts) -> str:
    panel = facts.panel
    parts = [f"a standard deviation at baseline of {number(panel.sd)} points{facts.source('sd')}"]
    if facts.flow.weeks:
        parts.append(
            f"a correlation of {number(panel.correlation)} between two measurements of one person"
            f"{facts.source('correlation')}"
        )
    if panel.slope_sd:
        parts.append(
            f"a standard deviation of {number(panel.slope_sd)} points a year between people's own "
            f"trends{facts.source('slope_sd')}"
        )
    said = f"The calculation assumes {joined(parts)}."
    if any(panel.trend):
        steps = [
            f"{number(one)} points by {week} weeks"
            for one, week in zip(panel.trend, facts.flow.weeks, strict=True)
        ]
        first = plain(facts.study.arm_names[0]) if facts.study.arm_names else "everybody"
        said += f" Means in {first} change by {joined(steps)}{facts.source('trend')}."
    return " ".join([said, *_clusters(facts), *_staying(facts)])


def _clusters(facts: Facts) -> list[str]:
    said = []
    if facts.panel.clusters and facts.allocates_clusters:
        said.append(f"Arms are allocated by {facts.unit}, not by person.")
    flows = {one.name: one for one in facts.flow.arms}
    for name, one in facts.panel.clusters.items():
        sizes = flows[name].sizes
        inflation = design_effect(sum(sizes) / len(sizes), one.icc, one.size_cv)
        said.append(
            f"People in {plain(name)} belong to {len(sizes)} {facts.unit}s {_size(sizes)}"
            f"{facts.source('cluster_size')}, with an intracluster correlation of {one.icc:g}"
            f"{facts.source('icc')}: a design effect of {inflation:.2f}."
        )
    return said


def _size(sizes: tuple[int, ...]) -> str:
    if len(set(sizes)) == 1:
        return f"of {sizes[0]}"
    if len(set(sizes[:-1])) == 1 and sizes[-1] < sizes[0]:
        return f"of {sizes[0]}, the last of {sizes[-1]}"
    return f"of {min(sizes)} to {max(sizes)}"


def _staying(facts: Facts) -> list[str]:
    rules = facts.study.participation
    arms = facts.study.arm_names or ("",)
    kept = {one: rules.of("retention", one) for one in arms}
    if all(not one or min(one) >= 1 for one in kept.values()):
        return ["Everybody is taken to be interviewed at every wave."]
    alike = len(set(kept.values())) == 1
    said = []
    for arm, shares in kept.items():
        waves = [
            f"{100 * one:.3g} % at {week} weeks"
            for one, week in zip(
                shares or [1.0] * len(facts.flow.weeks), facts.flow.weeks, strict=True
            )
        ]
        said.append(joined(waves) + ("" if alike else f" in {plain(arm)}"))
        if alike:
            break
    ways = {(rules.of("mechanism", one), rules.of("odds_ratio", one)) for one in arms}
    text = f"Of those enrolled, {'; '.join(said)} are expected to be interviewed"
    text += f"{facts.source('retention')}"
    if len(ways) == 1:
        mechanism, odds = ways.pop()
        text += f"; {MECHANISMS[mechanism].format(odds=odds)}{facts.source('mechanism')}"
    else:
        text += "; whom absence hangs on differs by arm" + facts.source("mechanism")
    return [f"{text}."]


def _found(facts: Facts) -> str:
    result, found = facts.result, facts.result.found
    what = "chance of success" if facts.plan.tests_nothing else "power"
    how = "Studies were simulated under these assumptions, and each was analysed as stated above."
    if found is None:
        said = f"{how} With {people(facts.n)} people the {what} is {share(facts.success)}."
        return f"{said}{_detectable(facts)}{_beside(facts)}{_failed(facts)}"
    if found.answer is None:
        return (
            f"{how} Even with all {people(facts.n)} people there are, the {what} is "
            f"{share(facts.success)}: the {result.target:.2f} aimed at is out of reach."
            f"{_failed(facts)}"
        )
    if found.edge == "<=":
        where = f"already the smallest number considered, {people(facts.n)}, is enough"
    else:
        where = (
            f"the number needed lies between {max(found.low, 0):.0f} and {found.high:.0f} (95 % "
            "Monte Carlo interval, which covers the simulation and not the assumptions)"
        )
    return (
        f"{how} By a search over {found.sims:,} of them {where}. In a fresh run at "
        f"{people(facts.n)} people, which the search never saw, the {what} was "
        f"{share(facts.success)}.{_beside(facts)}{_failed(facts)}"
    )


def _detectable(facts: Facts) -> str:
    one = facts.result.detectable
    if one is None or one.found.answer is None:
        return ""
    sizes = joined([number(truth) for truth in one.truths])
    return (
        f" The smallest effect that {people(one.n)} people detect with the "
        f"{facts.result.target:.2f} aimed at is {sizes} points, {one.found.answer:.3g} "
        "times the one assumed (95 % Monte "
        f"Carlo interval {one.found.low:.3g} to {one.found.high:.3g} times)."
    )


def _beside(facts: Facts) -> str:
    said = []
    for number_, form in enumerate(facts.result.beside, start=1):
        if form is not None:
            which = f" for question {number_}" if len(facts.result.beside) > 1 else ""
            n = f"over {facts.plan.people_at_most}" if form.n is None else f"{form.n}"
            caveat = f"; it holds {form.caveat}" if form.caveat else ""
            said.append(f" A closed form{which} gives {n} people ({form.source}{caveat}).")
    return "".join(said)


def _failed(facts: Facts) -> str:
    point = facts.point
    if not point.failed:
        return f" The model could be fitted in all of {point.success.n:,} simulated studies."
    return (
        f" The model could not be fitted in {point.failed} of {point.success.n:,} simulated "
        "studies, which count as failures; had all of those succeeded, the share would be "
        f"{point.if_failed_succeed:.3f}."
    )


def _fewer(facts: Facts) -> str:
    smaller = [one for one in facts.result.curve if one.n < facts.n][-SMALLER:]
    if not smaller:
        return ""
    what = "chance of success" if facts.plan.tests_nothing else "power"
    parts = [f"{one.success.share:.2f} with {one.n} people" for one in reversed(smaller)]
    error = max(one.success.mcse for one in smaller)
    return (
        f"Should recruitment fall short, the {what} would be {joined(parts)} (Monte Carlo standard "
        f"error at most {error:.3f})."
    )
