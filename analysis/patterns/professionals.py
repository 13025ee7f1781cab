"""Patterns of ties with professionals: trust, its growth and its loss, and what is told."""

from __future__ import annotations

import numpy as np

from analysis.patterns.flows import PAIRS, Flows, terciles
from analysis.patterns.lives import GROUPS, PROFESSIONAL, Life, TeamLives
from analysis.patterns.protocol import Measure, pattern
from analysis.patterns.statistics import Stat, difference, log_ratio, mean_stat, ratio, slope
from sim.world.kinds import Event, Group

__all__ = ["PATTERNS"]

PARTNER = Group.PARTNER
PSYCHIATRIST, COORDINATOR, WORKER = Group.PSYCHIATRIST, Group.COORDINATOR, Group.SUPPORT_WORKER
EQUAL_DOSE = {
    **{f"service.{line}.interval_weeks": 4.0 for line in ("psychiatrist", "coordinator",
                                                         "support_worker")},
    **{f"service.{line}.interval_slope": 0.0 for line in ("psychiatrist", "coordinator")},
    "service.coordinator.acute_interval_weeks": 4.0,
    "service.support_worker.acute_interval_weeks": 4.0,
    "service.psychiatrist.capacity": 40.0, "service.support_worker.units": 1.0,
    "service.missed_severity": 0.0, "service.missed_withdrawal": 0.0,
    "tie.psychiatrist.disclosure_floor": 0.3, "tie.coordinator.disclosure_floor": 0.3,
    **{f"tie.{role}.usual_trust": 0.36 for role in ("psychiatrist", "coordinator",
                                                   "support_worker")},
}  # fmt: skip
"""Everybody is seen every four weeks, missed by nobody for being ill, and told as much.

Nobody starts with the trust that unequal years have left.
"""


@pattern(
    "P36", "What is worst is told to professionals, not to the partner", evidence="F",
    proof="imposed", above=("telling per unit of guilt, professional less partner",
                            "professional less partner, most guilty"),
    off={"exchange.guilt_disclosing": 0.0},
)  # fmt: skip
def told_to_professionals(lives: TeamLives) -> Measure:
    """Guilt closes the mouth at home, not in the clinic.

    Statistic: slope of disclosure per contact on guilt times what would be told without guilt (by
    trust, felt stigma, what can be said and how far one dares by now), the latter held fixed, to
    psychiatrist and co-ordinator known for half a year less to the partner; the difference in
    disclosure itself in the top third of guilt. Passes if both are above zero.
    """
    life = lives.usual
    worker, partner = Flows(life, (PSYCHIATRIST, COORDINATOR)), Flows(life, (PARTNER,))
    high = np.quantile(np.concatenate([life.ego("guilt", w) for w in (7, 13, 26, 39)]), 2 / 3)

    def told(ties: Flows) -> tuple[Stat, Stat]:
        met = (ties.now("contacted") > 0) & (ties.now("known") >= 26)
        guilt, y = ties.ego_before("guilt"), ties.now("disclosed")
        floor = ties.now("floor")
        would = (floor + (1 - floor) * ties.before("trust")) * _sayable(ties)
        return slope(y, [would * guilt, would], 0, met), mean_stat(y, met & (guilt > high))

    (steep, much), (home, little) = told(worker), told(partner)
    return {
        "telling per unit of guilt, professional less partner": steep - home,
        "professional less partner, most guilty": much - little,
    }


def _sayable(ties: Flows) -> np.ndarray:
    """What of everything can be said: felt stigma, intrusion, secrets, daring; trust aside."""
    dares = np.minimum(ties.now("known") * ties.now("daring"), 1)
    found: np.ndarray = ties.ego_now("censorship") * ties.now("disclosable") * dares
    return found


@pattern(
    "P37", "Professionals are placed by what they promise", evidence="F", proof="imposed",
    above=("anticipated less received, professional less partner", "less kin", "less friend",
           "less weak"),
    bands={"professionals, change over the year": (-0.05, 0.05)},
    off={f"tie.{role}.{name}": value for role in ("psychiatrist", "coordinator", "support_worker",
                                                  "outside")
         for name, value in (("expectation_speed", 0.05),)},
)  # fmt: skip
def promise(lives: TeamLives) -> Measure:
    """More is expected of professionals than comes, and it stays so.

    Statistic: help a week counted on less received, by kind, and its change from week 0 to 52 among
    professionals. Passes if professionals' gap is the largest and changes by less than .05.
    Switched off: expectation follows what comes as fast as in friendships.
    """
    gap = {name: _gap(lives.usual, 0, groups) for name, groups in GROUPS.items()}
    mine = gap["professional"]
    return {
        "anticipated less received, professional less partner": mine - gap["partner"],
        "less kin": mine - gap["kin"],
        "less friend": mine - gap["friend"],
        "less weak": mine - gap["weak"],
        "professionals, change over the year": _gap(lives.usual, 52, PROFESSIONAL) - mine,
    }


