"""The course of illness in a usual-care world, beside what cohorts have published (B17-B19)."""

from __future__ import annotations

import numpy as np

from analysis.evidence.course import YEAR, course_of_events
from analysis.evidence.rows import EvidenceRow, rate_row, share_row
from sim.side_by_side import side_by_side
from sim.world.kinds import Event
from sim.world.run import Place, live, run_in
from sim.world.scenario import Scenario, read_scenario
from sim.world.streams import key_of

__all__ = ["illness_course"]

FOLLOWED = 3 * YEAR
STILL_RUNNING = 9999


def _course(scenario: Scenario, key: np.ndarray) -> dict[str, np.ndarray]:
    """Onsets, weeks at risk, times from an index end to the next onset, lengths, of one team."""
    place = Place(1, 1)
    team = run_in(scenario, place, key)
    history = live(scenario, place, team, key, FOLLOWED)
    last, bipolar = history.team.egos, team.egos["bipolar"] > 0
    weeks = course_of_events(history.events, last.size)
    starts, ends = weeks[Event.EPISODE_START], weeks[Event.EPISODE_END]
    ill = np.zeros(last.size)
    gaps, lengths = [], []
    for ego, (mine, over) in enumerate(zip(starts, ends, strict=True)):
        for week in mine:
            stop = over[over >= week]
            until = stop[0] if stop.size else FOLLOWED
            ill[ego] += until - week
            if week < YEAR:
                lengths.append(stop[0] - week if stop.size else STILL_RUNNING)
        if team.egos["acute"][ego] > 0:
            ill[ego] += over[0] if over.size else FOLLOWED
        if bipolar[ego] and over.size and over[0] < YEAR and last["alive"][ego] > 0:
            later = mine[mine > over[0]]
            gaps.append(later[0] - over[0] if later.size else STILL_RUNNING)
    stayed = (last["alive"] > 0) & ~bipolar
    return {
        "onsets": np.array([mine.size for mine in starts])[stayed].sum(),
        "well": (FOLLOWED - ill)[stayed].sum(),
        "gaps": np.array(gaps, np.int64),
        "lengths": np.array(lengths, np.int64),
    }


def illness_course(
    teams: int = 100, *, seed: int = 1, threads: int = 2, of: Scenario | None = None
) -> list[EvidenceRow]:
    """Rows on onset, recurrence and duration.

    Parameters
    ----------
    teams : int
        Whole teams of usual care, each followed for three years.
    seed, threads : int
        Teams are the replicates 0, 1, ... of the seed, lived side by side.
    of : Scenario, optional
        Another world than usual care as shipped.
    """
    scenario = read_scenario("usual-care") if of is None else of
    parts = list(side_by_side(lambda r: _course(scenario, key_of(seed, r)), range(teams), threads))
    onsets, well = sum(p["onsets"] for p in parts), sum(p["well"] for p in parts)
    gaps = np.concatenate([p["gaps"] for p in parts])
    lengths = np.concatenate([p["lengths"] for p in parts])
    free = gaps > YEAR
    again = free & (gaps <= 2 * YEAR)
    rate = float(onsets / well)
    median = float(np.median(lengths))
    spread = 1.2533 * float(np.std(np.log(np.maximum(lengths[lengths < STILL_RUNNING], 1))))
    return [
        rate_row(
            "schizophrenia-like onsets per week well", "B17", (0.0052, 0.0068), rate,
            float(rate / np.sqrt(max(onsets, 1))), int(onsets),
        ),
        share_row(
            "bipolar: next episode within a year", "B18", (0.40, 0.48), int((~free).sum()),
            gaps.size,
        ),
        share_row(
            "bipolar: in year 2 if free in year 1", "B18", (0.15, 0.23), int(again.sum()),
            int(free.sum()),
        ),
        rate_row(
            "median weeks of an episode", "B19", (12, 14), median,
            median * spread / np.sqrt(max(lengths.size, 1)), lengths.size,
        ),
        share_row(
            "episodes over within a year", "B19", (0.75, 1.0), int((lengths <= YEAR).sum()),
            lengths.size,
        ),
    ]  # fmt: skip
