"""Patterns of how services reach people, seen where visits are as rare as their ranges allow."""

from __future__ import annotations

import numpy as np

from analysis.patterns.lives import FRIEND, INFORMAL, Life, TeamLives
from analysis.patterns.protocol import Measure, pattern
from analysis.patterns.statistics import Stat, difference, log_ratio, mean_stat, ratio, slope
from sim.world.kinds import Group, Household

__all__ = ["PATTERNS"]

PARTNER, ADULT_KIN, COORDINATOR = Group.PARTNER, Group.KIN, Group.COORDINATOR
TWO_YEARS, THREE_YEARS = 104, 156
FEW = 2
"""Kin and friends in touch, at most, of who has nobody else."""
AT_HOME = (Household.PARTNER, Household.PARENTS)
LATE_WEEKS = (27, 34, 39, 40, 52)
SPANS = ((0, 13), (13, 26), (26, 39), (39, 52))
UNHURRIED = {
    "treatment.stop_overdue": 0.0, "treatment.restart_overdue": 0.0,
}  # fmt: skip
"""Treatment does not lapse because visits are overdue."""


def _in_care(lives: TeamLives) -> np.ndarray:
    """Who is on the caseload when visits become rare, (n,)."""
    return lives.usual.ego("on_caseload", 0) > 0


@pattern(
    "P65", "A cut takes those off treatment who trust their worker little", evidence="C",
    proof="reserved", below=("taken off treatment per unit of trust",),
    above=("taken off treatment",),
    off={"treatment.stop_trust": 0.0, "treatment.restart_trust": 0.0},
)  # fmt: skip
def off_by_mistrust(lives: TeamLives) -> Measure:
    """Trust keeps people on treatment when visits no longer do.

    Statistic: of people on treatment in week 0 who have a worker, treatment at week 52 in usual
    care less where visits are rare, on trust in the better known worker, with the usual interval of
    visits, having a co-ordinator and severity held fixed; its mean. Passes if the slope is below
    zero and the mean above. Switched off: trust keeps nobody on treatment.
    """
    usual, rare = lives.usual, lives.world("rare")
    trust = usual.ego("worker_trust", 0)
    who = _in_care(lives) & usual.alive() & rare.alive()
    who &= (usual.ego("treated", 0) > 0) & (trust > 0)
    taken = usual.ego("treated", 52) - rare.ego("treated", 52)
    coordinated = np.asarray(usual.has(0, COORDINATOR).any(axis=1))
    columns = [trust, usual.ego("usual_interval", 0), coordinated, usual.ego("severity", 0)]
    return {
        "taken off treatment per unit of trust": slope(taken, columns, 0, who),
        "taken off treatment": mean_stat(taken, who),
    }


@pattern(
    "P66", "More changes of worker go with more days in hospital", evidence="C", proof="reserved",
    above=("days in hospital, changing less unchanging",),
    off={"treatment.stop_trust": 0.0, "treatment.restart_trust": 0.0, "early.worker": 0.0},
)  # fmt: skip
def changed_workers(lives: TeamLives) -> Measure:
    """A new worker is trusted less, and knows one less.

    Statistic: days in hospital over three years of people with a co-ordinator in week 0, where
    co-ordinators are changed .4 times a year beside those who leave, less where they are not.
    Passes if above zero. Switched off: neither is treatment kept by trust, nor do workers notice
    what is coming.
    """
    who = _in_care(lives) & lives.usual.has(0, COORDINATOR).any(axis=1)
    often, never = (lives.later(name, THREE_YEARS).egos for name in ("changing", "unchanging"))
    days, met = (often[name] - never[name] for name in ("hospital_days", "workers_met"))
    return {
        "days in hospital, changing less unchanging": mean_stat(days, who),
        "workers met, changing less unchanging": mean_stat(met, who),
    }


@pattern(
    "P67", "A cut burdens the family one lives with more than one seen now and then",
    evidence="F", proof="reserved",
    above=("load of family, at home less apart", "load of family, at home"),
    off={"takeover.share": 0.0},
)  # fmt: skip
def burdened_at_home(lives: TeamLives) -> Measure:
    """What staff no longer give is asked of who is there.

    Statistic: what partner and adult kin carry, a mean over them, at weeks 39 and 52, where visits
    are rare less usual, of people who live with partner or parents less those who do not. Passes if
    that is above zero, and the first alone. Switched off: nothing is taken over.
    """
    usual, rare = lives.usual, lives.world("rare")
    more = sum(_family_load(rare, week) - _family_load(usual, week) for week in (39, 52)) / 2
    who = _in_care(lives) & usual.alive() & rare.alive()
    home = np.isin(usual.ego("household", 0), AT_HOME)
    return {
        "load of family, at home less apart": difference(more, who & home, who & ~home),
        "load of family, at home": mean_stat(more, who & home),
    }


