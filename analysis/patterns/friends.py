"""Patterns of friends and weak ties."""

from __future__ import annotations

import numpy as np

from analysis.patterns.as_friends import ENDED_BY, as_friends
from analysis.patterns.flows import Flows, endings
from analysis.patterns.lives import FRIEND, GROUPS, KIN, Life, TeamLives
from analysis.patterns.losses import excess, map_losses
from analysis.patterns.protocol import Measure, pattern
from analysis.patterns.statistics import (
    Stat,
    difference,
    hazard_slope,
    log_ratio,
    mean_stat,
    slope,
    spread,
)
from sim.world.kinds import Cause, Group, Kind

__all__ = ["PATTERNS"]

WEAK = Group.WEAK
TWO_YEARS, TEN_YEARS = 104, 520
PASSES = ("upkeep", "demand", "reciprocity", "contact_rate", "presence", "offer_rate", "ask_rate",
          "understanding", "affection", "first_trust", "trust_gain")  # fmt: skip
"""What decides what passes in a tie: its terms, and how far one is liked and trusted."""
SPANS = ((7, 14), (13, 20), (20, 27), (27, 34), (34, 40))
"""Weeks over which a loss is counted against how things stood in the first of them."""


@pattern(
    "P23", "Friendships change more than family ties", evidence="F", proof="imposed",
    above=("log loss ratio, friends to kin",),
    bands={"loss ratio, friends to kin": (3.0, np.inf), "V29": (0.9, 1.0)},
    off={**as_friends("kin", *ENDED_BY), **as_friends("young_kin", *ENDED_BY)},
    v29="friends lost more than kin",
)  # fmt: skip
def changeable(lives: TeamLives) -> Measure:
    """Over a year friends are lost far more often than kin.

    Statistic: ratio of the shares of first error-free maps lost after 12 months. Passes if at least
    3 and nine of ten studies of 29 see the sign. Switched off: kin have what makes friends end.
    """
    friend, kin = map_losses(lives.usual, (FRIEND, WEAK)), map_losses(lives.usual, KIN)
    return {"log loss ratio, friends to kin": log_ratio(friend, kin),
            "loss ratio, friends to kin": friend / kin,
            "lost, friends": friend, "lost, kin": kin}  # fmt: skip


def _spans(life: Life, groups: tuple[int, ...], steady: bool) -> tuple[np.ndarray, ...]:
    """Whether each tie was lost; before it the share, its imbalance, strain and strength."""
    found: tuple[list[np.ndarray], ...] = ([], [], [], [], [])
    for first, then in SPANS:
        calm = life.ego("weeks_since_onset", first) >= 26 if steady else life.alive(then)
        there = life.has(first, *groups) & (life.alive(then) & calm)[:, None]
        found[0].append(~life.stays(first, then)[there])
        found[1].append(np.repeat(life.ego("share", first), there.sum(axis=1)))
        found[2].append(life.tie("imbalance", first)[there])
        found[3].append(life.tie("strain", first)[there])
        found[4].append(life.tie("strength", first)[there])
    return tuple(np.concatenate(part) for part in found)


@pattern(
    "P27", "Friendship lapses when capacity is short; kin are held", evidence="F", proof="imposed",
    below=("log hazard per SD of capacity, friends less kin", "friends' slope"),
    bands={"friends' slope over kin's": (3.0, np.inf)},
    off={"ending.lapse": 0.0, "ending.imbalance": 0.0},
)  # fmt: skip
def lapse(lives: TeamLives) -> Measure:
    """A friendship needs work, and no obligation makes up for it.

    Statistic: log hazard of loss per SD of the share of needed work that the ego can do, among
    people well for half a year. Passes if steeper for friends than for kin, by three times in size.
    Switched off: neither work left undone nor what is not returned ends a tie.
    """
    slopes = {}
    for name, groups in (("friend", (FRIEND,)), ("kin", KIN)):
        lost, share, *_ = _spans(lives.usual, groups, steady=True)
        slopes[name] = hazard_slope(lost, share)
    return {
        "log hazard per SD of capacity, friends less kin": slopes["friend"] - slopes["kin"],
        "friends' slope": slopes["friend"],
        "friends' slope over kin's": (slopes["friend"] / slopes["kin"]).of(np.abs),
    }