def _gap(life: Life, week: int, groups: tuple[int, ...]) -> Stat:
    return mean_stat(
        life.tie("anticipated", week) - life.tie("support", week), life.has(week, *groups)
    )


@pattern(
    "P38", "Professionals do little of everyday support", evidence="F", proof="reserved",
    below=("log of support share over tie share, professionals",),
    bands={"professionals": (0.0, 0.6), "partner": (1.0, np.inf)},
)  # fmt: skip
def limited_role(lives: TeamLives) -> Measure:
    """A professional gives less of all support than ties with professionals are of all ties.

    Statistic: share of help received over share of active ties, at weeks 0, 26 and 52. Passes under
    .6 for professionals and over 1 for the partner. It follows from how rarely they are seen, from
    no single rule that could be switched off.
    """
    professionals = _support_over_ties(lives.usual, PROFESSIONAL)
    return {
        "log of support share over tie share, professionals": log_ratio(professionals, ratio(1, 1)),
        "professionals": professionals,
        "partner": _support_over_ties(lives.usual, (PARTNER,)),
    }


def _support_over_ties(life: Life, groups: tuple[int, ...]) -> Stat:
    weeks = (0, 26, 52)
    support = np.concatenate([life.tie("support", week) for week in weeks])
    every = np.concatenate([life.has(week) for week in weeks])
    mine = np.concatenate([life.has(week, *groups) for week in weeks])
    return mean_stat(support, mine) / mean_stat(support, every)


@pattern(
    "P39", "Trust comes with regular time together", evidence="F", proof="emergent",
    above=("trust, support worker less psychiatrist", "support worker less co-ordinator"),
    within={"co-ordinator less psychiatrist": (0.0, 1.0)}, off=EQUAL_DOSE,
)  # fmt: skip
def regular_time(lives: TeamLives) -> Measure:
    """Who comes often is trusted more.

    Statistic: mean trust at week 26, by role. Passes if support workers are trusted more than
    co-ordinators and those no less than psychiatrists. Switched off: all three come every four
    weeks; at least three quarters of the gap must close.
    """
    life = lives.usual
    trust = {role: mean_stat(life.tie("trust", 26), life.has(26, role))
             for role in (PSYCHIATRIST, COORDINATOR, WORKER)}  # fmt: skip
    return {
        "trust, support worker less psychiatrist": trust[WORKER] - trust[PSYCHIATRIST],
        "support worker less co-ordinator": trust[WORKER] - trust[COORDINATOR],
        "co-ordinator less psychiatrist": trust[COORDINATOR] - trust[PSYCHIATRIST],
    }


@pattern(
    "P40", "A cancelled visit costs more trust than a kept one brings", evidence="F",
    proof="imposed", below=("change of trust, cancelled less no visit",),
    above=("loss by a cancelled less gain by a kept visit", "gain by a kept visit"),
    off={"trust.cancelled": 0.0},
)  # fmt: skip
def unreliable(lives: TeamLives) -> Measure:
    """Trust is lost faster than it is won.

    Statistic: change of trust from one week to the next by what became of the visit, against weeks
    without one, workers of the team. Passes if a cancelled visit costs more than a kept one brings.
    """
    life = lives.usual
    pairs = ((7, 8), (8, 9), (9, 10), (13, 14), (26, 27), (39, 40))
    ties = Flows(life, (PSYCHIATRIST, COORDINATOR, WORKER), pairs)
    change = ties.now("trust") - ties.before("trust")
    cancelled: np.ndarray = ties.spread([_cancelled(life, then) for _, then in pairs])
    kept = (ties.now("visited") > 0) & ~cancelled
    idle = ~cancelled & ~kept
    loss, gain = difference(change, cancelled, idle), difference(change, kept, idle)
    return {
        "change of trust, cancelled less no visit": loss,
        "loss by a cancelled less gain by a kept visit": loss.times(-1) - gain,
        "gain by a kept visit": gain,
    }


