"""What happened to everybody of a team in three years, and what it adds up to.

Things happen in the first year; what follows from them is seen in the two after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from sim.world.kinds import Event
from sim.world.run import Place, live, run_in
from sim.world.scenario import Scenario
from sim.world.state import Team
from sim.world.streams import key_of

__all__ = [
    "NEVER_AGAIN", "YEAR", "TeamCourse", "back_in_acute_care", "course_of_events", "off_at_onset",
    "three_years_of", "weeks_away", "weeks_ill",
]  # fmt: skip

YEAR, HALF_YEAR = 52, 26
FOLLOWED = 3 * YEAR
NEVER_AGAIN = 9999

_ASKED = (
    Event.EPISODE_START, Event.EPISODE_END, Event.TREATMENT_STOP, Event.TREATMENT_RESTART,
    Event.CRISIS, Event.DISCHARGE_HOSPITAL, Event.DISCHARGE, Event.REFERRAL,
)  # fmt: skip


class TeamCourse(NamedTuple):
    """A team at week 0, after one year and after two, and the weeks of events of each ego.

    Attributes
    ----------
    first, year, late : Team
    of : mapping of int to list of ndarray
        By event, for each ego the weeks in which it happened, rising.
    """

    first: Team
    year: Team
    late: Team
    of: Mapping[int, list[np.ndarray]]

    def weeks(self, event: Event, ego: int) -> np.ndarray:
        """The weeks in which an event happened to an ego, rising."""
        return self.of[event][ego]


def three_years_of(scenario: Scenario, replicate: int, *, seed: int) -> TeamCourse:
    """Live one whole team for three years after its run-in."""
    place, key = Place(1, 1), key_of(seed, replicate)
    first = run_in(scenario, place, key)
    year = live(scenario, place, first, key, YEAR)
    late = live(scenario, place, year.team, key, 2 * YEAR)
    rest = live(scenario, place, late.team, key, FOLLOWED)
    events = np.concatenate([part.events for part in (year, late, rest)])
    return TeamCourse(first, year.team, late.team, course_of_events(events, first.egos.size))


def course_of_events(events: np.ndarray, egos: int) -> dict[int, list[np.ndarray]]:
    """Weeks of each event that is asked about, by ego.

    Parameters
    ----------
    events : ndarray of state.EVENT
    egos : int
        How many egos there are.
    """
    return {int(one): _by_ego(events[events["event"] == one], egos) for one in _ASKED}


def _by_ego(rows: np.ndarray, egos: int) -> list[np.ndarray]:
    order = np.lexsort((rows["week"], rows["ego"]))
    return np.split(rows["week"][order], np.searchsorted(rows["ego"][order], np.arange(1, egos)))


def weeks_ill(course: TeamCourse, ego: int) -> int:
    """Weeks of the first year that an ego who lives through it spends in an episode."""
    began, over = (course.weeks(e, ego) for e in (Event.EPISODE_START, Event.EPISODE_END))
    starts = np.concatenate([[0], began]) if course.first.egos["acute"][ego] > 0 else began
    ends = np.concatenate([over, [FOLLOWED]])[: starts.size]
    return int(np.maximum(np.minimum(ends, YEAR) - np.minimum(starts, YEAR), 0).sum())


def off_at_onset(course: TeamCourse) -> tuple[int, int]:
    """Of episodes that began in three years, those that began off treatment; and all of them."""
    off, onsets = 0, 0
    for ego, treated in enumerate(course.first.egos["treated"]):
        stops, restarts = (
            course.weeks(e, ego) for e in (Event.TREATMENT_STOP, Event.TREATMENT_RESTART)
        )
        for week in course.weeks(Event.EPISODE_START, ego):
            off += treated + (restarts < week).sum() - (stops < week).sum() <= 0
            onsets += 1
    return off, onsets


def back_in_acute_care(course: TeamCourse) -> tuple[int, int]:
    """Of times that acute care ended in the first year, those after which a crisis came soon.

    Soon is within half a year. A crisis that leads to no stay in hospital is over in its own week.

    Returns
    -------
    back, ended : int
    """
    back, ended = 0, 0
    for ego in range(course.first.egos.size):
        crises, left = (course.weeks(e, ego) for e in (Event.CRISIS, Event.DISCHARGE_HOSPITAL))
        following_ones = np.append(crises[1:], FOLLOWED)[: crises.size]
        for week, following in zip(crises, following_ones, strict=True):
            stay = left[(left >= week) & (left <= following)]
            over = stay[0] if stay.size else week
            if over < YEAR:
                ended += 1
                back += over < following <= over + HALF_YEAR
    return back, ended


def weeks_away(course: TeamCourse) -> list[float]:
    """Weeks from each discharge in the first year to the referral back; `NEVER_AGAIN` for none.

    Of those who lived through the second year.
    """
    found = []
    for ego, alive in enumerate(course.late.egos["alive"]):
        back = course.weeks(Event.REFERRAL, ego)
        for week in course.weeks(Event.DISCHARGE, ego):
            if week < YEAR and alive > 0:
                later = back[back > week]
                found.append(float(later[0] - week) if later.size else NEVER_AGAIN)
    return found
