"""Patterns of things, places, activities and groups."""

from __future__ import annotations

import numpy as np

from analysis.patterns.flows import births
from analysis.patterns.lives import FIRST_WEEK_ILL, FRIEND, INFORMAL, KIN, OBJECT, TeamLives
from analysis.patterns.losses import AFTER, map_losses
from analysis.patterns.protocol import Measure, pattern
from analysis.patterns.statistics import (
    Stat,
    log_ratio,
    mean_stat,
    partial_correlation,
    ratio,
    slope,
)
from sim.world.kinds import Group

__all__ = ["PATTERNS"]

ATTENDS, DOES_NOT = 1.0, 0.25


@pattern(
    "P49", "What things give stays the same, in an episode too", evidence="F", proof="imposed",
    within={"change of help from objects in an episode": (-0.05, 0.05)},
    bands={"kept, objects less kin": (-0.03, 1.0), "change of help over the year": (-0.05, 0.05)},
    v29="objects kept",
)  # fmt: skip
def constant(lives: TeamLives) -> Measure:
    """Objects keep their value.

    Statistic: help from the objects of week 7 in weeks 10-14, of the still ill who are in no
    hospital that week, ill over well less one; share of the error-free first map kept for 12
    months, objects less kin; help at 52 over help at 0 less one, of kept objects. Passes if the
    first interval lies within 5 % and objects are kept as kin are, to .03. A claim of no change has
    no rule to switch off.
    """
    who, one = lives.still_ill, ratio(1, 1)
    ill, well = (
        mean_stat(
            np.concatenate([life.tie("helped", week) for week in (10, 13, 14)]),
            np.concatenate(
                [
                    life.has(7, OBJECT)
                    & life.stays(7, week)
                    & (who & lives.out_of_hospital(week))[:, None]
                    for week in (10, 13, 14)
                ]
            ),
        )
        for life in (lives.struck, lives.usual)
    )
    usual = lives.usual
    stayed = usual.has(0, OBJECT) & usual.stays(0, 52) & usual.alive()[:, None]
    kept, kin = map_losses(usual, (OBJECT,)), map_losses(usual, KIN)
    return {
        "change of help from objects in an episode": ill / well - one,
        "kept, objects less kin": kin - kept,
        "change of help over the year": mean_stat(usual.tie("support", 52), stayed)
        / mean_stat(usual.tie("support", 0), stayed)
        - one,
    }


@pattern(
    "P50", "Things ask for next to nothing", evidence="F", proof="imposed",
    below=("log upkeep, object to friend",), bands={"upkeep, object to friend": (0.0, 0.2)},
    off={"tie.object.upkeep": 0.55},
)  # fmt: skip
def cheap(lives: TeamLives) -> Measure:
    """A thing is there without being kept up.

    Statistic: effort a week that ties need, with strain, object over friend. Passes under .2.
    """
    life = lives.usual
    effort = life.tie("upkeep", 26) * (1 + 0.5 * life.tie("strain", 26))
    share = mean_stat(effort, life.has(26, OBJECT)) / mean_stat(effort, life.has(26, FRIEND))
    return {
        "log upkeep, object to friend": log_ratio(share, ratio(1, 1)),
        "upkeep, object to friend": share,
    }


@pattern(
    "P51", "Having something to do keeps the worst away", evidence="Q", proof="imposed",
    above=("peak severity, nothing to do less usual",), off={"illness.engagement_severity": 0.0},
)  # fmt: skip
def distraction(lives: TeamLives) -> Measure:
    """Activities hold symptoms down.

    Statistic: highest severity from week 8 on, where nothing is done with things and places, less
    usual. Passes if above zero.
    """
    usual, idle = lives.usual, lives.world("idle")
    peak = [life.weekly("severity")[:, 8:].max(axis=1) for life in (idle, usual)]
    both = usual.alive() & idle.alive()
    return {"peak severity, nothing to do less usual": mean_stat(peak[0] - peak[1], both)}


