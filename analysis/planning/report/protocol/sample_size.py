"""The paragraph on sample size that item 14 of SPIRIT 2013 asks for (item 19 in 2025)."""

from __future__ import annotations

from math import isfinite

from analysis.planning.formulas.closed_forms import design_effect
from analysis.planning.report.protocol.blocks import Paragraph, Section
from analysis.planning.report.protocol.facts import Facts
from analysis.planning.report.protocol.in_the_world import true_value, world_in_words
from analysis.planning.report.protocol.outcomes import (
    amount,
    estimand,
    joined,
    metric,
    number,
    on_log_scale,
    plain,
    unit,
)
from analysis.planning.report.protocol.wording import (
    MECHANISMS,
    analysis,
    in_words,
    level,
    people,
    share,
    target,
)
from analysis.planning.search.pool import RESAMPLES
from analysis.questions.asking import LOSS

__all__ = ["sample_size"]

SMALLER = 3
"""So many smaller sizes of the curve are named, at most."""


def sample_size(facts: Facts) -> Section:
    """How many people, what for, under which assumptions, found how."""
    texts = [
        f"{_enrol(facts)} {_purpose(facts)}", _analyses(facts), *_assumptions(facts), _found(facts),
        _units(facts), _fewer(facts), _guide(facts),
    ]  # fmt: skip
    return Section("Sample size", [Paragraph(one) for one in texts if one])


def _guide(facts: Facts) -> str:
    cite = facts.references.cite("spirit2013")
    if facts.study.arms is None:
        return (
            "The study has no arms and is no trial; this section is written as item 14 of SPIRIT "
            f"2013 asks of trials (item 19 of SPIRIT 2025) {cite}."
        )
    return f"This section answers item 14 of SPIRIT 2013 (item 19 of SPIRIT 2025) {cite}."


def _enrol(facts: Facts) -> str:
    arms = [f"{in_words(one.people)} in {plain(one.name)}" for one in facts.flow.arms if one.name]
    split = f", {joined(arms)}" if arms else ""
    if arms and any(one.people.low < one.people.high for one in facts.flow.arms):
        split += f" (means of {facts.flow.studies:,} simulated studies, and where 95 % of them lie)"
    return f"The study will enrol {people(facts.n)} people{split}.{_fewer_found(facts)}"


def _fewer_found(facts: Facts) -> str:
    """That some simulated studies ran out of people, where they did."""
    mean = sum(one.people.mean for one in facts.flow.arms)
    if mean >= facts.n - 0.05:
        return ""
    return (
        f" Not all simulated studies found so many, as sites ran out of people who were asked and "
        f"consented: {mean:.1f} on average of {facts.flow.studies:,} studies."
    )


def _purpose(facts: Facts) -> str:
    plan, result = facts.plan, facts.result
    goals = [_goal(facts, place) for place in range(len(plan.question))]
    if plan.type_m is not None:
        return (
            f"It was planned so that significant results exaggerate the true {goals[0]} by a "
            f"factor of {plan.type_m:g} on average, which takes a power of {result.target:.3f}."
        )
    verb = {"all": "all of the following hold", "any": "at least one of the following holds"}
    aim = goals[0] if len(goals) == 1 else f"{verb[plan.succeeds_with]}: {'; '.join(goals)}"
    power = "a probability" if plan.tests_nothing or len(goals) > 1 else "a power"
    link = "that" if plan.tests_nothing or len(goals) > 1 else _detect(facts)
    if len(goals) == 1 and not plan.tests_nothing:
        aim = aim.removeprefix("a ").removeprefix("the ")
    if result.found is None:
        return f"The number was given, not searched for; the aim is {power} of " + (
            f"{result.target:.2f} {link} {aim}."
        )
    return f"The aim is {power} of {result.target:.2f} {link} {aim}."


def _goal(facts: Facts, place: int) -> str:
    one, truth = facts.plan.question[place], facts.result.truths[place]
    if one.success == "significant":
        test = f"in a two-sided test at the {100 * one.alpha:g} % level"
        if facts.in_world:
            true = f"which in the simulated world is {true_value(facts, place)}"
            return f"{estimand(one)}, {true}, {test}"
        return f"{estimand(one)} of {target(one, truth, facts.sd)} {test}"
    if one.success == "narrow":
        return (
            f"the {level(one)} confidence interval of the {estimand(one)} reaches at most "
            f"{amount(one, one.half_width or 0)} to either side"
        )
    return f"the {level(one)} confidence interval of the {estimand(one)} holds the true value"


