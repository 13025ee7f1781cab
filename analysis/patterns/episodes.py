"""Patterns of an acute episode: who is lost, by whose doing, and what falling back on a core does.

All are counterfactual: the same people with and without an episode forced in week 8.
"""

from __future__ import annotations

import numpy as np

from analysis.patterns.flows import endings, first_loss
from analysis.patterns.lives import FIRST_WEEK_ILL, FRIEND, GROUPS, KIN, OBJECT, Life, TeamLives
from analysis.patterns.losses import AFTER, excess
from analysis.patterns.protocol import Measure, pattern
from analysis.patterns.statistics import Stat, log_ratio, mean_stat, median, ratio
from sim.world.kinds import Cause, Group

__all__ = ["PATTERNS"]

HUMAN = (*GROUPS["partner"], *KIN, FRIEND, Group.WEAK, *GROUPS["professional"])
ILL_WEEKS = (10, 13, 14)
LONGEST = 45
NO_EXTRA_LOSS = {
    "tie.friend.episode_effect": 0.0, "ending.lapse": 0.0, "ending.cut": 0.0, "ending.strain": 0.0,
    "ending.dormancy_episode": 0.0,
}  # fmt: skip
ABOUT_NONE = (-0.02, 0.02)


@pattern(
    "P24", "Friends are the first to be lost after an episode", evidence="F", proof="emergent",
    above=("excess loss, friends less kin", "friends among first losses, ill less well"),
    within={"excess loss of partners": ABOUT_NONE, "excess loss of objects": ABOUT_NONE},
    bands={"excess loss of friends": (0.05, 1.0), "excess loss of kin": (-1.0, 0.02)},
    off=NO_EXTRA_LOSS, v29="friends lost by the ill",
)  # fmt: skip
def friends_first(lives: TeamLives) -> Measure:
    """An episode costs friends, not kin, partner or objects.

    Statistic: (a) among people who lose an informal tie within 26 weeks, how often the first lost
    is a friend, with a forced episode less without; (b) share of ties lost within 26 weeks, with
    less without. Passes if (a) is above zero, at least .05 of friends and under .02 of kin are lost
    because of the episode, and of partners and objects about none. Switched off: no raised hazard
    of friends, no lapse, cut, strain or dormancy.
    """
    who = lives.newly_ill
    ill, well = (_first_is_friend(life, who) for life in (lives.struck, lives.usual))
    friend, kin = excess(lives, (FRIEND,)), excess(lives, KIN)
    return {
        "excess loss, friends less kin": friend - kin,
        "friends among first losses, ill less well": ill - well,
        "excess loss of friends": friend,
        "excess loss of kin": kin,
        "excess loss of partners": excess(lives, (Group.PARTNER,)),
        "excess loss of objects": excess(lives, (OBJECT,)),
    }


def _first_is_friend(life: Life, who: np.ndarray) -> Stat:
    first = first_loss(life, FIRST_WEEK_ILL, AFTER - 1)[who]
    return mean_stat(first == FRIEND, first >= 0)


@pattern(
    "P25", "Friends are cut off by the ego or drift away, and seldom leave", evidence="F/f",
    proof="imposed", above=("cut by the ego, ill less well",),
    bands={"cut by the ego or drifted": (0.75, 1.0), "ended by the friend": (0.05, 0.25)},
    off={"ending.ego_share_episode": 0.0, "ending.ego_share_constricting": 0.0,
         "ending.ego_share_strain": 0.0},
)  # fmt: skip
def by_whose_doing(lives: TeamLives) -> Measure:
    """After an episode most friendships that end were cut by the ego or drifted.

    Statistic: causes of the endings of friendships within 26 weeks of a forced onset. Passes if at
    least .75 are the ego's cut or drift and .05 to .25 the friend's, and the ego cuts more than it
    would have.
    """
    ill, well = (_causes(life, lives.newly_ill) for life in (lives.struck, lives.usual))
    total = ill.sum()
    return {
        "cut by the ego, ill less well": ratio(ill[0], total) - ratio(well[0], well.sum()),
        "cut by the ego or drifted": ratio(ill[0] + ill[1], total),
        "ended by the friend": ratio(ill[2], total),
    }


def _causes(life: Life, who: np.ndarray) -> np.ndarray:
    gone = endings(life, FIRST_WEEK_ILL, AFTER - 1)
    mine = (gone.group == FRIEND) & who[gone.ego]
    return np.bincount(gone.cause[mine], minlength=4)[[Cause.EGO_CUT, Cause.DRIFT, Cause.ALTER_CUT]]


