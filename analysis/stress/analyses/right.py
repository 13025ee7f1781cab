"""Analyses that are right for what they say they estimate, where their assumptions hold."""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.estimators.ancova import ancova
from analysis.stress.analyses.parts import (
    TermAnswer,
    arms_answer,
    at_last,
    by_wave,
    fits_answer,
    kept_answer,
    last_of,
    mapped_before,
    mean_answer,
    on_last_map,
    ratio_answer,
    stands_later,
    team_of_rows,
)

__all__ = [
    "arms_adjusted", "arms_by_teams", "arms_compared", "change_of_people", "friends_named",
    "kept_by_people", "kept_by_teams", "members_named", "scores_in_range",
]  # fmt: skip

RANGE = (7, 35)
"""Of SWEMWBS."""
FRIENDS = ("friend", "neighbour", "peer", "online", "acquaintance")
"""Kinds of ties that make a friend, whatever class was ticked."""


def scores_in_range(study: Any) -> TermAnswer:
    """Mean wellbeing at the last wave; what is no possible score is missing."""
    last = at_last(study, study.egos[study.egos.swemwbs.between(*RANGE)])
    return ratio_answer(last.swemwbs, team_of_rows(study, last))


def change_of_people(study: Any, scale: str = "swemwbs") -> TermAnswer:
    """Mean change of wellbeing, or of another score, within people."""
    y = by_wave(study, scale)
    return mean_answer((y[last_of(study)] - y[1]).dropna())


def arms_compared(study: Any) -> TermAnswer:
    """Difference in wellbeing between the arms at the last wave, by Welch's test."""
    y = by_wave(study, "swemwbs")
    return arms_answer(y, y[last_of(study)])


def arms_adjusted(study: Any, scale: str = "swemwbs") -> TermAnswer:
    """The same, or of another score, with the first score as a covariate."""
    y = by_wave(study, scale).dropna(subset=[1])
    last, first = (y[wave].to_numpy()[None] for wave in (last_of(study), 1))
    is_first = np.asarray(y.arm == min(y.arm), np.float64)
    return fits_answer(ancova(last, is_first, first))


def arms_by_teams(study: Any) -> TermAnswer:
    """Difference in trust in staff, whole teams being what was allocated: of their means."""
    y = by_wave(study, "hccq").dropna(subset=[last_of(study)])
    means = y.groupby(["site", "team", "arm"])[last_of(study)].mean().reset_index("arm")
    return arms_answer(means, means[last_of(study)])


def kept_by_people(study: Any, tie_class: str = "friend") -> TermAnswer:
    """The share of friends of the first map who are on the last, people being the clusters."""
    return kept_answer(study, tie_class)


def kept_by_teams(study: Any) -> TermAnswer:
    """The share of professionals who are kept; whole teams lose a worker, and are the clusters."""
    first = mapped_before(study, "professional")
    return ratio_answer(stands_later(study, first), team_of_rows(study, first))


def members_named(study: Any) -> TermAnswer:
    """Mean size of the last map, everybody on it once."""
    once = study.alters.drop_duplicates(["egoID", "alter_id"])
    return ratio_answer(*on_last_map(study, once))


def friends_named(study: Any) -> TermAnswer:
    """Mean number of friends on the last map, by the kind of tie and not the class."""
    once = study.alters.drop_duplicates(["egoID", "alter_id"])
    return ratio_answer(*on_last_map(study, once[once.tie_kind.isin(FRIENDS)]))
