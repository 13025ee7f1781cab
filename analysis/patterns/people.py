"""Patterns of people and their lives: illness, household, work, and grief."""

from __future__ import annotations

import numpy as np

from analysis.patterns.episodes import NO_EXTRA_LOSS
from analysis.patterns.flows import endings
from analysis.patterns.lives import FRIEND, INFORMAL, KIN, WEEKS, Life, TeamLives
from analysis.patterns.protocol import Measure, pattern
from analysis.patterns.statistics import (
    Stat,
    correlation,
    difference,
    hazard_slope,
    mean_stat,
    slope,
)
from sim.world.kinds import Cause, Group, Household, Kind

__all__ = ["PATTERNS"]

LAST_DEATH = 26
SOON, LATER = slice(1, 14), slice(14, 27)
"""Weeks after a death: the first quarter and the second."""
THREE_YEARS = 156
INNER, OUTER = 1, 3
APART = {f"correlation.severity_{name}": 0.0 for name in ("sociability", "kin", "friend", "weak",
                                                         "capacity", "partner")}  # fmt: skip
"""How ill one is lastingly says nothing about how many people one tends to have."""


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


@pattern(
    "P76", "The more ill have fewer people around them", evidence="C", proof="imposed",
    below=("correlation of people with severity",),
    bands={"correlation of people with severity": (-0.35, -0.1)}, off={**APART, **NO_EXTRA_LOSS},
)  # fmt: skip
def fewer_people(lives: TeamLives) -> Measure:
    """Illness and small networks go together (Degnan 2018).

    Statistic: correlation of severity with partner, kin, friends and weak ties at week 26, of the
    caseload. Passes between -.35 and -.1. Switched off: lasting traits are drawn apart, and
    episodes cost no ties.
    """
    life = lives.usual
    people, who = life.has(26, *INFORMAL).sum(axis=1), life.alive(26)
    who &= life.ego("on_caseload", 26) > 0
    return {
        "correlation of people with severity": correlation(life.ego("severity", 26), people, who)
    }


@pattern(
    "P77", "Friends of the inner circle stay longer than those of the outer", evidence="C",
    proof="emergent",
    above=("kept three years, inner less outer, known as long",
           "kept three years, inner less outer"),
    bands={"kept three years, inner less outer": (0.08, 1.0)},
    off={"tie.friend.strength_affection": 0.0, "tie.friend.strength_functions": 0.0},
)  # fmt: skip
def inner_stay(lives: TeamLives) -> Measure:
    """Where a friend stands on the map says something about whether that friend will stay.

    Statistic: share of the friends (weak ties aside) on a first elicited map who are active three
    years later, of the inner less of the outer circle, egos alive; the same with the logarithm of
    acquaintance held fixed (new friends promise much, and have yet to prove strong). Passes if both
    are above zero and the former is .08. Switched off: how strong a tie is has nothing to do with
    how warm it is or what it can give.
    """
    life, then = lives.usual, lives.later("usual", THREE_YEARS)
    again = life.is_kept(then)
    there = life.elicited.recorded[:, 0] & life.has(0, FRIEND)
    there &= (then.egos["alive"] > 0)[:, None]
    circle = life.elicited.circle[:, 0]
    inner, outer = (there & (circle == one) for one in (INNER, OUTER))
    known = np.log1p(life.tie("known", 0))
    return {
        "kept three years, inner less outer, known as long": slope(
            again, [inner, known], 0, inner | outer
        ),
        "kept three years, inner less outer": difference(again, inner, outer),
        "kept three years, inner": mean_stat(again, inner),
        "kept three years, outer": mean_stat(again, outer),
    }


@pattern(
    "P78", "Who works has more weak ties", evidence="C", proof="imposed",
    above=("weak ties per ego in work",), off={"household.work_ties": 0.0, "life.work_ties": 0.0},
)  # fmt: skip
def work_acquaints(lives: TeamLives) -> Measure:
    """Work brings acquaintances.

    Statistic: slope of the number of weak ties at week 26 on being in work, with sociability,
    severity between episodes and settled housing held fixed. Passes if above zero. Switched off:
    work neither brings weak ties nor takes them when it is lost.
    """
    life, week = lives.usual, 26
    columns = [life.ego(name, week) for name in ("employed", "sociability", "base_severity",
                                                 "settled")]  # fmt: skip
    number = life.has(week, Group.WEAK).sum(axis=1)
    return {"weak ties per ego in work": slope(number, columns, 0, life.alive(week))}


@pattern(
    "P79", "Who lives with parents or partner meets them nearly every week", evidence="C",
    proof="imposed", above=("weeks met, parents at home less apart",),
    bands={"weeks met, parents at home": (0.9, 1.0), "weeks met, partner at home": (0.9, 1.0)},
    off={"household.daily": 0.0},
)  # fmt: skip
def met_at_home(lives: TeamLives) -> Measure:
    """Living together is meeting.

    Statistic: share of weeks in which a parent, and a partner, is met, by whether one lives with
    them; weeks with a day in hospital aside. Passes if it is higher for parents at home, and at
    least .9 for both at home. Switched off: living together changes no contact.
    """
    life = lives.usual
    parents, partner = (
        {home: _met(life, group, kind, household, home) for home in (True, False)}
        for group, kind, household in (
            (Group.KIN, Kind.PARENT, Household.PARENTS),
            (Group.PARTNER, Kind.PARTNER, Household.PARTNER),
        )
    )
    return {
        "weeks met, parents at home less apart": parents[True] - parents[False],
        "weeks met, parents at home": parents[True],
        "weeks met, partner at home": partner[True],
    }


def _met(life: Life, group: Group, kind: Kind, household: Household, home: bool) -> Stat:
    """Share of ties of a kind met in a week, of egos in a household or of all others."""
    met, there = [], []
    for week in WEEKS:
        who = (life.ego("household", week) == household) == home
        who &= life.alive(week) & (life.ego("ward_days", week) == 0)
        met.append(life.tie("contacted", week))
        there.append(life.has(week, group) & (life.tie("kind", week) == kind) & who[:, None])
    return mean_stat(np.stack(met), np.stack(there))


@pattern(
    "P80", "The more ill miss more of their visits", evidence="C", proof="imposed",
    above=("log visits missed per SD of severity",),
    off={"service.missed_severity": 0.0, "service.missed_withdrawal": 0.0},
)  # fmt: skip
def visits_missed(lives: TeamLives) -> Measure:
    """Being unwell keeps people from coming.

    Statistic: log rate of missing a visit that would have been kept otherwise, per SD of the
    severity of the week before. Passes if above zero. Switched off: visits are missed by chance.
    """
    life = lives.usual
    missed, kept = (np.diff(life.weekly(name), axis=1) > 0 for name in ("missed", "kept"))
    before = life.weekly("severity")[:, :-1]
    return {"log visits missed per SD of severity": hazard_slope(missed, before, missed | kept)}


PATTERNS = (bereaved, fewer_people, inner_stay, work_acquaints, met_at_home, visits_missed)
