"""How studies of so many people do, and what stands beside that."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.planning.search.found import Found
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
    """The closed form of one question.

    Attributes
    ----------
    source : str
        Where it comes from.
    caveat : str
        In what it is an approximation; empty where it is exact.
    n : int or None
        The number of people it gives; None if there are not as many.
    call : str
        A call of R that gives the same number before loss; empty where none is known.
    """

    source: str
    caveat: str
    n: int | None
    call: str = ""

    @property
    def exact(self) -> bool:
        """Whether it is the chance itself under the model of the plan."""
        return not self.caveat


@dataclass(frozen=True)
class Detectable:
    """The smallest effect a study of n people detects, as a multiple of the study file's effect."""

    n: int
    found: Found
    truths: tuple[float, ...]
