"""A plan from the world with its parameter band: what to ask for, and what to say of it."""

from __future__ import annotations

from dataclasses import replace

from analysis.planning.found import PlanResult
from analysis.questions.plan import Plan
from analysis.runs.run import Run
from sim.errors import InputError
from sim.side_by_side import Progress

__all__ = ["check_draws", "with_band"]

ENOUGH = 200
"""Draws from which on a band is more than a first look."""


def check_draws(plan: Plan, draws: int) -> None:
    """Raise an `InputError` if so many draws of a plan's parameters make no band.

    Only a world has parameters that are drawn; what a panel assumes stands in its study file.
    """
    if draws and plan.process != "world":
        raise InputError(
            f"draws = {draws}: what the {plan.process} process assumes stands in the study file, "
            'so there is nothing to draw; leave draws out, or plan with process = "world"'
        )
    if draws == 1:
        raise InputError(f"draws = 1: one draw makes no band; take {ENOUGH}, or 0 for none")


def with_band(
    result: PlanResult,
    draws: int,
    *,
    threads: int = 1,
    kept: Run | None = None,
    progress: Progress | None = None,
) -> PlanResult:
    """The plan with its parameter band at every size of the curve.

    Parameters
    ----------
    result : PlanResult
        Of a study of the world.
    draws : int
        Joint draws of what the world assumes; 0 leaves the plan as it is.
    threads : int
        Draws side by side; no figure depends on it.
    kept : Run, optional
        That of the plan: where draws are kept, and taken from if they are there.
    progress : callable, optional
        Called with what is done, the number of its steps done, and of all.

    Raises
    ------
    InputError
        As `check_draws`.
    """
    check_draws(result.plan, draws)
    if draws == 0:
        return result
    from analysis.planning.band.band import parameter_band  # half a second that most plans save
    from analysis.worlds.process import world_process

    band = parameter_band(
        world_process(result.study, result.plan, result.seed),
        [one.n for one in result.curve],
        draws,
        shipped=result.truths,
        target=result.target,
        threads=threads,
        kept=kept,
        progress=progress,
    )
    from analysis.planning.world.plan import CAVEAT

    others = [note for note in result.notes if note != CAVEAT]
    return replace(result, band=band, notes=(*others, *_unsure(result), *_few(draws)))


def _unsure(result: PlanResult) -> list[str]:
    """Questions whose truth as shipped has no sure sign."""
    return [
        f"question {number}: the sign of the shipped world's truth is unsure, and so is the share "
        "of draws that agree with it"
        for number, (one, truth, error) in enumerate(
            zip(result.plan.question, result.truths, result.truth_errors, strict=True), start=1
        )
        if one.about != "mean" and abs(truth) < 2 * error
    ]


def _few(draws: int) -> list[str]:
    if draws >= ENOUGH:
        return []
    return [f"a parameter band of {draws} draws is a first look; {ENOUGH} are the least"]
