"""How a question of a study is analysed: from a batch of studies to estimates of its estimand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from analysis.estimators.catalogue import analysis
from analysis.estimators.contract import Fits, no_fit
from analysis.questions.question import Question
from analysis.trials.batch import Batch, Studies
from sim.world.kinds import WEEKS_A_YEAR

__all__ = ["Asked", "analyse"]


class Asked(NamedTuple):
    """A question, in positions of arms and waves.

    Attributes
    ----------
    question : Question
    arms : tuple of int
        First minus second; one, or none for everybody.
    wave : int
        0 for a slope.
    years : ndarray, (T,)
    """

    question: Question
    arms: tuple[int, ...]
    wave: int
    years: np.ndarray

    @classmethod
    def of(cls, question: Question, arms: Sequence[str], weeks: Sequence[int]) -> Asked:
        """The question as a study with these arms and waves asks it."""
        wave = 0 if question.at_week is None else list(weeks).index(question.at_week)
        mine = tuple(list(arms).index(name) for name in question.arms)
        return cls(question, mine, wave, np.asarray(weeks, np.float64) / WEEKS_A_YEAR)

    @classmethod
    def each(
        cls, questions: Sequence[Question], arms: Sequence[str], weeks: Sequence[int]
    ) -> tuple[Asked, ...]:
        """All questions of a study."""
        return tuple(cls.of(one, arms, weeks) for one in questions)


def analyse(asked: Asked, studies: Studies) -> Fits:
    """Estimate what is asked in every study of a batch, by the analysis the question names."""
    if asked.arms:
        studies = studies.only(np.isin(studies.arm, asked.arms))
    one = analysis(asked.question.analysis)
    if one.of_ties:
        return one.fit(asked, studies)
    batch = studies.of(asked.question.outcome)
    if studies.met_by_chance and not _can_be_fitted(asked, batch, one.by_cluster):
        return no_fit()
    return one.fit(asked, batch)


def _can_be_fitted(asked: Asked, batch: Batch, by_cluster: bool) -> bool:
    """Whether chance left two people, or clusters, who were seen in every arm, in one study."""
    seen = np.isfinite(batch.y[0, :, asked.wave])
    unit = batch.cluster if by_cluster else np.arange(seen.size)
    arms = asked.arms or tuple(np.unique(batch.arm))
    return all(np.unique(unit[seen & (batch.arm == arm)]).size > 1 for arm in arms)