def _family_load(life: Life, week: int) -> np.ndarray:
    """What partner and adult kin carry on average, (n,); nan without any."""
    number = life.has(week, PARTNER, ADULT_KIN).sum(axis=1)
    found: np.ndarray = life.total("load", week, PARTNER, ADULT_KIN) / np.where(
        number > 0, number, np.nan
    )
    return found


@pattern(
    "P69", "Who has nobody else has more crises under a cut", evidence="F", proof="reserved",
    above=("crises, nobody else less others", "crises, nobody else"),
    off={"crisis.nobody": 1.0, "crisis.alone": 0.0},
)  # fmt: skip
def nobody_else(lives: TeamLives) -> Measure:
    """Where nobody comes and nobody is there.

    Statistic: crises in two years where visits are rare less usual, a person, of those without a
    partner and with at most two adult kin and friends in week 0, less all others. Passes if above
    zero, and the first alone. Switched off: being alone makes no crisis likelier.
    """
    usual = lives.usual
    close = usual.has(0, ADULT_KIN, FRIEND).sum(axis=1)
    nobody = ~usual.has(0, PARTNER).any(axis=1) & (close <= FEW)
    rare, calm = (lives.later(name, TWO_YEARS).egos["crises"] for name in ("rare", "usual"))
    more, who = rare - calm, _in_care(lives)
    return {
        "crises, nobody else less others": difference(more, who & nobody, who & ~nobody),
        "crises, nobody else": mean_stat(more, who & nobody),
    }


@pattern(
    "P70", "Visits that do not come let treatment lapse", evidence="C", proof="imposed",
    below=("on treatment, rare less usual",), off=UNHURRIED,
)  # fmt: skip
def lapses(lives: TeamLives) -> Measure:
    """Treatment is kept going by being seen.

    Statistic: share on treatment after a year where visits are rare, less usual, of people on the
    caseload when that began. Passes if below zero. Switched off: overdue visits neither stop
    treatment nor keep it from being taken up again.
    """
    usual, rare = lives.usual, lives.world("rare")
    who = _in_care(lives) & usual.alive() & rare.alive()
    kept = rare.ego("treated", 52) - usual.ego("treated", 52)
    return {"on treatment, rare less usual": mean_stat(kept, who)}


@pattern(
    "P71", "Off treatment, people fall ill again", evidence="C", proof="imposed",
    above=("log hazard ratio of an episode, off to on treatment",),
    bands={"hazard ratio of an episode, off to on treatment": (2.0, 4.0)},
    off={"treatment.ratio": 1.0, "treatment.ratio_bipolar": 1.0},
)  # fmt: skip
def ill_again(lives: TeamLives) -> Measure:
    """Treatment keeps episodes away.

    Statistic: episodes begun in a quarter among people who are well and whose illness is not
    bipolar, off treatment for half a year over on it. Passes at a ratio of 2 to 4 (Leucht 2012:
    3.2). Switched off: treatment makes no difference.
    """
    life = lives.usual
    begun, of = np.zeros(2), np.zeros(2)
    for first, then in SPANS:
        well = life.alive(then) & (life.ego("acute", first) == 0) & (life.ego("bipolar", 0) == 0)
        treated, weeks_off = life.ego("treated", first) > 0, life.ego("weeks_off", first)
        new = life.ego("episode", then) > life.ego("episode", first)
        for at, who in enumerate((well & ~treated & (weeks_off >= 26), well & treated)):
            begun[at] += (new & who).sum()
            of[at] += who.sum()
    off, on = (ratio(new, number) for new, number in zip(begun, of, strict=True))
    return {
        "log hazard ratio of an episode, off to on treatment": log_ratio(_hazard(off), _hazard(on)),
        "hazard ratio of an episode, off to on treatment": _hazard(off) / _hazard(on),
    }


def _hazard(share: Stat) -> Stat:
    """The cumulative hazard behind a share of people to whom something happened."""
    return share.of(lambda hit: -np.log1p(-hit))


