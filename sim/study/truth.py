"""What really happened to the participants, as the columns of the bundle's truth tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.study.alter_tables import alter_ids, class_of
from sim.study.columns import Columns, pids
from sim.study.members import NOT_STAFF, UNKNOWN, Member, all_members, events_of, staff_number
from sim.study.settings import SCORES
from sim.world.kinds import CLASS_OF_GROUP, Cause, Event, Kind, TieClass
from sim.world.state import WEEKLY_COLUMNS

if TYPE_CHECKING:
    from sim.study.simulate import SimulatedStudy

__all__ = ["true_values", "truth_tables"]

EGO_MASK = 4095


def truth_tables(study: SimulatedStudy) -> dict[str, Columns]:
    """The truth tables by their names in the codebook."""
    events = events_of(study.sample)
    members = all_members(study.sample, events)
    ids = alter_ids(study)
    return {
        "truth/ties": _ties(study, members, ids),
        "truth/events": _events(study, events, ids),
        "truth/weekly": _weekly(study),
        "truth/missing": _missing(study, ids),
        "truth/world_addresses": _addresses(study),
    }


def _ties(
    study: SimulatedStudy, members: list[dict[int, Member]], ids: list[dict[int, str]]
) -> Columns:
    rows = [(i, member) for i, mine in enumerate(members) for member in mine.values()]
    ties = [member for _, member in rows]
    ended = [member.ended for member in ties]
    return {
        "ego_pid": pids(study)[[i for i, _ in rows]],
        "alter_id": np.array([ids[i][member.identity] for i, member in rows], dtype=object),
        "tie_kind": np.array([Kind(member.kind).name.lower() for member in ties], dtype=object),
        "tie_class": np.array([class_of(member.kind) for member in ties], dtype=object),
        "began_week": np.array([member.began for member in ties], np.int64),
        "ended_week": np.array([UNKNOWN if week is None else week for week in ended], np.int64),
        "end_cause": np.array(
            [Cause(m.cause).name.lower() if m.ended is not None else "" for m in ties], dtype=object
        ),
        "dormant_weeks": np.array(
            [sum(stop - start for start, stop in member.dormant) for member in ties], np.int64
        ),
        "staff_id": np.array([_staff(study, i, member) for i, member in rows], np.int64),
    }


def _staff(study: SimulatedStudy, i: int, member: Member) -> int:
    if member.post < 0:
        return NOT_STAFF
    site, team = int(study.sample.site[i]), int(study.sample.team[i])
    return staff_number(site, team, member.kind, member.post, member.incumbent)


def _events(study: SimulatedStudy, events: list[np.ndarray], ids: list[dict[int, str]]) -> Columns:
    person, week, what, alter, cause = [], [], [], [], []
    numbers = pids(study)
    for i, mine in enumerate(events):
        base = int(study.sample.weeks[i, 0])
        for event in mine:
            code = Event(int(event["event"]))
            person.append(numbers[i])
            week.append(int(event["week"]) - base)
            what.append(code.name.lower())
            alter.append(ids[i].get(int(event["identity"]), "") if code in OF_TIES else "")
            ended = code is Event.TIE_ENDED
            cause.append(Cause(int(event["cause"])).name.lower() if ended else "")
    return {
        "ego_pid": np.array(person, dtype=object),
        "week": np.array(week, np.int64),
        "event": np.array(what, dtype=object),
        "alter_id": np.array(alter, dtype=object),
        "cause": np.array(cause, dtype=object),
    }


OF_TIES = {
    Event.TIE_BEGAN, Event.TIE_ENDED, Event.TIE_DORMANT, Event.TIE_REVIVED, Event.WORKER_LEFT,
}  # fmt: skip


def _weekly(study: SimulatedStudy) -> Columns:
    """Weeks 1, 2, ... after baseline to the last interview; running totals become weekly counts."""
    sample = study.sample
    parts: list[np.ndarray] = [np.empty((0, len(WEEKLY_COLUMNS)), np.float32)]  # of nobody
    person: list[int] = []
    weeks: list[int] = []
    totals = [WEEKLY_COLUMNS.index(name) for name in ("contacts", "kept", "cancelled", "missed")]
    for i in range(study.n):
        first, last = int(sample.weeks[i, 0]), int(sample.weeks[i, -1])
        rows = sample.histories[sample.home[i]].weekly[sample.row[i], first : last + 1].copy()
        rows[1:, totals] -= rows[:-1, totals].copy()
        parts.append(rows[1:])
        person += [i] * (last - first)
        weeks += range(1, last - first + 1)
    rows = np.concatenate(parts)
    column = {name: rows[:, number] for number, name in enumerate(WEEKLY_COLUMNS)}
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
        "ego_pid": pids(study)[np.array(person, np.int64)],
        "week": np.array(weeks, np.int64),
        **{name: column[name] for name in ("wellbeing", "severity", "guilt", "capacity")},
        **{name: np.rint(values).astype(np.int64) for name, values in whole.items()},
    }


def _missing(study: SimulatedStudy, ids: list[dict[int, str]]) -> Columns:
    """Active ties that are not in alters, and why."""
    members, maps = study.sample.members, study.maps
    unseen = (members["group"] >= 0) & (members["active"] > 0) & ~maps.recorded
    alive = study.sample.egos["alive"] > 0
    i, k, s = np.nonzero(unseen & alive[:, :, None])
    identity = members["identity"][i, k, s].tolist()
    reason = np.where(maps.forgotten[i, k, s], "forgotten", "not_named")
    reason = np.where(study.visits.attended[i, k], reason, "missed_wave")
    return {
        "ego_pid": pids(study)[i],
        "wave": k + 1,
        "alter_id": np.array(
            [ids[a][tie] for a, tie in zip(i.tolist(), identity, strict=True)], dtype=object
        ),
        "reason": reason,
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
    return {name: _true_of(study, mine) for name, mine in arms.items()}


def _true_of(study: SimulatedStudy, mine: np.ndarray) -> dict[str, Any]:
    members, ideal = study.sample.members[mine], study.maps.ideal[mine]
    alive = study.sample.egos["alive"][mine] > 0
    classes = np.array([*CLASS_OF_GROUP, -1])[members["group"]]
    names = [one.name.lower() for one in TieClass]
    waves = range(alive.shape[1])
    on_map = {
        name: [_mean((ideal & (classes == c)).sum(axis=2)[alive[:, k], k]) for k in waves]
        for c, name in enumerate(names)
    }
    return {
        "n": int(mine.sum()),
        "retention": [_mean(study.visits.attended[mine, k]) for k in waves],
        "alive": [_mean(alive[:, k]) for k in waves],
        "map_size": on_map,
        "score": {
            scale: [_mean(study.true_scores[mine][alive[:, k], k, s]) for k in waves]
            for s, scale in enumerate(SCORES)
        },
        "loss": _losses(members, ideal, classes, alive, names),
    }


def _losses(
    members: np.ndarray, ideal: np.ndarray, classes: np.ndarray, alive: np.ndarray, names: list[str]
) -> dict[str, float | None]:
    """Share of ties on the first error-free map that are not active at the last wave, by class."""
    last = members[:, -1]
    found: dict[str, float | None] = {}
    for c, name in enumerate(names):
        lost = []
        for i in np.flatnonzero(alive[:, -1]).tolist():
            still = set(last["identity"][i][last["active"][i] > 0].tolist())
            first = members["identity"][i, 0][ideal[i, 0] & (classes[i, 0] == c)]
            lost += [identity not in still for identity in first.tolist()]
        found[name] = _mean(np.array(lost))
    return found


def _mean(values: np.ndarray) -> float | None:
    """The mean to six decimals, None of nothing or where a value is unknown."""
    kept = [float(value) for value in values.tolist() if value == value]
    return round(sum(kept) / len(kept), 6) if kept else None
