"""What really happened to the participants, as the columns of the bundle's truth tables."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from sim.study.alter_tables import CLASS_OF_KIND, alter_ids, classes_of, kinds_of, sexes_of
from sim.study.attributes import NEVER_TOLD
from sim.study.columns import Columns, pids, staff_of
from sim.study.lazy import Lazy
from sim.study.members import UNKNOWN, offers_of
from sim.study.settings import SCORES
from sim.study.simulated import SimulatedStudy
from sim.study.texts import Texts, of_codes, words
from sim.world.arithmetic import f4
from sim.world.kinds import CLASS_OF_GROUP, TIE_CLASSES, WEEKS_A_YEAR, Cause, Event, TieClass
from sim.world.state import WEEKLY_COLUMNS

__all__ = ["true_values", "truth_tables"]

EGO_MASK = 4095
CAUSES, EVENTS = of_codes(Cause), of_codes(Event)
NO_CAUSE = len(CAUSES)
OF_TIES = (
    Event.TIE_BEGAN, Event.TIE_ENDED, Event.TIE_DORMANT, Event.TIE_REVIVED,
)  # fmt: skip
TOTALS = ("contacts", "kept", "cancelled", "missed")
"""Columns of the weekly rows that are running totals."""

PEOPLE_AT_ONCE = 1024


def truth_tables(study: SimulatedStudy) -> Lazy[Columns]:
    """The truth tables by their names in the codebook, each made when first asked for.

    That of uptake is of worlds in which people may decline an offer or stop.
    """
    makers = {
        "truth/ties": _ties,
        "truth/events": _events,
        "truth/weekly": _weekly,
        "truth/missing": _missing,
        "truth/world_addresses": _addresses,
    }
    if any(shock.is_offer for shock in study.lived.shocks):
        makers["truth/uptake"] = _uptake
    return Lazy({name: partial(make, study) for name, make in makers.items()})


def _causes(cause: np.ndarray, ended: np.ndarray) -> Texts:
    """Names of causes where something ended, "" elsewhere."""
    return Texts(np.where(ended, cause, NO_CAUSE), np.append(CAUSES, ""))


def _ties(study: SimulatedStudy) -> Columns:
    ties, alters = study.ties.rows, study.alters
    unmet = (ties["post"] >= 0) & (ties["incumbent"] < 0)  # came and went between two interviews
    human = CLASS_OF_KIND[ties["kind"]] != TieClass.OBJECT
    age = alters["age"] + study.sample.weeks[ties["person"], 0] / f4(WEEKS_A_YEAR)
    return {
        "ego_pid": pids(study)[ties["person"]],
        "alter_id": Texts(np.arange(ties.size), alter_ids(study)),
        "alter_name": Texts(np.arange(ties.size), study.names).where(~unmet, ""),
        "alter_sex": sexes_of(ties["kind"], alters["male"]).where(~unmet, ""),
        "alter_age": np.where(human & ~unmet, age, np.nan).astype(np.float64),
        "tie_kind": kinds_of(ties["kind"]),
        "tie_class": classes_of(ties["kind"]),
        "began_week": ties["began"],
        "ended_week": ties["ended"],
        "end_cause": _causes(ties["cause"], ties["ended"] != UNKNOWN),
        "dormant_weeks": ties["dormant_weeks"],
        "knows_since_wave": np.where(
            alters["knows_from"] < NEVER_TOLD, alters["knows_from"] + 1, UNKNOWN
        ),
        "staff_id": staff_of(study, ties["person"], ties["post"], ties["incumbent"]),
    }


def _events(study: SimulatedStudy) -> Columns:
    person, events = study.lives
    what, tie = events["event"], study.ties.of_event
    names_one = np.isin(what, OF_TIES) & (tie >= 0)
    ids = alter_ids(study)
    return {
        "ego_pid": pids(study)[person],
        "week": events["week"] - study.sample.weeks[person, 0],
        "event": Texts(what, EVENTS),
        "alter_id": Texts(np.where(names_one, tie, ids.size), np.append(ids, b"")),
        "cause": _causes(events["cause"], what == Event.TIE_ENDED),
    }


def _weekly(study: SimulatedStudy) -> Columns:
    """Weeks 1, 2, ... after baseline to the last interview; running totals become weekly counts."""
    first, last = study.sample.weeks[:, 0], study.sample.weeks[:, -1]
    lengths = last - first
    person = np.repeat(np.arange(study.n), lengths)
    week = np.arange(1, person.size + 1) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    column = dict(
        zip(WEEKLY_COLUMNS, _weekly_rows(study, person, first[person] + week), strict=True)
    )
    whole = {
        "acute": column["acute"],
        "n_kin": column["n_partner"] + column["n_kin"],
        "n_friend": column["n_friend"] + column["n_weak"],
        "n_professional": column["n_professional"],
        "n_object": column["n_object"],
        "contacts": column["contacts"],
        "visits_kept": column["kept"],
        "visits_cancelled": column["cancelled"],
        "visits_missed": column["missed"],
    }
    return {
        "ego_pid": pids(study)[person],
        "week": week,
        **{name: column[name] for name in ("wellbeing", "severity", "guilt", "capacity")},
        **{name: np.rint(values).astype(np.int32) for name, values in whole.items()},
    }


def _weekly_rows(study: SimulatedStudy, person: np.ndarray, week: np.ndarray) -> np.ndarray:
    """Weekly columns of some people in some calendar weeks, (K, m); totals of the week alone.

    Parameters
    ----------
    person, week : ndarray of int, shape (m,)
        In rising order of the person.
    """
    sample = study.sample
    found = np.empty((len(WEEKLY_COLUMNS), person.size), np.float32)
    totals = [WEEKLY_COLUMNS.index(name) for name in TOTALS]
    by_team = np.argsort(sample.home[person], kind="stable")
    ends = np.cumsum(np.bincount(sample.home[person], minlength=len(sample.histories)))
    for history, mine in zip(sample.histories, np.split(by_team, ends[:-1]), strict=True):
        row, now = sample.row[person[mine]], week[mine]
        rows = history.weekly[row, now]
        rows[:, totals] -= history.weekly[row, now - 1][:, totals]
        found[:, mine] = rows.T
    return found


def _missing(study: SimulatedStudy) -> Columns:
    """Active ties that are not in alters, and why."""
    members, maps = study.sample.members, study.maps
    unseen = (members["group"] >= 0) & (members["active"] > 0) & ~maps.recorded
    alive = study.sample.egos["alive"] > 0
    i, k, s = np.nonzero(unseen & alive[:, :, None])
    reason = np.where(study.visits.attended[i, k], maps.forgotten[i, k, s], 2)
    return {
        "ego_pid": pids(study)[i],
        "wave": k + 1,
        "alter_id": Texts(study.ties.in_slot[i, k, s], alter_ids(study)),
        "reason": words(reason, "not_named", "forgotten", "missed_wave"),
    }


def _uptake(study: SimulatedStudy) -> Columns:
    """One row for each offer, in the order in which they were made to each."""
    person, events = offers_of(study.sample)
    week = events["week"] - study.sample.weeks[person, 0]
    stops = events["event"] == Event.STOPPED
    pair = person.astype(np.int64) * (len(study.lived.shocks) + 1) + events["identity"]
    stopped = dict(zip(pair[stops].tolist(), week[stops].tolist(), strict=True))
    ended = np.array([stopped.get(one, UNKNOWN) for one in pair[~stops].tolist()], np.int64)
    return {
        "ego_pid": pids(study)[person[~stops]],
        "shock": events["identity"][~stops],
        "acts_on": Texts(
            events["identity"][~stops] - 1, np.array([one.acts_on for one in study.lived.shocks])
        ),
        "offered_week": week[~stops],
        "took_up": (events["event"][~stops] == Event.TOOK_UP).astype(np.int32),
        "stopped_week": ended,
    }


def _addresses(study: SimulatedStudy) -> Columns:
    sample = study.sample
    return {
        "ego_pid": pids(study),
        "world_site": sample.site,
        "world_team": sample.team,
        "world_ego": (sample.address & EGO_MASK).astype(np.int64),
        "baseline_week": sample.weeks[:, 0],
    }


def true_values(study: SimulatedStudy) -> dict[str, Any]:
    """What was true of the enrolled, absent or not, overall and by arm.

    Returns
    -------
    dict
        For `all` and each arm: `n`; by wave `retention`, `alive`, and of those alive the mean
        `map_size` by class on the error-free map and mean `score` without error; `loss`, the share
        of ties on the first error-free map no longer active at the last wave, by class.
    """
    arms = {"all": np.ones(study.n, np.bool_)}
    for number, name in enumerate(study.study.arm_names):
        arms[name] = study.sample.arm == number
    lost = _lost(study.sample.members)
    return {name: _true_of(study, mine, lost) for name, mine in arms.items()}


def _true_of(study: SimulatedStudy, mine: np.ndarray, lost: np.ndarray) -> dict[str, Any]:
    ideal, alive = study.maps.ideal[mine], study.sample.egos["alive"][mine] > 0
    classes = np.array([*CLASS_OF_GROUP, -1])[study.sample.members["group"][mine]]
    waves = range(alive.shape[1])
    on_map = {
        name: [_mean((ideal & (classes == c)).sum(axis=2)[alive[:, k], k]) for k in waves]
        for c, name in enumerate(TIE_CLASSES)
    }
    followed = ideal[:, 0] & alive[:, -1, None]
    return {
        "n": int(mine.sum()),
        "retention": [_mean(study.visits.attended[mine, k]) for k in waves],
        "alive": [_mean(alive[:, k]) for k in waves],
        "map_size": on_map,
        "score": {
            scale: [_mean(study.true_scores[mine][alive[:, k], k, s]) for k in waves]
            for s, scale in enumerate(SCORES)
        },
        "loss": {
            name: _mean(lost[mine][followed & (classes[:, 0] == c)])
            for c, name in enumerate(TIE_CLASSES)
        },
    }


def _lost(members: np.ndarray) -> np.ndarray:
    """Ties at the first interview that are not active at the last, (n, S)."""
    lost = np.empty(members[:, 0].shape, np.bool_)
    first, last = members["identity"][:, 0], members["identity"][:, -1]
    active = members["active"][:, -1] > 0
    for begin in range(0, len(members), PEOPLE_AT_ONCE):  # pairs of slots of all would be many
        some = slice(begin, begin + PEOPLE_AT_ONCE)
        same = first[some, :, None] == last[some, None, :]
        lost[some] = ~(same & active[some, None, :]).any(axis=2)
    return lost


def _mean(values: np.ndarray) -> float | None:
    """The mean to six decimals, None of nothing or where a value is unknown.

    Values are added in order, which NumPy's own sum does not.
    """
    kept = values[values == values].astype(np.float64)
    return round(float(np.cumsum(kept)[-1]) / kept.size, 6) if kept.size else None
