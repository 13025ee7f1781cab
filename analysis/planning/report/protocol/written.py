"""The sections of a protocol from their templates: what they may say, and how it is said."""

from __future__ import annotations

from functools import partial

from analysis.pages.blocks import Section, section_of
from analysis.pages.render import Filters, text
from analysis.planning.report.protocol.facts import Facts
from analysis.planning.report.protocol.outcomes import (
    amount,
    estimand_in_words,
    joined_words,
    metric,
    number,
    on_log_scale,
    plain_words,
    points,
    short,
    unit_in_words,
)
from analysis.planning.report.protocol.wording import (
    analysis_in_words,
    in_words,
    level_in_words,
    people,
    share,
    with_error,
)
from sim.data.provenance import version

__all__ = ["written"]

FOLDER = "planning/report/protocol"


def written(template: str, facts: Facts, **more: object) -> Section:
    """A section.

    Parameters
    ----------
    template
        Its file in this folder, without the ending.
    facts
        The plan. A template knows its `study`, `plan`, `result`, `n`, whether it is `in_world` and
        what it calls `power`; `cite` cites a source, `source` that of a number of the plan, and
        `instrument` that of a scale that is none of the world's.
    more
        What else this one knows.
    """
    known = {
        "study": facts.study,
        "plan": facts.plan,
        "result": facts.result,
        "point": facts.point,
        "n": facts.n,
        "in_world": facts.in_world,
        "power": "chance of success" if facts.plan.tests_nothing else "power",
        "version": version(),
        "cite": facts.references.cite,
        "source": facts.source,
        "instrument": facts.instrument,
    }
    of_scale = {name: partial(FILTERS[name], own=facts.own_scale) for name in OF_SCALE}
    filters: Filters = {**FILTERS, **of_scale} if facts.own_scale else FILTERS
    if not facts.in_world and facts.panel.ties is not None:
        filters = {**filters, "metric": partial(metric, of_classes=False)}
    return section_of(text(f"{FOLDER}/{template}.md.j2", known | more, filters))


FILTERS: Filters = {
    "amount": amount,
    "analysis": analysis_in_words,
    "estimand": estimand_in_words,
    "in_words": in_words,
    "joined": joined_words,
    "level": level_in_words,
    "metric": metric,
    "number": number,
    "on_log_scale": on_log_scale,
    "people": people,
    "plain": plain_words,
    "points": points,
    "share": share,
    "short": short,
    "unit": unit_in_words,
    "with_error": with_error,
}
OF_SCALE = ("estimand", "metric", "short")
"""What names the scale of an outcome, which may be a study's own."""
