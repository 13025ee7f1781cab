"""What really happened to the participants, as the columns of the bundle's truth tables."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from sim.study.alter_tables import CLASS_OF_KIND, classes_of, kinds_of, sexes_of
from sim.study.attributes import NEVER_TOLD
from sim.study.columns import Columns, pids, staff_of
from sim.study.estimands import estimands, ladder
from sim.study.lazy import Lazy
from sim.study.members import UNKNOWN, offers_of
from sim.study.other_lives import OtherLives, counterfactual
from sim.study.simulated import SimulatedStudy
from sim.study.texts import Texts, of_codes
from sim.study.true_waves import (
    full_items,
    members_of_waves,
    pairs_of_waves,
    true_waves,
    unseen_members,
)
from sim.world.arithmetic import f4
from sim.world.kinds import WEEKS_A_YEAR, Cause, Event, TieClass
from sim.world.state import WEEKLY_COLUMNS

__all__ = ["truth_tables"]

EGO_MASK = 4095
CAUSES, EVENTS = of_codes(Cause), of_codes(Event)
NO_CAUSE = len(CAUSES)
OF_TIES = (
    Event.TIE_BEGAN, Event.TIE_ENDED, Event.TIE_DORMANT, Event.TIE_REVIVED,
)  # fmt: skip
COUNTS = {
    "contacts": "contacts", "visits_kept": "kept", "visits_cancelled": "cancelled",
    "visits_missed": "missed",
}  # fmt: skip
"""Counts of a week, and the columns of the weekly rows that are their running totals."""


def truth_tables(study: SimulatedStudy, other: OtherLives | None = None) -> Lazy[Columns]:
    """The truth tables by their names in the codebook, each made when first asked for.

    That of uptake is of worlds in which people may decline an offer or stop; the ladder of studies
    whose frame was looked at.

    Parameters
    ----------
    study : SimulatedStudy
    other : OtherLives, optional
        What participants would have been in other arms, if that was asked for.
    """
    makers: dict[str, Callable[[SimulatedStudy], Columns]] = {
        "truth/ties": _ties,
        "truth/events": _events,
        "truth/weekly": _weekly,
        "truth/waves": true_waves,
        "truth/items": full_items,
        "truth/members": members_of_waves,
        "truth/pairs": pairs_of_waves,
        "truth/missing": unseen_members,
        "truth/world_addresses": _addresses,
        "truth/estimands": partial(estimands, other=other),
    }
    if study.frame is not None:
        makers["truth/ladder"] = partial(ladder, frame=study.frame)
    if other is not None:
        makers["truth/counterfactual"] = partial(counterfactual, other=other)
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
        "alter_id": Texts(np.arange(ties.size), study.followed.alter_ids),
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
    ids = study.followed.alter_ids
    return {
        "ego_pid": pids(study)[person],
        "week": events["week"] - study.sample.weeks[person, 0],
        "event": Texts(what, EVENTS),
        "alter_id": Texts(np.where(names_one, tie, ids.size), np.append(ids, b"")),
        "cause": _causes(events["cause"], what == Event.TIE_ENDED),
    }


def _weekly(study: SimulatedStudy) -> Columns:
    """Weeks from baseline to the last interview; running totals become weekly counts.

    Those of the first calendar week are not known: nothing was kept of the week before.
    """
    first, last = study.sample.weeks[:, 0], study.sample.weeks[:, -1]
    lengths = last - first + 1
    person = np.repeat(np.arange(study.n), lengths)
    week = np.arange(person.size) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    column = dict(
        zip(WEEKLY_COLUMNS, _weekly_rows(study, person, first[person] + week), strict=True)
    )
    whole = {
        "acute": column["acute"],
        "n_kin": column["n_partner"] + column["n_kin"],
        "n_friend": column["n_friend"] + column["n_weak"],
        "n_professional": column["n_professional"],
        "n_object": column["n_object"],
    }
    known = first[person] + week > 0
    return {
        "ego_pid": pids(study)[person],
        "week": week,
        **{name: column[name] for name in ("wellbeing", "severity", "guilt", "capacity")},
        **{name: np.rint(values).astype(np.int32) for name, values in whole.items()},
        **{name: np.where(known, np.rint(column[told]), UNKNOWN).astype(np.int32)
           for name, told in COUNTS.items()},
    }  # fmt: skip


def _weekly_rows(study: SimulatedStudy, person: np.ndarray, week: np.ndarray) -> np.ndarray:
    """Weekly columns of some people in some calendar weeks, (K, m); totals of the week alone.

    Parameters
    ----------
    person, week : ndarray of int, shape (m,)
        In rising order of the person.
    """
    sample = study.sample
    found = np.empty((len(WEEKLY_COLUMNS), person.size), np.float32)
    totals = [WEEKLY_COLUMNS.index(name) for name in COUNTS.values()]
    by_team = np.argsort(sample.home[person], kind="stable")
    ends = np.cumsum(np.bincount(sample.home[person], minlength=len(sample.histories)))
    for history, mine in zip(sample.histories, np.split(by_team, ends[:-1]), strict=True):
        row, now = sample.row[person[mine]], week[mine]
        rows = history.weekly[row, now]
        rows[:, totals] -= history.weekly[row, np.maximum(now - 1, 0)][:, totals]
        found[:, mine] = rows.T
    return found


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
