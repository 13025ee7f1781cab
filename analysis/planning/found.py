"""All that planning finds."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.planning.band.band import ParameterBand
from analysis.planning.curve import Beside, CurvePoint, Detectable
from analysis.planning.design.cost import Cost
from analysis.planning.search.found import Found
from analysis.planning.world.ceiling import Ceiling
from analysis.planning.world.spread_seen import Spread
from analysis.questions.of_study import plan_of
from analysis.questions.plan import Plan
from analysis.trials.flow import Flow
from sim.study.spec import Study

__all__ = ["PlanResult", "point_of"]


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


def point_of(result: PlanResult) -> CurvePoint | None:
    """The size a protocol is about; None if several were given.

    It is the answer, all there are if none is enough, or the one size given.
    """
    if result.found is not None:
        answer = result.found.answer
        return result.at(result.plan.people_at_most if answer is None else answer)
    return result.curve[0] if len(result.curve) == 1 else None
