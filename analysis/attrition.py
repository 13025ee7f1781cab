"""What it costs that absence hangs on something: the dial at fixed retention.

All cases keep as many people. They have the same people with the same draws, a person's absence
the same uniform too; only on what absence hangs differs. So the difference of a case from the one
in which it hangs on nothing (MCAR) has a small Monte Carlo error, and that difference, in bias,
coverage and power, is the cost of the mechanism.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from analysis.estimators.contract import Fits
from analysis.planning.found import plan_of
from analysis.planning.panel import WORSE_BELOW, PanelProcess, panel_in, panel_process
from analysis.planning.performance import (
    Measured,
    paired_difference,
    paired_proportions,
    performance,
)
from analysis.planning.trial import Trial
from analysis.tipping import Tipping, tipping
from sim.errors import InputError
from sim.study.planning import Plan, Question
from sim.study.settings import MECHANISMS
from sim.study.spec import Study, parse_study

__all__ = ["AttritionResult", "Case", "CaseResult", "attrition", "cases_of", "check_drop_out"]

COMPLETE, REFERENCE, OWN = "nobody missing", "MCAR", "as in the file"
LOOKED_AT = 100
"""Studies in which it is looked up who is missing."""
STEEPER = 2.0
"""By what the odds ratio of the last arm is multiplied where arms differ in it."""

WHAT = "the dial of absence"

Stage = Callable[[str, int, int], None]


class Case(NamedTuple):
    """On what absence hangs; by arm, or for everybody.

    Attributes
    ----------
    name : str
    mechanism, odds_ratio : dict
        As in a study file; None keeps the file's.
    complete : bool
        Nobody is missing.
    """

    name: str
    mechanism: dict[str, str] | None = None
    odds_ratio: dict[str, float] | None = None
    complete: bool = False


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
        By how many SD those missing are worse than their earlier scores say: the true delta.
    measures : tuple of dict
        Bias, coverage and power by question.
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
    """The dial and the tipping points for a study of n people."""

    study: Study
    seed: int
    n: int
    studies: int
    cases: tuple[CaseResult, ...]
    tipping: tuple[Tipping, ...]


def cases_of(study: Study) -> list[Case]:
    """The mechanisms in all arms, in one arm only, steeper in one arm; the study file's own."""
    found = [Case(COMPLETE, complete=True), Case(REFERENCE, {"all": REFERENCE})]
    found += [Case(name, {"all": name}) for name in MECHANISMS[1:]]
    arms = study.arm_names
    if len(arms) > 1:
        others, last = arms[:-1], arms[-1]
        for name in MECHANISMS[1:]:
            table = dict.fromkeys(others, REFERENCE) | {last: name}
            found.append(Case(f"{name} in {last}, else MCAR", table))
        odds = {one: float(study.participation.of("odds_ratio", one)) for one in arms}
        steeper = odds | {last: min(STEEPER * odds[last], 100.0)}
        for name in MECHANISMS[1:]:
            said = f"{name}, odds ratio {steeper[last]:g} in {last}"
            found.append(Case(said, {"all": name}, steeper))
    return [*found, Case(OWN)]


def attrition(
    study: Study,
    n: int,
    *,
    seed: int,
    replicates: int = 2000,
    threads: int = 1,
    progress: Stage | None = None,
) -> AttritionResult:
    """Turn the dial at fixed retention, and look for tipping points.

    Parameters
    ----------
    study
        With a `[plan]` and `participation.retention` below 1.
    n
        People enrolled.
    seed
        Of all draws.
    replicates
        Studies in each case, the same people in all.
    threads
        Batches of studies side by side; no figure depends on it.
    progress
        Called with what is being done, the number of its steps done, and of all.

    Raises
    ------
    InputError
        If nobody drops out, or there are not so many people.
    """
    plan = plan_of(study)
    _check(study, plan, n)
    say = progress or (lambda stage, done, total: None)
    full = _process(study, Case(COMPLETE, complete=True), seed)
    wave = Trial(full, plan).asked[0].wave or len(full.weeks) - 1
    found: list[tuple[Case, PanelProcess, list[Fits]]] = []
    cases = cases_of(study)
    for case in cases:
        process = _process(study, case, seed)
        fits = Trial(process, plan, threads).fits([n], range(replicates))[0]
        found.append((case, process, fits))
        say("turning the dial", len(found), len(cases))
    reference = next(fits for case, _, fits in found if case.name == REFERENCE)
    looked = range(min(LOOKED_AT, replicates))
    results = tuple(
        _result(plan, case, fits, reference, process.truth, _who(process, full, n, wave, looked))
        for case, process, fits in found
    )
    own = next((process, fits) for case, process, fits in found if case.name == OWN)
    tips = tipping(plan, *own, n, _sign(plan))
    return AttritionResult(study, seed, n, replicates, results, tips)


def check_drop_out(study: Study) -> None:
    """Raise an `InputError` if everybody stays."""
    kept = study.participation.retention.values()
    if not any(min(one, default=1.0) < 1 for one in kept):
        raise InputError(
            f'study "{study.id}", participation.retention: everybody stays, so there is nobody to '
            "be missing; give the shares who stay, as [0.9, 0.8]"
        )


