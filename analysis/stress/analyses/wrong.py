"""Analyses that are wrong on purpose: each makes one mistake that is made in print."""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.stress.analyses.parts import (
    TermAnswer,
    arms_answer,
    at_last,
    by_wave,
    kept_answer,
    last_of,
    mapped_before,
    mean_answer,
    on_last_map,
    ratio_answer,
    stands_later,
    t_answer,
    team_of_rows,
)

__all__ = [
    "apparent_turnover", "arms_of_completers", "closed_cases_kept", "codes_as_scores",
    "completers", "lowest_half", "people_alone", "professionals_alone", "rows_as_members",
    "things_as_friends", "ties_alone",
]  # fmt: skip


def ties_alone(study: Any) -> TermAnswer:
    """The share of professionals who are kept, by a z interval: as if ties shared nothing."""
    first = mapped_before(study, "professional")
    share, ties = stands_later(study, first).mean(), len(first)
    return t_answer(share, float(np.sqrt(share * (1 - share) / ties)), np.inf)


def professionals_alone(study: Any) -> TermAnswer:
    """The share of professionals who are kept, as if no two people had one worker."""
    return kept_answer(study, "professional")


def people_alone(study: Any) -> TermAnswer:
    """Mean wellbeing, as if people of one team were no more alike than others."""
    return mean_answer(by_wave(study, "swemwbs")[last_of(study)].dropna())


def completers(study: Any) -> TermAnswer:
    """Mean wellbeing of those who were there to the end, taken for that of all."""
    y = by_wave(study, "swemwbs").dropna()
    return ratio_answer(y[last_of(study)], y.team)


def arms_of_completers(study: Any) -> TermAnswer:
    """Difference between the arms among those who were there to the end."""
    y = by_wave(study, "swemwbs").dropna()
    return arms_answer(y, y[last_of(study)])


def apparent_turnover(study: Any) -> TermAnswer:
    """Who is not named again is gone: the share of ties kept, of maps that forget people."""
    return kept_answer(study, "friend")


def closed_cases_kept(study: Any) -> TermAnswer:
    """A professional is kept as long as anybody still has them: closed cases count as ties."""
    first = mapped_before(study, "professional")
    at_work = at_last(study, study.alters).staff_id.dropna()
    kept = np.maximum(stands_later(study, first), first.staff_id.isin(at_work))
    return ratio_answer(kept, first.ego_pid)


def rows_as_members(study: Any) -> TermAnswer:
    """Mean size of the last map by its rows, so that who was entered twice counts twice."""
    return ratio_answer(*on_last_map(study, study.alters))


def codes_as_scores(study: Any) -> TermAnswer:
    """Mean wellbeing of all that stands in the column: -9 and 99 are scores to it."""
    last = at_last(study, study.egos).dropna(subset="swemwbs")
    return ratio_answer(last.swemwbs, team_of_rows(study, last))


def things_as_friends(study: Any) -> TermAnswer:
    """Mean number of friends by the class that was ticked, pets and places among them."""
    return ratio_answer(*on_last_map(study, study.alters[study.alters.tie_class == "friend"]))


def lowest_half(study: Any) -> TermAnswer:
    """Change of those who began in the lower half, taken for that of all: they regress upward."""
    y = by_wave(study, "swemwbs")
    low = y[y[1] < y[1].median()]
    return mean_answer((low[last_of(study)] - low[1]).dropna())
