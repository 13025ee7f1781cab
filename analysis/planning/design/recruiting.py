"""How long it takes to find n people, and how many must be asked.

Approaches at a site are a Poisson process from the week it opens, at a rate that differs over sites
as a gamma variable does (Anisimov and Fedorov 2007, doi 10.1002/sim.2956). Each approach enrols
with the same chance, so enrolments are Poisson too, and those approached until the n-th enrols are
negative binomial. What is not known, the rate of each site and the chance of consent, is averaged
over: the chance over quantiles of its beta distribution; rates of sites that open together, which
add up to one gamma variable, exactly; those of sites that do not, over simulated rates.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import special

from analysis.estimators.formulas.closed_forms import smallest
from analysis.questions.money import Recruiting
from analysis.questions.plan import Plan
from sim.errors import InputError
from sim.study.spec import Study

__all__ = ["QUANTILES", "Recruited", "recruitment_of", "share_enrolled"]

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.9, 0.95)
CHANCES = 200
"""Quantiles of the chance of consent."""
RATES, PURPOSE = 4000, 0x2EC2
"""Simulated rates of sites."""
LONGEST = 52 * 20
"""Weeks after which nobody goes on recruiting."""


@dataclass(frozen=True)
class Recruited:
    """Finding n people.

    Attributes
    ----------
    n : int
    share : float
        Of those approached, who enrol.
    weeks : ndarray of int, (W,)
        Weeks since the first site opened.
    reached : ndarray, (W,)
        Chance that n have enrolled by the end of each.
    mcse : ndarray, (W,)
        Its Monte Carlo standard error; zero where it is computed exactly.
    expected : ndarray, (W,)
        People expected to have enrolled, had nobody stopped at n.
    in_time : float
        Chance of n within the weeks there are.
    enough_in_time : int
        The most people that are found within the weeks there are with a chance of .8.
    weeks_needed, approached : dict of float
        By quantile: weeks until n have enrolled (infinite if not within 20 years), and people
        approached until then.
    """

    n: int
    share: float
    weeks: np.ndarray
    reached: np.ndarray
    mcse: np.ndarray
    expected: np.ndarray
    in_time: float
    enough_in_time: int
    weeks_needed: dict[float, float]
    approached: dict[float, int]


def share_enrolled(study: Study, plan: Plan) -> float:
    """Share of those approached who enrol: interested, and of those who consent."""
    asked = study.recruitment
    return asked.interest * (plan.recruiting.consent if plan.recruiting else asked.consent)


def recruitment_of(study: Study, plan: Plan, n: int, *, seed: int) -> Recruited:
    """Weeks and approaches until n people have enrolled.

    Parameters
    ----------
    study, plan
        The study and its `[plan]`, with `[plan.recruiting]`.
    n
        People wanted.
    seed
        Of the rates of sites, where those are simulated.

    Raises
    ------
    InputError
        If nothing says how people are found.
    """
    rules = plan.recruiting
    if rules is None:
        raise InputError(
            f'study "{study.id}" has no [plan.recruiting]; give sites, approached_a_week and weeks'
        )
    chances = _chances(rules) * study.recruitment.interest
    load = _Load.of(rules, chances, seed)
    weeks = _weeks(rules, n, float(chances.mean()))
    reached, mcse = load.reaches(n, weeks)
    at_end = rules.weeks - 1
    return Recruited(
        n, share_enrolled(study, plan), weeks, reached, mcse,
        load.opened(weeks).sum(axis=1) * rules.approached_a_week * float(chances.mean()),
        float(reached[at_end]), _enough(load, rules, n),
        {q: _first(weeks, reached, q) for q in QUANTILES},
        {q: _approached(n, chances, q) for q in QUANTILES},
    )  # fmt: skip


@dataclass(frozen=True)
class _Load:
    """Site-weeks weighed by what a site is worth, beside chances that an approach enrols.

    Attributes
    ----------
    worth : ndarray or None, (R, S)
        One row of ones where sites are alike; simulated rows where they are not; None where the sum
        over sites is itself gamma and needs no simulating.
    chances : ndarray, (C,)
        Of the same weight each. Simulated rows take them in turn.
    """

    rules: Recruiting
    opens: np.ndarray
    worth: np.ndarray | None
    chances: np.ndarray

    @classmethod
    def of(cls, rules: Recruiting, chances: np.ndarray, seed: int) -> _Load:
        opens = np.array(rules.opens or (0,) * rules.sites)
        if rules.site_cv == 0:
            return cls(rules, opens, np.ones((1, rules.sites)), chances)
        if np.ptp(opens) == 0:
            return cls(rules, opens, None, chances)
        draws = np.random.Generator(np.random.Philox(key=[seed % 2**64, PURPOSE]))
        shape = 1 / rules.site_cv**2
        return cls(rules, opens, draws.gamma(shape, 1 / shape, (RATES, rules.sites)), chances)

    def opened(self, weeks: np.ndarray) -> np.ndarray:
        """Weeks each site has been open at the end of each week, (W, S)."""
        return np.maximum(np.asarray(weeks)[:, None] - self.opens, 0)

    def reaches(self, n: int, weeks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Chance that n have enrolled by the end of each week, and its Monte Carlo error."""
        open_weeks = self.rules.approached_a_week * self.opened(weeks)
        if self.worth is None:  # a gamma mixture of Poisson: negative binomial
            size = self.rules.sites / self.rules.site_cv**2
            mean = open_weeks.sum(axis=1)[:, None] * self.chances
            found = special.betainc(n, size, mean / (size + mean)).mean(axis=1)
            return found, np.zeros(found.size)
        load = open_weeks @ self.worth.T
        rows = load.shape[1]
        is_simulated = rows > 1
        chances = np.resize(self.chances, rows) if is_simulated else self.chances
        each = special.gammainc(n, load * chances)  # P(Poisson >= n)
        error = each.std(axis=1, ddof=1) / np.sqrt(rows) if is_simulated else np.zeros(len(each))
        return each.mean(axis=1), error


