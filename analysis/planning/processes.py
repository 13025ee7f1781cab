"""The process a plan names. The planner knows processes by what all of them offer, and no other."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from analysis.questions.plan import Plan
from analysis.trials.panel import panel_process
from analysis.trials.panel_ties import tie_panel_process
from analysis.trials.process import Process
from sim.study.spec import Study

__all__ = ["PROCESSES", "process_of"]

Maker = Callable[[Study, Plan, int, float], Process]


def _panel_process(study: Study, plan: Plan, seed: int, effect: float = 1.0) -> Process:
    """Of scores, or of ties where the panel is of those."""
    of_ties = plan.panel is not None and plan.panel.ties is not None
    return (tie_panel_process if of_ties else panel_process)(study, plan, seed, effect)


def _world_process(study: Study, plan: Plan, seed: int, effect: float = 1.0) -> Process:
    from analysis.worlds.process import world_process  # much that no panel needs

    return world_process(study, plan, seed, effect)


PROCESSES: Mapping[str, Maker] = {"panel": _panel_process, "world": _world_process}
"""How each process is made from a study, its plan, a seed, and a multiple of its effects."""


def process_of(study: Study, plan: Plan, seed: int, effect: float = 1.0) -> Process:
    """The process of a plan.

    Parameters
    ----------
    study, plan
        The study and its `[plan]`.
    seed
        Of all draws.
    effect
        Multiplies what the arms do.

    Raises
    ------
    sim.errors.InputError
        Numbers in the file that do not fit together.
    """
    return PROCESSES[plan.process](study, plan, seed, effect)
