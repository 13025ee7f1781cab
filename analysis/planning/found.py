"""All that planning finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.planning.curve import Beside, CurvePoint, Detectable
from analysis.planning.search.found import Found
from analysis.questions.of_study import plan_of
from analysis.questions.plan import Plan
from sim.study.spec import Study

if TYPE_CHECKING:
    from analysis.planning.band.band import ParameterBand
    from analysis.planning.design.cost import Cost
    from analysis.planning.validity.instead import Instead
    from analysis.planning.validity.measure import Validity
    from analysis.planning.world.ceiling import Ceiling
    from analysis.planning.world.spread_seen import Spread
    from analysis.trials.flow import Flow
    from analysis.worlds.census import Truth

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
    validity : Validity or None
        Whether its analyses do what they promise; None where several sizes are looked at.
    instead : Instead or None
        A plan that does, where this one does not and there is one.
    why_not : tuple of str
        Why no number of people would do, where that is so.
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
    validity: Validity | None = None
    instead: Instead | None = None
    why_not: tuple[str, ...] = ()

    @property
    def plan(self) -> Plan:
        """The `[plan]` of the study."""
        return plan_of(self.study)

    @property
    def is_out_of_reach(self) -> bool:
        """Whether a number of people was searched for and all there may be are not enough."""
        return self.found is not None and self.found.answer is None

    @property
    def all_notes(self) -> tuple[str, ...]:
        """What a reader must know, and is told nowhere else.

        Why no number of people would do stands beside a target that is out of reach.
        """
        return self.notes if self.is_out_of_reach else (*self.why_not, *self.notes)

    @property
    def is_barred(self) -> bool:
        """Whether its number of people is not to be used, as it is wrong too often."""
        return self.validity is not None and not self.validity.holds

    @property
    def world_truths(self) -> tuple[Truth, ...] | None:
        """What is true in the world; None of a panel."""
        if not self.truth_errors:
            return None
        from analysis.worlds.census import Truth

        return tuple(map(Truth, self.truths, self.truth_errors, self.truth_worlds))

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