@pattern(
    "P28", "One-sided friendships fizzle out", evidence="Q", proof="imposed",
    above=("log hazard per SD of imbalance",),
    bands={"hazard ratio per SD of imbalance": (1.2, np.inf)}, off={"ending.imbalance": 0.0},
)  # fmt: skip
def one_sided(lives: TeamLives) -> Measure:
    """Taking without giving ends a friendship.

    Statistic: log hazard of loss of friends per SD of imbalance, to first order, with capacity,
    strain and the strength of the tie held fixed (warm friends exchange more, and stay), well for
    half a year. Passes if the hazard ratio is above 1.2.
    """
    lost, share, imbalance, strain, strength = _spans(lives.usual, (FRIEND,), steady=True)
    unit = slope(lost, [imbalance, share, strain, strength]) / mean_stat(lost)
    one = unit * spread(imbalance)
    return {
        "log hazard per SD of imbalance": one,
        "hazard ratio per SD of imbalance": one.of(np.exp),
    }


@pattern(
    "P29", "Old friendships fall asleep and are taken up again", evidence="Q", proof="imposed",
    above=("share taken up again", "more per ten years of acquaintance"),
    bands={"share taken up again": (0.05, 0.25)},
    off={"tie.friend.dormancy_rate": 0.0, "life.move_friends": 0.0},
)  # fmt: skip
def resumed(lives: TeamLives) -> Measure:
    """Some of the friends who are gone from a map are there again on a later one.

    Statistic: of friends on the first error-free map and out of touch or gone after 26 weeks, the
    share in touch at week 104; its slope on acquaintance, up to ten years. Passes at 5 to 25 % and
    if the slope is above zero. Switched off: friends fall out of touch neither by themselves nor by
    a move.
    """
    life = lives.usual
    first = life.error_free.ideal[:, 0] & life.has(0, FRIEND) & life.alive()[:, None]
    gone = first & ~life.stays(0, 26)
    again = life.is_kept(lives.later("usual", TWO_YEARS))[gone]
    known = life.tie("known", 0)[gone]
    return {
        "share taken up again": mean_stat(again),
        "more per ten years of acquaintance": slope(again, [np.minimum(known / TEN_YEARS, 1)]),
    }


@pattern(
    "P30", "Friends who share the condition stay longer", evidence="F", proof="imposed",
    above=("kept a year, peers less other friends",),
    bands={"kept a year, peers less other friends": (0.05, 1.0)},
    off={"tie.peer_strength": 0.0, "tie.peer_understanding": 0.0, "tie.peer_upkeep": 1.0},
)  # fmt: skip
def shared_experience(lives: TeamLives) -> Measure:
    """Shared experience keeps a friendship.

    Statistic: share of friends of week 0 active at 12 months, peers less others. Passes at .05.
    """
    life = lives.usual
    there = life.has(0, FRIEND) & life.alive()[:, None]
    peers = there & (life.tie("kind", 0) == Kind.PEER)
    return {"kept a year, peers less other friends": difference(life.stays(0, 52), peers,
                                                              there & ~peers)}  # fmt: skip


@pattern(
    "P31", "Weak ties give most for what they cost, and outlast an episode", evidence="F",
    proof="emergent",
    above=("log value per burden, weak to friend", "weak to kin", "weak to partner",
           "weak to professional", "excess loss, friends less weak"),
    off=as_friends("weak", *PASSES),
)  # fmt: skip
def low_expectation(lives: TeamLives) -> Measure:
    """Little is asked back by a neighbour or an acquaintance, so what they give comes cheap.

    Statistic: worth of help over the work it costs and the acts it asks back, by kind; excess loss
    after a forced episode, friends less weak ties. Passes if weak ties have the highest ratio of
    all people and are lost less. Switched off: weak ties are like friends in what passes,
    and as liked and trusted.
    """
    worth = {name: _worth(lives.usual, groups) for name, groups in GROUPS.items()}
    weak = worth["weak"]
    return {
        "log value per burden, weak to friend": log_ratio(weak, worth["friend"]),
        "weak to kin": log_ratio(weak, worth["kin"]),
        "weak to partner": log_ratio(weak, worth["partner"]),
        "weak to professional": log_ratio(weak, worth["professional"]),
        "excess loss, friends less weak": excess(lives, (FRIEND,)) - excess(lives, (WEAK,)),
    }


