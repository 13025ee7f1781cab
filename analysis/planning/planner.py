"""From a study file to a number of people: guess, search, confirm, draw the curve.

Replicates are numbered, and each purpose has numbers of its own, so a curve does not share its luck
with the search whose answer it shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from scipy import special

from analysis.estimators.contract import Fits
from analysis.estimators.formulas.design import Form
from analysis.planning.absence_notes import notes_on_absence
from analysis.planning.curve import Beside, CurvePoint, Detectable
from analysis.planning.design.cost import check_prices, cost_of
from analysis.planning.formulas.beside import closed_form
from analysis.planning.formulas.linking import notes_on_linking
from analysis.planning.formulas.needed import people_by_formula
from analysis.planning.formulas.other_baseline import other_baseline
from analysis.planning.found import PlanResult
from analysis.planning.notes import beyond, clusters_limit, notes_of
from analysis.planning.points import (
    at_answer,
    biases,
    check_detectable,
    check_precision,
    check_sizes,
    check_whole,
    curve_point,
    priced_size,
    target_of,
)
from analysis.planning.processes import process_of
from analysis.planning.search.by_formula import ByFormula
from analysis.planning.search.found import Found
from analysis.planning.search.oracles import by_effect, has_tail
from analysis.planning.search.search import PRECISION, search
from analysis.planning.sizing import Sizing, exact_effect, exact_form, size_of
from analysis.planning.validity.judged import judged
from analysis.planning.validity.measure import Checks
from analysis.planning.wrong_errors import wrong_errors
from analysis.questions.asking import family
from analysis.questions.of_study import plan_of
from analysis.runs.purposes import Purpose
from analysis.runs.rows import Rows
from analysis.trials.trial import Trial
from analysis.trials.units import Units, units_of
from sim.errors import InputError
from sim.side_by_side import Progress, silent
from sim.study.spec import Study

__all__ = ["guess_people", "plan_study"]

GUESS_SIZE, GUESS_STUDIES = 400, 40
STUDIES, WORLDS = 1000, 500
"""Studies at each point of the curve, of the panel process and of the world."""
AROUND = (0.4, 0.55, 0.7, 0.85, 1.0, 1.2, 1.5, 2.0)
"""Sizes of the curve, in shares of the answer."""
LEAST_EFFECT, LARGEST_EFFECT = 0.01, 20.0
FEWEST_IN_ARM = 2


def plan_study(
    study: Study,
    *,
    seed: int,
    sizes: Sequence[int] = (),
    detect: int | None = None,
    replicates: int | None = None,
    precision: float | None = None,
    threads: int = 1,
    kept: Rows | None = None,
    progress: Progress | None = None,
) -> PlanResult:
    """Search for the number of people, or look at given numbers.

    Parameters
    ----------
    study
        With a `[plan]`.
    seed
        Of all draws.
    sizes
        Numbers of people to look at; without them the smallest sufficient number is searched for.
    detect
        A number of people for which to find the smallest detectable effect.
    replicates
        Studies at each point of the curve; 1000 by default, 500 of the world.
    precision
        Standard error of the number of people, as a share of it, to which a search goes on; .01 by
        default, .05 in the world. A number that a formula has exactly is not searched for.
    threads
        Batches of studies to run side by side; no figure depends on it.
    kept
        Where estimates are kept and taken from; no figure depends on it.
    progress
        Called with what is done, the number of its steps done, and of all.

    Raises
    ------
    InputError
        No effect to be found, a design in which no fit succeeds, more people than there are.
    """
    plan, say = plan_of(study), progress or silent
    check_prices(study, plan)
    check_precision(precision)
    if plan.process == "world":
        from analysis.planning.world.plan import plan_in_world  # much that no panel needs

        return plan_in_world(
            study, seed=seed, sizes=sizes, detect=detect, replicates=replicates, worlds=WORLDS,
            precision=precision, threads=threads, kept=kept, say=say,
        )  # fmt: skip
    trial = Trial(process_of(study, plan, seed), plan, threads)
    how = _How(seed, replicates or STUDIES, precision or PRECISION, kept, say)
    found, sizing = _in_panel(study, trial, sizes, detect, how)
    checks = Checks(seed, threads=threads, progress=say)
    sized = [(study, sizing)] if sizing else []

    def answer(other: Study) -> Found:
        sized.append((other, _sized(other, threads, how)))
        return sized[-1][1].found()

    def planned(other: Study, n: int) -> list[Fits] | None:
        return next((one.fresh.about(n) for whose, one in sized if whose is other), None)

    return judged(found, checks, answer, planned)


class _How(NamedTuple):
    """How a plan is made: seed, studies a point, precision, place of rows, progress."""

    seed: int
    replicates: int
    precision: float
    kept: Rows | None
    say: Progress


def _sized(study: Study, threads: int, how: _How) -> Sizing:
    """The search for the number of people of a study, and nothing else of its plan."""
    plan = plan_of(study)
    trial = Trial(process_of(study, plan, how.seed), plan, threads)
    truths = [trial.process.truth(one) for one in plan.question]
    forms = [closed_form(study, trial.process, asked) for asked in trial.asked]
    return _search(trial, forms, guess_people(trial, truths, target_of(plan)), how)


def _search(trial: Trial, forms: Sequence[Form | None], guess: float, how: _How) -> Sizing:
    """Search from a guess, or take what a formula has exactly."""
    plan = trial.plan
    return size_of(
        trial, units_of(trial.process, plan), exact_form(plan, forms), target_of(plan),
        guess=guess, precision=how.precision, say=how.say,
    )  # fmt: skip


def _in_panel(
    study: Study, trial: Trial, sizes: Sequence[int], detect: int | None, how: _How
) -> tuple[PlanResult, Sizing | None]:
    """The plan of a study whose process is the panel, with the search for its number."""
    plan, process = trial.plan, trial.process
    check_sizes(plan, [*sizes, *([detect] if detect else [])])
    truths = tuple(process.truth(one) for one in plan.question)
    target, units = target_of(plan), units_of(process, plan)
    check_whole(units, [*sizes, *([detect] if detect else [])])
    guess = guess_people(trial, truths, target)
    trial = replace(trial, kept=how.kept and how.kept.begin())
    forms = [closed_form(study, process, asked) for asked in trial.asked]
    sizing = None
    if not sizes and detect is None:
        sizing = _search(trial, forms, guess, how)
    detectable = None if detect is None else _detect(trial, study, detect, guess, truths, how)
    drawn = sorted(set(sizes)) or ([detect] if detect else [])
    if sizing is not None:
        found, curve = _with_curve(sizing, study, forms, how)
    else:
        found, curve = None, _curve(trial, drawn, forms, how)
    point = at_answer(curve, found)
    off, errors = biases(plan.question, point), wrong_errors(plan.question, point)
    baselines = other_baseline(study, plan, process, trial.asked, target)
    linked = notes_on_linking(plan, process, trial.asked, point, target)
    beside = tuple(None if one is None else _beside(one, units, target) for one in forms)
    notes = (
        *notes_of(study, truths),
        *notes_on_absence(study, process, found, beside),
        *beyond(study, found, how.seed, target),
        *baselines,
        *(linked or [words for _, words in off]),
        *errors,
    )
    priced = priced_size(found, drawn)
    cost = cost_of(study, plan, process, priced) if priced else None
    result = PlanResult(
        study, how.seed, target, truths, found, curve, beside, cost, detectable, notes,
        why_not=tuple(clusters_limit(study, found, how.seed, target)),
    )  # fmt: skip
    return result, sizing


def _with_curve(
    sizing: Sizing, study: Study, forms: Sequence[Form | None], how: _How
) -> tuple[Found, tuple[CurvePoint, ...]]:
    """The answer, with what the studies of the curve add to it, and the curve through it."""
    trial, replicates = sizing.trial, range(how.replicates)
    sizes = _sizes(study, sizing.units, float(sizing.people))
    fits = trial.fits(sizes, replicates, how.say, "drawing the curve")
    sizing.learn(sizes, replicates, fits)
    found = sizing.found()
    drawn = dict(zip(sizes, fits, strict=True))
    answer = None if found.answer is None else int(found.answer)
    if answer is not None and answer not in drawn:
        drawn[answer] = trial.fits([answer], replicates)[0]
        if sizing.people != study.recruitment.n:
            drawn.pop(sizing.people, None)  # the answer moved away from it
    points = (curve_point(trial, n, drawn[n], forms) for n in sorted(drawn))
    return found, tuple(points)


def guess_people(trial: Trial, truths: Sequence[float], target: float) -> float:
    """The number of people by the normal approximation, from a few large studies."""
    plan, n = trial.plan, min(GUESS_SIZE, trial.process.frame)
    z = special.ndtri(target)
    _check_arms(trial, n)
    guesses = []
    fits = trial.fits([n], Purpose.GUESS.some(GUESS_STUDIES))[0]
    for one, fit, truth in zip(plan.question, fits, truths, strict=True):
        if not fit.converged.any():
            raise InputError(
                f'"{one.analysis}" fits none of the studies of {n} people: the design is singular. '
                "It needs two people or clusters in each arm at the least"
            )
        se = float(np.nanmedian(fit.se))
        if one.success == "narrow":
            wide = float(np.nanmedian(fit.hi - fit.lo)) / 2
            guesses.append(n * (wide / float(one.half_width or wide)) ** 2)
        elif one.success == "covers":
            guesses.append(float(plan.people_at_least))
        elif truth == 0:
            table = {"moderation": "moderator.", "change_on_change": "predictor."}
            of_ties = "ties." if family(one.outcome) == "ties" else ""
            where = f"plan.panel.{of_ties}{table.get(one.about, '')}effect"
            raise InputError(
                f"the {one.about} in {one.outcome} is zero, so its power is alpha whatever the "
                f"number of people; give {where} what is worth detecting"
            )
        else:
            shift = max(z + special.ndtri(1 - one.alpha / 2), 0.5)
            guesses.append(n * float(shift * se / abs(truth)) ** 2)
    guess = max(guesses) if plan.succeeds_with == "all" else min(guesses)
    return float(np.clip(guess, plan.people_at_least, 4 * plan.people_at_most))


def _check_arms(trial: Trial, n: int) -> None:
    """Raise an `InputError` if an arm asked about has hardly anybody."""
    people = np.bincount(next(iter(trial.process.draw(n, range(1)))).arm)
    for asked in trial.asked:
        for arm in asked.arms:
            there = int(people[arm]) if arm < people.size else 0
            if there < FEWEST_IN_ARM:
                raise InputError(
                    f"{asked.question.analysis}: of {n} people {there} are in arm "
                    f'"{trial.process.arms[arm]}", so the design is singular; it needs '
                    f"{FEWEST_IN_ARM} or more in each arm, so change arms.share or "
                    "plan.people_at_most"
                )


def _sizes(study: Study, units: Units, middle: float) -> list[int]:
    """Sizes about the answer, and the one the study file has, all of whole units."""
    wanted = [middle * share for share in AROUND]
    if units.people(units.low) <= study.recruitment.n <= units.people(units.high):
        wanted.append(study.recruitment.n)
    found = [int(np.clip(units.at_least(round(n)), units.low, units.high)) for n in wanted]
    return sorted({units.people(k) for k in found})


def _curve(
    trial: Trial, sizes: Sequence[int], forms: Sequence[Form | None], how: _How
) -> tuple[CurvePoint, ...]:
    fits = trial.fits(sizes, range(how.replicates), how.say, "drawing the curve")
    return tuple(curve_point(trial, n, each, forms) for n, each in zip(sizes, fits, strict=True))


def _beside(form: Form, units: Units, target: float) -> Beside:
    call = form.call(target) if form.call is not None else ""
    return Beside(form.source, form.caveat, people_by_formula(form, units, target), call)


def _detect(
    trial: Trial, study: Study, n: int, guess: float, truths: Sequence[float], how: _How
) -> Detectable:
    """The smallest multiple of the effect that a study of n people detects."""
    plan, target = trial.plan, target_of(trial.plan)
    check_detectable(plan)

    @cache
    def at(effect: float) -> Trial:
        kept = trial.kept and trial.kept.of(effect)
        return replace(trial, process=process_of(study, plan, how.seed, effect), kept=kept)

    def form(effect: float) -> Form | None:
        return exact_form(
            plan, [closed_form(study, at(effect).process, one) for one in trial.asked]
        )

    def power(effect: float) -> float:
        exact = form(effect)
        return np.nan if exact is None else exact.power(n)

    told: dict[str, Any] = {"low": LEAST_EFFECT, "high": LARGEST_EFFECT, "whole": False}
    told |= {"first_replicate": Purpose.DETECT.first, "progress": how.say}
    told |= {"stage": "searching for the effect"}
    if form(1.0) is not None:
        answer = exact_effect(power, target, LEAST_EFFECT, LARGEST_EFFECT)
        work = ByFormula(
            by_effect(at, n), target, chance=power, answer=answer, people=lambda _: n, **told
        )
        found = work.run().found()
    else:
        found = search(
            by_effect(at, n), target, start=float(np.sqrt(guess / n)), precision=how.precision,
            has_tail=has_tail(plan), **told,
        )  # fmt: skip
    times = found.answer if found.answer is not None else np.nan
    return Detectable(n, found, tuple(times * one for one in truths))
