"""A figure as the address of an image that is its own content, for a page without other files."""

from __future__ import annotations

import base64
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["embedded_png", "embedded_svg"]


def embedded_svg(figure: Figure) -> str:
    """As lines and letters; the same text whenever the same is drawn."""
    import matplotlib

    sink = BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": "egocohort"}):  # else ids change with every run
        figure.savefig(sink, format="svg", metadata={"Date": None})
    return _address("svg+xml", sink)


def embedded_png(figure: Figure, dots_an_inch: int) -> str:
    """As dots."""
    sink = BytesIO()
    figure.savefig(sink, format="png", dpi=dots_an_inch)
    return _address("png", sink)


def _address(kind: str, sink: BytesIO) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(sink.getvalue()).decode('ascii')}"
