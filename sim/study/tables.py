"""What the study saw, as the columns of the bundle's tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.study.alter_tables import aaties, alters
from sim.study.columns import (
    Columns,
    arms_of,
    broken_off,
    days_of,
    interview_draws,
    pids,
    staff_of,
    teams_of,
    weekdays,
)
from sim.study.flow import flow
from sim.study.interpreters import NOT_APPLICABLE
from sim.study.participate import REASONS
from sim.study.settings import SCORES
from sim.world.arithmetic import exponential, f4, logarithm
from sim.world.kinds import Diagnosis, Group
from sim.world.state import WEEKLY_COLUMNS

if TYPE_CHECKING:
    from sim.study.simulate import SimulatedStudy

__all__ = ["study_tables"]

NOT_ASKED = -6
HALF_YEAR = 26
RECRUITED_DAYS = 21  # people consent up to three weeks before their first interview


def study_tables(study: SimulatedStudy) -> dict[str, Columns]:
    """The six tables; dtypes as `sim.data.tables.build` takes them."""
    interviews = np.argwhere(study.visits.attended)
    return {
        "persons": _persons(study),
        "egos": _egos(study, interviews),
        "alters": alters(study),
        "aaties": aaties(study),
        "attrition": _attrition(study),
        "flow": flow(study),
    }


def _age(study: SimulatedStudy, wave: int) -> np.ndarray:
    years = study.sample.weeks[:, wave] // 52
    return (study.sample.egos["age"][:, wave] + years).astype(np.int32)


def _weight(study: SimulatedStudy) -> np.ndarray:
    """People of a site's frame for each participant of it, scaled to a mean of 1."""
    site = study.sample.site
    taken = np.bincount(site, minlength=len(study.lived.world.teams_per_site) + 1)
    frame = np.array([0, *study.lived.world.teams_per_site]) * study.lived.world.caseload
    raw = frame[site] / np.maximum(taken[site], 1)
    return raw * (site.size / frame[np.unique(site)].sum()) if site.size else raw


def _persons(study: SimulatedStudy) -> Columns:
    first, base = study.sample.egos[:, 0], study.sample.members[:, 0]
    active = base["active"] > 0
    days = (interview_draws(study, 0)[:, 0] * f4(RECRUITED_DAYS)).astype("timedelta64[D]")
    return {
        "ego_pid": pids(study),
        "ego_num": np.arange(1, study.n + 1),
        "site": study.sample.site,
        "team": teams_of(study),
        "arm": arms_of(study),
        "sex": np.where(first["male"] == 1, "male", "female"),
        "age_baseline": _age(study, 0),
        "ethnicity": np.where(first["non_white"] == 1, "non_white", "white"),
        "diagnosis": np.array([d.name.lower() for d in Diagnosis])[first["diagnosis"]],
        "has_partner": (active & (base["group"] == Group.PARTNER)).any(axis=1).astype(np.int32),
        "care_coordinator_id": _coordinators(study, active & (base["group"] == Group.COORDINATOR)),
        "recruit_date": days_of(study, study.sample.weeks[:, 0], weekdays(study, 0)) - days,
        "weight": _weight(study),
    }


def _coordinators(study: SimulatedStudy, theirs: np.ndarray) -> np.ndarray:
    found = np.full(study.n, NOT_APPLICABLE, np.int64)
    for i, s in np.argwhere(theirs):
        tie = study.sample.members[i, 0, s]
        found[i] = staff_of(study, i, tie)
    return found


