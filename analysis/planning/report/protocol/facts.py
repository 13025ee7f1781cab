"""What the sections of a protocol speak about: one plan, one number of people, its sources."""

from __future__ import annotations

from dataclasses import dataclass, field

from analysis.pages.references import References
from analysis.planning.curve import CurvePoint
from analysis.planning.found import PlanResult, point_of
from analysis.planning.processes import process_of
from analysis.questions.panel import Panel
from analysis.questions.plan import Plan
from analysis.questions.question import Question
from analysis.questions.scales import Scale
from analysis.trials.flow import Flow, flow_of
from analysis.trials.panel import panel_in
from analysis.trials.process import Process
from analysis.trials.success import Confirmed
from analysis.worlds.process import WorldProcess
from sim.errors import InputError
from sim.study.spec import Study

__all__ = ["Facts", "facts_of"]


@dataclass(frozen=True)
class Facts:
    """A plan and what a protocol says of it.

    Attributes
    ----------
    result : PlanResult
    point : CurvePoint
        The number of people the protocol is about.
    process : Process
        Where outcomes come from.
    flow : Flow
    references : References
        Sources cited so far.
    """

    result: PlanResult
    point: CurvePoint
    process: Process
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
    def in_world(self) -> bool:
        """Whether the figures come from the simulated world."""
        return isinstance(self.process, WorldProcess)

    @property
    def world(self) -> WorldProcess:
        """The world they come from."""
        if not isinstance(self.process, WorldProcess):
            raise TypeError("a panel has no world")
        return self.process

    @property
    def own_scale(self) -> Scale | None:
        """What the outcome of a panel is measured on, where it is no scale of the world's."""
        return None if self.plan.panel is None else self.plan.panel.scale

    @property
    def sd(self) -> float | None:
        """Standard deviation at baseline that the plan was given; None in the world and of ties."""
        panel = self.plan.panel
        return None if panel is None or panel.ties is not None else panel.sd

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
        if self.in_world:
            return "team"
        if self.panel.therapists is not None:
            return "therapist"
        arms = self.study.arms
        return arms.unit if arms is not None and arms.unit != "ego" else "group"

    @property
    def success(self) -> Confirmed:
        """Success at n: by the fresh run where there is one, else by the curve."""
        found = self.result.found
        run = found.confirmed if found else None
        return run if run is not None and run.at == self.n else self.point.success

    def instrument(self) -> str:
        """Where the scale of the outcome comes from, ready to follow it; empty of the world's."""
        scale = self.own_scale
        return self.references.of(scale.source) if scale is not None and scale.source else ""

    def source(self, number: str) -> str:
        """Where a number comes from, ready to follow it."""
        return self.references.of(self.plan.sources.get(number))


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
    process = process_of(result.study, result.plan, result.seed)
    flow = result.flow or flow_of(result.study, process, point.n)
    return Facts(result, point, process, flow)
