"""How studies of so many people do, and what stands beside that."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.planning.search.search import Found
from analysis.trials.performance import Measured
from analysis.trials.success import Confirmed

__all__ = ["Beside", "CurvePoint", "Detectable"]


@dataclass(frozen=True)
class CurvePoint:
    """How studies of n people do.

    Attributes
    ----------
    n : int
    success : Confirmed
        Share that succeeded, a failed fit being no success.
    failed : int
        Studies in which some fit failed.
    if_failed_succeed : float
        The share, had all of those succeeded.
    closed : tuple of (float or None)
        Power by the closed form of each question.
    measures : tuple of dict
        Performance by question; see `analysis.trials.performance`.
    """

    n: int
    success: Confirmed
    failed: int
    if_failed_succeed: float
    closed: tuple[float | None, ...]
    measures: tuple[dict[str, Measured], ...]


@dataclass(frozen=True)
class Beside:
    """The closed form of one question: where it comes from and the N it gives."""

    source: str
    caveat: str
    n: int | None


@dataclass(frozen=True)
class Detectable:
    """The smallest effect a study of n people detects, as a multiple of the study file's effect."""

    n: int
    found: Found
    truths: tuple[float, ...]
