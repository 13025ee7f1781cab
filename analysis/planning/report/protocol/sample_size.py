"""The paragraph on sample size that item 14 of SPIRIT 2013 asks for (item 19 in 2025)."""

from __future__ import annotations

from math import isfinite

from analysis.estimators.formulas.closed_forms import design_effect
from analysis.pages.blocks import Section
from analysis.planning.assumed import assumed_cac, uses_baseline
from analysis.planning.report.protocol.facts import Facts
from analysis.planning.report.protocol.in_the_world import true_value, world_of
from analysis.planning.report.protocol.outcomes import (
    estimand_in_words,
    joined_words,
    metric,
    plain_words,
    points,
)
from analysis.planning.report.protocol.structure import structure_of
from analysis.planning.report.protocol.wording import analysis_in_words, in_words, target
from analysis.planning.report.protocol.written import written
from analysis.planning.search.pool import RESAMPLES
from analysis.planning.validity.words import validity_for_protocol
from analysis.questions.question import Question
from analysis.questions.scales import Scale
from analysis.trials.flow import ENROLLED, ArmClusters
from sim.errors import counted

__all__ = ["sample_size"]

SMALLER = 3
"""So many smaller sizes of the curve are named, at most."""


def sample_size(facts: Facts) -> Section:
    """How many people, what for, under which assumptions, found how."""
    asked = facts.plan.question
    return written(
        "sample_size",
        facts,
        flow=facts.flow,
        alone=len(asked) == 1 and not facts.plan.tests_nothing and facts.plan.type_m is None,
        goals=[{"asked": one, "truth": _truth(facts, place)} for place, one in enumerate(asked)],
        analysed=list({_analysed(one, facts.own_scale): one for one in asked}.values()),
        success=facts.success,
        validity=validity_for_protocol(facts.result),
        resamples=RESAMPLES,
        **_enrolled(facts),
        **(world_of(facts) if facts.in_world else _panel_of(facts)),
        **_staying(facts),
        **_found(facts),
        **_smaller(facts),
    )


def _analysed(one: Question, own: Scale | None) -> tuple[str, ...]:
    return metric(one, own), estimand_in_words(one, own), analysis_in_words(one)


def _truth(facts: Facts, place: int) -> str:
    """The size looked for."""
    if facts.in_world:
        return true_value(facts, place)
    return target(facts.plan.question[place], facts.result.truths[place], facts.sd)


def _enrolled(facts: Facts) -> dict[str, object]:
    """People in each arm, and on average where simulated studies ran out of them."""
    arms = [one for one in facts.flow.arms if one.name]
    mean = sum(one.people.mean for one in facts.flow.arms)
    return {
        "arms_enrolled": [f"{in_words(one.people)} in {plain_words(one.name)}" for one in arms],
        "drawn": ENROLLED,
        "means": any(one.people.low < one.people.high for one in arms),
        "enrolled_on_average": f"{mean:.1f}" if mean < facts.n - 0.05 else None,
    }


def _panel_of(facts: Facts) -> dict[str, object]:
    """What a panel assumes."""
    panel, arms = facts.panel, facts.study.arm_names
    steps = zip(panel.trend, facts.flow.weeks, strict=False)
    return {
        "panel": panel,
        "trend": [f"{points(one)} by {counted(week, 'week')}" for one, week in steps]
        if any(panel.trend)
        else [],
        "first_arm": plain_words(arms[0]) if arms else "everybody",
        "allocates_clusters": facts.allocates_clusters,
        "unit": facts.unit,
        "clusters": _clusters(facts),
        "cac": assumed_cac(facts.study),
        "uses_baseline": uses_baseline(facts.plan),
        "kept_by_arm": _kept_by_arm(facts),
        **structure_of(facts),
    }


