"""What the study saw, as the columns of the bundle's tables."""

from __future__ import annotations

from functools import partial

import numpy as np

from sim.study.alter_tables import aaties, alters
from sim.study.columns import (
    Columns,
    arms_of,
    broken_off,
    days_of,
    interview_dates,
    item_answers,
    minutes,
    pids,
    staff_of,
    teams_of,
    weekdays,
)
from sim.study.conditions import interviewers_of
from sim.study.draws import draws
from sim.study.flow import flow
from sim.study.followed import LOOKED_BACK
from sim.study.instruments import SCORE_COLUMNS
from sim.study.lazy import Lazy
from sim.study.participate import REASONS
from sim.study.settings import SCORES
from sim.study.simulated import SimulatedStudy
from sim.study.texts import Texts, of_codes, words
from sim.world.arithmetic import f4
from sim.world.kinds import Diagnosis, Group, Household
from sim.world.streams import Stream

__all__ = ["OF_INTERVIEWS", "study_tables"]

OF_INTERVIEWS = frozenset({"persons", "items", "alters", "aaties", "attrition", "flow"})
"""Tables that a study of which interviews alone are kept has as well: no weekly row is in them."""

SEXES = ("female", "male")
RECRUITED_DAYS = 21  # people consent up to three weeks before their first interview


def study_tables(study: SimulatedStudy) -> Lazy[Columns]:
    """The seven tables, made when first asked for; dtypes as `sim.data.tables.build` takes them."""
    makers = {
        "persons": _persons,
        "egos": _egos,
        "items": _items,
        "alters": alters,
        "aaties": aaties,
        "attrition": _attrition,
        "flow": flow,
    }
    return Lazy({name: partial(make, study) for name, make in makers.items()})


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
    u = draws(Stream.INTERVIEW, study.sample.address, study.key, which=1)[:, 0]
    days = (u * f4(RECRUITED_DAYS)).astype("timedelta64[D]")
    return {
        "ego_pid": pids(study),
        "ego_num": np.arange(1, study.n + 1),
        "site": study.sample.site,
        "team": teams_of(study),
        "arm": arms_of(study),
        "sex": words(first["male"] == 1, *SEXES),
        "age_baseline": _age(study, 0),
        "ethnicity": words(first["non_white"] == 1, "white", "non_white"),
        "diagnosis": Texts(first["diagnosis"], of_codes(Diagnosis)),
        "has_partner": (active & (base["group"] == Group.PARTNER)).any(axis=1).astype(np.int32),
        "household": Texts(first["household"], of_codes(Household)),
        "employed": first["employed"].astype(np.int32),
        "settled_housing": first["settled"].astype(np.int32),
        "years_ill": (first["years_ill"] + study.sample.weeks[:, 0] // 52).astype(np.int32),
        "past_admissions": first["past_admissions"] + first["admissions"].astype(np.int32),
        "care_coordinator_id": _coordinators(study, active & (base["group"] == Group.COORDINATOR)),
        "recruit_date": days_of(study, study.sample.weeks[:, 0], weekdays(study, 0)) - days,
        "weight": _weight(study),
    }


def _coordinators(study: SimulatedStudy, theirs: np.ndarray) -> Texts:
    post, incumbent = np.full((2, study.n), -1)
    i, s = np.nonzero(theirs)
    ties = study.sample.members[i, 0, s]
    post[i], incumbent[i] = ties["post"], ties["incumbent"]
    return staff_of(study, np.arange(study.n), post, incumbent)


def _egos(study: SimulatedStudy) -> Columns:
    i, k = np.nonzero(study.visits.attended)
    waves = range(study.sample.weeks.shape[1])
    months = np.array([round(week * 12 / 52) for week in study.study.waves.weeks])
    broken, codes = broken_off(study), study.score_codes[i, k]
    scores = {
        SCORE_COLUMNS[name]: (
            np.where(codes[:, s] < 0, codes[:, s], study.scores[i, k, s].astype(np.float64))
        )
        for s, name in enumerate(SCORES)
    }
    crisis, admitted = _since_last(study)
    return {
        "egoID": (i + 1) * 100 + k + 1,
        "ego_pid": pids(study)[i],
        "wave": k + 1,
        "month_target": months[k],
        "interview_date": interview_dates(study)[i, k],
        "interview_mode": words(study.telephone, "face_to_face", "telephone")[i],
        "interviewer_id": interviewers_of(study.study, study.sample.site)[i],
        "interview_status": words(broken[i, k], "complete", "partial"),
        "aaties_asked": (~broken[i, k]).astype(np.int32),  # the last part of an interview
        "duration_min": np.stack([minutes(study, w) for w in waves], axis=1)[i, k],
        "n_alters": study.maps.recorded.sum(axis=2)[i, k],
        "n_named_total": study.maps.named.sum(axis=2)[i, k],
        "crisis_since_last": crisis[i, k],
        "admitted_since_last": admitted[i, k],
        **scores,
        "service_contacts_6m": _contacts(study)[i, k],
        "ego_sex": words(study.sample.egos["male"][i, 0] == 1, *SEXES),
        "ego_age": np.stack([_age(study, w) for w in waves], axis=1)[i, k],
        "site": study.sample.site[i],
        "team": teams_of(study)[i],
        "arm": arms_of(study)[i],
        "weight": _weight(study)[i],
    }


def _items(study: SimulatedStudy) -> Columns:
    i, k = np.nonzero(study.visits.attended)
    return {
        "egoID": (i + 1) * 100 + k + 1,
        "ego_pid": pids(study)[i],
        "wave": k + 1,
        **item_answers(study, i, k),
    }


def _since_last(study: SimulatedStudy) -> tuple[np.ndarray, np.ndarray]:
    """Whether an episode began, and an admission took place, since the last interview, (n, W) each.

    At the first, in the past half year; the admission then is one of an episode begun in it.
    """
    egos = study.sample.egos
    n, waves = egos.shape
    crisis, admitted = np.zeros((n, waves), np.int32), np.zeros((n, waves), np.int32)
    lately = egos["weeks_since_onset"][:, 0] < LOOKED_BACK
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
    weeks = study.sample.weeks
    now, before = study.followed.kept_visits
    lived = (weeks + study.lived.world.runin_weeks + 1).astype(np.float32)
    rate = now * f4(LOOKED_BACK) / lived + f4(0.5)
    return np.where(weeks >= LOOKED_BACK, now - before, rate).astype(np.int32)


def _attrition(study: SimulatedStudy) -> Columns:
    n, waves = study.visits.attended.shape
    i, k = np.repeat(np.arange(n), waves), np.tile(np.arange(waves), n)
    due = study.sample.weeks[:, 0][i] + np.array(study.study.waves.weeks)[k]
    return {
        "ego_pid": pids(study)[i],
        "wave": k + 1,
        "scheduled_date": days_of(study, due, weekdays(study, 0)[i]),
        "attended": study.visits.attended.ravel().astype(np.int32),
        "reason": words(study.visits.reason.ravel(), *REASONS),
        "monotone": study.visits.monotone.ravel().astype(np.int32),
    }
