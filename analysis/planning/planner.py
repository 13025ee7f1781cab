"""From a study file to a number of people: guess, search, confirm, draw the curve.

Replicates are numbered, and each purpose has numbers of its own, so a curve does not share its luck
with the search whose answer it shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy import special

from analysis.estimators.catalogue import analysis
from analysis.estimators.formulas.closed_forms import smallest
from analysis.estimators.formulas.design import Form
from analysis.planning.curve import Beside, CurvePoint, Detectable
from analysis.planning.design.cost import check_prices, cost_of
from analysis.planning.formulas.beside import closed_form
from analysis.planning.formulas.other_baseline import other_baseline
from analysis.planning.found import PlanResult
from analysis.planning.points import (
    at_answer,
    biases,
    check_detectable,
    check_sizes,
    curve_point,
    priced_size,
    target_of,
)
from analysis.planning.processes import process_of
from analysis.planning.search.oracles import by_effect, by_size
from analysis.planning.search.search import Found, search
from analysis.planning.world.plan import plan_in_world
from analysis.planning.wrong_errors import wrong_errors
from analysis.questions.of_study import plan_of
from analysis.questions.plan import Plan
from analysis.runs.purposes import Purpose
from analysis.runs.rows import Rows
from analysis.trials.trial import Trial
from sim.errors import InputError
from sim.side_by_side import Progress, silent
from sim.study.spec import Study

__all__ = ["guess_people", "plan_study"]

GUESS_SIZE, GUESS_STUDIES = 400, 40
STUDIES, WORLDS = 1000, 500
"""Studies at each point of the curve, of the panel process and of the world."""
AROUND = (0.4, 0.55, 0.7, 0.85, 1.0, 1.2, 1.5, 2.0)
"""Sizes of the curve, in shares of the answer."""
LARGEST_EFFECT = 20.0
FEWEST_IN_ARM = 2


def plan_study(
    study: Study,
    *,
    seed: int,
    sizes: Sequence[int] = (),
    detect: int | None = None,
    replicates: int | None = None,
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
    if plan.process == "world":
        return plan_in_world(
            study, seed=seed, sizes=sizes, detect=detect, replicates=replicates or WORLDS,
            threads=threads, kept=kept, say=say,
        )  # fmt: skip
    return _in_panel(study, seed, sizes, detect, replicates or STUDIES, threads, kept, say)


def _in_panel(
    study: Study, seed: int, sizes: Sequence[int], detect: int | None, replicates: int,
    threads: int, kept: Rows | None, say: Progress,
) -> PlanResult:  # fmt: skip
    """The plan of a study whose process is the panel."""
    plan = plan_of(study)
    process = process_of(study, plan, seed)
    trial = Trial(process, plan, threads)
    check_sizes(plan, [*sizes, *([detect] if detect else [])])
    truths = tuple(process.truth(one) for one in plan.question)
    target = target_of(plan)
    guess, notes = guess_people(trial, truths, target), tuple(_notes(plan))
    trial = replace(trial, kept=kept and kept.begin())
    forms = [closed_form(study, process, asked) for asked in trial.asked]
    is_search = not sizes and detect is None
    found = _search(trial, target, guess, say) if is_search else None
    detectable = _detect(trial, study, seed, detect, target, guess, truths, say)
    middle = found.answer if found and found.answer else min(guess, plan.people_at_most)
    drawn = sorted(set(sizes)) or ([detect] if detect else _sizes(study, plan, float(middle)))
    curve = _curve(trial, drawn, replicates, forms, say)
    point = at_answer(curve, found)
    off, errors = biases(plan.question, point), wrong_errors(plan.question, point)
    baselines = other_baseline(study, plan, process, trial.asked, target)
    notes = (*notes, *baselines, *_after(found), *(words for _, words in off), *errors)
    priced = priced_size(found, drawn)
    cost = cost_of(study, plan, process, priced) if priced else None
    beside = tuple(None if one is None else _beside(one, plan, target) for one in forms)
    return PlanResult(study, seed, target, truths, found, curve, beside, cost, detectable, notes)


def _search(trial: Trial, target: float, guess: float, say: Progress) -> Found:
    return search(
        by_size(trial),
        target,
        start=guess,
        low=trial.plan.people_at_least,
        high=trial.plan.people_at_most,
        first_replicate=Purpose.SEARCH.first,
        progress=say,
    )


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
            raise InputError(
                f"the {one.about} in {one.outcome} is zero, so its power is alpha whatever the "
                "number of people; give plan.panel.effect what is worth detecting"
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


def _notes(plan: Plan) -> list[str]:
    """What the design does that its analysis does not know of."""
    notes = []
    shares = plan.panel is not None and any(one.icc > 0 for one in plan.panel.clusters.values())
    for one in plan.question:
        if (
            shares
            and not analysis(one.analysis).by_cluster
            and one.about in ("difference", "slope")
        ):
            notes.append(
                f"{one.analysis} does not know that people share clusters: its p-values are too "
                "small, and the power shown with them is not to be trusted"
            )
    return list(dict.fromkeys(notes))


def _after(found: Found | None) -> list[str]:
    """What the fresh run says of the answer."""
    run = found.confirmed if found is not None else None
    if found is None or run is None or found.answer is None or run.high >= found.target:
        return []
    return [
        f"the fresh run lies below the target of {found.target:.2f}; take the upper end of the "
        "interval"
    ]


def _sizes(study: Study, plan: Plan, middle: float) -> list[int]:
    """Sizes about the answer, and the one the study file has."""
    wanted = [round(middle * share) for share in AROUND]
    inside = [int(np.clip(n, plan.people_at_least, plan.people_at_most)) for n in wanted]
    if plan.people_at_least <= study.recruitment.n <= plan.people_at_most:
        inside.append(study.recruitment.n)
    return sorted(set(inside))


def _curve(
    trial: Trial,
    sizes: Sequence[int],
    replicates: int,
    forms: Sequence[Form | None],
    say: Progress,
) -> tuple[CurvePoint, ...]:
    fits = trial.fits(sizes, range(replicates), say, "drawing the curve")
    return tuple(curve_point(trial, n, each, forms) for n, each in zip(sizes, fits, strict=True))


def _beside(form: Form, plan: Plan, target: float) -> Beside:
    n = smallest(
        lambda people: form.power(people) >= target, plan.people_at_least, plan.people_at_most
    )
    return Beside(form.source, form.caveat, n)


def _detect(
    trial: Trial,
    study: Study,
    seed: int,
    n: int | None,
    target: float,
    guess: float,
    truths: Sequence[float],
    say: Progress,
) -> Detectable | None:
    """The smallest multiple of the effect that a study of n people detects; None without n."""
    if n is None:
        return None
    plan = plan_of(study)
    check_detectable(plan)

    def at(effect: float) -> Trial:
        kept = trial.kept and trial.kept.of(effect)
        return replace(trial, process=process_of(study, plan, seed, effect), kept=kept)

    found = search(
        by_effect(at, n), target, start=float(np.sqrt(guess / n)), low=0.01, high=LARGEST_EFFECT,
        whole=False, first_replicate=Purpose.DETECT.first,
        progress=say, stage="searching for the effect",
    )  # fmt: skip
    times = found.answer if found.answer is not None else np.nan
    return Detectable(n, found, tuple(times * one for one in truths))
