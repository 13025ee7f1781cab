"""How many people a study of n is expected to approach, enrol, follow and analyse.

Approaches until the nth consent are negative binomial, interviews at a wave binomial: chances that
the study file gives, people taken to be independent. In the world only approaches are reckoned;
what comes after is counted in simulated studies (`flow_seen`).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from analysis.estimators.catalogue import analysis
from analysis.questions.of_study import plan_in
from analysis.trials.panel import PanelProcess
from analysis.trials.process import Process
from sim.study.spec import Study

__all__ = ["ENROLLED", "ArmClusters", "ArmFlow", "Expected", "Flow", "certain", "flow_of", "until"]

TAILS = (0.025, 0.975)
ENROLLED = 200
"""Studies over which is counted who is in them, where cluster sizes are drawn."""


class Expected(NamedTuple):
    """An expected number, and 95 % of studies from low to high."""

    mean: float
    low: int
    high: int


def certain(number: int) -> Expected:
    """A number that is the same in every study."""
    return Expected(number, number, number)


class ArmClusters(NamedTuple):
    """The clusters of an arm.

    Attributes
    ----------
    number, size : Expected
        How many, and people in one.
    sizes : tuple of int
        People in each, where those are the same in every study.
    """

    number: Expected
    size: Expected
    sizes: tuple[int, ...] = ()


class ArmFlow(NamedTuple):
    """One arm.

    Attributes
    ----------
    name : str
        Empty where there are no arms.
    people : Expected
    clusters : Clusters or None
    interviewed : tuple of Expected
        At each wave after the first.
    analysed : tuple of Expected
        For each question.
    died : tuple of Expected
        By each wave after the first; empty where nobody dies.
    ties : tuple of (Expected or None)
        In the analysis of each question; None where it is not about ties.
    """

    name: str
    people: Expected
    clusters: ArmClusters | None
    interviewed: tuple[Expected, ...]
    analysed: tuple[Expected, ...]
    died: tuple[Expected, ...] = ()
    ties: tuple[Expected | None, ...] = ()


class Flow(NamedTuple):
    """A study from the first person approached to the last one analysed.

    Attributes
    ----------
    n : int
    weeks : tuple of int
        Of the waves after the first.
    approached, interested : Expected
        So that n enrol.
    arms : tuple of ArmFlow
    studies : int
        Simulated studies in which was counted what comes after enrolment; 0 where it was reckoned.
    """

    n: int
    weeks: tuple[int, ...]
    approached: Expected
    interested: Expected
    arms: tuple[ArmFlow, ...]
    studies: int = 0


def flow_of(study: Study, process: Process, n: int) -> Flow:
    """The flow of a study of n people."""
    rules = study.recruitment
    enrolled = _enrolled(process, n)
    arms = []
    for place, name in enumerate(process.arms):
        homes = [home[arm == place] for arm, home in enrolled]
        people = [int(home.size) for home in homes]
        retention = study.participation.of("retention", name) or [1.0] * (len(process.weeks) - 1)
        kept = tuple(_binomial(people, share) for share in retention)
        analysed = _analysed(study, tuple(process.weeks), name, _counted(people), kept)
        arms.append(ArmFlow(name, _counted(people), _clusters(homes), kept, analysed))
    return Flow(
        n, tuple(process.weeks[1:]), until(n, rules.interest * rules.consent),
        until(n, rules.consent), tuple(arms),
    )  # fmt: skip


def _enrolled(process: Process, n: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Arm and cluster of the people of one study, or of many where those differ."""
    if isinstance(process, PanelProcess) and process.sizes_are_drawn:
        return [process.enrolled(n, number)[:2] for number in range(ENROLLED)]
    batch = next(iter(process.draw(n, range(1))))
    return [(batch.arm, batch.cluster)]


def _counted(numbers: list[int]) -> Expected:
    if len(set(numbers)) == 1:
        return certain(numbers[0])
    low, high = np.quantile(numbers, TAILS, method="inverted_cdf")
    return Expected(float(np.mean(numbers)), int(low), int(high))


def _clusters(homes: list[np.ndarray]) -> ArmClusters | None:
    if not (homes[0] >= 0).any():
        return None
    each = [np.bincount(home[home >= 0]) for home in homes]
    sizes = [tuple(int(m) for m in one if m) for one in each]
    number = _counted([len(one) for one in sizes])
    if len(sizes) > 1:
        return ArmClusters(number, _counted([m for one in sizes for m in one]))
    only = sizes[0]
    size = Expected(sum(only) / len(only), min(only), max(only))
    return ArmClusters(number, size, only)


def _analysed(
    study: Study, weeks: tuple[int, ...], arm: str, everybody: Expected, kept: tuple[Expected, ...]
) -> tuple[Expected, ...]:
    at = {0: everybody, **dict(zip(weeks[1:], kept, strict=True))}
    found = []
    plan = plan_in(study)
    for one in plan.question if plan else ():
        if one.arms and arm not in one.arms:
            found.append(certain(0))
        else:
            uses_all = analysis(one.analysis).rows == "all waves"
            found.append(everybody if uses_all else at[one.at_week or 0])
    return tuple(found)


def _binomial(people: list[int], share: float) -> Expected:
    """Of so many people, in each of some studies, those who are seen."""
    from scipy import stats  # half a second that most runs do not need

    low, high = stats.binom.ppf(TAILS, people[0], share)
    if len(set(people)) > 1:
        upto = np.arange(max(people) + 1)
        chance = np.mean([stats.binom.cdf(upto, n, share) for n in people], axis=0)
        low, high = np.searchsorted(chance, TAILS)
    return Expected(float(np.mean(people)) * share, int(low), int(high))


def until(n: int, chance: float) -> Expected:
    """People needed until n say yes."""
    from scipy import stats

    low, high = stats.nbinom.ppf(TAILS, n, chance) if chance < 1 else (0, 0)
    return Expected(n / chance, int(low) + n, int(high) + n)
