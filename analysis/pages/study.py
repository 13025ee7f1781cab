"""One page on one simulated study: HTML that needs no other file and asks nothing of a network."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from analysis.figures import study as figures
from analysis.figures.canvas import steady_figure
from analysis.figures.embedded import embedded_svg
from analysis.figures.maps import (
    CLASS_COLOURS,
    CLASS_LABELS,
    MAP_INCHES,
    SYNTHETIC_NOTE,
    draw_interview,
    people_in,
)
from analysis.measures import study as measures
from analysis.measures.founding_paper import founding_paper
from analysis.pages.render import page
from sim.errors import typed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["picture", "report_html"]

TEMPLATE = "pages/report.html"
MAP_SIZE = (MAP_INCHES, MAP_INCHES * 1.08)
MAP_PLACE = (0.0, 0.0, 1.0, 1 / 1.08)  # square, with room for the title above
SYMBOLS = {"kin": "●", "friend": "▲", "professional": "■", "object": "◆"}


def report_html(bundle: Any, manifest: Mapping[str, Any]) -> str:
    """Make the page.

    Parameters
    ----------
    bundle
        Anything whose ``arrow(name)`` gives a table of the codebook.
    manifest
        Its manifest, or as much as there is: study, scenario, seed, replicate, versions, command.

    Returns
    -------
    str
        A whole HTML document. Pictures are part of it; everything from tables is escaped.
    """
    return page(
        TEMPLATE,
        _content(bundle, manifest),
        {"percent": _percent, "named": _named, "typed": lambda words: typed(*words)},
    )


def _content(bundle: Any, manifest: Mapping[str, Any]) -> dict[str, Any]:
    attrition, egos, alters = (bundle.arrow(name) for name in ("attrition", "egos", "alters"))
    visits = measures.retention(attrition)
    weeks = measures.weeks_followed(bundle.arrow("truth/estimands"))
    losses = measures.ties_lost(bundle.arrow("truth/ties"), weeks)
    rows = measures.table_one(bundle.arrow("persons"), alters)
    sizes = measures.map_sizes(egos)
    causes = measures.code_labels("truth/ties", "end_cause")
    months = measures.months_of_waves(egos)
    flow = measures.flow_of_people(bundle.arrow("flow"))
    return {
        "note": SYNTHETIC_NOTE,
        "manifest": manifest,
        "paper": founding_paper(),
        "flow": flow,
        "short": measures.fewer_than_wanted(flow, manifest),
        "people": [row for row in rows if row.part == "people"],
        "members": [row for row in rows if row.part == "members"],
        "n_people": visits[0].enrolled if visits else 0,
        "smallest": sizes.min() if sizes.size else 0,
        "largest": sizes.max() if sizes.size else 0,
        "visits": visits,
        "months": months,
        "losses": losses,
        "weeks": weeks,
        "changes": measures.changes_on_map(egos, alters),
        "retention_picture": picture(
            lambda ax: figures.retention_axes(visits, ax, months=months), (7.0, 3.6)
        ),
        "ties_picture": picture(
            lambda ax: figures.ties_by_cause(losses, ax, cause_labels=causes), (9.5, 3.4)
        ),
        "shown": _maps(bundle),
        "classes": [(SYMBOLS[one], CLASS_COLOURS[one], CLASS_LABELS[one]) for one in CLASS_LABELS],
    }


def _maps(bundle: Any) -> list[dict[str, Any]]:
    """Six people with a picture of every map, and what it shows in words."""
    shown = []
    for person in people_in(bundle):
        pictures = [
            {
                "data": picture(partial(draw_interview, one), MAP_SIZE, MAP_PLACE),
                "alt": f"Map of {person.pid}, {one.title}",
            }
            for one in person.waves
        ]
        shown.append({"pid": person.pid, "said": person.said, "pictures": pictures})
    return shown


def picture(
    draw: Callable[[Axes], object],
    inches: tuple[float, float],
    place: tuple[float, float, float, float] | None = None,
) -> str:
    """A drawing as the address of an image that is its own content.

    `place` fixes the Axes beforehand, for drawings that measure it; else it is fitted afterwards.
    """
    figure = steady_figure(inches)
    if place:
        figure.set_layout_engine(None)
    draw(figure.add_axes(place) if place else figure.subplots())
    return embedded_svg(figure)


def _percent(share: float) -> str:
    return "–" if math.isnan(share) else f"{share:.0%}".replace("%", " %")


def _named(code: str, table: str, column: str) -> str:
    """The label of a code."""
    return measures.code_labels(table, column).get(code, code)
