"""What it costs that absence hangs on something: the dial at fixed retention.

All cases keep as many people. They have the same people with the same draws, a person's absence
the same uniform too; only on what absence hangs differs. So the difference of a case from the one
in which it hangs on nothing (MCAR) has a small Monte Carlo error, and that difference, in bias,
coverage and power, is the cost of the mechanism.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.attrition.cases import OWN, REFERENCE, Case
from analysis.attrition.in_panel import turned_in_panel
from analysis.attrition.in_world import turned_in_world
from analysis.attrition.missing import Turned
from analysis.attrition.tipping import Tipping, sign_of, tipping
from analysis.estimators.contract import Fits
from analysis.planning.planner import STUDIES, WORLDS
from analysis.planning.points import check_sizes
from analysis.planning.processes import process_of
from analysis.questions.of_study import plan_of
from analysis.questions.plan import Plan
from analysis.trials.analyses import Asked
from analysis.trials.performance import (
    Measured,
    mean_measured,
    paired_difference,
    paired_proportions,
    performance,
)
from analysis.trials.success import significant
from analysis.trials.units import units_of
from analysis.worlds.census import Truth
from sim.errors import InputError
from sim.side_by_side import Progress, silent
from sim.study.spec import Study

__all__ = ["AttritionResult", "CaseResult", "attrition", "check_drop_out"]


@dataclass(frozen=True)
class CaseResult:
    """How studies do in one case.

    Attributes
    ----------
    case : Case
    kept : Measured
        Share interviewed at the wave asked about by the first question.
    better : Measured
        By how many SD those interviewed then are better off than all.
    worse_than_predicted : Measured
        By how many SD those missing are worse than people seen who had the same records: the true
        delta.
    measures : tuple of dict
        Bias, coverage and power by question. The error of a bias is that of the truth too.
    cost : tuple of dict
        The same less those of MCAR, paired; empty for MCAR itself.
    unpaired : tuple of dict
        Monte Carlo errors those differences would have, had the studies been independent ones.
    """

    case: Case
    kept: Measured
    better: Measured
    worse_than_predicted: Measured
    measures: tuple[dict[str, Measured], ...]
    cost: tuple[dict[str, Measured], ...]
    unpaired: tuple[dict[str, float], ...]


@dataclass(frozen=True)
class AttritionResult:
    """The dial and the tipping points for a study of n people.

    Attributes
    ----------
    scale : str
        Of what `better` and `worse_than_predicted` are about.
    sd : float
        Of it, at baseline.
    truths : tuple of Truth
        Of each question.
    """

    study: Study
    seed: int
    n: int
    studies: int
    cases: tuple[CaseResult, ...]
    tipping: tuple[Tipping, ...]
    scale: str
    sd: float
    truths: tuple[Truth, ...]


def attrition(
    study: Study,
    n: int,
    *,
    seed: int,
    replicates: int | None = None,
    threads: int = 1,
    truths: tuple[Truth, ...] | None = None,
    progress: Progress | None = None,
) -> AttritionResult:
    """Turn the dial at fixed retention, and look for tipping points.

    Parameters
    ----------
    study
        With a `[plan]` and `participation.retention` below 1.
    n
        People enrolled; of a panel's whole clusters as many as make so many people.
    seed
        Of all draws.
    replicates
        Studies in each case, the same people in all; 1000 by default, 500 of the world.
    threads
        Batches of studies side by side; no figure depends on it.
    truths
        Of the questions in the world, where they are known; found if not.
    progress
        Called with what is being done, the number of its steps done, and of all.

    Raises
    ------
    InputError
        If nobody drops out, or there are not so many people.
    """
    plan = plan_of(study)
    check_sizes(plan, [n])
    check_drop_out(study)
    say = progress or silent
    if plan.process == "world":
        studies = replicates or WORLDS
        turned = turned_in_world(
            study, plan, n, seed=seed, replicates=studies, threads=threads, say=say, truths=truths
        )
    else:
        studies = replicates or STUDIES
        units = units_of(process_of(study, plan, seed), plan)
        n = units.people(units.at_least(n))
        turned = turned_in_panel(
            study, plan, n, seed=seed, replicates=studies, threads=threads, say=say
        )
    by_name = {case.name: fits for case, fits in zip(turned.cases, turned.fits, strict=True)}
    results = tuple(
        _result(plan, turned, case, fits, by_name[REFERENCE], who)
        for case, fits, who in zip(turned.cases, turned.fits, turned.who, strict=True)
    )
    asked = Asked.each(plan.question, study.arm_names or ("",), study.waves.weeks)
    tips = tipping(plan, asked, by_name[OWN], turned.missing, turned.sd)
    sd = turned.sd[turned.scale]
    return AttritionResult(study, seed, n, studies, results, tips, turned.scale, sd, turned.truths)


def check_drop_out(study: Study) -> None:
    """Raise an `InputError` if everybody stays, or absence has no score to hang on."""
    plan = plan_of(study)
    if plan.panel is not None and plan.panel.ties is not None:
        raise InputError(
            f'study "{study.id}", plan.panel.ties: a panel of ties has no score on which absence '
            "could hang; leave --attrition out"
        )
    kept = study.participation.retention.values()
    if not any(min(one, default=1.0) < 1 for one in kept):
        raise InputError(
            f'study "{study.id}", participation.retention: everybody stays, so there is nobody to '
            "be missing; give the shares who stay, as [0.9, 0.8]"
        )


def _result(
    plan: Plan,
    turned: Turned,
    case: Case,
    fits: Sequence[Fits],
    reference: Sequence[Fits],
    who: np.ndarray,
) -> CaseResult:
    measures, cost, unpaired = [], [], []
    for one, other, asked, true in zip(fits, reference, plan.question, turned.truths, strict=True):
        measures.append(_measures(one, true, asked.alpha))
        if case.name != REFERENCE:
            gap, apart = _paired(one, other, true.value, asked.alpha)
            cost.append(gap)
            unpaired.append(apart)
    kept, better, stray = (mean_measured(one[np.isfinite(one)]) for one in who.T)
    worse_by = sign_of(plan, turned.scale) / turned.sd[turned.scale]
    return CaseResult(
        case, kept, _scaled(better, -worse_by), _scaled(stray, worse_by),
        tuple(measures), tuple(cost), tuple(unpaired),
    )  # fmt: skip


def _measures(fits: Fits, truth: Truth, alpha: float) -> dict[str, Measured]:
    """How an analysis performs, with the truth's Monte Carlo error in that of the bias.

    Power is that of studies, of which one without a fit is not significant.
    """
    found = performance(fits, truth.value, alpha=alpha)
    bias = found["bias"]
    error = float(np.hypot(bias.mcse, truth.mcse))
    return found | {"bias": bias._replace(mcse=error), "power": found["power_failures_count"]}


def _scaled(one: Measured, by: float) -> Measured:
    return Measured(one.value * by, one.mcse * abs(by), one.n)


def _paired(
    fits: Fits, reference: Fits, truth: float, alpha: float
) -> tuple[dict[str, Measured], dict[str, float]]:
    """Bias, coverage and power less those of the reference, and their errors unpaired.

    Bias and coverage are of studies in which both have a fit; NaN if there are none.
    """
    both = fits.converged & reference.converged
    pairs: dict[str, tuple[np.ndarray, np.ndarray]] = {
        "bias": (fits.estimate[both], reference.estimate[both]),
        "coverage": (_covers(fits, truth)[both], _covers(reference, truth)[both]),
        "power": (significant(fits, alpha), significant(reference, alpha)),
    }
    found, apart = {}, {}
    for name, (one, other) in pairs.items():
        if not one.size:
            found[name], apart[name] = Measured(np.nan, np.nan, 0), np.nan
            continue
        difference = paired_difference if name == "bias" else paired_proportions
        found[name] = difference(one, other)
        apart[name] = float(np.sqrt((np.var(one * 1.0) + np.var(other * 1.0)) / one.size))
    return found, apart


def _covers(fits: Fits, truth: float) -> np.ndarray:
    return np.asarray((fits.lo <= truth) & (truth <= fits.hi))
