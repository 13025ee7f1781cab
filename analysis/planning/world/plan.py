"""A plan of a study in the simulated world: a pool of studies, what is true, and a fresh run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from analysis.estimators.contract import Fits
from analysis.planning.curve import CurvePoint
from analysis.planning.design.cost import STUDIES, Cost, cost_of
from analysis.planning.found import PlanResult, point_of
from analysis.planning.points import (
    at_answer,
    biases,
    check_detectable,
    check_sizes,
    curve_point,
    priced_size,
    target_of,
)
from analysis.planning.search.found import Found
from analysis.planning.search.pool import found_in, search_pool
from analysis.planning.validity.judged import judged
from analysis.planning.validity.measure import Checks
from analysis.planning.world.ceiling import ceilings_of
from analysis.planning.world.detectable import detectable
from analysis.planning.world.flow_seen import flow_seen
from analysis.planning.world.no_effect import not_told_from_zero
from analysis.planning.world.spread_seen import spreads_seen
from analysis.questions.of_study import plan_of
from analysis.questions.plan import Plan
from analysis.runs.purposes import Purpose
from analysis.runs.rows import Rows
from analysis.trials.success import confirmed_share
from analysis.trials.trial import Trial, joined_fits
from analysis.worlds.contrasts import not_seen, what_is_seen
from analysis.worlds.kept_worlds import KeptWorlds
from analysis.worlds.process import WorldProcess, world_process, worlds_of_truth
from sim.side_by_side import Progress
from sim.study.spec import Study

__all__ = [
    "plan_in_world",
]

PRECISION = 0.05
"""Standard error of the number of people, as a share of it, that is asked of a pool."""
GROWS = 2
"""A pool is doubled so many times at most."""
FRESH_SHARE = 4
"""One new study, at the answer, for so many in the pool."""
ALIKE, WORLDS = "worlds-alike", "worlds"
"""Folders, beside that of the rows, of what lived worlds left behind."""


def plan_in_world(
    study: Study, *, seed: int, sizes: Sequence[int], detect: int | None, replicates: int | None,
    worlds: int, precision: float | None, threads: int, kept: Rows | None, say: Progress,
) -> PlanResult:  # fmt: skip
    """As `analysis.planning.planner.plan_study`, for `process = "world"`.

    The pool of studies is doubled, at most GROWS times, until the number has the precision; a pool
    of so many `replicates` stays as it is unless a precision is asked for too.

    Raises
    ------
    InputError
        As there.
    """
    plan = plan_of(study)
    if detect is not None:
        check_detectable(plan)
        sizes = [detect]
    check_sizes(plan, sizes)
    place = KeptWorlds(kept.folder.parent / WORLDS, kept.digest) if kept else None
    process = world_process(study, plan, seed, worlds=place)
    forms: tuple[None, ...] = (None,) * len(plan.question)
    trial = Trial(process, plan, threads, kept and kept.begin())
    grows = GROWS if precision or not replicates else 0
    pool, target = _begun(trial, process, replicates or worlds, say), target_of(plan)
    found, notes = (None, []) if sizes else _grown(pool, target, seed, precision, grows, say)
    replicates = len(pool.replicates)
    drawn = sorted(set(sizes))
    if found is not None:
        found = _confirmed(trial, process, found, replicates // FRESH_SHARE, say)
        drawn = sorted({*pool.fits, *_inside(plan, [study.recruitment.n, found.answer])})
    curve = tuple(curve_point(trial, n, pool.at([n])[0], forms) for n in drawn)
    ceilings = tuple(ceilings_of(process, target, curve[-1]))
    notes += [*(one.words for one in ceilings), *_off(process, at_answer(curve, found))]
    if detect is not None:
        notes += detectable(plan, curve[0], pool.at([detect])[0], target)
    notes += [*not_seen(plan.question), CAVEAT]
    cost = _cost(process, plan, priced_size(found, drawn), seed, replicates)
    truths = tuple(process.truth_of(one) for one in plan.question)
    result = PlanResult(
        study, seed, target, tuple(one.value for one in truths), found, curve, forms, cost, None,
        tuple(notes), tuple(one.mcse for one in truths),
        truth_worlds=tuple(one.replicates for one in truths), ceilings=ceilings,
        spreads=spreads_seen(process, range(replicates)),
        why_not=tuple(not_told_from_zero(plan.question, truths)),
    )  # fmt: skip
    return _with_flow(_judged(result, pool, kept, say), process, replicates)


def _with_flow(result: PlanResult, process: WorldProcess, replicates: int) -> PlanResult:
    """The plan with its participants as simulated studies had them."""
    point = point_of(result)
    return result if point is None else replace(
        result, flow=flow_seen(process, point.n, range(replicates))
    )  # fmt: skip


def _judged(result: PlanResult, pool: _Pool, kept: Rows | None, say: Progress) -> PlanResult:
    """The plan, judged in as many worlds in which arms are alike."""
    checks = Checks(
        result.seed, threads=pool.trial.threads, studies=len(pool.replicates), progress=say,
        worlds=KeptWorlds(kept.folder.parent / ALIKE, kept.digest) if kept else None,
    )  # fmt: skip

    def pool_of(study: Study) -> _Pool:
        trial = Trial(pool.process, plan_of(study), pool.trial.threads)
        return _Pool(trial, pool.process, len(pool.replicates))

    def answer(study: Study) -> Found:
        return _searched(pool_of(study), result.target, result.seed)[0]

    def planned(study: Study, n: int) -> list[Fits]:
        return pool_of(study).at([n])[0]

    return judged(result, checks, answer, planned)


def _cost(
    process: WorldProcess, plan: Plan, n: int | None, seed: int, replicates: int
) -> Cost | None:
    """What n people cost, its spread over studies of the pool."""
    if not n:
        return None
    pool = range(min(replicates, STUDIES))
    return cost_of(process.study, plan, process, n, seed=seed, replicates=pool)


CAVEAT = (
    "intervals are of simulation; what the world's parameters leave uncertain comes on top and was "
    "not drawn: --draws 200 shows it"
)


class _Pool:
    """Studies that answer for every size; estimates are kept by size."""

    def __init__(self, trial: Trial, process: WorldProcess, replicates: int) -> None:
        self.trial, self.process, self.replicates = trial, process, range(replicates)
        self.fits: dict[int, list[Fits]] = {}

    def at(self, sizes: Sequence[int]) -> list[list[Fits]]:
        """Estimates at each size, of each question."""
        new = [n for n in dict.fromkeys(sizes) if n not in self.fits]
        if new:
            self.fits.update(zip(new, self.trial.fits(new, self.replicates), strict=True))
        return [self.fits[n] for n in sizes]

    def doubled(self, say: Progress) -> int:
        """Take in as many studies again, at the sizes that were looked at; how many those are."""
        self.replicates = range(2 * len(self.replicates))
        self.process.prepare(self.replicates, self.trial.threads, say)
        sizes, new = list(self.fits), self.replicates[len(self.replicates) // 2 :]
        for n, more in zip(sizes, self.trial.fits(sizes, new), strict=True):
            pairs = zip(self.fits[n], more, strict=True)
            self.fits[n] = [joined_fits(list(parts)) for parts in pairs]
        return len(self.replicates)

    def successes(self, sizes: Sequence[int]) -> np.ndarray:
        """Whether each study succeeds at each size, (K, R)."""
        return np.array([self.trial.successes(fits) for fits in self.at(sizes)])


def _inside(plan: Plan, sizes: Sequence[float | None]) -> list[int]:
    low, high = plan.people_at_least, plan.people_at_most
    return [int(n) for n in sizes if n is not None and low <= n <= high]


def _searched(pool: _Pool, target: float, seed: int) -> tuple[Found, list[str]]:
    """The answer, and what each question would need alone."""
    plan = pool.trial.plan
    known = search_pool(pool.successes, target, plan.people_at_least, plan.people_at_most)
    notes = []
    for q in range(len(plan.question)) if len(plan.question) > 1 else ():

        def alone(sizes: Sequence[int], q: int = q) -> np.ndarray:
            return np.array([pool.trial.each_succeeds(fits)[q] for fits in pool.at(sizes)])

        one = search_pool(alone, target, plan.people_at_least, plan.people_at_most)
        notes.append(f"question {q + 1} alone: {_alone(found_in(one, target, seed))}")
    return found_in(known, target, seed), notes


def _begun(trial: Trial, process: WorldProcess, replicates: int, say: Progress) -> _Pool:
    """A pool of so many worlds, which have been lived, and what is true."""
    process.find_truths(worlds_of_truth(replicates), trial.threads, say)
    process.prepare(range(replicates), trial.threads, say)
    return _Pool(trial, process, replicates)


def _grown(
    pool: _Pool, target: float, seed: int, precision: float | None, grows: int, say: Progress
) -> tuple[Found, list[str]]:
    """The answer, from a pool doubled until it has the precision, so many times at most."""
    found, notes = _searched(pool, target, seed)
    while _is_coarse(found, precision) and grows:
        pool.doubled(say)
        grows -= 1
        found, notes = _searched(pool, target, seed)
    return replace(found, notes=(*found.notes, *_too_coarse(found, precision))), notes


def _is_coarse(found: Found, precision: float | None) -> bool:
    """Whether the number is less sure than is asked for."""
    return not found.edge and not found.error <= (precision or PRECISION)


def _too_coarse(found: Found, precision: float | None) -> list[str]:
    """That the precision was not reached, in words."""
    if not _is_coarse(found, precision):
        return []
    error = f"{100 * found.error:.2g} %" if np.isfinite(found.error) else "not known"
    return [
        f"the precision of {100 * (precision or PRECISION):g} % was not reached: after "
        f"{found.sims} worlds the standard error of N is {error}; more --replicates bring more"
    ]


def _alone(found: Found) -> str:
    most = int(found.points.x[-1])
    if found.answer is None:
        return f"N > {most}, where the chance is {found.ceiling.share:.2f}"
    if found.edge == "<=":
        return f"N <= {found.answer:.0f}"
    high = f"{found.high:.0f}" if np.isfinite(found.high) else f"over {most}"
    return f"N = {found.answer:.0f} ({found.low:.0f} to {high})"


def _confirmed(
    trial: Trial, process: WorldProcess, found: Found, studies: int, say: Progress
) -> Found:
    """The answer with a run of new studies at it, or at the largest size if there is none."""
    n = int(found.answer or found.points.x[-1])
    fresh = Purpose.SEARCH.some(max(studies, 1))
    process.prepare(fresh, trial.threads, say, "a fresh run")
    run = confirmed_share(float(n), trial.count(n, fresh), len(fresh))
    return replace(found, confirmed=run, sims=found.sims + len(fresh))


def _off(process: WorldProcess, point: CurvePoint) -> list[str]:
    """Analyses that miss their own estimand by more than chance."""
    errors = [process.truth_of(one).mcse for one in process.questions]
    return [
        words + what_is_seen(process.study, one)
        for one, words in biases(process.questions, point, errors)
        if one.contrast != "spillover"
    ]
