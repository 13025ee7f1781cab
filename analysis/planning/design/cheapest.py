"""The cheapest design that reaches the target, and what more power costs.

A grid over the choices of the study file, gone through with growing care; within a setting more
people cost more and succeed more often, so its cheapest design is its smallest sufficient N, of
whole clusters where those have a size.

1. N of each setting: a normal guess, then 200 studies at five sizes about it.
2. Rounds of 400, then `replicates`, then four times as many new studies at four sizes about N, with
   the same draws in every setting left. Whatever then surely costs more than the best, by the 99 %
   interval of the paired difference, is not looked at again.
3. A fresh run of the design found.
4. All settings once more at eight sizes, `replicates` studies each and the same for all: power
   against cost.

A grid is chosen over a model of the response (Gaussian processes and the like), for with prefixes
that nest and draws that are shared all sizes of a setting cost one draw, four variables are few,
and every point shown has been simulated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from analysis.estimators.formulas.design import Form
from analysis.planning.design.cost import Cost, cost_of, expected_cost
from analysis.planning.design.pareto import standing
from analysis.planning.design.variants import Variant, usual_setting, variants
from analysis.planning.formulas.beside import closed_form
from analysis.planning.formulas.needed import people_by_formula
from analysis.planning.planner import guess_people
from analysis.planning.points import check_precision, target_of
from analysis.planning.processes import process_of
from analysis.planning.search.resampled import crossings, resample
from analysis.planning.search.search import PRECISION
from analysis.planning.sizing import exact_form
from analysis.questions.of_study import plan_of
from analysis.questions.plan import Plan
from analysis.runs.purposes import Purpose
from analysis.trials.process import Process
from analysis.trials.success import Confirmed, confirmed_share
from analysis.trials.trial import Trial
from analysis.trials.units import Units, units_of
from sim.errors import InputError
from sim.side_by_side import Progress, silent
from sim.study.spec import Study

__all__ = ["CheapestResult", "Contender", "Point", "find_cheapest"]

FIRST, SECOND = 200, 400
ROUNDS = (Purpose.ROUND_1, Purpose.ROUND_2, Purpose.ROUND_3, Purpose.ROUND_4)
WIDE, CLOSE = (0.5, 0.75, 1.0, 1.35, 1.8), (0.85, 0.95, 1.05, 1.17)
MAPPED = (0.3, 0.45, 0.6, 0.75, 0.9, 1.0, 1.2, 1.5)
TRIES = 4
"""How often the sizes of a round may follow a crossing that lies outside them."""
CERTAIN, USUAL = (0.005, 0.995), (0.025, 0.975)
KNOTS = 7
"""Numbers of people at which cost is computed; between them it is straight."""
CONFIRM_MCSE = 0.01
OF_A_STUDY = 0.9
"""Standard error of N from one study looked at in four sizes, as a share of it."""


@dataclass(frozen=True)
class Contender:
    """A setting and the smallest N that suffices in it.

    Attributes
    ----------
    variant : Variant
    n : int or None
        None where the largest allowed is not enough.
    low, high : float
        95 % Monte Carlo interval of where the curve crosses the target.
    cost : Cost or None
        Expected at n.
    dearer : tuple of float
        Cost beyond that of the cheapest, with its 95 % paired interval; NaN if left early.
    is_tie : bool
        Whether it cannot be told from the cheapest.
    cheapest_in : float
        Share of resamples of the last round in which it was the cheapest.
    studies : int
        At each size of the last round it was in.
    """

    variant: Variant
    n: int | None
    low: float
    high: float
    cost: Cost | None
    dearer: tuple[float, float, float]
    is_tie: bool
    cheapest_in: float
    studies: int


@dataclass(frozen=True)
class Point:
    """One design of the picture: a setting, a number of people, success, cost, and its standing."""

    variant: Variant
    success: Confirmed
    cost: Cost
    standing: str

    @property
    def n(self) -> int:
        """People."""
        return int(self.success.at)


@dataclass(frozen=True)
class CheapestResult:
    """What the grid says.

    Attributes
    ----------
    study : Study
    seed : int
    target : float
    contenders : tuple of Contender
        All settings, the cheapest first, those out of reach last.
    cost : Cost or None
        Of the cheapest, with its spread.
    confirmed : Confirmed or None
        Fresh run of the cheapest.
    usual : Contender or None
        The study file's own setting, where it is among the choices.
    points : tuple of Point
        In order of cost.
    sims : int
        Studies simulated, each with all its sizes.
    """

    study: Study
    seed: int
    target: float
    contenders: tuple[Contender, ...]
    cost: Cost | None
    confirmed: Confirmed | None
    usual: Contender | None
    points: tuple[Point, ...]
    sims: int

    @property
    def best(self) -> Contender | None:
        """The cheapest; None if no setting reaches the target."""
        first = self.contenders[0]
        return first if first.n is not None else None

    @property
    def ties(self) -> tuple[Contender, ...]:
        """Others that cannot be told from the cheapest."""
        return tuple(one for one in self.contenders[1:] if one.is_tie)


@dataclass
class _Setting:
    """A setting at work."""

    variant: Variant
    plan: Plan
    process: Process
    trial: Trial
    form: Form | None
    n: np.ndarray = field(default_factory=lambda: np.zeros(0))
    money: np.ndarray = field(default_factory=lambda: np.zeros(0))
    studies: int = 0

    @cached_property
    def units(self) -> Units:
        return units_of(self.process, self.plan)

    @property
    def bounds(self) -> tuple[int, int]:
        return self.units.people(self.units.low), self.units.people(self.units.high)

    def sizes(self, about: float, shares: Sequence[float]) -> list[int]:
        """People of studies of shares of the units that make so many."""
        low, high = self.units.low, self.units.high
        k = float(np.clip(about, *self.bounds))
        if self.units.whole:
            k = float(np.clip(self.units.at_least(k), low, high))
        wanted = {int(np.clip(round(k * share), low, high)) for share in shares}
        return [self.units.people(one) for one in sorted(wanted)]

    def whole(self, n: float) -> int:
        """People of the smallest study that has n of them, or of the largest there is."""
        k = self.units.at_least(float(np.clip(np.ceil(n - 1e-9), *self.bounds)))
        return self.units.people(int(np.clip(k, self.units.low, self.units.high)))

    def succeeded(self, sizes: Sequence[int], numbers: range) -> np.ndarray:
        """Success by study and size, (B, K)."""
        fits = self.trial.fits(sizes, numbers)
        return np.stack([self.trial.successes(one) for one in fits], axis=1)

    def cross(self, shares: Sequence[float], numbers: range, weights: np.ndarray) -> int:
        """Find n in every resample, and its cost; the number of studies simulated."""
        low, high = self.bounds
        if self.form is not None:
            exact = people_by_formula(self.form, self.units, self.trial_target)
            self.n = np.full(len(weights), np.inf if exact is None else float(exact))
            self.studies, self.money = len(numbers), self._costs(self.n)
            return 0
        used, about = 0, float(self.n[0])
        for _ in range(TRIES):
            sizes = self.sizes(about, shares)
            if len(sizes) == 1:  # at an end of what is allowed: it must not be the only point
                sizes = sorted({*sizes, *self.sizes((low + high) / 2, (1.0,))})
            won = self.succeeded(sizes, numbers)
            used += len(numbers)
            self.n = crossings(sizes, won, weights, self.trial_target)
            if sizes[0] <= self.n[0] <= sizes[-1] or sizes[-1] == high or sizes[0] == low:
                break
            about = min(max(float(self.n[0]), sizes[0] / 2), sizes[-1] * 2)
        self.studies = len(numbers)
        self.money = self._costs(self.n)
        return used

    @property
    def trial_target(self) -> float:
        return target_of(self.plan)

    def _costs(self, n: np.ndarray) -> np.ndarray:
        """Expected cost of whole units at each n, (R,); infinite beyond the most there are."""
        _, high = self.bounds
        people = np.array([self.whole(float(one)) for one in n])
        knots = np.unique(people)
        if not self.units.whole:
            knots = np.unique(np.linspace(people.min(), people.max(), KNOTS).astype(int))
        prices = [self.priced(int(k)).total for k in knots]
        return np.where(n > high, np.inf, np.interp(people, knots, prices))

    def priced(self, n: int) -> Cost:
        found = expected_cost(self.variant.study, self.plan, self.process, n)
        if found is None:
            raise InputError("the cheapest design needs prices; give [plan.costs]")
        return found


def find_cheapest(
    study: Study,
    *,
    seed: int,
    replicates: int = 1000,
    precision: float | None = None,
    threads: int = 1,
    progress: Progress | None = None,
) -> CheapestResult:
    """The cheapest design among the choices of a study file.

    Parameters
    ----------
    study
        With `[plan.choices]` and `[plan.costs]`.
    seed
        Of all draws.
    replicates
        Studies at each point of the picture, and a quarter of those of the last round, if the
        precision does not ask for more there.
    precision
        Standard error of each number of people in the last round, as a share of it; .01 by default.
        A number that a formula has exactly is not searched for.
    threads
        Batches of studies side by side; no figure depends on it.
    progress
        Called with what is being done, the number of its steps done, and of all.

    Raises
    ------
    InputError
        Without choices, or with a choice that makes no study or none that can be fitted.
    """
    plan = plan_of(study)
    say = progress or silent
    check_precision(precision)
    settings = _settings(study, plan, seed, threads, say)
    last = int(np.ceil((OF_A_STUDY / (precision or PRECISION)) ** 2))
    sims = _rounds(settings, seed, (FIRST, SECOND, replicates, max(last, 4 * replicates)), say)
    contenders = _ranked(settings)
    points = _map(settings, replicates, say)
    best, confirmed, cost = contenders[0], None, None
    if best.n is not None:
        setting = next(one for one in settings if one.variant is best.variant)
        confirmed = _fresh(setting, best.n)
        cost = cost_of(best.variant.study, setting.plan, setting.process, best.n, seed=seed)
        sims += confirmed.n
    own = usual_setting(study, plan)
    usual = next((one for one in contenders if one.variant.setting == own), None)
    return CheapestResult(
        study, seed, target_of(plan), contenders, cost, confirmed, usual, points,
        sims + replicates * len(settings),
    )  # fmt: skip


def _settings(study: Study, plan: Plan, seed: int, threads: int, say: Progress) -> list[_Setting]:
    """Every setting with a first guess of its n."""
    made = []
    every = variants(study, plan)
    for variant in every:
        own = plan_of(variant.study)
        process = process_of(variant.study, own, seed)
        trial = Trial(process, own, threads)
        truths = tuple(process.truth(one) for one in own.question)
        forms = [closed_form(variant.study, process, asked) for asked in trial.asked]
        setting = _Setting(variant, own, process, trial, exact_form(own, forms))
        setting.n = np.array([guess_people(trial, truths, target_of(own))])
        made.append(setting)
        say("guessing", len(made), len(every))
    return made


def _rounds(settings: list[_Setting], seed: int, sizes: Sequence[int], say: Progress) -> int:
    """Ever more studies of ever fewer settings; how many were simulated."""
    left, used = settings, 0
    for number, (purpose, studies) in enumerate(zip(ROUNDS, sizes, strict=True)):
        weights = resample(studies, seed + number)
        for done, one in enumerate(left):
            say(f"round {number + 1}", done, len(left))
            shares = WIDE if number == 0 else CLOSE
            used += one.cross(shares, purpose.some(studies), weights)
        say(f"round {number + 1}", len(left), len(left))
        best = min(left, key=lambda one: float(one.money[0]))
        if not np.isfinite(best.money[0]):
            break
        left = [one for one in left if one is best or not _surely_dearer(one, best)]
    return used


def _surely_dearer(one: _Setting, best: _Setting) -> bool:
    return bool(_beyond(one, best, CERTAIN)[1] > 0)


def _beyond(one: _Setting, best: _Setting, at: tuple[float, float]) -> tuple[float, float, float]:
    """Cost beyond another's and its paired interval, from resamples of the same studies."""
    with np.errstate(invalid="ignore"):
        gap = one.money - best.money
    gap = np.where(np.isnan(gap), 0.0, gap)  # both out of reach
    low, high = np.quantile(gap[1:], at, method="nearest")
    return float(gap[0]), float(low), float(high)