@pattern(
    "P33", "Some fall back on one or two people", evidence="f/F", proof="imposed",
    below=("contacts, constrictors less others", "contacts, ill less well"),
    above=("concentration of support, ill less well",),
    bands={"share who constrict": (0.2, 0.6)}, off={"constriction.switch": 0.0},
)  # fmt: skip
def constriction(lives: TeamLives) -> Measure:
    """In an episode support comes from fewer people, and some cut down to a core.

    Statistic: people in contact in a week, and Herfindahl's index of support over people, ill less
    well; the first also for those who constrict less those who do not. Passes if contact falls,
    concentration rises, and 20 to 60 % of the ill constrict.
    """
    who, ill, well = lives.still_ill, lives.struck, lives.usual
    change = sum(_met(ill, week) - _met(well, week) for week in ILL_WEEKS) / len(ILL_WEEKS)
    inclined = ill.ego("constrictor", 7) > 0
    closer = _herfindahl(ill, 20) - _herfindahl(well, 20)
    return {
        "contacts, constrictors less others": mean_stat(change, who & inclined)
        - mean_stat(change, who & ~inclined),
        "contacts, ill less well": mean_stat(change, who),
        "concentration of support, ill less well": mean_stat(closer, who),
        "share who constrict": mean_stat(ill.ego("constricting", 8) > 0, lives.newly_ill),
    }


def _met(life: Life, week: int) -> np.ndarray:
    return (life.has(week, *HUMAN) & (life.tie("contacted", week) > 0)).sum(axis=1)


def _herfindahl(life: Life, week: int) -> np.ndarray:
    support = np.where(life.has(week, *HUMAN), life.tie("support", week), 0).astype(float)
    total = support.sum(axis=1)
    shares = support / np.where(total > 0, total, 1)[:, None]
    return np.where(total > 0, (shares * shares).sum(axis=1), np.nan)


@pattern(
    "P34", "Falling back on a core speeds recovery and costs ties", evidence="F/C", proof="imposed",
    above=("weeks to recovery, forbidden less free", "people kept, forbidden less free"),
    bands={"median weeks, forbidden less free": (0.0, np.inf)},
    off={"illness.recovery_constricting": 0.0},
)  # fmt: skip
def adaptive(lives: TeamLives) -> Measure:
    """Forbidden to constrict, people are ill longer and keep more people.

    Statistic: among the newly ill who would constrict, weeks to recovery (cut at 45) and people at
    12 months, in a world that forbids constriction less one that does not. Passes if both are above
    zero, the median of weeks too.
    """
    free, forbidden = lives.struck, lives.world("unconstricted")
    both = forbidden.alive() & (forbidden.ego("episode", 8) == free.ego("episode", 8))
    who = lives.newly_ill & (free.ego("constricting", 8) > 0) & both
    size = [life.has(52, *HUMAN).sum(axis=1) for life in (forbidden, free)]
    weeks = [_weeks_ill(life)[who] for life in (forbidden, free)]
    return {
        "weeks to recovery, forbidden less free": mean_stat(weeks[0] - weeks[1]),
        "people kept, forbidden less free": mean_stat(size[0] - size[1], who),
        "median weeks, forbidden less free": median(weeks[0], LONGEST) - median(weeks[1], LONGEST),
    }


def _weeks_ill(life: Life) -> np.ndarray:
    """Weeks from the forced onset to the first week well, cut at `LONGEST`, (n,)."""
    well = life.weekly("acute")[:, FIRST_WEEK_ILL : FIRST_WEEK_ILL + LONGEST] == 0
    return np.where(well.any(axis=1), well.argmax(axis=1), LONGEST)


@pattern(
    "P35", "The ill withdraw, from friends first", evidence="F", proof="imposed",
    below=("log contact ratio, friends", "log contact ratio, kin"),
    bands={"contact ratio, friends": (0.0, 0.5), "contact ratio, kin": (0.5, 0.9),
           "contact ratio, partner": (0.9, np.inf), "contact ratio, objects": (0.9, np.inf)},
    off={**{f"tie.{g}.withdrawal": 0.0 for g in ("partner", "kin", "young_kin", "friend", "weak",
                                                "outside", "object")},
         "work.elasticity": 0.0, "constriction.switch": 0.0},
)  # fmt: skip
def withdrawal(lives: TeamLives) -> Measure:
    """Contact in an episode, beside what it would have been.

    Statistic: contacts a week with ties held before the onset, of those still ill six weeks on and
    in no hospital that week (from where little can be reached), ill over well. Passes if friends'
    falls to half or less, kin's to .5-.9, partners' and objects' to no less than .9.
    """
    of = {
        name: _contact(lives.struck, lives, groups) / _contact(lives.usual, lives, groups)
        for name, groups in GROUPS.items()
    }
    one = ratio(1, 1)
    return {
        "log contact ratio, friends": log_ratio(of["friend"], one),
        "log contact ratio, kin": log_ratio(of["kin"], one),
        "contact ratio, friends": of["friend"],
        "contact ratio, kin": of["kin"],
        "contact ratio, partner": of["partner"],
        "contact ratio, objects": of["object"],
    }


def _contact(life: Life, lives: TeamLives, groups: tuple[int, ...]) -> Stat:
    """Contacts with the ties of week 7 that are active still, per such tie, hospital aside."""
    met, ties = 0.0, 0
    for week in ILL_WEEKS:
        who = lives.still_ill & lives.out_of_hospital(week)
        there = life.has(7, *groups) & life.stays(7, week) & who[:, None]
        met += float(life.tie("contacted", week)[there].sum())
        ties += int(there.sum())
    return ratio(met, ties)


PATTERNS = (friends_first, by_whose_doing, constriction, adaptive, withdrawal)
