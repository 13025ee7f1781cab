"""The flow of participants that is expected: the boxes of a CONSORT diagram, with intervals."""

from __future__ import annotations

from analysis.planning.flow import Expected, Flow
from analysis.planning.protocol.blocks import Paragraph, Picture, Section, Table
from analysis.planning.protocol.facts import Facts
from analysis.planning.protocol.wording import plain

__all__ = ["expected_flow", "flow_rows", "in_words"]


def expected_flow(facts: Facts) -> Section:
    """A table and a picture of who is approached, enrolled, interviewed and analysed."""
    flow, clustered = facts.flow, any(one.sizes for one in facts.flow.arms)
    guides = ("consort2010", "consort_cluster") if clustered else ("consort2010",)
    said = (
        f"Expected numbers, and the range within which 95 % of such studies fall "
        f"{facts.references.cite(*guides)}. {100 * facts.study.recruitment.interest:.3g} % of "
        f"those approached are taken to be interested and "
        f"{100 * facts.study.recruitment.consent:.3g} % of the interested to consent"
        f"{facts.source('recruitment')}; people too unwell to be asked come on top. The ranges "
        "take people to be independent of one another."
    )
    head = ["stage", *([plain(one.name) for one in flow.arms] if len(flow.arms) > 1 else []), "all"]
    rows = [[stage, *cells] for stage, *cells in flow_rows(flow, facts)]
    picture = Picture("flow", f"Expected flow of participants in a study of {flow.n} people")
    return Section("Expected flow of participants", [Paragraph(said), Table(head, rows), picture])


def flow_rows(flow: Flow, facts: Facts) -> list[list[str]]:
    """Rows of the table: stage, each arm if there are several, all."""
    several, arms = len(flow.arms) > 1, flow.arms
    empty = [""] * len(arms) if several else []
    rows = [
        ["approached", *empty, in_words(flow.approached)],
        ["interested", *empty, in_words(flow.interested)],
        ["enrolled" + (" and allocated" if several else ""), *_of(several, [
            str(one.people) for one in arms]), str(flow.n)],
    ]  # fmt: skip
    if any(one.sizes for one in arms):
        sizes = [_clusters(one.sizes) for one in arms]
        total = sum(len(one.sizes) for one in arms)
        rows.append([f"in {facts.unit}s (size)", *_of(several, sizes), str(total)])
    for place, week in enumerate(flow.weeks):
        each = [one.interviewed[place] for one in arms]
        rows.append([f"interviewed at {week} weeks", *_row(several, each)])
    for place, _ in enumerate(facts.plan.question):
        each = [one.analysed[place] for one in arms]
        which = f", question {place + 1}" if len(facts.plan.question) > 1 else ""
        rows.append([f"in the analysis{which}", *_row(several, each)])
    return rows


def in_words(one: Expected) -> str:
    """`94 (88 to 99)`; a number that is certain stands alone."""
    if one.low == one.high:
        return f"{one.mean:.0f}"
    return f"{one.mean:.0f} ({one.low} to {one.high})"


def _of(several: bool, cells: list[str]) -> list[str]:
    return cells if several else []


def _row(several: bool, each: list[Expected]) -> list[str]:
    """The arms, and their sum without a range: that of a sum is no sum of ranges."""
    if not several:
        return [in_words(each[0])]
    return [*map(in_words, each), f"{sum(one.mean for one in each):.0f}"]


def _clusters(sizes: tuple[int, ...]) -> str:
    if not sizes:
        return "0"
    low, high = min(sizes), max(sizes)
    return f"{len(sizes)} ({low} to {high})" if low != high else f"{len(sizes)} ({low})"