def _chances(rules: Recruiting) -> np.ndarray:
    """Chances of consent to average over: one, or quantiles of what so many people tell of it."""
    if rules.consent_from is None:
        return np.array([rules.consent])
    agreed = rules.consent * rules.consent_from
    at = (np.arange(CHANCES) + 0.5) / CHANCES
    declined = rules.consent_from - agreed
    return np.asarray(special.betaincinv(agreed + 0.5, declined + 0.5, at))


def _weeks(rules: Recruiting, n: int, chance: float) -> np.ndarray:
    """Weeks to look at: those there are, and four times those expected."""
    expected = n / (chance * rules.approached_a_week * rules.sites) + max(rules.opens or (0,))
    return np.arange(1, int(min(max(4 * expected + 8, rules.weeks + 1), LONGEST)) + 1)


def _first(weeks: np.ndarray, reached: np.ndarray, q: float) -> float:
    """First week by whose end the chance is at least q."""
    enough = np.flatnonzero(reached >= q)
    return float(weeks[enough[0]]) if enough.size else float("inf")


def _enough(load: _Load, rules: Recruiting, n: int) -> int:
    """The most people who are found in time with a chance of .8."""
    end = np.array([rules.weeks])

    def too_many(people: int) -> bool:
        return bool(load.reaches(people, end)[0][0] < 0.8)

    return _from(too_many, 1, max(n, 8)) - 1


def _approached(n: int, chances: np.ndarray, q: float) -> int:
    """Smallest number approached among whom n enrol with a chance of q."""

    def likely(asked: int) -> bool:
        return bool(special.betainc(n, asked - n + 1, chances).mean() >= q)

    return _from(likely, n, int(4 * n / chances.mean()) + 50)


def _from(rises: Callable[[int], bool], low: int, high: int) -> int:
    """The smallest number from `low` on at which it holds; `high` is a guess above it."""
    while (found := smallest(rises, low, high)) is None:
        low, high = high, 2 * high
    return found
