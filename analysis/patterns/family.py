"""Patterns of the family."""

from __future__ import annotations

import numpy as np

from analysis.patterns.as_friends import ENDED_BY, as_friends
from analysis.patterns.flows import Flows, terciles
from analysis.patterns.lives import FRIEND, KIN, WAVES, Life, TeamLives
from analysis.patterns.losses import map_losses, on_first_map
from analysis.patterns.protocol import Measure, pattern
from analysis.patterns.statistics import (
    Stat,
    correlation,
    hazard_slope,
    log_ratio,
    mean_stat,
    slope,
    spread,
)
from sim.world.kinds import Group

__all__ = ["PATTERNS"]

ADULT_KIN, YOUNG = Group.KIN, Group.YOUNG_KIN


@pattern(
    "P13", "Family stays in spite of conflict", evidence="F", proof="imposed",
    below=("log hazard per unit of strength, friends less kin",),
    bands={"kept of kin": (0.92, 1.0), "kin's slope over friends'": (-1 / 3, 1 / 3)},
    off={**as_friends("kin", *ENDED_BY), **as_friends("young_kin", *ENDED_BY)},
    v29="kin kept",
)  # fmt: skip
def in_spite_of_conflict(lives: TeamLives) -> Measure:
    """Kin are kept however good the tie; friends are not.

    Statistic: kin of the error-free first map kept for 12 months; log hazard of loss per unit of
    the strength of the tie, a z-score. Passes if .92 are kept and kin's slope is under a third of
    friends'. Switched off: kin have what makes friends end.
    """
    life = lives.usual
    lost, strength = ~life.stays(0, 52), life.tie("strength", 0)
    there = [life.has(0, *g) & life.alive()[:, None] for g in ((FRIEND,), KIN)]
    slopes = [hazard_slope(lost, strength, who) / spread(strength[who]) for who in there]
    strain = life.tie("strain", 0)
    return {
        "log hazard per unit of strength, friends less kin": slopes[0] - slopes[1],
        "kept of kin": map_losses(life, KIN).of(lambda share: 1 - share),
        "kin's slope over friends'": slopes[1] / slopes[0],
        "log hazard per SD of strain, kin": hazard_slope(lost, strain, on_first_map(life, KIN)),
    }


@pattern(
    "P14", "Some kin are on the map for love, not for help", evidence="F", proof="reserved",
    below=("circle with support received, kin less friends",),
    bands={"circle with support received, kin less friends": (-1.0, -0.15)},
    off={"tie.kin.importance_weight": 0.6, "tie.young_kin.importance_weight": 0.6},
)  # fmt: skip
def for_love(lives: TeamLives) -> Measure:
    """Where kin are placed depends less on what they do than where friends are.

    Statistic: correlation of nearness on the first elicited map with help received, among kin and
    among friends. Passes if kin's is lower by .15. Switched off: kin's importance counts help as
    friends' does.
    """
    life = lives.usual
    recorded = life.elicited.recorded[:, 0]
    near, support = -life.elicited.circle[:, 0].astype(float), life.tie("support", 0)
    kin = correlation(near, support, recorded & life.has(0, *KIN))
    friend = correlation(near, support, recorded & life.has(0, FRIEND))
    return {"circle with support received, kin less friends": kin - friend, "kin": kin,
            "friends": friend}  # fmt: skip


@pattern(
    "P15", "People are wary of asking family, who have their own burdens", evidence="F",
    proof="imposed", below=("log asks per SD of the other's responsibilities",
                            "log asks per need, kin to support worker"),
    off={"exchange.wary": 0.0},
)  # fmt: skip
def wary(lives: TeamLives) -> Measure:
    """Those who carry much are asked less; support workers more than any kin.

    Statistic: log rate of asking adult kin in contact per SD of their own responsibilities; asks
    per week of need, adult kin over support workers. Passes if both are below zero.
    """
    kin, worker = Flows(lives.usual, (ADULT_KIN,)), Flows(lives.usual, (Group.SUPPORT_WORKER,))
    met = kin.now("contacted") > 0
    rate = [mean_stat(f.now("asked")) / mean_stat(f.ego_now("severity")) for f in (kin, worker)]
    return {
        "log asks per SD of the other's responsibilities": hazard_slope(
            kin.now("asked"), kin.before("alter_load"), met
        ),
        "log asks per need, kin to support worker": log_ratio(*rate),
    }


