"""How outcomes of the world scatter: standard deviation, and how alike people of one team are.

A trialist asks for both, and in the world neither is entered. They are estimated in simulated
studies of everybody the plan may enrol, about the means of arms.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from analysis.questions.asking import LOSS
from analysis.questions.question import Question
from analysis.trials.performance import Measured, mean_measured
from analysis.worlds.interviews import Interviews
from analysis.worlds.process import WorldProcess

__all__ = ["Spread", "analysis_of_variance", "spreads_seen"]


class Spread(NamedTuple):
    """Of one outcome at its wave.

    Attributes
    ----------
    people : int
        In the studies it was seen in.
    sd, icc : Measured
        Standard deviation within arms, and intracluster correlation by team.
    """

    people: int
    sd: Measured
    icc: Measured


def spreads_seen(process: WorldProcess, replicates: range) -> tuple[Spread | None, ...]:
    """The spread of each question's outcome; None of ties, which have neither."""
    studies = list(process.draw(process.frame, replicates))
    return tuple(
        None if one.outcome == LOSS else _spread(process, one, studies) for one in process.questions
    )


def _spread(process: WorldProcess, one: Question, studies: list[Interviews]) -> Spread:
    weeks = list(process.weeks)
    wave = -1 if one.at_week is None else weeks.index(one.at_week)
    found = np.array(
        [
            analysis_of_variance(study.values[one.outcome][:, wave], study.arm, study.cluster)
            for study in studies
        ]
    )
    sd, icc = (mean_measured(one[np.isfinite(one)]) for one in found.T)
    return Spread(process.frame, sd, icc)


def analysis_of_variance(y: np.ndarray, arm: np.ndarray, team: np.ndarray) -> tuple[float, float]:
    """Standard deviation about the means of arms, and the correlation within teams.

    The latter is the moment estimator of Donner and Koval (1980, doi 10.2307/2530491), of teams
    within arms; it may be below zero. NaN where no two people share a team, or no two teams an arm.
    """
    seen = np.isfinite(y)
    y, arm, team = y[seen], arm[seen], team[seen]
    _, place, home = np.unique(
        np.stack([arm, team]), axis=1, return_index=True, return_inverse=True
    )
    arms, of_arm = np.unique(arm, return_inverse=True)
    size = np.bincount(home.reshape(-1)).astype(float)
    n, k, p = y.size, size.size, arms.size
    if n <= k or k <= p:
        return float("nan"), float("nan")
    means = np.bincount(home.reshape(-1), y) / size
    centre = np.bincount(of_arm, y) / np.bincount(of_arm)
    within = ((y - means[home.reshape(-1)]) ** 2).sum() / (n - k)
    between = (size * (means - centre[of_arm[place]]) ** 2).sum() / (k - p)
    heavy = np.bincount(of_arm[place], size**2) / np.bincount(of_arm[place], size)
    typical = (n - heavy.sum()) / (k - p)
    total = ((y - centre[of_arm]) ** 2).sum() / (n - p)
    return float(np.sqrt(total)), float((between - within) / (between + (typical - 1) * within))
