"""The flow of participants that is expected: the boxes of a CONSORT diagram, with intervals."""

from __future__ import annotations

from analysis.pages.blocks import Section
from analysis.planning.report.protocol.facts import Facts
from analysis.planning.report.protocol.outcomes import plain_words
from analysis.planning.report.protocol.wording import in_words
from analysis.planning.report.protocol.written import written
from analysis.trials.flow import ArmClusters, Expected, Flow
from sim.errors import counted

__all__ = ["expected_flow", "flow_rows"]

FEW = 10


def expected_flow(facts: Facts) -> Section:
    """A table and a picture of who is approached, enrolled, interviewed and analysed."""
    flow = facts.flow
    clustered = any(one.clusters for one in flow.arms) and (
        facts.allocates_clusters or not facts.in_world
    )
    return written(
        "participants",
        facts,
        flow=flow,
        clustered=clustered,
        some_died=any(one.died for one in flow.arms),
        head=[
            "stage",
            *([plain_words(one.name) for one in flow.arms] if len(flow.arms) > 1 else []),
            "all",
        ],
        rows=flow_rows(flow, facts),
    )


def flow_rows(flow: Flow, facts: Facts) -> list[list[str]]:
    """Rows of the table: stage, each arm if there are several, all."""
    several, arms = len(flow.arms) > 1, flow.arms
    empty = [""] * len(arms) if several else []
    rows = [
        ["approached", *empty, in_words(flow.approached)],
        ["interested", *empty, in_words(flow.interested)],
        ["enrolled" + (" and allocated" if several else ""), *_of(several, [
            in_words(one.people) for one in arms]), _enrolled(flow)],
    ]  # fmt: skip
    if any(one.clusters for one in arms):
        rows.append([f"in {facts.unit}s (size)", *_cluster_cells(flow, facts)])
    for place, week in enumerate(flow.weeks):
        each = [one.interviewed[place] for one in arms]
        rows.append([f"interviewed at {counted(week, 'week')}", *_row(several, each)])
        if any(one.died for one in arms):
            rows.append(["died by then", *_row(several, [one.died[place] for one in arms])])
    for place, _ in enumerate(facts.plan.question):
        each = [one.analysed[place] for one in arms]
        which = f", question {place + 1}" if len(facts.plan.question) > 1 else ""
        rows.append([f"in the analysis{which}", *_row(several, each)])
        ties = [one.ties[place] for one in arms if one.ties and one.ties[place] is not None]
        if ties:
            rows.append(["their ties in it", *_row(several, [one for one in ties if one])])
    return rows


def _enrolled(flow: Flow) -> str:
    """All enrolled: n, unless simulated studies ran out of people."""
    if len(flow.arms) == 1:
        return in_words(flow.arms[0].people)
    return f"{sum(one.people.mean for one in flow.arms):,.0f}"


def _of(several: bool, cells: list[str]) -> list[str]:
    return cells if several else []


def _row(several: bool, each: list[Expected]) -> list[str]:
    """The arms, and their sum without a range: that of a sum is no sum of ranges."""
    if not several:
        return [_counted(each[0])]
    return [*map(_counted, each), _mean(sum(one.mean for one in each))]


def _counted(one: Expected) -> str:
    if one.low == one.high or one.mean >= FEW:
        return in_words(one)
    return f"{_mean(one.mean)} ({one.low} to {one.high})"


def _mean(mean: float) -> str:
    """Small numbers with a decimal, as half a death is not none."""
    return f"{mean:.1f}" if 0 < mean < FEW and mean % 1 else f"{mean:,.0f}"


def _cluster_cells(flow: Flow, facts: Facts) -> list[str]:
    """Number and size of the clusters in each arm, and their number in all.

    Where people are allocated singly, those of one cluster are in several arms.
    """
    several = len(flow.arms) > 1
    each = [_clusters(one.clusters) for one in flow.arms]
    if not several:
        return each
    therapists = not facts.in_world and facts.panel.therapists is not None
    shared = therapists or (facts.in_world and not facts.allocates_clusters)
    total = sum(one.clusters.number.mean for one in flow.arms if one.clusters)
    return [*each, "the same in each arm" if shared else f"{total:.0f}"]


def _clusters(one: ArmClusters | None) -> str:
    if one is None:
        return "0"
    low, high = one.size.low, one.size.high
    return f"{in_words(one.number)} ({low} to {high})" if low != high else (
        f"{in_words(one.number)} ({low})"
    )  # fmt: skip