def _ranked(settings: list[_Setting]) -> tuple[Contender, ...]:
    most = max(one.studies for one in settings)
    last = [one for one in settings if one.studies == most]
    best = min(last, key=lambda one: float(one.money[0]))
    reached = np.isfinite(best.money[0])
    winner = np.argmin(np.stack([one.money[1:] for one in last]), axis=0)
    found = []
    for one in settings:
        is_last = any(one is other for other in last)
        dearer = (np.nan, np.nan, np.nan)
        if is_last and reached:
            dearer = _beyond(one, best, USUAL)
        place = next((k for k, other in enumerate(last) if other is one), -1)
        share = float((winner == place).mean()) if reached else np.nan
        low, high = (float(x) for x in np.quantile(one.n[1:], USUAL, method="nearest"))
        n = one.whole(float(one.n[0])) if np.isfinite(one.money[0]) else None
        tie = is_last and reached and one is not best and dearer[1] <= 0
        cost = one.priced(n) if n is not None else None
        found.append(Contender(one.variant, n, low, high, cost, dearer, tie, share, one.studies))
    first = next(k for k, one in enumerate(settings) if one is best)
    ranked = sorted(
        (k for k in range(len(found)) if k != first),
        key=lambda k: (found[k].studies < most, float(settings[k].money[0])),
    )
    return tuple(found[k] for k in [first, *ranked])


