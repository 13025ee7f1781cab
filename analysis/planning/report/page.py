"""One page on a plan: HTML that needs no other file and asks nothing of a network."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.figures.maps import SYNTHETIC_NOTE
from analysis.pages.render import page
from analysis.pages.study import picture
from analysis.planning.found import PlanResult, point_of
from analysis.planning.report.figure import curve
from analysis.planning.report.flow_figure import draw_flow, flow_inches
from analysis.planning.report.protocol.document import Protocol
from analysis.planning.report.words import answer_in_words
from analysis.trials.flow import Flow
from sim.data.provenance import version

__all__ = ["plan_html"]

CURVE_INCHES = (7.5, 4.4)
WHOLE = (0.0, 0.0, 1.0, 1.0)


def plan_html(result: PlanResult, protocol: Protocol | None, more: Sequence[str] = ()) -> str:
    """Make the page.

    Parameters
    ----------
    result
        The plan.
    protocol
        Its texts; None where the plan is about several numbers of people.
    more
        Answers to what else was asked, a sentence each.
    """
    pictures = {}
    if protocol is not None and protocol.flow is not None:
        pictures["flow"] = _flow(protocol.flow, protocol.unit)
    point = point_of(result)
    content = {
        "id": result.study.id,
        "title": result.study.title,
        "process": result.plan.process,
        "seed": result.seed,
        "note": SYNTHETIC_NOTE,
        "version": version(),
        "answer": [*answer_in_words(result), *more],
        "what": "chance of success" if result.plan.tests_nothing else "power",
        "n": point.n if point else None,
        "curve": result.curve,
        "curve_picture": picture(lambda ax: curve(result, ax), CURVE_INCHES),
        "sections": [
            {"title": one.title, "blocks": [(type(each).__name__, each) for each in one.blocks]}
            for one in (protocol.sections if protocol else ())
        ],
        "pictures": pictures,
    }
    return page("pages/plan.html", content)


def _flow(flow: Flow, unit: str) -> str:
    return picture(lambda ax: draw_flow(flow, unit, ax), flow_inches(flow), WHOLE)
