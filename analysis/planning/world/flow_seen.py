"""The flow of participants as simulated studies of the world had it.

In the world people share teams, and arms are drawn before anybody is recruited. So how many are in
an arm, stay and are analysed is counted study by study. Approaches are reckoned as in `flow`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.estimators.catalogue import analysis
from analysis.estimators.tie_groups import groups_of
from analysis.questions.asking import LOSS
from analysis.trials.analyses import Asked
from analysis.trials.flow import TAILS, ArmClusters, ArmFlow, Expected, Flow, until
from analysis.worlds.interviews import Interviews
from analysis.worlds.process import WorldProcess

__all__ = ["flow_seen"]


def flow_seen(process: WorldProcess, n: int, replicates: range) -> Flow:
    """The flow of studies of n people, over so many of them."""
    rules, weeks = process.study.recruitment, tuple(process.weeks)
    asked = Asked.each(process.questions, process.arms, weeks)
    studies = list(process.draw(n, replicates))
    arms = tuple(
        _arm(name, place, studies, asked, len(weeks)) for place, name in enumerate(process.arms)
    )
    return Flow(
        n, weeks[1:], until(n, rules.interest * rules.consent), until(n, rules.consent), arms,
        len(replicates),
    )  # fmt: skip


def _arm(
    name: str, place: int, studies: Sequence[Interviews], asked: Sequence[Asked], waves: int
) -> ArmFlow:
    mine = [one.arm == place for one in studies]
    homes = [np.bincount(one.cluster[who]) for one, who in zip(studies, mine, strict=True)]
    sizes = [home[home > 0] for home in homes]
    both = list(zip(studies, mine, strict=True))
    analysed = [[_analysed(one, study, who) for study, who in both] for one in asked]
    return ArmFlow(
        name,
        _seen([who.sum() for who in mine]),
        ArmClusters(_seen([one.size for one in sizes]), _seen(np.concatenate(sizes))),
        tuple(_seen([s.attended[who, t].sum() for s, who in both]) for t in range(1, waves)),
        tuple(_seen([people for people, _ in one]) for one in analysed),
        tuple(_seen([(~s.alive[who, t]).sum() for s, who in both]) for t in range(1, waves)),
        tuple(
            _seen([ties for _, ties in each]) if one.question.outcome == LOSS else None
            for one, each in zip(asked, analysed, strict=True)
        ),
    )


def _analysed(asked: Asked, study: Interviews, mine: np.ndarray) -> tuple[int, int]:
    """People of an arm in the analysis of a question, and their ties."""
    question = asked.question
    if asked.arms:
        mine = mine & np.isin(study.arm, asked.arms)
    if question.outcome == LOSS:
        arms = asked.arms if len(asked.arms) == 2 else (0, 1)
        known = np.isfinite(groups_of(question, asked.wave, arms, study)[0]) & mine[:, None]
        return int(known.any(axis=1).sum()), int(known.sum())
    there = np.isfinite(study.values[question.outcome])
    rows = analysis(question.analysis).rows
    if rows == "all waves":
        seen = there.any(axis=1)
    else:
        seen = there[:, asked.wave]
        if rows == "one wave and baseline":
            seen = seen & there[:, 0]
    return int((seen & mine).sum()), 0


def _seen(numbers: Sequence[int] | np.ndarray) -> Expected:
    """Mean of what was counted, and the range of 95 % of it."""
    counts = np.asarray(numbers)
    low, high = np.quantile(counts, TAILS, method="inverted_cdf")
    return Expected(float(counts.mean()), int(low), int(high))
