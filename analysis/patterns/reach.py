"""Patterns of how services reach people, seen where visits are as rare as their ranges allow."""

from __future__ import annotations

import numpy as np

from analysis.patterns.lives import FRIEND, Life, TeamLives
from analysis.patterns.protocol import Measure, pattern
from analysis.patterns.statistics import difference, mean_stat, slope
from sim.world.kinds import Group, Household

__all__ = ["PATTERNS"]

PARTNER, ADULT_KIN, COORDINATOR = Group.PARTNER, Group.KIN, Group.COORDINATOR
TWO_YEARS, THREE_YEARS = 104, 156
FEW = 2
"""Kin and friends in touch, at most, of who has nobody else."""
AT_HOME = (Household.PARTNER, Household.PARENTS)


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
    columns = [trust, usual.ego("usual_interval", 0), usual.has(0, COORDINATOR).any(axis=1)]
    columns += [usual.ego("severity", 0)]
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


PATTERNS = (off_by_mistrust, changed_workers, burdened_at_home, nobody_else)