def _worth(life: Life, groups: tuple[int, ...]) -> Stat:
    ties = Flows(life, groups)
    value = ties.now("helped") * (0.3 + 0.7 * ties.now("understanding"))
    burden = ties.now("upkeep") * (1 + 0.5 * ties.now("strain")) + ties.now("granted")
    return mean_stat(value) / mean_stat(burden)


@pattern(
    "P32", "Friends of different use make up a better whole", evidence="F", proof="emergent",
    above=("wellbeing per unit of entropy",), off={"wellbeing.diversity": 0.0},
)  # fmt: skip
def different_use(lives: TeamLives) -> Measure:
    """With as many friends, it helps if they give different things.

    Statistic: slope of wellbeing over half a year, less the ego's own level, on the entropy of the
    functions that friends can give, with number of friends, severity over the same half-year,
    groups attended and guilt held fixed, of people with two friends or more. Passes if above zero.
    """
    life, week = lives.usual, 40
    friend = life.has(week, FRIEND)
    names = ("emotional", "practical", "illness", "advocacy", "distraction")
    counts = np.stack([(life.tie(f"f_{n}", week) * friend).sum(axis=1) for n in names], axis=1)
    total = counts.sum(axis=1)
    shares = counts / np.maximum(total, 1)[:, None]
    entropy = -(shares * np.log(np.where(shares > 0, shares, 1))).sum(axis=1)
    number = friend.sum(axis=1)
    columns = [entropy, number, life.lasting("severity"), life.ego("groups", week)]
    columns += [life.lasting("guilt")]
    who = (number >= 2) & life.alive()
    return {"wellbeing per unit of entropy": slope(life.lasting_wellbeing(), columns, 0, who)}


@pattern(
    "P26", "A friendship that had to end may be a relief; to be left hurts", evidence="F",
    proof="reserved", above=("wellbeing, ego's cut less friend's",),
    below=("after a friend's cut",),
    bands={"median after the ego's cut": (0.0, np.inf),
           "worse off after the ego's cut": (0.2, 0.4)},
    off={"wellbeing.relief": 0.0, "wellbeing.hurt": 0.0},
)  # fmt: skip
def relief(lives: TeamLives) -> Measure:
    """What the end of one friendship does, beside a world where no friendship ends.

    Statistic: mean wellbeing over the 13 weeks after the only such ending of the year, less in the
    world where friends and weak ties do not end. Passes if the friend's cut hurts, the median of
    the ego's own is not below zero and 20 to 40 % are worse off.
    """
    life, held = lives.usual, lives.world("friends-kept")
    gone = endings(life, 0, 39)
    close = np.isin(gone.group, (FRIEND, WEAK))
    ego, week, cause = gone.ego[close], gone.week[close], gone.cause[close]
    alone = np.bincount(ego, minlength=life.alive().size)[ego] == 1
    alone &= life.alive()[ego] & held.alive()[ego]
    ego, week, cause = ego[alone], week[alone], cause[alone]
    apart = life.weekly("wellbeing") - held.weekly("wellbeing")
    after = np.array([apart[e, w + 1 : w + 14].mean() for e, w in zip(ego, week, strict=True)])
    own, theirs = cause == Cause.EGO_CUT, cause == Cause.ALTER_CUT
    return {
        "wellbeing, ego's cut less friend's": difference(after, own, theirs),
        "after a friend's cut": mean_stat(after, theirs),
        "median after the ego's cut": _median(after[own]),
        "worse off after the ego's cut": mean_stat(after < 0, own),
    }


def _median(values: np.ndarray) -> Stat:
    from analysis.patterns.statistics import median

    return median(np.rint(1000 * values) + 2000, 4000).of(lambda m: (m - 2000) / 1000)


PATTERNS = (changeable, relief, lapse, one_sided, resumed, shared_experience, low_expectation,
            different_use)  # fmt: skip