def _kept_by_arm(facts: Facts) -> list[tuple[str, list[str]]]:
    """Percent of members named again, as a panel of ties assumes them; one row if arms agree."""
    ties, weeks = facts.panel.ties, facts.flow.weeks
    if ties is None:
        return []
    each = {arm: ties.truly(arm, len(weeks)) for arm in facts.study.arm_names or ("",)}
    if len(set(each.values())) == 1:
        each = {"": next(iter(each.values()))}
    return [
        (
            arm,
            [
                f"{100 * one:.3g} % by {counted(week, 'week')}"
                for one, week in zip(kept, weeks, strict=True)
            ],
        )
        for arm, kept in each.items()
    ]


def _clusters(facts: Facts) -> list[dict[str, object]]:
    said: list[dict[str, object]] = []
    flows = {one.name: one.clusters for one in facts.flow.arms}
    for name, one in facts.panel.clusters.items():
        clusters = flows[name]
        if clusters is None:
            continue
        inflation = design_effect(clusters.size.mean, one.icc, one.size_cv)
        said.append(
            {
                "arm": name,
                "number": f"{clusters.number.mean:.0f}",
                "size": _size(clusters),
                "icc": one.icc,
                "cac": one.cac,
                "inflation": f"{inflation:.2f}",
            }
        )
    return said


def _size(clusters: ArmClusters) -> str:
    sizes = clusters.sizes
    if not sizes:
        return f"{clusters.size.low} to {clusters.size.high}, drawn anew in each study,"
    if len(set(sizes)) == 1:
        return f"{sizes[0]}"
    return f"{min(sizes)} to {max(sizes)}"


def _staying(facts: Facts) -> dict[str, object]:
    """Shares interviewed, by arm where they differ, and what absence hangs on if it is one thing.

    Nothing of who stays where everybody does.
    """
    rules = facts.study.participation
    arms = facts.study.arm_names or ("",)
    kept = {one: rules.of("retention", one) for one in arms}
    if all(not one or min(one) >= 1 for one in kept.values()):
        return {"staying": []}
    weeks = facts.flow.weeks
    shares = {
        arm: joined_words(
            [
                f"{100 * one:.3g} % at {counted(week, 'week')}"
                for one, week in zip(at or [1.0] * len(weeks), weeks, strict=True)
            ]
        )
        for arm, at in kept.items()
    }
    alike = len(set(kept.values())) == 1
    ways = {(rules.of("mechanism", one), rules.of("odds_ratio", one)) for one in arms}
    mechanism, odds = ways.pop() if len(ways) == 1 else (None, 1.0)
    return {
        "staying": [shares[arms[0]]]
        if alike
        else [f"{said} in {plain_words(arm)}" for arm, said in shares.items()],
        "mechanism": mechanism,
        "odds": f"{odds:g}",
    }


def _found(facts: Facts) -> dict[str, object]:
    """The interval of the number needed, the smallest effect searched for, and closed forms."""
    found, one = facts.result.found, facts.result.detectable
    shown = one if one is not None and one.found.answer is not None else None
    forms = [] if facts.result.is_out_of_reach else enumerate(facts.result.beside, start=1)
    return {
        "closed_forms": [(number_, form) for number_, form in forms if form is not None],
        "low": f"{max(found.low, 0):.0f}" if found else None,
        "high": f"{found.high:.0f}" if found and isfinite(found.high) else None,
        "detectable": shown,
        "detectable_sizes": points(*shown.truths) if shown else None,
    }


def _smaller(facts: Facts) -> dict[str, object]:
    """Success with fewer people, the most people first; the study file's own number among them."""
    below = [one for one in facts.result.curve if one.n < facts.n]
    own = [one for one in below if one.n == facts.study.recruitment.n]
    smaller = [*(one for one in own if one not in below[-SMALLER:]), *below[-SMALLER:]]
    return {
        "smaller": [f"{one.success.share:.2f} with {one.n} people" for one in reversed(smaller)],
        "error": f"{max((one.success.mcse for one in smaller), default=0):.3f}",
        "studies": smaller[0].success.n if smaller else 0,
    }
