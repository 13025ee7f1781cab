"""The parameter band of a plan in words, which are in `words.md.j2`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from analysis.pages.render import lines

if TYPE_CHECKING:
    from analysis.planning.band.band import ParameterBand

__all__ = ["band_in_sentences", "band_in_words"]


def band_in_words(band: ParameterBand, sizes: Sequence[int]) -> list[str]:
    """Truths and chances over draws.

    Parameters
    ----------
    band : ParameterBand
    sizes : sequence of int
        Those of the band's sizes to show.
    """
    return _said("everything", band, sizes)


def band_in_sentences(band: ParameterBand, sizes: Sequence[int]) -> list[str]:
    """The same without tables, a line each."""
    return _said("sentences", band, sizes)


def _said(part: str, band: ParameterBand, sizes: Sequence[int]) -> list[str]:
    """Of all draws, and of those near the shipped world where there are some."""
    spreads = [
        (near, over, [one for n in sizes if (one := over.at(n)) is not None])
        for near, over in ((False, band.every), (True, band.near))
        if over is not None
    ]
    return lines("planning/band/words.md.j2", part, {"band": band, "spreads": spreads})