def _cancelled(life: Life, week: int) -> np.ndarray:
    """Ties whose worker cancelled this week, (n, S)."""
    happened = life.events
    now = happened[(happened["week"] == week) & (happened["event"] == Event.VISIT_CANCELLED)]
    found = np.zeros(life.tie("post", week).shape, bool)
    for ego, post in zip(now["ego"], now["post"], strict=True):
        found[ego] |= life.tie("post", week)[ego] == post
    return found


@pattern(
    "P45", "A new worker starts afresh, and each costs more to trust", evidence="F",
    proof="imposed", below=("growth of trust per worker met before", "step at a change of worker"),
    off={"trust.turnover_weariness": 0.0},
)  # fmt: skip
def new_worker(lives: TeamLives) -> Measure:
    """Trust falls to its prior at a change, and grows slower the more workers one has met.

    Statistic: trust in a co-ordinator begun between weeks 20 and 26 less in the one before, in
    week 20, where that had lasted a year; trust at the end of the year in workers who came in its
    course, less in a world where nobody wearies of new ones, on workers met lately, with how long
    one has known each other held fixed. Passes if both are below zero.
    """
    life, fresh = lives.usual, lives.world("unwearied")
    old = life.has(20, COORDINATOR) & (life.tie("known", 20) > 52)
    new = life.has(26, COORDINATOR) & (life.tie("born", 26) > 20)
    changed = np.logical_and(old.any(axis=1), new.any(axis=1))
    before = np.where(old, life.tie("trust", 20), 0).sum(axis=1)
    after = np.where(new, life.tie("trust", 26), 0).sum(axis=1)
    young = life.has(52, PSYCHIATRIST, COORDINATOR, WORKER) & fresh.has(52)
    young &= (life.tie("born", 52) > 0) & (life.tie("identity", 52) == fresh.tie("identity", 52))
    met = np.broadcast_to(life.ego("workers_met", 52)[:, None], young.shape)
    grown = life.tie("trust", 52) - fresh.tie("trust", 52)
    return {
        "growth of trust per worker met before": slope(
            grown, [met, life.tie("known", 52)], 0, young
        ),
        "step at a change of worker": mean_stat(after - before, changed),
    }


@pattern(
    "P46", "Coercion costs trust, and not only in those who coerced", evidence="F",
    proof="imposed", above=("trust lost in others", "trust lost in the psychiatrist"),
    bands={"others' loss over the psychiatrist's": (0.2, 0.8),
           "loss of trust in services, left after half a year": (0.5, 1.0)},
    off={"trust.coercion_spillover": 0.0},
)  # fmt: skip
def coercion(lives: TeamLives) -> Measure:
    """Detention is remembered, and charged to everyone.

    Statistic: share of trust lost in week 8 among those coerced at a forced onset, beside the same
    people without, less that among the ill who were not coerced; of services at large the share of
    the loss left after 26 weeks. Passes if others lose .2-.8 of what the psychiatrist does and more
    than half is left after half a year.
    """
    ill = lives.struck
    happened = ill.events
    now = happened[(happened["week"] == 8) & (happened["event"] == Event.COERCION)]
    coerced = np.zeros(lives.newly_ill.size, bool)
    coerced[now["ego"]] = True
    coerced &= lives.newly_ill
    direct = _lost_trust(lives, coerced, (PSYCHIATRIST,))
    others = _lost_trust(lives, coerced, (COORDINATOR, WORKER, Group.OUTSIDE))
    left = [
        mean_stat(lives.usual.ego("service_trust", week) - ill.ego("service_trust", week), coerced)
        for week in (8, 34)
    ]
    return {
        "trust lost in others": others,
        "trust lost in the psychiatrist": direct,
        "others' loss over the psychiatrist's": others / direct,
        "loss of trust in services, left after half a year": left[1] / left[0],
    }


def _lost_trust(lives: TeamLives, coerced: np.ndarray, groups: tuple[int, ...]) -> Stat:
    """Share of trust lost in week 8, coerced less not coerced."""
    well, ill = lives.usual, lives.struck
    both = well.has(8, *groups) & ill.has(8, *groups)
    both &= well.tie("identity", 8) == ill.tie("identity", 8)

    def lost(who: np.ndarray) -> Stat:
        there = both & who[:, None]
        return (
            mean_stat(ill.tie("trust", 8), there) / mean_stat(well.tie("trust", 8), there)
        ).times(-1)

    return lost(coerced) - lost(lives.newly_ill & ~coerced)


