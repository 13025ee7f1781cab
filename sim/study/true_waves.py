"""What was true at each wave, held or missed, as the columns of truth tables.

Scores without error, chances of an interview, the ties there were with the error-free map, who of
its members knew whom, and why the study did not see the rest.
"""

from __future__ import annotations

import numpy as np

from sim.study.alter_tables import classes_of, kinds_of
from sim.study.columns import Columns, interview_dates, item_answers, pids
from sim.study.instruments import SCORE_COLUMNS
from sim.study.members import UNKNOWN
from sim.study.pairs import member_pairs
from sim.study.settings import SCORES
from sim.study.simulated import SimulatedStudy
from sim.study.texts import Texts, words

__all__ = ["full_items", "members_of_waves", "pairs_of_waves", "true_waves", "unseen_members"]

MISSED_WAVE, FORGOTTEN, OVER_CAP, OVERLOOKED, NOT_SALIENT = range(5)
REASONS_UNSEEN = ("missed_wave", "forgotten", "over_cap", "overlooked", "not_salient")


def true_waves(study: SimulatedStudy) -> Columns:
    """Columns of truth/waves: each participant at each scheduled wave."""
    n, waves = study.sample.weeks.shape
    i, k = np.repeat(np.arange(n), waves), np.tile(np.arange(waves), n)
    weeks, alive = study.sample.weeks, study.sample.egos["alive"].ravel() > 0
    columns: Columns = {
        "ego_pid": pids(study)[i],
        "wave": k + 1,
        "alive": alive.astype(np.int32),
        "scheduled_week": np.array(study.study.waves.weeks)[k],
        "interview_week": (weeks - weeks[:, :1]).ravel(),
        "interview_date": interview_dates(study).ravel(),
        "attended": study.visits.attended.ravel().astype(np.int32),
        "chance_attended": study.visits.chance.ravel().astype(np.float64),
    }
    for ending, scores in (("true", study.true_scores), ("full", study.scores)):
        for s, scale in enumerate(SCORES):
            of_living = np.where(alive, scores[:, :, s].ravel(), np.nan)
            columns[f"{SCORE_COLUMNS[scale]}_{ending}"] = of_living.astype(np.float64)
    return columns


def full_items(study: SimulatedStudy) -> Columns:
    """Columns of truth/items: what the living answered or would have, item by item."""
    i, k = np.nonzero(study.sample.egos["alive"] > 0)
    who: Columns = {"ego_pid": pids(study)[i], "wave": k + 1}
    return who | item_answers(study, i, k)


def members_of_waves(study: SimulatedStudy) -> Columns:
    """Columns of truth/members: each tie there was at each wave, on a map or not."""
    there = study.sample.members["group"] >= 0
    i, k, s = np.nonzero(there & (study.sample.egos["alive"] > 0)[:, :, None])
    ties, tie = study.sample.members[i, k, s], study.ties.in_slot[i, k, s]
    knows = (study.alters["knows_from"][tie] <= k).astype(np.int32)
    return {
        "ego_pid": pids(study)[i],
        "wave": k + 1,
        "alter_id": Texts(tie, study.followed.alter_ids),
        "tie_kind": kinds_of(ties["kind"]),
        "tie_class": classes_of(ties["kind"]),
        "active": (ties["active"] > 0).astype(np.int32),
        "on_map": study.maps.ideal[i, k, s].astype(np.int32),
        "recorded": study.maps.recorded[i, k, s].astype(np.int32),
        "closeness_true": ties["closeness"].astype(np.float64),
        "trust_true": ties["trust"].astype(np.float64),
        "knows_diagnosis": np.where(ties["human"] > 0, knows, UNKNOWN),
    }


def pairs_of_waves(study: SimulatedStudy) -> Columns:
    """Columns of truth/pairs: members of the error-free map who know each other."""
    sample = study.sample
    at = np.argwhere(study.maps.ideal & (sample.egos["alive"] > 0)[:, :, None])
    pairs = member_pairs(sample.egos, sample.members, at, study.params, study.key)
    i, k, _ = at[pairs[:, 0]].T
    ties = np.sort([study.ties.in_slot[tuple(at[pairs[:, end]].T)] for end in (0, 1)], axis=0)
    ids = study.followed.alter_ids
    return {
        "ego_pid": pids(study)[i],
        "wave": k + 1,
        "first_alter_id": Texts(ties[0], ids),
        "second_alter_id": Texts(ties[1], ids),
        "strength": pairs[:, 2],
    }


def unseen_members(study: SimulatedStudy) -> Columns:
    """Columns of truth/missing: active ties that are not in alters, and why."""
    members, maps = study.sample.members, study.maps
    unseen = (members["group"] >= 0) & (members["active"] > 0) & ~maps.recorded
    i, k, s = np.nonzero(unseen & (study.sample.egos["alive"] > 0)[:, :, None])
    held = study.visits.attended[i, k]
    reason = np.select(
        [~held, maps.forgotten[i, k, s], maps.named[i, k, s], maps.ideal[i, k, s]],
        [MISSED_WAVE, FORGOTTEN, OVER_CAP, OVERLOOKED],
        NOT_SALIENT,
    )
    return {
        "ego_pid": pids(study)[i],
        "wave": k + 1,
        "alter_id": Texts(study.ties.in_slot[i, k, s], study.followed.alter_ids),
        "reason": words(reason, *REASONS_UNSEEN),
    }
