"""What every phase shares: the bundle of arrays, and where parameters lie."""

from typing import NamedTuple

import numpy as np

from sim.world.kinds import Group
from sim.world.parameters import catalogue

NEVER = -9999
"""The week of what has not happened."""


class Arrays(NamedTuple):
    """A team as the phases see it; see `sim.world.state` for the columns."""

    egos: np.ndarray
    lines: np.ndarray
    posts: np.ndarray
    ties: np.ndarray
    raw: np.ndarray  # (E, S/8, columns, 8) float32: the same memory, to wipe a slot
    diary: np.ndarray
    ledger: np.ndarray
    params: np.ndarray  # (K,) parameter records, one per profile
    flat: np.ndarray  # (K, n) the same numbers as a table
    ego_profile: np.ndarray  # (E,) profile of each ego
    post_profile: np.ndarray  # (P,) profile of each post
    draws: np.ndarray  # (E/8,) state.DRAWS, scratch
    events: np.ndarray  # (N,) state.EVENT
    counts: np.ndarray  # (2,) int64: events written, slots overflowed


class Lives(NamedTuple):
    """The part of a team that an ego's own week needs; small, because it is passed often."""

    egos: np.ndarray
    ties: np.ndarray
    params: np.ndarray
    ego_profile: np.ndarray
    draws: np.ndarray


N_EVENTS, OVERFLOW = 0, 1

# Columns of the parameter table that hold one value per group or per line of service.
_first = next(iter(Group)).name.lower()


def _of_groups(quantity: str) -> int:
    """Column of the first group's value of a tie parameter; the other groups follow it."""
    return catalogue()[f"tie.{_first}.{quantity}"].index


CONTACT_RATE_OF, END_RATE_OF = _of_groups("contact_rate"), _of_groups("end_rate")
STRENGTH_SLOPE_OF, EPISODE_EFFECT_OF = _of_groups("strength_slope"), _of_groups("episode_effect")
UPKEEP_OF, OBLIGATION_OF = _of_groups("upkeep"), _of_groups("obligation")
WITHDRAWAL_OF, ASK_RATE_OF = _of_groups("withdrawal"), _of_groups("ask_rate")
OFFER_RATE_OF, PRESENCE_OF = _of_groups("offer_rate"), _of_groups("presence")
RECIPROCITY_OF, DORMANCY_RATE_OF = _of_groups("reciprocity"), _of_groups("dormancy_rate")
FLOOR_OF, GUILT_WEIGHT_OF = _of_groups("disclosure_floor"), _of_groups("guilt_weight")
DELAY_OF, FIRST_TRUST_OF = _of_groups("disclosure_delay"), _of_groups("first_trust")
TRUST_GAIN_OF, UNDERSTANDING_OF = _of_groups("trust_gain"), _of_groups("understanding")
AFFECTION_OF, DEMAND_OF = _of_groups("affection"), _of_groups("demand")
EXPECTATION_SPEED_OF = _of_groups("expectation_speed")
IMPORTANCE_WEIGHT_OF = _of_groups("importance_weight")
FIRST_ANTICIPATED_OF, CONFIDENCE_OF = _of_groups("first_anticipated"), _of_groups("confidence")
USUAL_TRUST_OF, USUAL_SUPPORT_OF = _of_groups("usual_trust"), _of_groups("usual_support")
USUAL_CONTACT_OF = _of_groups("usual_contact")
DORMANT_SHARE_OF = _of_groups("dormant_share")
FORMATION_OF, LATENT_MEAN_OF = _of_groups("formation"), _of_groups("latent_mean")
SET_POINT_LOG_SD_OF = _of_groups("set_point_log_sd")
SOCIABILITY_LOADING_OF = _of_groups("sociability_loading")
EMOTIONAL_OF, PRACTICAL_OF = _of_groups("gives_emotional"), _of_groups("gives_practical")
ILLNESS_OF, ADVOCACY_OF = _of_groups("gives_illness"), _of_groups("gives_advocacy")
DISTRACTION_OF = _of_groups("gives_distraction")

_LINES = ("psychiatrist", "coordinator", "support_worker")


def _of_lines(quantity: str) -> tuple[int, int, int]:
    """Columns of a service parameter for the three lines."""
    a, b, c = (catalogue()[f"service.{line}.{quantity}"].index for line in _LINES)
    return a, b, c


INTERVAL_OF, INTERVAL_SLOPE_OF = _of_lines("interval_weeks"), _of_lines("interval_slope")
SHORTEST_OF, LONGEST_OF = _of_lines("shortest_weeks"), _of_lines("longest_weeks")
ACUTE_INTERVAL_OF, CAPACITY_OF = _of_lines("acute_interval_weeks"), _of_lines("capacity")
UNITS_OF, DIRECTIVE_OF = _of_lines("units"), _of_lines("directive_share")
FILL_OF = _of_lines("diary_fill")