def _rate(lives: TeamLives, who: np.ndarray, group: int, set_point: str) -> Stat:
    """Ties of a group begun in half a year per such tie that the ego tends to have."""
    life = lives.usual
    born = births(life, FIRST_WEEK_ILL, AFTER - 1, group)
    tends = life.ego(set_point, 7)
    return ratio(born[who].sum(), tends[who].sum(), int(born[who].sum()))


@pattern(
    "P52", "Groups and hobbies bring new, mostly weak ties", evidence="F/Q", proof="imposed",
    above=("log rate of new weak ties, in groups to not",),
    bands={"rate ratio of new weak ties": (2.0, np.inf),
           "weak among what groups add": (0.5, np.inf)},
    off={"formation.group_effect": 0.0},
)  # fmt: skip
def bring_ties(lives: TeamLives) -> Measure:
    """Whoever goes to groups meets people there.

    Statistic: weak ties begun in 26 weeks, per weak tie the ego tends to have, of those who attend
    groups or hobbies at least once a week over those who do not; the excess of weak over the excess
    of weak ties and friends. Passes at a ratio of 2 and if most of what is added is weak.
    """
    life = lives.usual
    goes = (life.ego("groups", 7) >= ATTENDS) & life.alive(AFTER)
    stays = (life.ego("groups", 7) < DOES_NOT) & life.alive(AFTER)
    weak = [_rate(lives, who, Group.WEAK, "set_weak") for who in (goes, stays)]
    friend = [_rate(lives, who, Group.FRIEND, "set_friend") for who in (goes, stays)]
    more, less = weak[0] - weak[1], friend[0] - friend[1]
    both = more - less.times(-1).of(lambda x: np.minimum(x, 0))
    return {
        "log rate of new weak ties, in groups to not": log_ratio(*weak),
        "rate ratio of new weak ties": weak[0] / weak[1],
        "weak among what groups add": more / both,
    }


@pattern(
    "P53", "Doing ordinary things with others helps one feel normal", evidence="Q",
    proof="imposed", above=("wellbeing per group attended",), off={"wellbeing.normalising": 0.0},
)  # fmt: skip
def normal(lives: TeamLives) -> Measure:
    """Groups help beyond the ties they bring.

    Statistic: slope of wellbeing over half a year, less the ego's own level, on groups attended
    lately, with help received, distraction met, things done, people known and severity held fixed.
    Passes if above zero.
    """
    life, week = lives.usual, 40
    active = life.has(week)
    columns = [
        life.ego("groups", week),
        np.where(active, life.tie("support", week), 0).sum(axis=1),
        np.minimum(life.ego("distraction", week), 1),
        life.ego("engagement", week),
        life.has(week, *INFORMAL).sum(axis=1),
        life.ego("severity", week),
        life.ego("emotional", week),
    ]
    y = life.lasting_wellbeing()
    return {"wellbeing per group attended": slope(y, columns, 0, life.alive(week))}


@pattern(
    "P54", "Things are nearer where people are few", evidence="A", proof="reserved",
    below=("correlation of objects placed inner with informal people",),
    bands={"correlation of objects placed inner with informal people": (-0.35, -0.05)},
    off={"naming.object_avoidance": 0.0}, off_margin=0.04, v29="objects nearer",
)  # fmt: skip
def nearer(lives: TeamLives) -> Measure:
    """Who has few people puts more things into the inner circle.

    Statistic: of the objects on a first elicited map, the share placed inner; its correlation with
    the number of informal people on the map, map size held fixed. Passes between -.35 and -.05, and
    within .04 of none when placement does not depend on avoiding people.
    """
    life = lives.usual
    recorded, circle = life.elicited.recorded[:, 0], life.elicited.circle[:, 0]
    things = recorded & life.has(0, OBJECT)
    number = things.sum(axis=1)
    inner = (things & (circle == 1)).sum(axis=1) / np.maximum(number, 1)
    people = (recorded & life.has(0, *INFORMAL)).sum(axis=1)
    size = recorded.sum(axis=1)
    return {
        "correlation of objects placed inner with informal people": partial_correlation(
            inner, people, size, (number > 0) & life.alive(0)
        )
    }


PATTERNS = (constant, cheap, distraction, bring_ties, normal, nearer)