@pattern(
    "P16", "Over-questioning is met with silence", evidence="F", proof="imposed",
    below=("log telling per SD of intrusiveness",),
    bands={"rate ratio per SD of intrusiveness": (0.0, 0.85)},
    off={"exchange.intrusive": 0.0, "exchange.secret": 0.0},
)  # fmt: skip
def intrusive(lives: TeamLives) -> Measure:
    """The more a relative intrudes, the less is told.

    Statistic: log rate of disclosure per contact with adult kin, per SD of the log of what can be
    said to them. Passes if the ratio is under .85.
    """
    kin = Flows(lives.usual, (ADULT_KIN,))
    closed = -np.log(np.maximum(kin.now("disclosable"), 1e-3))
    one = hazard_slope(kin.now("disclosed"), closed, kin.now("contacted") > 0)
    return {
        "log telling per SD of intrusiveness": one,
        "rate ratio per SD of intrusiveness": one.of(np.exp),
    }


@pattern(
    "P17", "Help without understanding is worth less", evidence="F", proof="imposed",
    above=("wellbeing per unit of help, high less low understanding",),
    bands={"ratio, low to high": (-np.inf, 0.6)}, world={"wellbeing.insecurity": 0.0},
    off={"exchange.value_floor": 1.0, "illness.support_severity": 0.0,
         "illness.recovery_support": 0.0},
)  # fmt: skip
def worth_less(lives: TeamLives) -> Measure:
    """Help from people who do not understand does less good.

    Statistic: wellbeing over half a year in a world where kin offer help twice as often, less
    usual, over the help that comes of it, by thirds of the mean understanding of an ego's kin.
    Passes if what help does is more in the highest third than in the lowest, where it is at most .6
    of that. What is felt of help before it comes, being able to count on it, asks for no
    understanding: it is left out. Switched off: help is worth the same, and steadies as little,
    whether or not one is understood.
    """
    usual, helped = lives.usual, lives.world("helped")
    kin = usual.has(0, *KIN)
    number = kin.sum(axis=1)
    who = (number > 0) & usual.alive() & helped.alive()
    understood = usual.total("understanding", 0, *KIN) / np.maximum(number, 1)
    third = terciles(understood, who)
    weeks = (27, 34, 39, 40, 52)
    more = sum(
        helped.total("support", week, *KIN) - usual.total("support", week, *KIN) for week in weeks
    ) / len(weeks)
    better = helped.lasting("wellbeing") - usual.lasting("wellbeing")
    poor, good = (mean_stat(better, third == k) / mean_stat(more, third == k) for k in (0, 2))
    return {
        "wellbeing per unit of help, high less low understanding": good - poor,
        "ratio, low to high": poor / good,
    }


@pattern(
    "P18", "Being understood steadies", evidence="F", proof="imposed",
    below=("severity in an episode per unit of understood help",),
    off={"illness.support_severity": 0.0, "illness.recovery_support": 0.0},
)  # fmt: skip
def steadied(lives: TeamLives) -> Measure:
    """Those who are understood are less ill.

    Statistic: slope of severity six weeks into a forced episode on understood help before it, with
    the depth of the episode, severity between episodes and just before this one (the more ill are
    helped more), what kin ask and what there is to do held fixed. Passes if below zero.
    """
    life, who = lives.struck, lives.still_ill
    columns = [life.ego("understood", 7), life.ego("peak", 14), life.ego("base_severity", 7)]
    columns += [life.ego("care", 7), life.ego("engagement", 7), life.ego("severity", 7)]
    return {
        "severity in an episode per unit of understood help": slope(
            life.ego("severity", 14), columns, 0, who
        )
    }


@pattern(
    "P19", "Guilt comes when the mood has levelled", evidence="Q", proof="imposed",
    above=("guilt, after recovery less after onset",),
    bands={"week of most guilt, from recovery": (0, 6)}, off={"guilt.remorse": 0.0},
)  # fmt: skip
def afterwards(lives: TeamLives) -> Measure:
    """What was done when ill is regretted when well.

    Statistic: guilt by week from recovery, of the newly ill who recover for at least 12 weeks, with
    the episode less without; its peak from 4 weeks before to 12 after; its mean over weeks 0-6
    after recovery less over weeks 0-6 after onset. Passes if the peak is in weeks 0-6.
    """
    ill = lives.struck
    acute = ill.weekly("acute")
    guilt = (ill.weekly("guilt") - lives.usual.weekly("guilt")).astype(float)
    curves, onsets = [], []
    for ego in np.flatnonzero(lives.newly_ill & ill.alive()):
        well = np.flatnonzero(acute[ego, 8:] == 0)
        end = 8 + well[0] if well.size else 99
        if 12 <= end <= 39 and not acute[ego, end : end + 13].any():
            curves.append(guilt[ego, end - 4 : end + 13])
            onsets.append(guilt[ego, 8:15].mean())
    table = np.array(curves).reshape(-1, 17)
    total = np.concatenate([table.sum(axis=0), [len(table)]])
    week = Stat(total, lambda t: np.argmax(t[..., :17], axis=-1) - 4.0, len(table))
    return {
        "guilt, after recovery less after onset": mean_stat(table[:, 4:11].mean(axis=1))
        - mean_stat(np.array(onsets)),
        "week of most guilt, from recovery": week,
    }