@pattern(
    "P47", "Psychiatrists must be told, trusted or not", evidence="F", proof="imposed",
    above=("telling per unit of trust, other workers less psychiatrist",
           "told where trust is low, psychiatrist less others"),
    off={"tie.psychiatrist.disclosure_floor": 0.33},
)  # fmt: skip
def no_option(lives: TeamLives) -> Measure:
    """With a psychiatrist there is no option but to disclose.

    Statistic: slope of disclosure per contact on trust times what can be said at all, the latter
    held fixed, and its level where trust is under .3. Passes if the slope is smaller with
    psychiatrists than with other workers and the level higher.
    """
    ties = {
        "psychiatrist": Flows(lives.usual, (PSYCHIATRIST,)),
        "others": Flows(lives.usual, (COORDINATOR, WORKER, Group.OUTSIDE)),
    }
    steep, low = {}, {}
    for name, flow in ties.items():
        met, trust = flow.now("contacted") > 0, flow.before("trust")
        said = _sayable(flow)
        steep[name] = slope(flow.now("disclosed"), [trust * said, said], 0, met)
        low[name] = mean_stat(flow.now("disclosed"), met & (trust < 0.3))
    return {
        "told where trust is low, psychiatrist less others": low["psychiatrist"] - low["others"],
        "telling per unit of trust, other workers less psychiatrist": steep["others"]
        - steep["psychiatrist"],
    }


@pattern(
    "P60", "A worker who is trusted sees it coming", evidence="Q", proof="reserved",
    above=("log offers, most to least trusted",),
)  # fmt: skip
def sees_it_coming(lives: TeamLives) -> Measure:
    """Known workers pick up deterioration early.

    Statistic: weekly chance of an offer of help from a worker of the team in the three weeks from a
    forced onset, by thirds of trust in week 7; the wait is its inverse. Passes if higher in the top
    third than in the lowest. No single rule can be switched off.
    """
    ill, roles = lives.struck, (PSYCHIATRIST, COORDINATOR, WORKER)
    ties = Flows(ill, roles, ((7, 8), (8, 9), (9, 10)), lives.newly_ill)
    held = ill.has(7, *roles)
    third = terciles(ill.tie("trust", 7)[held], np.ones(held.sum(), bool))
    of_ties = np.full(held.shape, -1)
    of_ties[held] = third
    offered, third = ties.now("offered"), ties.spread([of_ties] * 3)
    return {
        "log offers, most to least trusted": log_ratio(
            mean_stat(offered, third == 2), mean_stat(offered, third == 0)
        )
    }


@pattern(
    "P61", "Advice that must be taken costs wellbeing", evidence="Q", proof="imposed",
    below=("wellbeing per directive visit",), off={"wellbeing.directive": 0.0},
    bands={"wellbeing per act of a friend": (0.0, np.inf)},
)  # fmt: skip
def directive(lives: TeamLives) -> Measure:
    """An option is not an order.

    Statistic: wellbeing at the end of a week on directive visits in it and on acts of friends, with
    wellbeing before, severity, and visits by role and in all held fixed. Passes if the first is
    below zero and the second not.
    """
    life = lives.usual
    weeks: list[tuple[np.ndarray, ...]] = []
    for first, then in PAIRS:
        acts = (life.has(then, Group.FRIEND) * life.tie("helped", then)).sum(axis=1)
        seen = [
            (life.has(then, role) & (life.tie("visited", then) > 0)).any(axis=1)
            for role in (PSYCHIATRIST, COORDINATOR, WORKER)
        ]
        kept = life.ego("kept", then) - life.ego("kept", first)
        now = (life.ego("wellbeing", then), life.ego("directive", then), acts,
               life.ego("wellbeing", first), life.ego("severity", then), kept, *seen)  # fmt: skip
        weeks.append(tuple(column[life.alive(then)] for column in now))
    y, *columns = (np.concatenate(part) for part in zip(*weeks, strict=True))
    return {
        "wellbeing per directive visit": slope(y, columns, 0),
        "wellbeing per act of a friend": slope(y, columns, 1),
    }


PATTERNS = (told_to_professionals, promise, limited_role, regular_time, unreliable, new_worker,
            coercion, no_option, sees_it_coming, directive)  # fmt: skip
