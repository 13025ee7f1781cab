"""How each output of `names` is measured on the lives of one team, as sums that add up.

Where a pattern measures the same thing, the output is that pattern's leading contrast, so that the
two cannot come apart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from analysis.patterns.catalogue import choose
from analysis.patterns.lives import (
    FIRST_WEEK_ILL,
    FRIEND,
    INFORMAL,
    KIN,
    PEOPLE,
    PROFESSIONAL,
    Life,
    TeamLives,
)
from analysis.patterns.losses import excess, map_losses
from analysis.patterns.statistics import Stat, mean_stat
from analysis.sensitivity.names import OUTPUTS, known_output

__all__ = ["ON_MAPS", "measure_of"]

ON_MAPS = frozenset({"map_size"})
"""Outputs that count what an interview elicits."""

LONGEST_ILL = 45
AFTER_THE_CUT = slice(27, 53)

Measure = Callable[[TeamLives], Stat]


def measure_of(name: str) -> Measure:
    """The function that measures one output on one team; an `InputError` if there is none."""
    return _MEASURES[known_output(name)]


def _kept(groups: tuple[int, ...]) -> Measure:
    def measure(lives: TeamLives) -> Stat:
        life = lives.usual
        return mean_stat(life.stays(0, 52), life.has(0, *groups) & life.alive()[:, None])

    return measure


def _lead(pattern: str) -> Measure:
    """The leading contrast of a pattern."""

    def measure(lives: TeamLives) -> Stat:
        (one,) = choose([pattern])
        return next(iter(one.measure(lives).values()))

    return measure


def _people(lives: TeamLives) -> Stat:
    return mean_stat(lives.usual.has(52, *PEOPLE).sum(axis=1), lives.usual.alive())


def _map_size(lives: TeamLives) -> Stat:
    return mean_stat(lives.usual.elicited.recorded[:, 0].sum(axis=1))


def _support(lives: TeamLives) -> Stat:
    life = lives.usual
    held = life.total("support", 52, *INFORMAL)
    return mean_stat(held, life.alive())


def _wellbeing(lives: TeamLives) -> Stat:
    return mean_stat(lives.usual.weekly("wellbeing").mean(axis=1), lives.usual.alive())


def _weeks_ill(lives: TeamLives) -> Stat:
    return mean_stat(lives.usual.weekly("acute").sum(axis=1), lives.usual.alive())


def _recovery(lives: TeamLives) -> Stat:
    since = slice(FIRST_WEEK_ILL, FIRST_WEEK_ILL + LONGEST_ILL)
    well = lives.struck.weekly("acute")[:, since] == 0
    weeks = np.where(well.any(axis=1), well.argmax(axis=1), LONGEST_ILL)
    return mean_stat(weeks, lives.newly_ill)


def _contacts(lives: TeamLives) -> Stat:
    life = lives.usual
    kept = life.weekly("kept")  # counted from the beginning
    return mean_stat(kept[:, 52] - kept[:, 0], life.alive() & (life.ego("on_caseload", 0) > 0))


def _unmet(lives: TeamLives) -> Stat:
    return mean_stat(lives.usual.ego("unmet", 52), lives.usual.alive())


def _cut_wellbeing(lives: TeamLives) -> Stat:
    usual, cut = lives.usual, lives.world("cut")
    both = usual.alive() & cut.alive() & (usual.ego("on_caseload", 7) > 0)
    return mean_stat(_late(cut) - _late(usual), both)


def _late(life: Life) -> np.ndarray:
    mean_of: np.ndarray = life.weekly("wellbeing")[:, AFTER_THE_CUT].mean(axis=1)
    return mean_of


_MEASURES: Mapping[str, Measure] = {
    "friend_retention_12m": _kept((FRIEND,)),
    "kin_retention_12m": _kept(KIN),
    "professional_retention_12m": _kept(PROFESSIONAL),
    "friend_map_loss_12m": lambda lives: map_losses(lives.usual, (FRIEND,)),
    "kin_map_loss_12m": lambda lives: map_losses(lives.usual, KIN),
    "people_12m": _people,
    "map_size": _map_size,
    "support": _support,
    "wellbeing": _wellbeing,
    "weeks_ill": _weeks_ill,
    "recovery": _recovery,
    "service_contacts": _contacts,
    "unmet_need": _unmet,
    "episode_friend_excess_loss": lambda lives: excess(lives, (FRIEND,)),
    "episode_kin_excess_loss": lambda lives: excess(lives, KIN),
    "friends_lost_first": _lead("P24"),
    "cutback_contact_ratio": _lead("P42"),
    "cutback_wellbeing": _cut_wellbeing,
    "cutback_thin_support": _lead("P43"),
    "constriction_recovery": _lead("P34"),
}
assert _MEASURES.keys() == OUTPUTS.keys()  # noqa: S101  # an output without a measure
