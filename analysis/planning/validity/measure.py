"""The planned size run once more: where there is nothing to find, and where guesses were off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from analysis.estimators.contract import Fits
from analysis.planning.processes import process_of
from analysis.planning.validity.level import Level, level_of
from analysis.planning.validity.null import has_null, without
from analysis.questions.of_study import plan_of, with_plan
from analysis.questions.panel import Panel
from analysis.questions.plan import Plan
from analysis.runs.purposes import Purpose
from analysis.trials.performance import Measured, share_of
from analysis.trials.success import significant
from analysis.trials.trial import Trial
from sim.side_by_side import Progress, silent
from sim.study.spec import Study

if TYPE_CHECKING:
    from analysis.worlds.kept_worlds import KeptWorlds
    from analysis.worlds.process import WorldProcess

__all__ = ["STUDIES", "Checks", "Family", "Off", "Validity"]

STUDIES = 10_000
"""Of the panel; a type I error of .05 is then known to .0022."""
COVERAGE_STUDIES = 4_000
"""As planned, where a search has not run that size afresh; coverage is then known to .0034."""
FAMILY = 0.05
"""How often a study as a whole may be wrong, unless its questions are each allowed more."""
OFF_STUDIES = 4_000
OFF_BY = 1.25
"""SD and ICC are a quarter larger than planned."""
MOST_ALIKE = 0.95
"""Ties of one person."""
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
    sd, icc : bool
        Whether the outcome has an SD, and people or ties an ICC.
    """

    power: Measured
    type_i: tuple[Measured | None, ...]
    sd: bool
    icc: bool


