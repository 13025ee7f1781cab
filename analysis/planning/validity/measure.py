"""The planned size run once more: where there is nothing to find, and where guesses were off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.estimators.contract import Fits
from analysis.planning.validity.level import Level, level_of, share_of
from analysis.planning.validity.null import has_null, without
from analysis.questions.of_study import plan_of, with_plan
from analysis.questions.panel import Panel
from analysis.runs.purposes import Purpose
from analysis.trials.panel import panel_process
from analysis.trials.performance import Measured
from analysis.trials.process import Process
from analysis.trials.trial import Trial
from analysis.worlds.kept_worlds import KeptWorlds
from analysis.worlds.process import WorldProcess, world_process
from sim.side_by_side import Progress, silent
from sim.study.spec import Study

__all__ = ["STUDIES", "Family", "Off", "Validity", "validity"]

STUDIES = 10_000
"""Of the panel; a type I error of .05 is then known to .0022."""
FAMILY = 0.05
"""How often a study as a whole may be wrong, unless its questions are each allowed more."""
OFF_STUDIES = 4_000
OFF_BY = 1.25
"""SD and ICC are a quarter larger than planned."""
STAGE = "looking for errors"


@dataclass(frozen=True)
class Family:
    """How often a study of several questions claims what is not so.

    Attributes
    ----------
    errors : mapping of tuple of int to Measured
        By the questions (from 1) in which there is nothing to find, all others being as planned:
        where any one may succeed, the share of studies in which one of these does; where all must,
        the share that succeed.
    alpha : float
        How often a study may.
    """

    errors: Mapping[tuple[int, ...], Measured]
    alpha: float

    @property
    def worst(self) -> Level:
        """The largest of the errors, as a level."""
        most = max(self.errors.values(), key=lambda one: one.value)
        return Level(self.alpha, most, Measured(np.nan, np.nan, 0))


@dataclass(frozen=True)
class Off:
    """The same number of people, were SD and ICC a quarter larger than planned.

    Attributes
    ----------
    power : Measured
        Share of studies that succeed; effects stay as many points.
    type_i : tuple of (Measured or None)
        By question.
    icc : bool
        Whether there are clusters.
    """

    power: Measured
    type_i: tuple[Measured | None, ...]
    icc: bool


@dataclass(frozen=True)
class Validity:
    """Whether a plan's analyses do what they promise at the size that is planned.

    Attributes
    ----------
    n, studies : int
        People, and simulated studies of each kind.
    levels : tuple of Level
        By question.
    family : Family or None
        Where there are several questions that test something.
    off : Off or None
        In the panel alone.
    """

    n: int
    studies: int
    levels: tuple[Level, ...]
    family: Family | None
    off: Off | None

    @property
    def holds(self) -> bool:
        """Whether no question, nor the study as a whole, is wrong too often."""
        family = self.family is not None and self.family.worst.misses
        return not family and not any(one.misses for one in self.levels)


def validity(
    study: Study,
    n: int,
    truths: Sequence[float],
    *,
    seed: int,
    threads: int = 1,
    studies: int = STUDIES,
    planned: Sequence[Fits] | None = None,
    worlds: KeptWorlds | None = None,
    progress: Progress | None = None,
) -> Validity:
    """Run studies of n people in which there is nothing to find, and see what is found.

    Parameters
    ----------
    study
        With a `[plan]`.
    n
        People in each study.
    truths
        What each question asks for, as planned.
    seed
        Of all draws.
    threads
        Batches side by side; no figure depends on it.
    studies
        How many of each kind.
    planned
        Estimates of studies as planned, by question; simulated if not given.
    worlds
        Where lived worlds in which arms are alike are kept.
    progress
        Told how far it has come.
    """
    run = _Runs(n, seed, threads, worlds, progress or silent)
    questions = plan_of(study).question
    tested = [q for q, one in enumerate(questions) if has_null(study, one)]
    null = run.fits(without(study, [questions[q] for q in tested]), Purpose.NULL, studies)
    fits = planned or run.fits(study, Purpose.NULL, studies)
    levels = tuple(
        level_of(null[q] if q in tested else None, fits[q], truths[q], one.alpha)
        for q, one in enumerate(questions)
    )
    family = _family(study, tested, run, null, studies) if len(tested) > 1 else None
    return Validity(n, studies, levels, family, _off(study, tested, run))


@dataclass(frozen=True)
class _Runs:
    """Studies of one size, of whatever design."""

    n: int
    seed: int
    threads: int
    worlds: KeptWorlds | None
    say: Progress

    def trial(self, study: Study) -> Trial:
        plan = plan_of(study)
        if plan.panel is None:
            process: Process = world_process(study, plan, self.seed, worlds=self.worlds)
        else:
            process = panel_process(study, plan, self.seed)
        return Trial(process, plan, self.threads)

    def fits(self, study: Study, purpose: Purpose, studies: int) -> list[Fits]:
        """Estimates by question."""
        trial, numbers = self.trial(study), purpose.some(studies)
        if isinstance(trial.process, WorldProcess):
            trial.process.prepare(numbers, self.threads, self.say, STAGE)
        return trial.fits([self.n], numbers, self.say, STAGE)[0]


def _significant(fits: Fits, alpha: float) -> np.ndarray:
    with np.errstate(invalid="ignore"):
        return np.asarray((fits.p <= alpha) & fits.converged)


def _family(
    study: Study, tested: Sequence[int], run: _Runs, null: Sequence[Fits], studies: int
) -> Family:
    """Errors with nothing to find at all, and, in the panel, in one question at a time."""
    plan = plan_of(study)
    cases: dict[tuple[int, ...], Sequence[Fits]] = {tuple(tested): null}
    if plan.panel is not None:
        for q in tested:
            alone = without(study, [plan.question[q]])
            cases[(q,)] = run.fits(alone, Purpose.NULL, studies)
    errors = {}
    for empty, fits in cases.items():
        won = [
            _significant(fits[q], one.alpha)
            for q, one in enumerate(plan.question)
            if plan.succeeds_with == "all" or q in empty
        ]
        errors[tuple(q + 1 for q in empty)] = share_of(
            np.all(won, axis=0) if plan.succeeds_with == "all" else np.any(won, axis=0)
        )
    return Family(errors, max(FAMILY, *(plan.question[q].alpha for q in tested)))


def _off(study: Study, tested: Sequence[int], run: _Runs) -> Off | None:
    """The same people, were SD and ICC larger than planned."""
    plan = plan_of(study)
    if plan.panel is None:
        return None
    other = with_plan(study, plan.model_copy(update={"panel": _larger(plan.panel)}))
    trial = run.trial(other)
    numbers = Purpose.OFF.some(OFF_STUDIES)
    power = share_of(trial.successes(trial.fits([run.n], numbers)[0]))
    null = run.fits(without(other, [plan.question[q] for q in tested]), Purpose.OFF, OFF_STUDIES)
    type_i = tuple(
        share_of(_significant(null[q], one.alpha)) if q in tested else None
        for q, one in enumerate(plan.question)
    )
    return Off(power, type_i, any(one.icc > 0 for one in plan.panel.clusters.values()))


def _larger(panel: Panel) -> Panel:
    """SD and ICC a quarter larger, effects as many points as before."""
    clusters = {
        arm: one.model_copy(update={"icc": min(OFF_BY * one.icc, panel.correlation)})
        for arm, one in panel.clusters.items()
    }
    effect = {arm: tuple(one / OFF_BY for one in added) for arm, added in panel.effect.items()}
    return panel.model_copy(
        update={
            "sd": OFF_BY * panel.sd, "slope_sd": OFF_BY * panel.slope_sd,
            "clusters": clusters, "effect": effect,
            "members": panel.members
            and panel.members.model_copy(update={"sd": OFF_BY * panel.members.sd}),
        }
    )  # fmt: skip
