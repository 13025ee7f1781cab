"""Patterns of trust, disclosure, stigma and the cost of relations, whatever the kind."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from analysis.patterns.flows import Flows, births
from analysis.patterns.lives import (
    FIRST_WEEK_ILL,
    FRIEND,
    GROUPS,
    OBJECT,
    PEOPLE,
    Life,
    TeamLives,
)
from analysis.patterns.losses import AFTER
from analysis.patterns.protocol import Measure, pattern
from analysis.patterns.statistics import Stat, hazard_slope, log_ratio, mean_stat, ratio, slope
from sim.world.kinds import Group

__all__ = ["PATTERNS"]

HUMAN = {name: groups for name, groups in GROUPS.items() if name != "object"}
ALL_GROUPS = tuple(g.name.lower() for g in Group)
HALF_YEAR = (27, 34, 40, 52)
"""Kept weeks of the half year over which lasting states are."""


@pattern(
    "P1", "Trust comes before all relational work", evidence="F", proof="imposed",
    above=("log telling, most to least trusted", *(f"help per unit of trust, {n}" for n in HUMAN)),
    bands={"telling, most to least trusted": (2.0, np.inf)},
    off={f"tie.{name}.disclosure_floor": 1.0 for name in ALL_GROUPS if name != "object"},
)  # fmt: skip
def trust_first(lives: TeamLives) -> Measure:
    """Who is trusted is told, and helps.

    Statistic: chance of disclosing to a person in a week, of the highest over the lowest quarter of
    trust; slope on trust, within each kind, of help asked for and given or offered (company alone
    is not mobilised), with what the other has been carrying (who is trusted has carried more) and
    severity held fixed. Passes at a ratio of 2 and slopes above zero. Switched off: all is told
    whatever the trust.
    """
    people = Flows(lives.usual, PEOPLE)
    trust, told = people.before("trust"), people.now("disclosed")
    low, high = np.quantile(trust, [0.25, 0.75])
    share = mean_stat(told, trust > high) / mean_stat(told, trust <= low)
    met = people.now("contacted") > 0
    per_contact = mean_stat(told, met & (trust > high)) / mean_stat(told, met & (trust <= low))
    found = {
        "log telling, most to least trusted": log_ratio(per_contact, ratio(1, 1)),
        "telling, most to least trusted": share,
    }
    for name, groups in HUMAN.items():
        flow = Flows(lives.usual, groups)
        asked, offered = flow.now("asked") > 0, flow.now("offered") > 0
        acts = offered | (asked & (flow.now("helped") >= 1))
        columns = [flow.before("trust"), flow.before("load"), flow.ego_now("severity")]
        found[f"help per unit of trust, {name}"] = slope(acts, columns)
    return found


@pattern(
    "P2", "Who tells less is trusted less, and trust tells", evidence="Q", proof="reserved",
    above=("trust later per unit of telling", "telling later per unit of trust"),
    off={"trust.silence": 0.0, "tie.kin.trust_gain": 0.0, "tie.young_kin.trust_gain": 0.0},
)  # fmt: skip
def loop(lives: TeamLives) -> Measure:
    """Telling and trusting feed each other.

    Statistic: among adult kin, slope of trust at week 26 on openness at week 0 with trust and
    closeness then held fixed; slope of openness at 26 on trust at 0 with openness held fixed;
    reported beside them, the bimodality coefficient of trust at 12 months (above .556: two humps).
    Passes if both slopes are above zero. Switched off: trust neither grows by telling nor shrinks
    by silence.
    """
    life = lives.usual
    both = life.has(0, Group.KIN) & life.stays(0, 26)
    trust, told = life.tie("trust", 0), life.tie("openness", 0)
    closeness = life.tie("closeness", 0)
    return {
        "trust later per unit of telling": slope(
            life.tie("trust", 26), [told, trust, closeness], 0, both
        ),
        "telling later per unit of trust": slope(life.tie("openness", 26), [trust, told], 0, both),
        "bimodality of trust": _bimodality(life.tie("trust", 52)[life.has(52, Group.KIN)]),
    }


def _bimodality(values: np.ndarray) -> Stat:
    x = values.astype(float)
    parts = np.array([x.size, *(float((x**k).sum()) for k in (1, 2, 3, 4))])

    def value(t: np.ndarray) -> np.ndarray:
        n, a, b, c, d = (t[..., k] / np.maximum(t[..., 0], 1) for k in range(5))
        two = b - a * a
        three = c - 3 * a * b + 2 * a**3
        four = d - 4 * a * c + 6 * a * a * b - 3 * a**4
        out: np.ndarray = (three * three / two**3 + 1) / (four / (two * two))
        return out * n

    return Stat(parts, value, x.size)


@pattern(
    "P3", "Felt stigma silences before everyone but things", evidence="F", proof="imposed",
    below=("log telling per SD of stigma", *(n for n in HUMAN)),
    within={"log contact with objects per SD of stigma": (-0.02, 0.02)},
    off={"exchange.stigma_disclosure": 0.0},
)  # fmt: skip
def silenced(lives: TeamLives) -> Measure:
    """Who feels stigma tells people less.

    Statistic: log rate of disclosure per contact per SD of felt stigma, over all people and by
    kind; of contact with objects likewise. Passes if below zero for every kind of person and within
    2 % for objects.
    """
    found = {}
    for name, groups in (("log telling per SD of stigma", PEOPLE), *HUMAN.items()):
        flow = Flows(lives.usual, groups)
        met = flow.now("contacted") > 0
        found[name] = hazard_slope(flow.now("disclosed"), flow.ego_now("stigma"), met)
    things = Flows(lives.usual, (OBJECT,))
    found["log contact with objects per SD of stigma"] = hazard_slope(
        things.now("contacted"), things.ego_now("stigma")
    )
    return found


@pattern(
    "P4", "After an episode people dare less to begin a tie", evidence="F", proof="imposed",
    below=("log new ties, friends and partners",),
    bands={"new friends and partners, ill to well": (0.0, 0.8),
           "new objects, ill to well": (0.9, 1.1)},
    off={"formation.confidence_loss": 0.0},
)  # fmt: skip
def confidence(lives: TeamLives) -> Measure:
    """Confidence lost is ties not begun.

    Statistic: ties begun in the 26 weeks from a forced onset, ill over well. Passes under .8 for
    friends and partners and between .9 and 1.1 for objects.
    """
    close = _begun(lives, FRIEND, Group.PARTNER)
    return {
        "log new ties, friends and partners": log_ratio(close, ratio(1, 1)),
        "new friends and partners, ill to well": close,
        "new objects, ill to well": _begun(lives, OBJECT),
    }


def _begun(lives: TeamLives, *groups: int) -> Stat:
    who = lives.newly_ill
    ill, well = (
        births(life, FIRST_WEEK_ILL, AFTER - 1, *groups)[who].sum()
        for life in (lives.struck, lives.usual)
    )
    return ratio(ill, well)


@pattern(
    "P5", "Both constancy and variety are valued", evidence="F", proof="imposed",
    above=("wellbeing per kind of tie",), below=("wellbeing per tie lately ended",),
    off={"wellbeing.diversity": 0.0, "wellbeing.support": 0.0, "wellbeing.churn": 0.0,
         "wellbeing.insecurity": 0.0},
)  # fmt: skip
def both_valued(lives: TeamLives) -> Measure:
    """As many ties do more good if they are of several kinds, and if they stay.

    Statistic: slopes of wellbeing over half a year, less the ego's own level, on the number of
    groups of ties present and on ties lately ended, with size, severity, guilt, strain, groups
    attended, insecurity, work and home held fixed over that half year (these have ways of their own
    into wellbeing).
    Passes if the first is above zero, the second below.
    """
    life, week = lives.usual, 40
    groups = np.stack([life.has(week, *g).any(axis=1) for g in GROUPS.values()], axis=1).sum(axis=1)

    def held(value: Callable[[int], np.ndarray]) -> np.ndarray:
        """Over the half year that the outcome is of: one week says little of the others."""
        return np.mean([value(w) for w in HALF_YEAR], axis=0)

    columns = [
        groups, life.ego("churn", week), life.has(week).sum(axis=1), life.lasting("severity"),
        life.lasting("guilt"), life.ego("base_wellbeing", week),
        held(lambda w: np.minimum(life.ego("groups", w), 2)),
        held(lambda w: life.total("strain", w) / (life.has(w, *PEOPLE).sum(axis=1) + 1)),
        held(lambda w: life.ego("insecurity", w)),
        held(lambda w: life.ego("employed", w)), held(lambda w: life.ego("settled", w)),
    ]  # fmt: skip
    y, alive = life.lasting_wellbeing(), life.alive()
    return {
        "wellbeing per kind of tie": slope(y, columns, 0, alive),
        "wellbeing per tie lately ended": slope(y, columns, 1, alive),
    }


@pattern(
    "P6", "People take work, things hardly any", evidence="F", proof="imposed",
    above=("log work a tie, friend to object", "log work per worth, weak to object", "kin to weak",
           "friend to weak",
           "professional to weak"),
    off={f"tie.{name}.upkeep": 0.3 for name in ALL_GROUPS},
)  # fmt: skip
def work(lives: TeamLives) -> Measure:
    """What a unit of help costs in relational work.

    Statistic: effort that a tie needs, friend over object; effort over worth of help, by kind.
    Passes if it is higher for kin, friends and professionals than for weak ties, and for those than
    for objects. Switched off: every tie takes the same work.
    """
    cost = {name: _cost(lives.usual, groups) for name, groups in GROUPS.items()}
    life = lives.usual
    effort = life.tie("upkeep", 26) * (1 + 0.5 * life.tie("strain", 26))
    each = [mean_stat(effort, life.has(26, group)) for group in (FRIEND, OBJECT)]
    return {
        "log work a tie, friend to object": log_ratio(*each),
        "log work per worth, weak to object": log_ratio(cost["weak"], cost["object"]),
        "kin to weak": log_ratio(cost["kin"], cost["weak"]),
        "friend to weak": log_ratio(cost["friend"], cost["weak"]),
        "professional to weak": log_ratio(cost["professional"], cost["weak"]),
    }


def _cost(life: Life, groups: tuple[int, ...]) -> Stat:
    there = np.stack([life.has(week, *groups) for week in (0, 26, 52)])
    effort, worth = [], []
    for week in (0, 26, 52):
        effort.append(life.tie("upkeep", week) * (1 + 0.5 * life.tie("strain", week)))
        understood = 0.3 + 0.7 * life.tie("understanding", week)
        people = life.tie("human", week) > 0
        worth.append(life.tie("support", week) * np.where(people, understood, 1))
    return mean_stat(np.stack(effort), there) / mean_stat(np.stack(worth), there)


PATTERNS = (trust_first, loop, silenced, confidence, both_valued, work)
