"""Patterns of the partner: kept, helpful unasked, easily overburdened, first to notice."""

from __future__ import annotations

import numpy as np

from analysis.patterns.as_friends import ENDED_BY, as_friends
from analysis.patterns.flows import PAIRS, Flows, births
from analysis.patterns.lives import FRIEND, GROUPS, KIN, PEOPLE, PROFESSIONAL, Life, TeamLives
from analysis.patterns.losses import map_losses
from analysis.patterns.protocol import ALL, Measure, pattern
from analysis.patterns.statistics import Stat, log_ratio, mean_stat, ratio, slope, spread
from sim.world.kinds import Group

__all__ = ["PATTERNS"]

PARTNER = Group.PARTNER
TOLD_BY = ("disclosure_delay", "disclosure_floor", "contact_rate", "first_trust", "affection",
           "upkeep", "obligation")  # fmt: skip
"""What decides when somebody new is told."""
WEEKS_BORN, WIDTH = 60, 4


@pattern(
    "P7", "A partner and the partner's support stay over a year", evidence="F", proof="imposed",
    below=("log loss ratio, partner to friend",),
    bands={"kept of partners": (0.95, 1.0), "change of support, SD": (-0.1, 0.1)},
    off=as_friends("partner", *ENDED_BY), v29="partner kept",
)  # fmt: skip
def kept(lives: TeamLives) -> Measure:
    """Partners stay on the map and their support stays the same.

    Statistic: share of the error-free first map still active at 12 months; change of support of
    kept partners in SD between them. Passes if partners are lost less than friends, at least 95 %
    are kept, and support changes by less than .1 SD.
    """
    life = lives.usual
    partner, friend = map_losses(life, (PARTNER,)), map_losses(life, (FRIEND,))
    stayed = life.has(0, PARTNER) & life.stays(0, 52)
    before, after = life.tie("support", 0)[stayed], life.tie("support", 52)[stayed]
    return {
        "log loss ratio, partner to friend": log_ratio(partner, friend),
        "kept of partners": partner.of(lambda lost: 1 - lost),
        "change of support, SD": mean_stat(after - before) / spread(before),
    }


@pattern(
    "P8", "A partner's support comes unasked", evidence="F", proof="imposed",
    above=("unasked, partner less kin", "less friends", "less weak ties", "less professionals"),
    bands={"unasked of the partner's": (0.6, 1.0)},
    off={"tie.partner.ask_rate": 0.9, "tie.partner.offer_rate": 0.3},
)  # fmt: skip
def unasked(lives: TeamLives) -> Measure:
    """Most of what a partner does was not asked for.

    Statistic: of acts of help, the share offered without an ask. Passes if it is at least .6 and
    more than of any other kind of person. Switched off: partners are asked and offer as kin do.
    """
    share = {name: _unasked(lives, groups) for name, groups in GROUPS.items() if name != "object"}
    mine = share["partner"]
    return {
        "unasked, partner less kin": mine - share["kin"],
        "less friends": mine - share["friend"],
        "less weak ties": mine - share["weak"],
        "less professionals": mine - share["professional"],
        "unasked of the partner's": mine,
    }


def _unasked(lives: TeamLives, groups: tuple[int, ...]) -> Stat:
    ties = Flows(lives.usual, groups)
    asked, offered = ties.now("asked") > 0, ties.now("offered") > 0
    acts = offered | (asked & (ties.now("helped") >= 1))
    return ratio((acts & ~asked).sum(), acts.sum())


@pattern(
    "P9", "Being a burden brings guilt, and guilt silences asking", evidence="F", proof="emergent",
    below=("asks per unit of burden on the others",), off={"exchange.guilt_asking": 0},
    bands={"guilt per unit of burden": (0.0, np.inf)},
)  # fmt: skip
def guilt_silences(lives: TeamLives) -> Measure:
    """The more partner and kin carry, the less the ego asks any of them.

    Statistic: slope of asking one of them, when in contact, on what the others of them carry, with
    severity, need beyond what one manages alone, trust, the tie's own load, and how useful it is to
    turn to this one beside the best of those met (others who carry much are turned to less) held
    fixed. Passes if it is below zero.
    """
    life, groups = lives.usual, (PARTNER, *KIN)
    ties = Flows(life, groups)
    loads = [np.where(life.has(first, *groups), life.tie("load", first), 0) for first, _ in PAIRS]
    all_load = ties.spread([np.broadcast_to(x.sum(1, keepdims=True), x.shape) for x in loads])
    own = ties.before("load")
    met = ties.now("contacted") > 0
    partner = (ties.now("group") == PARTNER).astype(float)
    need = np.maximum(ties.ego_now("severity") - ties.ego_now("self_capacity"), 0)
    columns = [
        all_load - own, own, ties.ego_now("severity"), need, ties.before("trust"),
        ties.spread([_beside_best(life, *pair) for pair in PAIRS]), partner,
        ties.before("alter_load"),
    ]  # fmt: skip
    return {
        "asks per unit of burden on the others": slope(ties.now("asked"), columns, 0, met),
        "guilt per unit of burden": slope(ties.ego_before("guilt"), [all_load], 0),
    }


