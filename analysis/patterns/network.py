"""Patterns of the network as a whole."""

from __future__ import annotations

import numpy as np

from analysis.patterns.lives import FRIEND, INFORMAL, KIN, PROFESSIONAL, TeamLives
from analysis.patterns.protocol import Measure, pattern
from analysis.patterns.statistics import Stat, difference, mean_stat, slope
from sim.world.kinds import Group

__all__ = ["PATTERNS"]

FEW = 3


@pattern(
    "P55", "A first crisis draws people in, who then drift off", evidence="C", proof="imposed",
    above=("people, weeks 8-12 less week 3",), below=("people, week 52 less weeks 8-12",),
    world={"illness.from_onset": 0.0, "illness.onset_multiplier": 0.0, "service.recent_floor": 1.0,
           "illness.rally": 3.0, "illness.rally_births": 26.0},
    off={"illness.rally": 0.0, "illness.rally_births": 0.0},
)  # fmt: skip
def first_crisis(lives: TeamLives) -> Measure:
    """In the scenario of a first episode, where nobody has been ill before.

    Statistic: partner, kin, friends and weak ties a person, weeks 8 to 12 less week 3, and week 52
    less weeks 8 to 12, everyone ill from week 4. Passes if they rise and then fall.
    """
    life = lives.world("first")
    people = np.sum(
        [life.weekly(f"n_{name}") for name in ("partner", "kin", "friend", "weak")], axis=0
    )
    alive, high = life.alive(), people[:, 8:13].mean(axis=1)
    return {
        "people, weeks 8-12 less week 3": mean_stat(high - people[:, 3], alive),
        "people, week 52 less weeks 8-12": mean_stat(people[:, 52] - high, alive),
    }


@pattern(
    "P56", "Formal and sparse networks go with least wellbeing", evidence="C", proof="reserved",
    below=("wellbeing, formal and sparse less all others", "less formal and rich",
           "less informal and sparse", "less informal and rich"),
    off={"wellbeing.support": 0.0, "wellbeing.diversity": 0.0, "wellbeing.severity": 0.0,
         "wellbeing.guilt": 0.0, "wellbeing.normalising": 0.0},
)  # fmt: skip
def formal_and_sparse(lives: TeamLives) -> Measure:
    """Few people, and those paid.

    Statistic: wellbeing at week 40 by type of network: sparse with at most three informal people,
    formal with professionals for at least a third of people. Passes if formal and sparse is lowest
    of the four. Switched off: neither help nor illness moves wellbeing.
    """
    life, week = lives.usual, 40
    informal = life.has(week, *INFORMAL).sum(axis=1)
    staff = life.has(week, *PROFESSIONAL).sum(axis=1)
    sparse = informal <= FEW
    formal = 3 * staff >= staff + informal
    y, alive = life.ego("wellbeing", week), life.alive(week)
    mine = alive & sparse & formal
    return {
        "wellbeing, formal and sparse less all others": difference(y, mine, alive & ~mine),
        "less formal and rich": difference(y, mine, alive & ~sparse & formal),
        "less informal and sparse": difference(y, mine, alive & sparse & ~formal),
        "less informal and rich": difference(y, mine, alive & ~sparse & ~formal),
    }


@pattern(
    "P58", "Being linked to a group leaves the people around one as they were", evidence="C",
    proof="emergent",
    within={"people after a year, linked less not, SD": (-0.05, 0.05)},
)  # fmt: skip
def linked(lives: TeamLives) -> Measure:
    """The trial that it is modelled on found no contrast in networks.

    Statistic: informal people at week 52, everybody linked to a group and an activity in week 4
    less usual, in SD; wellbeing beside it. Passes if people are within .05. A claim of about none
    has no rule to switch off.
    """
    usual, other = lives.usual, lives.world("linked")
    both = usual.alive() & other.alive()
    size = [life.has(52, *INFORMAL).sum(axis=1) for life in (other, usual)]
    wellbeing = [life.ego("wellbeing", 52) for life in (other, usual)]
    return {
        "people after a year, linked less not, SD": _standardised(size[0], size[1], both),
        "wellbeing after a year, linked less not, SD": _standardised(
            wellbeing[0], wellbeing[1], both
        ),
    }


def _standardised(one: np.ndarray, other: np.ndarray, who: np.ndarray) -> Stat:
    a, b = one[who].astype(float), other[who].astype(float)
    parts = np.array([a.size, (a - b).sum(), b.sum(), (b * b).sum()])

    def value(t: np.ndarray) -> np.ndarray:
        n = np.maximum(t[..., 0], 1)
        spread = np.sqrt(np.maximum(t[..., 3] / n - (t[..., 2] / n) ** 2, 1e-12))
        return t[..., 1] / n / spread

    return Stat(parts, value, a.size)


@pattern(
    "P63", "Where people are misunderstood, networks shrink", evidence="F", proof="reserved",
    above=("people after a year per unit of understanding",),
    off={"feelings.strain_need": 0.0, "tie.peer_understanding": 0.0, "tie.peer_strength": 0.0},
)  # fmt: skip
def misunderstood(lives: TeamLives) -> Measure:
    """Misunderstanding makes ties fractious, and fractious ties end.

    Statistic: informal people of week 0 still there at 52, per person of week 0, on the mean
    understanding they had, partner, kin, friends and weak ties each held fixed in number. Passes if
    above zero.
    """
    life = lives.usual
    people = life.has(0, *INFORMAL) & life.alive()[:, None]
    number = people.sum(axis=1)
    understood = np.where(people, life.tie("understanding", 0), 0).sum(axis=1)
    left = (people & life.stays(0, 52)).sum(axis=1)
    columns = [understood / np.maximum(number, 1)]
    columns += [life.has(0, *g).sum(axis=1) for g in ((Group.PARTNER,), KIN, (FRIEND,),
                                                      (Group.WEAK,))]  # fmt: skip
    return {"people after a year per unit of understanding": slope(left, columns, 0, number > 0)}


PATTERNS = (first_crisis, formal_and_sparse, linked, misunderstood)
