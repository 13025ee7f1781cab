"""What a study of n people costs: what is expected, and how far it strays from study to study.

Expected numbers follow from the study file. The spread is of simulated studies: who stays is taken
from the process, how many must be approached is drawn from its negative binomial distribution, and
who is interviewed by telephone with the share given.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from analysis.planning.design.recruiting import share_enrolled
from analysis.planning.design.variants import members_asked
from analysis.questions.plan import Plan
from analysis.runs.purposes import Purpose
from analysis.trials.process import Process
from sim.errors import InputError
from sim.study.spec import Study

__all__ = [
    "Cost",
    "CostSpread",
    "Price",
    "check_prices",
    "cost_of",
    "expected_cost",
    "simulated_totals",
]

STUDIES = 400
PURPOSE = 0xC057


class Price(NamedTuple):
    """One heading of the bill: how many are expected, for how much each, and their sum."""

    what: str
    number: float
    each: float

    @property
    def total(self) -> float:
        """Number times price."""
        return self.number * self.each


class CostSpread(NamedTuple):
    """Totals of simulated studies: mean with its Monte Carlo error, SD, 5th and 95th percentile."""

    mean: float
    mcse: float
    sd: float
    low: float
    high: float
    studies: int


class Cost(NamedTuple):
    """Expected numbers and their price, in the currency of the study file.

    Attributes
    ----------
    people, approached, interviews, missed, clusters : float
    total : float
    bill : tuple of Price
        The headings that have a price.
    spread : Spread or None
        Over simulated studies.
    """

    people: int
    approached: float
    interviews: float
    missed: float
    clusters: int
    total: float
    bill: tuple[Price, ...]
    spread: CostSpread | None = None


def check_prices(study: Study, plan: Plan) -> None:
    """Raise an `InputError` if something has a price whose number nothing tells."""
    _members(study, plan)


def expected_cost(study: Study, plan: Plan, process: Process, n: int) -> Cost | None:
    """Expected cost of n people, or None if the study file gives no prices.

    So many are approached that n enrol at the study's rates of interest and consent.
    """
    prices = plan.costs
    if prices is None:
        return None
    batch = next(iter(process.draw(n, range(1))))
    waves = len(process.weeks)
    kept = [
        1.0 + sum(study.participation.of("retention", one) or [1.0] * (waves - 1))
        for one in process.arms
    ]
    interviews = float(np.bincount(batch.arm, minlength=len(kept)) @ np.array(kept))
    missed = n * waves - interviews
    homes = batch.cluster >= 0
    shared = plan.panel is not None and plan.panel.therapists is not None
    arm = np.zeros_like(batch.arm) if shared else batch.arm
    clusters = np.unique(np.stack([arm[homes], batch.cluster[homes]]), axis=1).shape[1]
    approached = n / share_enrolled(study, plan)
    phoned = study.map.telephone_share
    bill = (
        Price("fixed", 1, prices.fixed),
        Price("approached", approached, prices.approach),
        Price("enrolled", n, prices.enrolment),
        Price("interviews face to face", interviews * (1 - phoned), prices.interview),
        Price("interviews by telephone", interviews * phoned, _telephone(plan)),
        Price("members asked about", interviews * _members(study, plan), prices.member),
        Price("incentives", interviews, prices.incentive),
        Price("missed and traced", missed, prices.tracing),
        Price("clusters", int(clusters), prices.cluster),
        Price("waves", waves, prices.wave),
    )
    charged = tuple(one for one in bill if one.each > 0 and one.number > 0)
    total = sum(one.total for one in charged)
    return Cost(n, approached, interviews, missed, int(clusters), total, charged)


def cost_of(
    study: Study,
    plan: Plan,
    process: Process,
    n: int,
    *,
    seed: int = 0,
    replicates: range = Purpose.COST.some(STUDIES),
) -> Cost | None:
    """As `expected_cost`, with the spread over these replicates of the process."""
    expected = expected_cost(study, plan, process, n)
    if expected is None:
        return None
    totals = simulated_totals(study, plan, process, expected, replicates, seed=seed)
    sd = float(totals.std(ddof=1))
    low, high = (float(one) for one in np.quantile(totals, (0.05, 0.95)))
    mcse = sd / np.sqrt(len(totals))
    return expected._replace(
        spread=CostSpread(float(totals.mean()), float(mcse), sd, low, high, len(totals))
    )


def simulated_totals(
    study: Study, plan: Plan, process: Process, expected: Cost, replicates: range, *, seed: int
) -> np.ndarray:
    """Cost of the studies of these replicates, (R,)."""
    prices = plan.costs
    if prices is None:
        return np.zeros(len(replicates))
    n, waves = expected.people, len(process.weeks)
    draws = np.random.Generator(np.random.Philox(key=[seed % 2**64, PURPOSE]))
    approached = n + draws.negative_binomial(n, share_enrolled(study, plan), len(replicates))
    each = prices.interview + prices.incentive + prices.member * _members(study, plan)
    less = _telephone(plan) - prices.interview
    totals = []
    for batch in process.draw(n, replicates):
        held = batch.held.sum(axis=2)
        phoned = draws.random(held.shape) < study.map.telephone_share
        interviews = held.sum(axis=1)
        totals.append(
            each * interviews + less * (held * phoned).sum(axis=1)
            + prices.tracing * (held.shape[1] * waves - interviews)
        )  # fmt: skip
    whatever = sum(
        one.total for one in expected.bill if one.what in ("fixed", "enrolled", "clusters", "waves")
    )
    return np.asarray(np.concatenate(totals) + prices.approach * approached + whatever)


def _telephone(plan: Plan) -> float:
    """Price of an interview by telephone."""
    prices = plan.costs
    if prices is None:
        return 0.0
    return prices.interview if prices.telephone is None else prices.telephone


def _members(study: Study, plan: Plan) -> int:
    """Members asked about, where they cost anything."""
    if plan.costs is None or plan.costs.member == 0:
        return 0
    asked = members_asked(study, plan)
    if asked is None:
        raise InputError(
            "plan.costs.member: nothing says how many members are asked about; give "
            "[map] most_members, or [plan.panel.members] with sd and named"
        )
    return asked
