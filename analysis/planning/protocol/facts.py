"""What the sections of a protocol speak about: one plan, one number of people, its sources."""

from __future__ import annotations

from dataclasses import dataclass, field

from analysis.planning.flow import Flow, flow_of
from analysis.planning.found import CurvePoint, PlanResult
from analysis.planning.panel import panel_in
from analysis.planning.processes import process_of
from analysis.planning.protocol.references import References
from analysis.planning.tally import Confirmed
from sim.errors import InputError
from sim.study.planning import Panel, Plan, Question
from sim.study.spec import Study

__all__ = ["Facts", "facts_of", "point_of"]


@dataclass(frozen=True)
class Facts:
    """A plan and what a protocol says of it.

    Attributes
    ----------
    result : PlanResult
    point : CurvePoint
        The number of people the protocol is about.
    flow : Flow
    references : References
        Sources cited so far.
    """

    result: PlanResult
    point: CurvePoint
    flow: Flow
    references: References = field(default_factory=References)

    @property
    def study(self) -> Study:
        """The study planned."""
        return self.result.study

    @property
    def plan(self) -> Plan:
        """Its plan."""
        return self.result.plan

    @property
    def panel(self) -> Panel:
        """The panel its figures come from."""
        return panel_in(self.plan, "the text for a protocol")

    @property
    def n(self) -> int:
        """People to enrol."""
        return self.point.n

    @property
    def first(self) -> Question:
        """The first question, which a protocol calls primary."""
        return self.plan.question[0]

    @property
    def allocates_clusters(self) -> bool:
        """Whether whole workers, teams or sites are allocated."""
        return self.study.arms is not None and self.study.arms.unit != "ego"

    @property
    def unit(self) -> str:
        """What its clusters are called."""
        arms = self.study.arms
        return arms.unit if arms is not None and arms.unit != "ego" else "group"

    @property
    def success(self) -> Confirmed:
        """Success at n: by the fresh run where there is one, else by the curve."""
        found = self.result.found
        run = found.confirmed if found else None
        return run if run is not None and run.at == self.n else self.point.success

    def source(self, number: str) -> str:
        """Where a number comes from, ready to follow it."""
        return self.references.of(self.plan.sources.get(number))


def point_of(result: PlanResult) -> CurvePoint | None:
    """The size a protocol is about; None if several were given.

    It is the answer, all there are if none is enough, or the one size given.
    """
    if result.found is not None:
        answer = result.found.answer
        return result.at(result.plan.people_at_most if answer is None else answer)
    return result.curve[0] if len(result.curve) == 1 else None


def facts_of(result: PlanResult) -> Facts:
    """Gather the facts.

    Raises
    ------
    sim.errors.InputError
        If the plan is about several numbers of people.
    """
    point = point_of(result)
    if point is None:
        raise InputError(
            "a protocol is about one number of people; leave --n out to search for it, or give one"
        )
    panel_in(result.plan, "the text for a protocol")
    process = process_of(result.study, result.plan, result.seed)
    return Facts(result, point, flow_of(result.study, process, point.n))