def _sign(plan: Plan) -> float:
    """-1 where lower scores are worse."""
    return -1.0 if panel_in(plan, WHAT).outcome in WORSE_BELOW else 1.0


def _result(
    plan: Plan,
    case: Case,
    fits: Sequence[Fits],
    reference: Sequence[Fits],
    truth: Callable[[Question], float],
    who: tuple[Measured, Measured, Measured],
) -> CaseResult:
    measures, cost, unpaired = [], [], []
    for one, other, asked in zip(fits, reference, plan.question, strict=True):
        true = truth(asked)
        measures.append(performance(one, true, alpha=asked.alpha))
        if case.name != REFERENCE:
            gap, apart = _paired(one, other, true, asked.alpha)
            cost.append(gap)
            unpaired.append(apart)
    kept, better, worse = who
    worse_by = _sign(plan) / panel_in(plan, WHAT).sd
    return CaseResult(
        case, kept, _scaled(better, -worse_by), _scaled(worse, worse_by),
        tuple(measures), tuple(cost), tuple(unpaired),
    )  # fmt: skip


def _check(study: Study, plan: Plan, n: int) -> None:
    if not plan.people_at_least <= n <= plan.people_at_most:
        raise InputError(
            f"n = {n}: the plan is for {plan.people_at_least} to {plan.people_at_most} people; "
            "change plan.people_at_least or plan.people_at_most if there are others"
        )
    check_drop_out(study)


def _process(study: Study, case: Case, seed: int) -> PanelProcess:
    said = study.resolved()
    part: dict[str, Any] = said["participation"]
    if case.complete:
        part["retention"] = {}
    if case.mechanism is not None:
        part["mechanism"] = case.mechanism
    if case.odds_ratio is not None:
        part["odds_ratio"] = case.odds_ratio
    changed = parse_study(said, study.id)
    return panel_process(changed, plan_of(changed), seed)


def _scaled(one: Measured, by: float) -> Measured:
    return Measured(one.value * by, one.mcse * abs(by), one.n)


def _mean(values: Sequence[float]) -> Measured:
    x = np.asarray(values, np.float64)
    x = x[np.isfinite(x)]
    if x.size < 2:
        return Measured(float(x.mean()) if x.size else np.nan, np.nan, x.size)
    return Measured(float(x.mean()), float(x.std(ddof=1) / np.sqrt(x.size)), x.size)


def _who(
    process: PanelProcess, full: PanelProcess, n: int, wave: int, numbers: range
) -> tuple[Measured, Measured, Measured]:
    """Share seen at a wave; how those seen differ from all, and those missing from predicted."""
    kept, apart, strays = [], [], []
    for some, every in zip(process.draw(n, numbers), full.draw(n, numbers), strict=True):
        for y, whole in zip(some.y, every.y, strict=True):
            seen = np.isfinite(y[:, wave])
            kept.append(float(seen.mean()))
            with np.errstate(invalid="ignore"):
                now = whole[:, wave]
                apart.append(float(now[seen].mean() - now.mean()) if seen.any() else np.nan)
            strays.append(_stray(y, whole, some.arm, wave))
    return _mean(kept), _mean(apart), _mean(strays)


def _stray(y: np.ndarray, whole: np.ndarray, arm: np.ndarray, wave: int) -> float:
    """Mean, over people missing at a wave, of their score less that predicted from their records.

    Predictions are least squares in the whole data, arms having means of their own.
    """
    missing = np.isnan(y[:, wave])
    total, count = 0.0, 0
    patterns = np.isfinite(y[:, :wave])
    arms = np.eye(int(arm.max()) + 1)[arm]
    for pattern in np.unique(patterns[missing], axis=0):
        mine = missing & (patterns == pattern).all(axis=1)
        columns = np.concatenate([arms, whole[:, :wave][:, pattern]], axis=1)
        fit = np.linalg.lstsq(columns, whole[:, wave], rcond=None)[0]
        total += float((whole[mine, wave] - columns[mine] @ fit).sum())
        count += int(mine.sum())
    return total / count if count else np.nan


def _paired(
    fits: Fits, reference: Fits, truth: float, alpha: float
) -> tuple[dict[str, Measured], dict[str, float]]:
    """Bias, coverage and power less those of the reference, and their errors unpaired."""
    both = fits.converged & reference.converged
    columns = []
    for one in (fits, reference):
        covers = (one.lo <= truth) & (truth <= one.hi)
        columns.append((one.estimate[both], covers[both], (one.p <= alpha)[both]))
    (b1, c1, p1), (b0, c0, p0) = columns
    found = {
        "bias": paired_difference(b1, b0),
        "coverage": paired_proportions(c1, c0),
        "power": paired_proportions(p1, p0),
    }
    pairs = {"bias": (b1, b0), "coverage": (c1, c0), "power": (p1, p0)}
    apart = {
        name: float(np.sqrt(sum(np.var(one.astype(float)) / one.size for one in pair)))
        for name, pair in pairs.items()
    }
    return found, apart
