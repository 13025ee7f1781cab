"""Treatment, crises and hospital in usual care, beside what has been published (B50-B60, L1, L2)."""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.evidence.rows import EvidenceRow, rate_row, ratio_of_means, share_row
from sim.side_by_side import side_by_side
from sim.world.kinds import Diagnosis, Event
from sim.world.run import Place, live, run_in
from sim.world.scenario import Scenario, read_scenario
from sim.world.streams import key_of

__all__ = ["care_rows", "lives_in_care"]

YEAR, HALF_YEAR = 52, 26
FOLLOWED = 3 * YEAR
"""A year in which things happen, and two more in which what follows from them is seen."""


def _weeks(events: np.ndarray, event: Event, n: int) -> list[np.ndarray]:
    """Weeks of an event, in order, by ego."""
    rows = events[events["event"] == event]
    order = np.lexsort((rows["week"], rows["ego"]))
    return np.split(rows["week"][order], np.searchsorted(rows["ego"][order], np.arange(1, n)))


def _weeks_ill(acute: bool, began: np.ndarray, over: np.ndarray) -> int:
    """Weeks of the first year in an episode."""
    since, ill = (0, 0) if acute else (-1, 0)
    for week, starts in sorted([(w, True) for w in began] + [(w, False) for w in over]):
        if starts and since < 0:
            since = week
        elif not starts and since >= 0:
            ill += max(min(week, YEAR) - min(since, YEAR), 0)
            since = -1
    return ill + (max(YEAR - since, 0) if since >= 0 else 0)


def _again(crises: np.ndarray, left: np.ndarray) -> list[bool]:
    """Of each time acute care ended in the first year: whether a crisis came within half a year."""
    found = []
    for number, week in enumerate(crises):
        ends = week
        until = crises[number + 1] if number + 1 < crises.size else FOLLOWED
        stay = left[(left >= week) & (left <= until)]
        ends = stay[0] if stay.size else week
        if ends < YEAR:
            found.append(bool(((crises > max(ends, week)) & (crises <= ends + HALF_YEAR)).any()))
    return found


def _one_team(scenario: Scenario, key: np.ndarray) -> dict[str, Any]:
    place = Place(1, 1)
    team = run_in(scenario, place, key)
    first = team.egos
    year = live(scenario, place, team, key, YEAR)
    rest = live(scenario, place, year.team, key, FOLLOWED)
    events = np.concatenate([year.events, rest.events])
    n = first.size
    of = {event: _weeks(events, event, n) for event in Event}
    here = (first["on_caseload"] > 0) & (year.team.egos["alive"] > 0)
    days = year.team.egos["hospital_days"] - first["hospital_days"]
    ill = np.array(
        [
            _weeks_ill(first["acute"][e] > 0, of[Event.EPISODE_START][e], of[Event.EPISODE_END][e])
            for e in range(n)
        ]
    )
    off_at_onset, onsets = 0, 0
    for e in range(n):
        stops, starts = of[Event.TREATMENT_STOP][e], of[Event.TREATMENT_RESTART][e]
        for week in of[Event.EPISODE_START][e]:
            turned = (stops < week).sum() - (starts < week).sum()
            off_at_onset += (first["treated"][e] > 0) - turned <= 0
            onsets += 1
    again = [
        one
        for e in range(n)
        for one in _again(of[Event.CRISIS][e], of[Event.DISCHARGE_HOSPITAL][e])
    ]
    back, in_crisis = [], 0
    for e in range(n):
        for week in of[Event.DISCHARGE][e]:
            if week < YEAR and rest.team.egos["alive"][e] > 0:
                later = of[Event.REFERRAL][e][of[Event.REFERRAL][e] > week]
                gap = later[0] - week if later.size else 9999
                back.append(gap)
                in_crisis += gap <= 2 * YEAR and bool(
                    (of[Event.CRISIS][e] == later[0]).any()
                    or (of[Event.CRISIS][e] == later[0] - 1).any()
                )
    episodes = sum(((w < YEAR).sum()) for w in of[Event.EPISODE_START])
    by = {}
    for name, who in (
        ("bipolar", first["diagnosis"] == Diagnosis.BIPOLAR),
        ("schizophrenia", first["diagnosis"] == Diagnosis.SCHIZOPHRENIA),
    ):
        by[name] = (ill[who & here].sum(), (who & here).sum() * YEAR)
    return {
        "here": here.sum(),
        "days": days[here],
        "treated": (first["treated"][here] > 0).sum(),
        "treated_late": (rest.team.egos["treated"][rest.team.egos["alive"] > 0] > 0).mean(),
        "on_late": (rest.team.egos["on_caseload"][rest.team.egos["alive"] > 0] > 0).mean(),
        "on_first": (first["on_caseload"] > 0).mean(),
        "onsets": onsets,
        "off": off_at_onset,
        "again": again,
        "back": back,
        "in_crisis": in_crisis,
        "episodes": episodes,
        "admissions": sum((w < YEAR).sum() for w in of[Event.ADMISSION]),
        "crises": sum((w < YEAR).sum() for w in of[Event.CRISIS]),
        "by": by,
        "acute": [
            (first["acute"] > 0).mean(),
            (year.team.egos["acute"] > 0).mean(),
            (rest.team.egos["acute"] > 0).mean(),
        ],
    }


def lives_in_care(scenario, teams=40, *, seed=1, threads=2):
    return list(side_by_side(lambda r: _one_team(scenario, key_of(seed, r)), range(teams), threads))
