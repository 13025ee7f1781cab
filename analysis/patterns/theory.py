"""Patterns that the literature on help-seeking and caring adds."""

from __future__ import annotations

import numpy as np

from analysis.patterns.flows import PAIRS, Flows
from analysis.patterns.lives import PEOPLE, TeamLives
from analysis.patterns.protocol import Measure, pattern
from analysis.patterns.statistics import mean_stat, slope
from sim.world.kinds import Group
from sim.world.parameters import catalogue

__all__ = ["PATTERNS"]

LITTLE, MUCH = 0.15, 0.25
NEED_FLOOR = catalogue()["exchange.need_floor"].value


@pattern(
    "P57", "Help is asked for when need is more than one manages alone", evidence="C",
    proof="imposed", above=("asks a week and person, need much less need little",),
    off={"ego.self_capacity": 0.5, "ego.self_capacity_sd": 0.0},
)  # fmt: skip
def beyond_self(lives: TeamLives) -> Measure:
    """What one manages alone is not brought to others.

    Statistic: asks a week of an ego, a person it has (the more ill have fewer), severity .25 to .45
    less severity under .15, among those not in an episode. Passes if above zero. Switched off:
    everyone manages a severity of .5 alone.
    """
    life = lives.usual
    asks, severity = [], []
    for _, week in PAIRS:
        well = life.alive(week) & (life.ego("acute", week) == 0)
        people = life.has(week, *PEOPLE)
        well &= people.any(axis=1)
        number = (people * (life.tie("asked", week) > 0)).sum(axis=1)
        asks.append(number[well] / people[well].sum(axis=1))
        severity.append(life.ego("severity", week)[well])
    number, need = np.concatenate(asks), np.concatenate(severity)
    much, little = (need > MUCH) & (need < 0.45), need < LITTLE
    return {
        "asks a week and person, need much less need little": mean_stat(number, much)
        - mean_stat(number, little)
    }


@pattern(
    "P62", "Of many, the one who can help most is asked", evidence="C", proof="imposed",
    above=("asked the best understanding, less chance", "asks per unit of understanding",
           "asks per unit of availability"),
)  # fmt: skip
def most_effective(lives: TeamLives) -> Measure:
    """The most effective discussant is sought out.

    Statistic: of people in contact in one week, two or more, how often one who was asked is the one
    of most understanding, less how often by chance; slope of asking on understanding, with freedom
    from load, trust and kind held fixed; slope of asking on freedom from load times what an alter
    without load would be asked (by need, trust and understanding), the latter held fixed: who is
    asked much carries much. Passes if all are above zero. No single rule can be switched off.
    """
    life = lives.usual
    hits, chance = [], []
    for _, week in PAIRS:
        met = life.has(week, *PEOPLE) & (life.tie("contacted", week) > 0)
        understood = np.where(met, life.tie("understanding", week), -1)
        best = met & (understood == understood.max(axis=1, keepdims=True))
        number = met.sum(axis=1)
        asked = met & (life.tie("asked", week) > 0) & (number >= 2)[:, None]
        hits.append(best[asked])
        chance.append(np.broadcast_to(1 / np.maximum(number, 1)[:, None], met.shape)[asked])
    flow = Flows(life, PEOPLE)
    met = flow.now("contacted") > 0
    kinds = [(flow.now("group") == g).astype(float) for g in PEOPLE[1:]]
    columns = [flow.before("understanding"), 1 - flow.before("load"), flow.before("trust"), *kinds]
    beyond = np.maximum(flow.ego_now("severity") - flow.ego_now("self_capacity"), 0) + NEED_FLOOR
    would = flow.now("ask_rate") * beyond * flow.before("trust") * flow.before("understanding")
    room = 1 - flow.before("load")
    asked = flow.now("asked")
    return {
        "asked the best understanding, less chance": mean_stat(
            np.concatenate(hits) - np.concatenate(chance)
        ),
        "asks per unit of understanding": slope(asked, columns, 0, met),
        "asks per unit of availability": slope(asked, [would * room, would], 0, met),
    }


@pattern(
    "P64", "Who has carried much offers less", evidence="C", proof="imposed",
    below=("offers per unit of load",), off={"exchange.fatigue": 0.0},
)  # fmt: skip
def carers_tire(lives: TeamLives) -> Measure:
    """Carrying wears a carer out.

    Statistic: slope of offers per contact on what an unburdened alter would offer (offer rate,
    closeness, trust, and the need that is seen) times what this one has been carrying, the former
    held fixed, among partners, adult kin and friends. Passes if below zero.
    """
    flow = Flows(lives.usual, (Group.PARTNER, Group.KIN, Group.FRIEND))
    warmth = flow.before("closeness") + flow.before("trust")
    would = flow.now("offer_rate") * warmth * (0.15 + flow.ego_now("severity"))
    columns = [would * flow.before("load"), would]
    met = flow.now("contacted") > 0
    return {"offers per unit of load": slope(flow.now("offered"), columns, 0, met)}


PATTERNS = (beyond_self, most_effective, carers_tire)
