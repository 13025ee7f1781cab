"""Two answers to what should be the same question, and how far they lie apart."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from analysis.stress.answers import USABLE, Row

__all__ = ["TOLERANCE", "Invariant", "gap_between", "invariant_of"]

TOLERANCE = 1e-6
"""By how much an estimate may differ, as a share of the width of its interval."""
SCALED = ("estimate", "se", "lo", "hi")
OUT_OF_TIME = "out of time"
"""Says how busy the machine was, and nothing of the answer."""


class Invariant(NamedTuple):
    """Whether answers stay as they should.

    Attributes
    ----------
    name, words : str
    holds : bool or None
        None if nothing could be compared.
    worst : float
        Largest difference, as a share of the width of the interval.
    where : str
        Term and study of it, or why nothing was compared.
    fault : str
        What is wrong with the analysis if it does not hold, in a clause; empty if the words say it.
    """

    name: str
    words: str
    holds: bool | None
    worst: float
    where: str
    fault: str = ""


def gap_between(old: Row, new: Row | None, times: float = 1.0) -> float:
    """How far an estimate and the ends of its interval have moved, as a share of its width.

    Parameters
    ----------
    old, new
        Rows of one term; None where there is none.
    times
        By which numbers should have grown.

    Returns
    -------
    float
        Infinite if one of them can be used and the other not; NaN if there is nothing to compare.
    """
    status = [old.status, new.status if new else ""]
    if USABLE not in status or OUT_OF_TIME in status:
        return math.nan
    if new is None or new.status != old.status:
        return math.inf
    width = max(abs(old.hi - old.lo) * times, 1e-12)
    moved = [abs(getattr(new, name) - times * getattr(old, name)) / width for name in SCALED]
    return float(np.nanmax([*moved, abs(new.p - old.p)]))


def invariant_of(
    name: str, words: str, gaps: Iterable[tuple[str, float]], fault: str = ""
) -> Invariant:
    """What some gaps, each with where it is, come to."""
    known = [(gap, where) for where, gap in gaps if not math.isnan(gap)]
    if not known:
        return Invariant(name, words, None, math.nan, "no estimate was usable")
    worst, where = max(known, key=lambda one: one[0])
    return Invariant(name, words, worst <= TOLERANCE, worst, where if worst else "", fault)
