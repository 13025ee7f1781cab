"""What planning finds: points of a curve, closed forms, a smallest effect, all of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.planning.design.cost import Cost
from analysis.planning.search.search import Found
from analysis.planning.search.tally import Confirmed
from analysis.planning.world.ceiling import Ceiling
from analysis.trials.flow import Flow
from analysis.trials.performance import Measured
from sim.errors import InputError
from sim.study.planning import Plan
from sim.study.spec import Study

if TYPE_CHECKING:
    from analysis.planning.band.band import ParameterBand
    from analysis.planning.world.spread_seen import Spread

__all__ = ["Beside", "CurvePoint", "Detectable", "PlanResult", "plan_of", "point_of"]


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


@dataclass(frozen=True)
class PlanResult:
    """What planning found.

    Attributes
    ----------
    study : Study
    seed : int
    target : float
        Chance of success searched for.
    truths : tuple of float
        Of the estimands of the questions, in their units.
    found : Found or None
        None where sizes were given and nothing was searched for.
    curve : tuple of CurvePoint
    beside : tuple of (Beside or None)
        By question.
    cost : Cost or None
        At the answer, or at the one size given.
    detectable : Detectable or None
    notes : tuple of str
    truth_errors : tuple of float
        Monte Carlo standard errors of the truths; empty where those are exact.
    truth_worlds : tuple of int
        Replicates of the worlds that the truths were found in.
    flow : Flow or None
        Participants as simulated studies had them, where they were counted.
    ceilings : tuple of Ceiling
        What the number of teams or sites allows, where those are allocated.
    spreads : tuple of (Spread or None)
        By question, how its outcome scatters in the world.
    band : ParameterBand or None
        What the world's parameters leave uncertain, if it was asked for.
    """

    study: Study
    seed: int
    target: float
    truths: tuple[float, ...]
    found: Found | None
    curve: tuple[CurvePoint, ...]
    beside: tuple[Beside | None, ...]
    cost: Cost | None
    detectable: Detectable | None
    notes: tuple[str, ...]
    truth_errors: tuple[float, ...] = ()
    truth_worlds: tuple[int, ...] = ()
    flow: Flow | None = None
    ceilings: tuple[Ceiling, ...] = ()
    spreads: tuple[Spread | None, ...] = ()
    band: ParameterBand | None = None

    @property
    def plan(self) -> Plan:
        """The `[plan]` of the study."""
        return plan_of(self.study)

    def at(self, n: float | None) -> CurvePoint | None:
        """The point of the curve at n."""
        return next((one for one in self.curve if one.n == n), None)


def plan_of(study: Study) -> Plan:
    """The study's plan; an `InputError` if it has none."""
    if study.plan is None:
        raise InputError(
            f'study "{study.id}" has no [plan]; '
            '"network-intervention-trial" shows what one looks like'
        )
    return study.plan


def point_of(result: PlanResult) -> CurvePoint | None:
    """The size a protocol is about; None if several were given.

    It is the answer, all there are if none is enough, or the one size given.
    """
    if result.found is not None:
        answer = result.found.answer
        return result.at(result.plan.people_at_most if answer is None else answer)
    return result.curve[0] if len(result.curve) == 1 else None
