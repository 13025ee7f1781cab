"""Patterns of people and their lives: illness, household, work, and grief."""

from __future__ import annotations

import numpy as np

from analysis.patterns.flows import endings
from analysis.patterns.lives import KIN, TeamLives
from analysis.patterns.protocol import Measure, pattern
from analysis.patterns.statistics import mean_stat
from sim.world.kinds import Cause, Group

__all__ = ["PATTERNS"]

LAST_DEATH = 26
SOON, LATER = slice(1, 14), slice(14, 27)
"""Weeks after a death: the first quarter and the second."""


@pattern(
    "P68", "A death among kin is felt for months", evidence="C", proof="reserved",
    below=("wellbeing in the quarter after a death", "in the second quarter"),
    off={"life.grief": 0.0, "life.onset": 1.0, "wellbeing.support": 0.0,
         "wellbeing.diversity": 0.0, "wellbeing.churn": 0.0, "wellbeing.insecurity": 0.0},
)  # fmt: skip
def bereaved(lives: TeamLives) -> Measure:
    """Grief, and what the dead no longer give.

    Statistic: mean wellbeing over weeks 1-13 and 14-26 after the only ending of a tie with partner
    or kin of the first half-year, a death, less in a world where nobody dies of age and that tie
    lasted. Passes if both are below zero. Switched off: no grief and no upheaval, and neither help,
    its breadth, ties lately ended nor being able to count on somebody is felt.
    """
    usual, undying = lives.usual, lives.world("undying")
    family = (Group.PARTNER, *KIN)
    gone, kept = endings(usual, 0, 52), endings(undying, 0, 52)
    mine = np.isin(gone.group, family)
    ego, week, cause = gone.ego[mine], gone.week[mine], gone.cause[mine]
    number = usual.alive().size
    alone = (np.bincount(ego, minlength=number) == 1) & usual.alive() & undying.alive()
    alone &= np.bincount(kept.ego[np.isin(kept.group, family)], minlength=number) == 0
    chosen = alone[ego] & (cause == Cause.BEREAVEMENT) & (week < LAST_DEATH)
    apart = usual.weekly("wellbeing") - undying.weekly("wellbeing")
    after = np.array(
        [apart[e, w : w + 27] for e, w in zip(ego[chosen], week[chosen], strict=True)]
    ).reshape(-1, 27)
    return {
        "wellbeing in the quarter after a death": mean_stat(after[:, SOON].mean(axis=1)),
        "in the second quarter": mean_stat(after[:, LATER].mean(axis=1)),
    }


PATTERNS = (bereaved,)