@pattern(
    "P20", "What the family asks can make the illness worse", evidence="f", proof="imposed",
    below=("severity, unasked less asked, most asked",),
    bands={"least asked": (-0.02, 0.02)}, off={"illness.demand_severity": 0.0,
                                               "illness.demand_onset": 0.0},
)  # fmt: skip
def asked_too_much(lives: TeamLives) -> Measure:
    """Take the burden of what kin ask away, and those asked most get better.

    Statistic: mean severity from week 8, in a world where what kin ask is not felt, less usual, by
    thirds of what is asked in week 0. Passes if below zero in the top third and about none in the
    lowest. What is asked cannot be taken away itself: it is a trait of the tie.
    """
    usual, unfelt = lives.usual, lives.world("demand-unfelt")
    both = usual.alive() & unfelt.alive()
    third = terciles(usual.ego("care", 0), both)
    apart = (unfelt.weekly("severity") - usual.weekly("severity"))[:, 8:].mean(axis=1)
    return {
        "severity, unasked less asked, most asked": mean_stat(apart, third == 2),
        "least asked": mean_stat(apart, third == 0),
    }


@pattern(
    "P21", "Young kin are easy company unless they must be cared for", evidence="F/Q",
    proof="reserved",
    below=("log help per effort, cared for to not", "cared for, to adult kin"),
    above=("not cared for, to adult kin",),
    off={"tie.care_upkeep": 0.0, "tie.care_demand": 0.0},
)  # fmt: skip
def young_kin(lives: TeamLives) -> Measure:
    """A child to play with, or a child to look after.

    Statistic: help received over the effort the tie needs and the acts it takes, of young kin with
    and without a duty of care and of adult kin. Passes if more than adult kin's without a duty and
    no more with one.
    """
    life = lives.usual
    young, adult = life.has(26, YOUNG), life.has(26, ADULT_KIN)
    duty = life.tie("care_duty", 26) > 0
    each = [_help_per_effort(life, who) for who in (young & duty, young & ~duty, adult)]
    return {
        "log help per effort, cared for to not": log_ratio(each[0], each[1]),
        "cared for, to adult kin": log_ratio(each[0], each[2]),
        "not cared for, to adult kin": log_ratio(each[1], each[2]),
    }


def _help_per_effort(life: Life, who: np.ndarray) -> Stat:
    effort = life.tie("upkeep", 26) + life.tie("given", 26)
    return mean_stat(life.tie("support", 26), who) / mean_stat(effort, who)


@pattern(
    "P22", "What cannot be spoken of stands in the way of trust", evidence="Q", proof="emergent",
    above=("trust, relative, per SD of what can be said",),
    off={"exchange.secret": 0.0, "exchange.intrusive": 0.0},
)  # fmt: skip
def unspeakable(lives: TeamLives) -> Measure:
    """No openness, no trust: no rule says it, it comes about by silence.

    Statistic: slope of trust in adult kin on the factor of what can be said to them (secrets and
    intrusiveness lower it), per SD over mean trust, at weeks 0 to 52. Passes if above zero.
    """
    life = lives.usual
    trust, said, who = (
        np.concatenate(part)
        for part in zip(
            *((life.tie("trust", w), life.tie("disclosable", w), life.has(w, ADULT_KIN))
              for w in WAVES), strict=True)
    )  # fmt: skip
    return {"trust, relative, per SD of what can be said": hazard_slope(trust, said, who)}


PATTERNS = (in_spite_of_conflict, for_love, wary, intrusive, worth_less, steadied, afterwards,
            asked_too_much, young_kin, unspeakable)  # fmt: skip