def _beside_best(life: Life, first: int, then: int) -> np.ndarray:
    """Understanding and room of each person met, over those of the best there is, (n, S)."""
    met = life.has(then, *PEOPLE) * life.tie("contacted", then)
    useful = met * life.tie("understanding", then) * (1 - life.tie("load", first))
    best: np.ndarray = useful / np.maximum(useful.max(axis=1, keepdims=True), 1e-9)
    return best


@pattern(
    "P10", "Where need is high and understanding low, partners are strained", evidence="F",
    proof="imposed", above=("strain per unit of need, low less high understanding",),
    bands={"slope ratio, low to high": (1.5, np.inf)}, off={"feelings.strain_need": 0},
)  # fmt: skip
def strained(lives: TeamLives) -> Measure:
    """Need strains those who do not understand.

    Statistic: slope of a partner's strain on severity, in the lowest and the highest third of
    understanding. Passes if the ratio is at least 1.5.
    """
    ties = Flows(lives.usual, (PARTNER,))
    understood, strain = ties.now("understanding"), ties.now("strain")
    low, high = np.quantile(understood, [1 / 3, 2 / 3]) if understood.size else (0, 0)
    need = ties.ego_now("severity")
    poor, good = (
        slope(strain, [need], 0, understood <= low),
        slope(strain, [need], 0, understood > high),
    )
    return {
        "strain per unit of need, low less high understanding": poor - good,
        "slope ratio, low to high": poor / good,
    }


def _median_weeks(lives: TeamLives, group: int) -> Stat:
    """Median weeks until a new tie is first confided in, by life table in spans of four weeks."""
    life = lives.usual
    parts = np.zeros((WEEKS_BORN // WIDTH, 2))
    for week in (7, 8, 9, 10, 13, 14, 20, 26, 27, 34, 39, 40, 52):
        there = life.has(week, group) & (life.tie("born", week) > -52)
        known = life.tie("known", week)[there]
        span = np.clip((known - 1) // WIDTH, 0, len(parts) - 1).astype(int)
        told = life.tie("disclosed", week)[there] > 0
        parts[:, 0] += np.bincount(span, told, len(parts))
        parts[:, 1] += np.bincount(span, minlength=len(parts))

    def value(totals: np.ndarray) -> np.ndarray:
        table = totals.reshape(-1, len(parts), 2)
        chance = table[..., 0] / np.maximum(table[..., 1], 1)
        silent = np.cumsum(WIDTH * np.log1p(-np.minimum(chance, 0.999)), axis=1)
        found = np.empty(len(table))
        for i, curve in enumerate(silent):
            at = int(np.searchsorted(-curve, np.log(2)))
            before = curve[at - 1] if at else 0.0
            step = (curve[at] - before) if at < len(curve) else -np.inf
            found[i] = WIDTH * (at + (-np.log(2) - before) / step)
        return found.reshape(totals.shape[:-1])

    return Stat(parts.ravel(), value, int(parts[:, 1].sum()))


@pattern(
    "P11", "New partners are rare, and told late", evidence="F", proof="imposed",
    above=("median weeks to telling, partner less friend",),
    bands={"new partners per 100 egos a year": (0, 5)},
    off={**as_friends("partner", *TOLD_BY), "household.daily": 0.0},
)  # fmt: skip
def told_late(lives: TeamLives) -> Measure:
    """Few partnerships begin, and what might end them is told late.

    Statistic: partnerships begun; median weeks from the beginning of a tie to the first
    disclosure, by life table. Passes if under 5 a year begin per 100 egos and a new partner waits
    longer than a new friend. Switched off: a new partner is dared with, met and trusted as a new
    friend is, moved in with or not.
    """
    alive = lives.usual.alive()
    new = births(lives.usual, 0, 51, PARTNER)[alive]
    waits = _median_weeks(lives, PARTNER) - _median_weeks(lives, FRIEND)
    return {
        "median weeks to telling, partner less friend": waits,
        "new partners per 100 egos a year": ratio(100 * new.sum(), alive.sum()),
    }


@pattern(
    "P12", "The partner is the first to notice", evidence="Q", proof="imposed",
    above=("log offer ratio, partner to kin", "partner to friend", "partner to professional"),
    bands={"log offer ratio, partner to kin": ALL},
    off={"tie.partner.offer_rate": 0.3, "tie.partner.contact_rate": 0.55,
         "tie.partner.affection": 0.66, "household.daily": 0.0},
)  # fmt: skip
def notices(lives: TeamLives) -> Measure:
    """In the first weeks of an episode it is the partner who offers help soonest.

    Statistic: weekly chance, in the three weeks from a forced onset, that a member of a kind offers
    help; the wait for a first offer is its inverse. Passes if the partner's is the highest.
    """
    chance = {
        name: mean_stat(
            Flows(lives.struck, groups, ((7, 8), (8, 9), (9, 10)), lives.newly_ill).now("offered")
        )
        for name, groups in (
            ("partner", (PARTNER,)), ("kin", KIN), ("friend", (FRIEND,)),
            ("professional", PROFESSIONAL),
        )
    }  # fmt: skip
    return {
        "log offer ratio, partner to kin": log_ratio(chance["partner"], chance["kin"]),
        "partner to friend": log_ratio(chance["partner"], chance["friend"]),
        "partner to professional": log_ratio(chance["partner"], chance["professional"]),
    }


PATTERNS = (kept, unasked, guilt_silences, strained, told_late, notices)