@dataclass(frozen=True)
class Validity:
    """Whether a plan's analyses do what they promise at the size that is planned.

    Attributes
    ----------
    n, studies : int
        People, and simulated studies in which there is nothing to find.
    levels : tuple of Level
        By question.
    family : Family or None
        Where there are several questions that test something.
    off : Off or None
        In the panel alone, and only of analyses that hold.
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


class Checks:
    """Studies of one plan in which there is nothing to find; worlds are lived once.

    Parameters
    ----------
    seed
        Of all draws.
    threads
        Batches side by side; no figure depends on it.
    studies
        How many of each kind.
    worlds
        Where lived worlds in which arms are alike are kept.
    progress
        Told how far it has come.
    """

    def __init__(
        self,
        seed: int,
        *,
        threads: int = 1,
        studies: int = STUDIES,
        worlds: KeptWorlds | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.seed, self.threads, self.studies = seed, threads, studies
        self.worlds, self.say = worlds, progress or silent
        self.lived: dict[bool, WorldProcess] = {}

    def validity(
        self, study: Study, n: int, truths: Sequence[float], planned: Sequence[Fits] | None = None
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
        planned
            Estimates of studies as planned, by question; simulated if not given.
        """
        questions = plan_of(study).question
        tested = [q for q, one in enumerate(questions) if has_null(study, one)]
        null = self.null(study, n)
        fits = planned or self.fits(study, n, Purpose.NULL, min(COVERAGE_STUDIES, self.studies))
        levels = tuple(
            level_of(null[q] if q in tested else None, fits[q], truths[q], one.alpha)
            for q, one in enumerate(questions)
        )
        family = self._family(study, n, tested, null) if len(tested) > 1 else None
        found = Validity(n, self.studies, levels, family, None)
        off = self._off(study, n, tested, levels) if found.holds else None
        return replace(found, off=off)

    def null(self, study: Study, n: int, studies: int | None = None) -> list[Fits]:
        """Estimates by question where there is nothing to find in any that can be empty."""
        empty = [one for one in plan_of(study).question if has_null(study, one)]
        return self.fits(without(study, empty), n, Purpose.NULL, studies or self.studies)

    def trial(self, study: Study) -> Trial:
        """The study, drawn from its process; a world is made once, whatever is asked of it."""
        plan = plan_of(study)
        if plan.panel is not None:
            return Trial(process_of(study, plan, self.seed), plan, self.threads)
        return Trial(self._world(study), plan, self.threads)

    def _world(self, study: Study) -> WorldProcess:
        from analysis.worlds.process import world_process  # much that no panel needs

        alike = not study.arms_act
        if alike not in self.lived:
            plan = plan_of(study)
            self.lived[alike] = world_process(study, plan, self.seed, worlds=self.worlds)
        return self.lived[alike]

    def fits(self, study: Study, n: int, purpose: Purpose, studies: int) -> list[Fits]:
        """Estimates by question."""
        trial, numbers = self.trial(study), purpose.some(studies)
        if plan_of(study).panel is None:
            self._world(study).prepare(numbers, self.threads, self.say, STAGE)
        return trial.fits([n], numbers, self.say, STAGE)[0]

    def _family(self, study: Study, n: int, tested: Sequence[int], null: Sequence[Fits]) -> Family:
        """Errors with nothing to find at all, and, in the panel, in one question at a time."""
        plan = plan_of(study)
        cases: dict[tuple[int, ...], Sequence[Fits]] = {tuple(tested): null}
        if plan.panel is not None:
            for q in tested:
                alone = without(study, [plan.question[q]])
                cases[(q,)] = self.fits(alone, n, Purpose.NULL, self.studies)
        errors = {
            tuple(q + 1 for q in empty): share_of(_claims(plan, fits, empty))
            for empty, fits in cases.items()
        }
        return Family(errors, max(FAMILY, *(plan.question[q].alpha for q in tested)))

    def _off(
        self, study: Study, n: int, tested: Sequence[int], levels: Sequence[Level]
    ) -> Off | None:
        """The same people, were SD and ICC larger than planned.

        Without clusters a larger SD of scores in which there is nothing to find is another unit of
        theirs, which no test knows of: the level is what it was.
        """
        plan = plan_of(study)
        if plan.panel is None:
            return None
        other = with_plan(study, plan.model_copy(update={"panel": _larger(plan.panel)}))
        trial, numbers = self.trial(other), Purpose.OFF.some(OFF_STUDIES)
        power = share_of(trial.successes(trial.fits([n], numbers)[0]))
        ties = plan.panel.ties
        if ties is None and not any(one.icc > 0 for one in plan.panel.clusters.values()):
            return Off(power, tuple(one.type_i for one in levels), True, False)
        empty = without(other, [plan.question[q] for q in tested])
        null = self.fits(empty, n, Purpose.OFF, OFF_STUDIES)
        type_i = tuple(
            share_of(significant(null[q], one.alpha)) if q in tested else None
            for q, one in enumerate(plan.question)
        )
        return Off(power, type_i, ties is None, True)


def _claims(plan: Plan, fits: Sequence[Fits], empty: Sequence[int]) -> np.ndarray:
    """Whether each study claims what is not so, some questions being empty."""
    every = plan.succeeds_with == "all"
    won = [
        significant(fits[q], one.alpha)
        for q, one in enumerate(plan.question)
        if every or q in empty
    ]
    return np.all(won, axis=0) if every else np.any(won, axis=0)


def _larger(panel: Panel) -> Panel:
    """SD and ICC a quarter larger, effects and covariances as many points as before."""
    if panel.ties is not None:
        icc = min(OFF_BY * panel.ties.icc, MOST_ALIKE)
        return panel.model_copy(update={"ties": panel.ties.model_copy(update={"icc": icc})})
    clusters = {
        arm: one.model_copy(update={"icc": min(OFF_BY * one.icc, panel.correlation)})
        for arm, one in panel.clusters.items()
    }
    other = panel.predictor
    if other is not None:
        other = other.model_copy(update={"with_outcome": other.with_outcome / OFF_BY})
    return panel.model_copy(
        update={
            "predictor": other,
            "sd": OFF_BY * panel.sd, "slope_sd": OFF_BY * panel.slope_sd,
            "clusters": clusters,
            **panel.effects_times(1 / OFF_BY),
            "members": panel.members
            and panel.members.model_copy(update={"sd": OFF_BY * panel.members.sd}),
        }
    )  # fmt: skip
