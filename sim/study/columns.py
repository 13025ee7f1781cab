"""What several tables share: numbers of people and teams, arms, dates, interviews broken off."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from sim.study.conditions import is_held, numbers_of
from sim.study.durations import durations
from sim.study.ids import INCUMBENT_BITS, worker_ids
from sim.study.instruments import item_columns
from sim.study.missing import NOT_APPLICABLE
from sim.study.simulated import SimulatedStudy
from sim.study.texts import Texts
from sim.world.arithmetic import f4

__all__ = [
    "Columns",
    "arms_of",
    "broken_off",
    "days_of",
    "interview_dates",
    "item_answers",
    "minutes",
    "pids",
    "placed_on_map",
    "staff_of",
    "teams_of",
    "weekdays",
]

Columns: TypeAlias = dict[str, np.ndarray | Texts]


def pids(study: SimulatedStudy) -> Texts:
    """Id of each participant."""
    return Texts(np.arange(study.n), study.followed.pids)


def arms_of(study: SimulatedStudy) -> Texts:
    """Name of each participant's arm; "" without arms."""
    names = np.array([*study.study.arm_names, ""])
    return Texts(study.sample.arm % names.size, names)


def teams_of(study: SimulatedStudy) -> np.ndarray:
    """Teams numbered through the sites, from 1."""
    before = np.cumsum([0, *study.lived.world.teams_per_site])
    return before[study.sample.site - 1] + study.sample.team


def days_of(study: SimulatedStudy, weeks: np.ndarray, weekday: np.ndarray) -> np.ndarray:
    """Dates of calendar weeks and weekdays (0 is a Monday if the study starts on one)."""
    start = np.datetime64(study.study.recruitment.start, "D")
    return start + (7 * weeks + weekday).astype("timedelta64[D]")


def weekdays(study: SimulatedStudy, wave: int) -> np.ndarray:
    """Weekday of each participant's interview at a wave, 0 to 4."""
    return (study.followed.interview_draws(wave)[:, 1] * f4(5)).astype(np.int64)


def interview_dates(study: SimulatedStudy) -> np.ndarray:
    """Date of each participant's interview at each wave, held or missed, (n, W)."""
    weeks = study.sample.weeks
    of_waves = [days_of(study, weeks[:, w], weekdays(study, w)) for w in range(weeks.shape[1])]
    return np.stack(of_waves, axis=1)


def item_answers(study: SimulatedStudy, person: np.ndarray, wave: np.ndarray) -> Columns:
    """Answers of some interviews, a column for each item."""
    answers = np.ascontiguousarray(study.answers[person, wave].T)
    names = [name for columns in item_columns().values() for name in columns]
    return dict(zip(names, answers, strict=True))


def broken_off(study: SimulatedStudy) -> np.ndarray:
    """Interviews that broke off, (n, W).

    Where that is a condition of the study, the longer an interview the more often.
    """
    asked = (study.study.errors or {}).get("break_off")
    share = study.params[0]["interview_break_off"]
    waves = range(study.sample.weeks.shape[1])
    found = []
    for wave in waves:
        if asked is not None:
            share = f4(asked / numbers_of("break_off")["usual_minutes"]) * minutes(study, wave)
        found.append(study.followed.interview_draws(wave)[:, 3] < share)
    return np.stack(found, axis=1)


def minutes(study: SimulatedStudy, wave: int) -> np.ndarray:
    """How long each participant's interview at a wave takes, or would."""
    u, named = study.followed.interview_draws(wave)[:, 2], study.maps.named[:, wave].sum(axis=1)
    return durations(u, named, study.telephone, study.params)


def placed_on_map(study: SimulatedStudy) -> np.ndarray:
    """Participants whose members get a place on the map, (n,).

    Nobody by telephone does, where that is a condition of the study.
    """
    on_paper = ~study.telephone | (not is_held(study.study, "mode"))
    return on_paper & study.study.map.circles


def staff_of(
    study: SimulatedStudy, person: np.ndarray, post: np.ndarray, incumbent: np.ndarray
) -> Texts:
    """Id of the worker whom each of some ties is to, the same in every ego's map.

    -7 if it is to nobody of the team, "" if the worker came and went between two interviews.
    """
    address = study.sample.address[person].astype(np.int64) >> 12 << 12 | np.maximum(post, 0)
    both = address << INCUMBENT_BITS | np.maximum(incumbent, 0)
    workers, codes = np.unique(both, return_inverse=True)
    first, which = workers >> INCUMBENT_BITS, workers & ((1 << INCUMBENT_BITS) - 1)
    ids = Texts(codes, worker_ids(first, which, study.key))
    return ids.where((post < 0) | (incumbent >= 0), "").where(post >= 0, str(NOT_APPLICABLE))
