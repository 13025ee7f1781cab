"""The number of people of a panel study: by an exact formula where there is one, else by search."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import optimize

from analysis.estimators.contract import Fits
from analysis.estimators.formulas.design import Form
from analysis.planning.formulas.needed import units_by_formula
from analysis.planning.search.by_formula import ByFormula
from analysis.planning.search.found import Found
from analysis.planning.search.fresh import Fresh
from analysis.planning.search.oracles import by_size, has_tail, looked_at
from analysis.planning.search.search import FRESH, Search
from analysis.planning.validity.measure import STUDIES
from analysis.questions.plan import Plan
from analysis.runs.purposes import Purpose
from analysis.trials.success import Confirmed
from analysis.trials.trial import Trial
from analysis.trials.units import Units
from sim.side_by_side import Progress

__all__ = ["Sizing", "exact_effect", "exact_form", "size_of"]


def exact_form(plan: Plan, forms: Sequence[Form | None]) -> Form | None:
    """The formula that is the chance of success itself; None where only simulation has it."""
    only = forms[0] if len(forms) == 1 else None
    return only if only is not None and only.exact and len(plan.question) == 1 else None


def exact_effect(
    power: Callable[[float], float], target: float, low: float, high: float
) -> float | None:
    """The multiple of the effect whose power is the target; None if `high` is not enough."""
    if power(high) < target:
        return None
    if power(low) >= target:
        return low
    return float(optimize.brentq(lambda x: power(x) - target, low, high, rtol=1e-9))


@dataclass(frozen=True)
class Sizing:
    """A search for a number of people at work.

    Attributes
    ----------
    trial : Trial
    units : Units
    work : Search or ByFormula
        In units.
    fresh : Fresh
        Estimates of fresh studies about the answer.
    """

    trial: Trial
    units: Units
    work: Search | ByFormula
    fresh: Fresh

    @property
    def people(self) -> int:
        """People of the answer so far; of the largest size if there is none."""
        return self.units.people(int(self.work.confirmed_at))

    def learn(self, sizes: Sequence[int], replicates: range, fits: list[list[Fits]]) -> None:
        """Count in studies of given numbers of people."""
        units = [self.units.at_least(n) for n in sizes]
        there = [i for i, k in enumerate(units) if self.units.people(k) == sizes[i]]
        if there:
            looks = looked_at(self.trial, [fits[i] for i in there])
            self.work.learn([float(units[i]) for i in there], replicates, looks)

    def found(self) -> Found:
        """What was found, in people."""
        return _in_people(self.work.found(), self.units)


def size_of(
    trial: Trial, units: Units, form: Form | None, target: float, *, guess: float,
    precision: float, say: Progress,
) -> Sizing:  # fmt: skip
    """Find the number of people, in whole units.

    Parameters
    ----------
    trial, units, target
        The study, what its sizes are counted in, and the chance wanted.
    form
        An exact formula; None for a search.
    guess
        People from whom to start a search.
    precision
        Standard error of a searched number, as a share of it.
    say
        Told of progress.
    """
    first = Purpose.SEARCH.first
    fresh = Fresh(first + FRESH, STUDIES)
    oracle = by_size(trial, units.people, fresh.keep)
    if form is not None:
        exact = ByFormula(
            oracle, target, chance=lambda k: form.power(units.people(int(k))),
            answer=units_by_formula(form, units, target), people=lambda k: units.people(int(k)),
            low=units.low, high=units.high, first_replicate=first, progress=say,
        )  # fmt: skip
        return Sizing(trial, units, exact.run(), fresh)
    start = float(np.clip(units.at_least(guess), units.low, units.high))
    work = Search(
        oracle, target, low=units.low, high=units.high, precision=precision,
        first_replicate=first, has_tail=has_tail(trial.plan), progress=say,
    )  # fmt: skip
    return Sizing(trial, units, work.run(start), fresh)


def _in_people(found: Found, units: Units) -> Found:
    """What was found in units, in people."""

    def people(k: float) -> float:
        inside = np.isfinite(k) and units.low <= k <= units.high
        return float(units.people(int(k))) if inside else k if not units.whole else np.inf

    def at(one: Confirmed) -> Confirmed:
        return replace(one, at=people(one.at))

    return replace(
        found,
        answer=None if found.answer is None else people(found.answer),
        low=people(max(found.low, units.low)),
        high=people(found.high),
        ceiling=at(found.ceiling),
        confirmed=None if found.confirmed is None else at(found.confirmed),
        points=found.points._replace(x=np.array([people(k) for k in found.points.x])),
        counted_in=units.name,
    )