def _fresh(setting: _Setting, n: int) -> Confirmed:
    """New studies of the design found."""
    target = setting.trial_target
    studies = int(np.ceil(target * (1 - target) / CONFIRM_MCSE**2))
    won = setting.succeeded([n], Purpose.FRESH.some(studies))
    return confirmed_share(float(n), int(won.sum()), studies)


def _map(settings: list[_Setting], replicates: int, say: Progress) -> tuple[Point, ...]:
    """All settings at several sizes, the same studies for all."""
    who, columns, costs, sizes = [], [], [], []
    for done, one in enumerate(settings):
        say("power against cost", done, len(settings))
        mine = one.sizes(float(min(one.n[0], one.bounds[1])), MAPPED)
        won = one.succeeded(mine, range(replicates))
        who += [one.variant] * len(mine)
        columns.append(won)
        sizes += mine
        costs += [one.priced(n) for n in mine]
    say("power against cost", len(settings), len(settings))
    succeeded = np.concatenate(columns, axis=1)
    places = standing(np.array([one.total for one in costs]), succeeded)
    points = [
        Point(variant, confirmed_share(float(n), int(won.sum()), replicates), cost, place)
        for variant, n, won, cost, place in zip(who, sizes, succeeded.T, costs, places, strict=True)
    ]
    return tuple(sorted(points, key=lambda one: one.cost.total))