@pattern(
    "P72", "What is seen coming is averted or milder", evidence="C", proof="imposed",
    below=("episodes in two years, usual less unheeded", "weeks ill in the year",
           "days in hospital in two years"),
    off={"early.averted": 0.0, "early.shorter": 1.0, "early.treated": 0.0, "crisis.caught": 1.0},
)  # fmt: skip
def heeded(lives: TeamLives) -> Measure:
    """Somebody notices, and something is done.

    Statistic: episodes begun and days in hospital in two years, and weeks ill in one, a person,
    in usual care less where nothing is done about what is noticed. Passes if all are below zero.
    Switched off: acting averts nothing, shortens nothing, and neither keeps out of crisis nor
    brings back to treatment.
    """
    usual, unheeded = (lives.later(name, TWO_YEARS).egos for name in ("usual", "unheeded"))
    who = _in_care(lives)
    ill = [life.weekly("acute")[:, 1:].sum(axis=1)
           for life in (lives.usual, lives.world("unheeded"))]  # fmt: skip
    return {
        "episodes in two years, usual less unheeded": mean_stat(
            usual["episode"] - unheeded["episode"], who
        ),
        "weeks ill in the year": mean_stat(ill[0] - ill[1], who),
        "days in hospital in two years": mean_stat(
            usual["hospital_days"] - unheeded["hospital_days"], who
        ),
    }


@pattern(
    "P73", "Where nobody comes, need becomes crisis", evidence="C", proof="imposed",
    above=("crises in two years, rare less usual",),
    off={**UNHURRIED, "early.act_overdue": 0.0, "crisis.overdue": 0.0, "crisis.well_overdue": 0.0},
)  # fmt: skip
def becomes_crisis(lives: TeamLives) -> Measure:
    """What is not seen to in time breaks down.

    Statistic: crises in two years where visits are rare less usual, a person on the caseload when
    that began; days in hospital beside it. Passes if above zero. Switched off: overdue visits stop
    no treatment, hinder no action, and make no crisis likelier.
    """
    rare, usual = (lives.later(name, TWO_YEARS).egos for name in ("rare", "usual"))
    who = _in_care(lives)
    return {
        "crises in two years, rare less usual": mean_stat(rare["crises"] - usual["crises"], who),
        "days in hospital in two years, rare less usual": mean_stat(
            rare["hospital_days"] - usual["hospital_days"], who
        ),
    }


@pattern(
    "P74", "Having nobody to count on is felt as such", evidence="F", proof="imposed",
    below=("wellbeing lost per unit of insecurity", "wellbeing, rare less usual"),
    above=("insecurity, rare less usual",), off={"wellbeing.insecurity": 0.0},
)  # fmt: skip
def insecure(lives: TeamLives) -> Measure:
    """What may not come is felt before it is missed.

    Statistic: changes from usual care to where visits are rare, means over the second half of the
    year: of insecurity, of wellbeing, and the slope of the latter on the former with the five
    functions of help, help received, severity, guilt and ties lately ended held fixed. Passes if
    insecurity rises, wellbeing falls, and the slope is below zero. Switched off: insecurity does
    not hurt.
    """
    usual, rare = lives.usual, lives.world("rare")
    who = _in_care(lives) & usual.alive() & rare.alive()
    names = ("wellbeing", "insecurity", "emotional", "practical", "illness", "advocacy",
             "distraction", "understood", "severity", "guilt", "churn")  # fmt: skip
    wellbeing, insecurity, *others = (
        np.sum([rare.ego(name, w) - usual.ego(name, w) for w in LATE_WEEKS], axis=0)
        / len(LATE_WEEKS)
        for name in names
    )
    return {
        "wellbeing lost per unit of insecurity": slope(wellbeing, [insecurity, *others], 0, who),
        "wellbeing, rare less usual": mean_stat(wellbeing, who),
        "insecurity, rare less usual": mean_stat(insecurity, who),
    }


@pattern(
    "P75", "What staff no longer give is asked of those around one", evidence="F",
    proof="emergent", above=("log asks of lay people, rare to usual",),
)  # fmt: skip
def taken_over(lives: TeamLives) -> Measure:
    """Help has to come from somewhere.

    Statistic: partner, kin and friends asked in a week, where visits are rare over usual, in weeks
    of the second half of the year, of people who have been in an episode that year in neither (who
    falls ill asks more, and more do). Passes if the logarithm is above zero. No single rule can be
    switched off: a share of what staff gave is asked of others (`takeover.share`), and who is asked
    is the best of those met, of whom staff are one less.
    """
    usual, rare = lives.usual, lives.world("rare")
    who = _in_care(lives) & usual.alive() & rare.alive()
    for life in (usual, rare):
        who &= ~(life.weekly("acute") > 0).any(axis=1)
    asked = (
        np.sum([life.total("asked", week, *INFORMAL[:-1]) for week in LATE_WEEKS], axis=0)
        for life in (rare, usual)
    )
    return {"log asks of lay people, rare to usual": log_ratio(*(mean_stat(x, who) for x in asked))}


PATTERNS = (off_by_mistrust, changed_workers, burdened_at_home, nobody_else, lapses, ill_again,
            heeded, becomes_crisis, insecure, taken_over)  # fmt: skip
