"""The ways in which services reach people: each switched off, or at the top of its range, alone.

With all of them off no cut changes an episode, a crisis or a day in hospital; at the top, cuts must
be able to harm; as shipped, more contact must not do more than trials of it found (B58).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from analysis.compare.outcomes import has_no_other
from sim.world.kinds import Diagnosis, Line
from sim.world.scenario import Scenario, parse_scenario, read_scenario
from sim.world.state import Team

__all__ = [
    "ALL_OFF",
    "ALL_TOP",
    "FEWEST_VISITS",
    "WAYS",
    "Way",
    "a_third_of_visits",
    "fewest_visits",
    "frequently_admitted",
    "more_contact",
    "only_staff",
    "usual_with",
]  # fmt: skip


class Way(NamedTuple):
    """One way in which services reach people.

    Attributes
    ----------
    off, top : mapping of str to float
        Parameters that switch it off; its effects at the top of their ranges.
    outcome : str
        Its own, of `analysis.compare.outcomes`.
    harm : int
        1 if a cut raises that outcome, -1 if it lowers it.
    """

    off: Mapping[str, float]
    top: Mapping[str, float]
    outcome: str
    harm: int


HELP_OFF = {
    "illness.recovery_support": 0.0, "illness.support_severity": 0.0, "illness.demand_onset": 0.0,
    "illness.demand_severity": 0.0, "illness.recovery_constricting": 0.0,
}  # fmt: skip
"""What being helped does to illness, in lives without services too."""

WAYS: Mapping[str, Way] = {
    "treatment kept going": Way(
        {
            "treatment.ratio": 1.0, "treatment.ratio_bipolar": 1.0, "treatment.stop": 0.0,
            "start.off_treatment": 0.0,
        },
        {
            "treatment.ratio": 6.0, "treatment.ratio_bipolar": 3.0,
            "treatment.stop_overdue": 2.0, "treatment.restart_overdue": 2.0,
            "treatment.stop_trust": 0.27, "treatment.restart_trust": 0.27,
        },
        "episode", 1,
    ),
    "seen early": Way(
        {"early.warning": 0.0},
        {
            "early.act": 0.8, "early.act_overdue": 1.0, "early.averted": 0.5, "early.shorter": 0.5,
            "early.worker": 0.5,
        },
        "episode", 1,
    ),
    "crisis": Way(
        {"crisis.hazard": 0.0, "crisis.hazard_well": 0.0},
        {"crisis.overdue": 0.6, "crisis.well_overdue": 1.0, "crisis.nobody": 10.0},
        "crises", 1,
    ),
    "somebody to count on": Way(
        {"wellbeing.insecurity": 0.0},
        {
            "wellbeing.insecurity": 1.5, "insecurity.half": 2.0, "insecurity.trust_half": 0.05,
        },
        "wellbeing", -1,
    ),
    "taken over by others": Way(
        {"takeover.share": 0.0}, {"takeover.share": 1.0}, "family_load", 1
    ),
}  # fmt: skip

ALL_OFF = {path: value for way in WAYS.values() for path, value in way.off.items()} | HELP_OFF
ALL_TOP = {path: value for way in WAYS.values() for path, value in way.top.items()}

_FEWEST = {
    "psychiatrist": (40, 12, 39, 12, 8), "coordinator": (12, 4, 26, 4, 8),
    "support_worker": (8, 4, 12, 52, 8),
}  # fmt: skip
_OF_VISITS = (
    "interval_weeks", "shortest_weeks", "longest_weeks", "acute_interval_weeks", "capacity",
)  # fmt: skip


def _rare(of_longest: float) -> tuple[dict[str, Any], ...]:
    """Shocks: visits at the edge of their ranges, intervals that share of the longest."""
    return tuple(
        {
            "acts_on": f"service.{line}.{what}", "how": "set", "from_week": 0,
            "value": value * (of_longest if what in ("interval_weeks", "longest_weeks") else 1),
        }
        for line, values in _FEWEST.items()
        for what, value in zip(_OF_VISITS, values, strict=True)
    )  # fmt: skip


FEWEST_VISITS = _rare(1)
"""Shocks: every parameter of visits at the edge of its range; about a quarter of them are left."""

A_THIRD_LEFT = _rare(0.7)
"""The same with intervals that are not quite as long: .35 of visits are left."""


def usual_with(parameters: Mapping[str, float]) -> Scenario:
    """Usual care with other parameters."""
    return read_scenario("usual-care").with_parameters(parameters)


def fewest_visits(parameters: Mapping[str, float]) -> Scenario:
    """Usual care with other parameters, and visits as rare as can be from week 0 on."""
    return _shocked(parameters, "fewest-visits", FEWEST_VISITS)


def a_third_of_visits(parameters: Mapping[str, float]) -> Scenario:
    """Usual care with other parameters, and 65 % fewer visits from week 0 on."""
    return _shocked(parameters, "a-third-of-visits", A_THIRD_LEFT)


def more_contact(parameters: Mapping[str, float]) -> Scenario:
    """Co-ordinators see people half as often again, with staff to do so."""
    changes = (
        ("service.coordinator.interval_weeks", "multiply", 0.4),
        ("service.coordinator.longest_weeks", "multiply", 0.5),
        ("service.coordinator.capacity", "multiply", 1.55),
        ("service.self_ration", "multiply", 0.5),
    )
    return _shocked(
        parameters, "intensive-case-management",
        [
            {"acts_on": path, "how": how, "value": value, "from_week": 0}
            for path, how, value in changes
        ],
    )  # fmt: skip


def _shocked(
    parameters: Mapping[str, float], name: str, shocks: Sequence[Mapping[str, Any]]
) -> Scenario:
    data = usual_with(parameters).resolved()
    return parse_scenario({**data, "id": name, "shock": [dict(shock) for shock in shocks]})


def frequently_admitted(team: Team) -> np.ndarray:
    """People as in UK700 (B58), (E,): psychosis, admitted repeatedly, once lately, co-ordinated."""
    egos = team.egos
    often = egos["past_admissions"] + egos["admissions"] >= 2
    with_coordinator = team.lines["slot"][:, Line.COORDINATOR] >= 0
    psychotic = egos["diagnosis"] != Diagnosis.BIPOLAR
    return psychotic & often & (egos["admissions"] > 0) & with_coordinator


def only_staff(team: Team, few: float) -> np.ndarray:
    """Who is visited by a co-ordinator or support worker and has no other regular person, (E,).

    Parameters
    ----------
    few : float
        `crisis.few`.
    """
    visited = (team.lines["slot"][:, Line.COORDINATOR :] >= 0).any(axis=1)
    return visited & has_no_other(team, few)