def _egos(study: SimulatedStudy, at: np.ndarray) -> Columns:
    i, k = at[:, 0], at[:, 1]
    waves = range(study.sample.weeks.shape[1])
    dates = np.stack(
        [days_of(study, study.sample.weeks[:, w], weekdays(study, w)) for w in waves], axis=1
    )
    months = np.array([round(week * 12 / 52) for week in study.study.waves.weeks])
    broken = broken_off(study)
    scores = {
        {"symptoms": "symptom_score", "loneliness": "loneliness_score"}.get(name, name): (
            study.scores[i, k, s].astype(np.float64)
        )
        for s, name in enumerate(SCORES)
    }
    scores["hccq"] = np.where(np.isnan(scores["hccq"]), NOT_ASKED, scores["hccq"])
    crisis, admitted = _since_last(study)
    return {
        "egoID": (i + 1) * 100 + k + 1,
        "ego_pid": pids(study)[i],
        "wave": k + 1,
        "month_target": months[k],
        "interview_date": dates[i, k],
        "interview_mode": np.where(study.telephone, "telephone", "face_to_face")[i],
        "interviewer_id": np.ones(i.size, np.int32),
        "interview_status": np.where(broken[i, k], "partial", "complete"),
        "duration_min": np.stack([_duration(study, w) for w in waves], axis=1)[i, k],
        "n_alters": study.maps.recorded.sum(axis=2)[i, k],
        "n_named_total": study.maps.named.sum(axis=2)[i, k],
        "crisis_since_last": crisis[i, k],
        "admitted_since_last": admitted[i, k],
        **scores,
        "service_contacts_6m": _contacts(study)[i, k],
        "ego_sex": np.where(study.sample.egos["male"][i, 0] == 1, "male", "female"),
        "ego_age": np.stack([_age(study, w) for w in waves], axis=1)[i, k],
        "site": study.sample.site[i],
        "team": teams_of(study)[i],
        "arm": arms_of(study)[i],
        "weight": _weight(study)[i],
    }


def _duration(study: SimulatedStudy, wave: int) -> np.ndarray:
    """Minutes: most interviews use nearly the whole time there is."""
    p = study.params[0]
    minutes = []
    for u, phone in zip(interview_draws(study, wave)[:, 2], study.telephone, strict=True):
        power = exponential(logarithm(u) / p["interview_duration_shape"])
        length = (
            p["interview_shortest"] + (p["interview_longest"] - p["interview_shortest"]) * power
        )
        minutes.append(int(length * p["interview_telephone_duration"] if phone else length))
    return np.maximum(np.array(minutes, np.int32), int(p["interview_shortest"]))


def _since_last(study: SimulatedStudy) -> tuple[np.ndarray, np.ndarray]:
    """Whether an episode began, and an admission took place, since the last interview, (n, W) each.

    At the first, in the past half year; the admission then is one of an episode begun in it.
    """
    egos = study.sample.egos
    n, waves = egos.shape
    crisis, admitted = np.zeros((n, waves), np.int32), np.zeros((n, waves), np.int32)
    lately = egos["weeks_since_onset"][:, 0] < HALF_YEAR
    crisis[:, 0] = lately
    admitted[:, 0] = lately & (egos["admissions"][:, 0] > 0)
    last = np.zeros(n, int)
    rows = np.arange(n)
    for wave in range(1, waves):
        crisis[:, wave] = egos["episode"][:, wave] > egos["episode"][rows, last]
        admitted[:, wave] = egos["admissions"][:, wave] > egos["admissions"][rows, last]
        last[study.visits.attended[:, wave]] = wave
    return crisis, admitted


def _contacts(study: SimulatedStudy) -> np.ndarray:
    """Service contacts kept in the past 26 weeks, (n, W).

    Before week 26 of the study, 26 weeks' worth of the rate since the run-in began.
    """
    sample = study.sample
    runin = study.lived.world.runin_weeks
    found = np.zeros(sample.weeks.shape, np.int32)
    column = WEEKLY_COLUMNS.index("kept")
    for i in range(study.n):
        kept = sample.histories[sample.home[i]].weekly[sample.row[i], :, column]
        for wave, week in enumerate(sample.weeks[i].tolist()):
            if week >= HALF_YEAR:
                found[i, wave] = int(kept[week] - kept[week - HALF_YEAR])
            else:
                found[i, wave] = int(kept[week] * HALF_YEAR / (week + runin + 1) + 0.5)
    return found


def _attrition(study: SimulatedStudy) -> Columns:
    n, waves = study.visits.attended.shape
    i, k = np.repeat(np.arange(n), waves), np.tile(np.arange(waves), n)
    due = study.sample.weeks[:, 0][i] + np.array(study.study.waves.weeks)[k]
    return {
        "ego_pid": pids(study)[i],
        "wave": k + 1,
        "scheduled_date": days_of(study, due, weekdays(study, 0)[i]),
        "attended": study.visits.attended.ravel().astype(np.int32),
        "reason": np.array(REASONS, dtype=object)[study.visits.reason.ravel()],
        "monotone": study.visits.monotone.ravel().astype(np.int32),
    }
