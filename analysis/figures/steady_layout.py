"""A layout of figures whose bytes are the same in every process."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.transforms import Bbox

__all__ = ["SteadyLayout"]

DECIMALS = 9
"""Of a place in the figure; far below what can be seen, far above what the solver leaves open."""


class SteadyLayout(ConstrainedLayoutEngine):
    """Constrained layout, with places rounded.

    Its solver (kiwi) walks through constraints in the order of their addresses in memory, so the
    last bits of a place change from process to process, and with them the ids of clip paths in an
    SVG, which are hashes of places.
    """

    def execute(self, fig: Figure) -> Any:
        """Lay the figure out."""
        laid_out = super().execute(fig)
        for ax in fig.axes:
            place = ax.get_position(original=True)
            ax._set_position(Bbox(np.round(place.get_points(), DECIMALS)))  # type: ignore[attr-defined]
        return laid_out
