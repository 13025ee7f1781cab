"""One page on a comparison, or a sweep: HTML that needs no other file and asks no network."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import TYPE_CHECKING, Any

from analysis.compare.shown import unit_of_change
from analysis.compare.words import said
from analysis.figures.embedded import embedded_svg
from analysis.figures.maps import SYNTHETIC_NOTE
from analysis.pages.render import Filters, page
from sim.data.provenance import version

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["comparison_html", "sweep_html"]

FEW_TIMES = 10
REM_AN_INCH = 4.8
"""Of a picture's own width: four fifths of its size, under which letters are too small to read; a
narrow screen shows part of it."""


def comparison_html(content: Mapping[str, Any], drawn: Mapping[str, Figure]) -> str:
    """Make the page of a comparison.

    Parameters
    ----------
    content
        What the template speaks of: the same rows and sentences as the tables.
    drawn
        Pictures, by name; they keep the layout that they are given here.
    """
    return _page("compare/comparison.html", content, drawn)


def sweep_html(content: Mapping[str, Any], drawn: Mapping[str, Figure]) -> str:
    """Make the page of a sweep, in the same way."""
    return _page("compare/sweep.html", content, drawn)


def _page(template: str, content: Mapping[str, Any], drawn: Mapping[str, Figure]) -> str:
    pictures = {
        name: {
            "source": _embedded(figure),
            "least_rem": round(REM_AN_INCH * figure.get_figwidth()),
        }
        for name, figure in drawn.items()
    }
    whole = {**content, "note": SYNTHETIC_NOTE, "version": version(), "pictures": pictures}
    filters: Filters = {
        "said": _said, "times": _times, "short": _short, "of_change": unit_of_change,
    }  # fmt: skip
    return page(template, whole, filters)


def _said(value: float) -> str:
    return said(value) if isfinite(value) else "–"


def _short(value: float) -> str:
    return f"{value:.3g}" if isfinite(value) else "–"


def _times(value: float) -> str:
    if not isfinite(value):
        return "–"
    return f"×{value:,.0f}" if value >= FEW_TIMES else f"×{value:.1f}"


def _embedded(figure: Figure) -> str:
    """A figure as the address of an image that is its own content."""
    address = embedded_svg(figure)
    figure.set_layout_engine("none")  # it is laid out now; to do it again takes as long as drawing
    return address