def _detect(facts: Facts) -> str:
    return "to detect the" if facts.in_world else "to detect a"


def _analyses(facts: Facts) -> str:
    said = []
    for one in facts.plan.question:
        it = f"The {estimand(one).removeprefix('the ')}"
        if one.outcome == LOSS and len(facts.plan.question) == 1:
            it = "This log odds ratio" if on_log_scale(one) else "This difference"
        said.append(f"The outcome is {metric(one)}. {it} will be estimated by {analysis(one)}.")
    return " ".join(dict.fromkeys(said))


def _assumptions(facts: Facts) -> list[str]:
    if facts.in_world:
        return [*world_in_words(facts), *_staying(facts)]
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
    return [" ".join([said, *_clusters(facts), *_staying(facts)])]


def _clusters(facts: Facts) -> list[str]:
    said = []
    if facts.panel.clusters and facts.allocates_clusters:
        said.append(f"Arms are allocated by {facts.unit}, not by person.")
    flows = {one.name: one for one in facts.flow.arms}
    for name, one in facts.panel.clusters.items():
        clusters = flows[name].clusters
        sizes = clusters.sizes if clusters else ()
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
            f"the number needed lies {_between(facts, max(found.low, 0), found.high)} (95 % "
            "Monte Carlo interval, which covers the simulation and not the assumptions)"
        )
    return (
        f"{how} {_searched(facts)} {where}. In a fresh run at "
        f"{people(facts.n)} people, which the search never saw, the {what} was "
        f"{share(facts.success)}.{_beside(facts)}{_failed(facts)}"
    )


def _between(facts: Facts, low: float, high: float) -> str:
    if not isfinite(high):
        return f"from {low:.0f} to beyond the {people(facts.plan.people_at_most)} there are"
    return f"between {low:.0f} and {high:.0f}"


def _searched(facts: Facts) -> str:
    found, pool = facts.result.found, facts.point.success.n
    if not facts.in_world:
        return f"By a search over {found.sims if found else 0:,} of them"
    return (
        f"Each of {pool:,} simulated studies answers for every size, as its first people are the "
        f"smaller study; by {RESAMPLES} resamples of them"
    )


def _units(facts: Facts) -> str:
    """What the number of teams or sites allows, where those are allocated."""
    said = []
    for one in facts.result.ceilings:
        its = unit(facts.plan.question[one.number - 1])
        rows = [
            f"{row.k} {one.unit}s allow "
            + (f"a power of {row.power:.2f}" if one.half_width is None
               else f"an interval of ±{row.half_width:.2g}{its} on average")
            for row in one.rows
        ]  # fmt: skip
        which = f" (question {one.number})" if len(facts.plan.question) > 1 else ""
        said.append(
            f"More people in the same {one.unit}s hardly help. By a t test of {one.unit} means, "
            f"with the error of the largest simulated studies, {joined(rows)}{which}; {one.takes}."
        )
    return " ".join(said)


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
        return f" The analysis could be done in all of {point.success.n:,} simulated studies."
    return (
        f" The analysis could not be done in {point.failed} of {point.success.n:,} simulated "
        "studies, which count as failures; had all of those succeeded, the share would be "
        f"{point.if_failed_succeed:.3f}."
    )


def _fewer(facts: Facts) -> str:
    below = [one for one in facts.result.curve if one.n < facts.n]
    own = [one for one in below if one.n == facts.study.recruitment.n]
    smaller = [*(one for one in own if one not in below[-SMALLER:]), *below[-SMALLER:]]
    if not smaller:
        return ""
    what = "chance of success" if facts.plan.tests_nothing else "power"
    parts = [f"{one.success.share:.2f} with {one.n} people" for one in reversed(smaller)]
    error, studies = max(one.success.mcse for one in smaller), smaller[0].success.n
    return (
        f"Should recruitment fall short, the {what} would be {joined(parts)} (Monte Carlo standard "
        f"error at most {error:.3f}, {studies:,} simulated studies)."
    )
