"""The dial of absence in the simulated world: each world is lived once, and interviewed often.

All cases find the same people in the same weeks of the same lives; only who is there to be
interviewed differs. Replicates are those of a plan's pool, so the file's own case says what the
plan's curve says.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from analysis.attrition.cases import OWN, cases_of, study_in
from analysis.attrition.missing import Missing, Turned, apart_and_stray
from analysis.estimators.contract import Fits
from analysis.questions.plan import Plan
from analysis.trials.analyses import Asked, analyse
from analysis.trials.trial import joined_fits
from analysis.worlds.census import Truth
from analysis.worlds.interviews import Interviews
from analysis.worlds.process import WorldProcess, world_process, worlds_of_truth
from sim.side_by_side import Progress, side_by_side
from sim.study.conditions import as_held
from sim.study.fieldwork import Sample
from sim.study.reference import LivedOnce, solved_absence
from sim.study.settings import SCORES
from sim.study.spec import Study

__all__ = ["turned_in_world"]


def turned_in_world(
    study: Study,
    plan: Plan,
    n: int,
    *,
    seed: int,
    replicates: int,
    threads: int,
    say: Progress,
    truths: tuple[Truth, ...] | None = None,
) -> Turned:
    """Turn the dial; parameters as for `analysis.attrition.dial.attrition`."""
    study = as_held(study)
    process = world_process(study, plan, seed)
    cases = cases_of(study)
    studies = [study if case.name == OWN else study_in(study, case) for case in cases]
    cohort = LivedOnce()
    for done, case in enumerate(studies, start=1):
        solved_absence(case, process.lived, threads, cohort)
        say("solving absence", done, len(studies))
    if truths is None:
        process.find_truths(worlds_of_truth(replicates), threads, say)
        truths = tuple(process.truths)
    dial = _Dial(process, plan, tuple(studies), n)
    numbers, stage = range(replicates), "turning the dial"
    found = list(side_by_side(dial.turned, numbers, threads, progress=say, stage=stage))
    questions = range(len(plan.question))
    fits = [
        [joined_fits([one.fits[c][q] for one in found]) for q in questions]
        for c in range(len(cases))
    ]
    who = np.stack([one.who for one in found], axis=1)
    missing = [Missing(*np.stack([one.missing[q] for one in found], axis=1)) for q in questions]
    variance = np.nanmean([one.variance for one in found], axis=0)
    sd = dict(zip(dial.scales, np.sqrt(variance).tolist(), strict=True))
    return Turned(cases, fits, list(who), missing, dial.scale, sd, truths)


class _Replicate(NamedTuple):
    """One world under C cases, with Q questions, A arms and K scales.

    Attributes
    ----------
    fits : list of list of Fits
        Of each case and question.
    who : ndarray, (C, 3)
        As in `Turned`.
    missing : ndarray, (Q, 2, A)
        Share missing and people, in the last case.
    variance : ndarray, (K,)
        Of each scale at baseline.
    """

    fits: list[list[Fits]]
    who: np.ndarray
    missing: np.ndarray
    variance: np.ndarray


@dataclass(frozen=True)
class _Dial:
    """The studies that share each life, the first with nobody missing, the last the file's own."""

    process: WorldProcess
    plan: Plan
    studies: tuple[Study, ...]
    n: int

    @cached_property
    def asked(self) -> tuple[Asked, ...]:
        """The questions, in positions of arms and waves."""
        return Asked.each(self.plan.question, self.process.arms, self.process.weeks)

    @cached_property
    def scale(self) -> str:
        """On which those missing are compared: the first question's, or the primary one."""
        asked = self.plan.question[0].outcome
        return asked if asked in SCORES else self.process.study.outcomes.primary

    @cached_property
    def scales(self) -> tuple[str, ...]:
        """That scale, and those asked about."""
        asked = {str(one.outcome) for one in self.plan.question}
        return tuple(one for one in SCORES if one in asked | {self.scale})

    def turned(self, replicate: int) -> _Replicate:
        """Live one world, and hold the interviews of every case in it."""
        sample = _first_of(self.process.sample(replicate), self.process, self.n)
        wanted = {*self.scales, *(str(one.outcome) for one in self.plan.question)}
        held = [self.process.interviewed(one, sample, replicate, wanted) for one in self.studies]
        wave = self.asked[0].wave or len(self.process.weeks) - 1
        whole = held[0].values[self.scale]
        who = [
            (
                one.attended[:, wave].mean(),
                *apart_and_stray(one.values[self.scale], whole, one.arm, wave),
            )
            for one in held
        ]
        variance = [_variance(held[0].values[one][:, 0]) for one in self.scales]
        fits = [[analyse(asked, one) for asked in self.asked] for one in held]
        missing = [self._missing(asked, held[0], held[-1]) for asked in self.asked]
        return _Replicate(fits, np.array(who), np.array(missing), np.array(variance))

    def _missing(self, asked: Asked, every: Interviews, some: Interviews) -> np.ndarray:
        """Share missing and people by arm, (2, A); nobody where values are of no scale."""
        found = np.zeros((2, len(self.process.arms)))
        if asked.question.outcome not in self.scales:
            return found
        whole, y = (one.values[asked.question.outcome][:, asked.wave] for one in (every, some))
        there = np.isfinite(whole)
        for arm in range(found.shape[1]):
            mine = there & (every.arm == arm)
            found[:, arm] = np.isnan(y[mine]).mean() if mine.any() else 0.0, mine.sum()
        return found


def _variance(values: np.ndarray) -> float:
    there = values[np.isfinite(values)]
    return float(there.var(ddof=1)) if there.size > 1 else np.nan


PER_PERSON = ("address", "site", "team", "ego", "arm", "weeks", "egos", "members", "home", "row")


def _first_of(sample: Sample, process: WorldProcess, n: int) -> Sample:
    """Those of the largest study's participants whom the study of n people has."""
    people = int(np.searchsorted(process.places(sample), n))
    return replace(sample, **{name: getattr(sample, name)[:people] for name in PER_PERSON})
