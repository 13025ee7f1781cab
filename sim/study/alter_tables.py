"""Members and the ties between them, as the columns of alters and aaties."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.study.columns import Columns, broken_off, pids, staff_of
from sim.study.interpreters import answers
from sim.study.members import all_members, events_of
from sim.study.names import alter_names
from sim.study.pairs import member_pairs
from sim.world.kinds import CLASS_OF_GROUP, GROUP_OF_KIND, Kind, TieClass

if TYPE_CHECKING:
    from sim.study.simulate import SimulatedStudy

__all__ = ["aaties", "alter_ids", "alters", "class_of"]

NOT_ASKED, NOT_REACHED = -6, -5
AGE_BANDS = ((18, "child"), (30, "18_29"), (45, "30_44"), (60, "45_59"), (999, "60_plus"))
ANSWERED = (
    "contact_freq", "closeness", "knows_diagnosis", "supp_emotional", "supp_practical",
    "supp_illness", "supp_advocacy", "supp_financial", "supp_given", "burden", "trust",
    "anticipated_support",
)  # fmt: skip


def _members_asked(study: SimulatedStudy) -> np.ndarray:
    """Person, wave and slot of each member recorded, by interview in the order of naming."""
    at = np.argwhere(study.maps.recorded)
    order = study.maps.order[at[:, 0], at[:, 1], at[:, 2]]
    return at[np.lexsort((order, at[:, 1], at[:, 0]))]


def _reached(study: SimulatedStudy, at: np.ndarray) -> np.ndarray:
    """Members asked about before an interview broke off: half of them."""
    broken = broken_off(study)[at[:, 0], at[:, 1]]
    half = study.maps.recorded.sum(axis=2)[at[:, 0], at[:, 1]] // 2
    order = study.maps.order[at[:, 0], at[:, 1], at[:, 2]]
    return ~broken | (order <= half)


def class_of(kind: int) -> str:
    """Class of Table 1 that a kind belongs to."""
    return TieClass(CLASS_OF_GROUP[GROUP_OF_KIND[kind]]).name.lower()


def alter_ids(study: SimulatedStudy) -> list[dict[int, str]]:
    """`E0007-A003` of every tie a participant had in the study, by identity."""
    found = []
    for i, members in enumerate(all_members(study.sample, events_of(study.sample)), 1):
        numbered = enumerate(members, 1)
        found.append({identity: f"E{i:04d}-A{number:03d}" for number, identity in numbered})
    return found


def _band(age: float) -> str:
    return next(band for edge, band in AGE_BANDS if age < edge)


def alters(study: SimulatedStudy) -> Columns:
    """Columns of alters: every member recorded, by interview in the order of naming."""
    at = _members_asked(study)
    reached = _reached(study, at)
    i, k, s = at.T
    sample, maps = study.sample, study.maps
    ties = sample.members[i, k, s]
    said = answers(sample.egos, sample.members, sample.weeks, at, study.params, study.key)
    human = ties["human"] > 0
    ids = alter_ids(study)
    placed = study.study.map.circles
    kinds = np.array([kind.name.lower() for kind in Kind], dtype=object)
    sexes = np.where(said["male"] == 1, "male", "female")
    bands = np.array([_band(age) for age in said["age"].tolist()], dtype=object)
    columns = {
        "egoID": (i + 1) * 100 + k + 1,
        "alterID": maps.order[i, k, s],
        "alter_id": np.array(
            [ids[a][tie] for a, tie in zip(i.tolist(), ties["identity"].tolist(), strict=True)],
            dtype=object,
        ),
        "ego_pid": pids(study)[i],
        "wave": k + 1,
        "alter_name": alter_names(ties["kind"], said["male"], said["u_name"], said["u_digits"]),
        "tie_class": np.array([class_of(kind) for kind in ties["kind"].tolist()], dtype=object),
        "tie_kind": kinds[ties["kind"]],
        "is_human": human.astype(np.int32),
        "circle": np.where(placed, maps.circle[i, k, s], NOT_ASKED),
        "map_x": np.where(placed, maps.x[i, k, s], NOT_ASKED).astype(np.float64),
        "map_y": np.where(placed, maps.y[i, k, s], NOT_ASKED).astype(np.float64),
        "nomination_order": maps.order[i, k, s],
        "staff_id": np.array(
            [staff_of(study, a, tie) for a, tie in zip(i.tolist(), ties, strict=True)], np.int64
        ),
    }
    asked = {
        "alter_sex": np.where(human, sexes, "not_applicable").astype(object),
        "alter_age_band": np.where(human, bands, "not_applicable").astype(object),
        "years_known": said["years_known"].astype(np.float64),
        **{name: said[name] for name in ANSWERED},
        "same_person_as_last_wave": _same_as_last(study, at),
    }
    return columns | {name: _cut(column, reached) for name, column in asked.items()}


def _cut(column: np.ndarray, reached: np.ndarray) -> np.ndarray:
    """The column with the code for "not reached" where the interview had broken off."""
    code = str(NOT_REACHED) if column.dtype.kind in "OU" else NOT_REACHED
    return np.where(reached, column, code)


def _same_as_last(study: SimulatedStudy, at: np.ndarray) -> np.ndarray:
    """1 if the member was on the last map, 0 if new to it; not asked at the first interview."""
    maps: dict[tuple[int, int], set[int]] = {}
    identity = study.sample.members["identity"]
    for i, k, s in at.tolist():
        maps.setdefault((i, k), set()).add(int(identity[i, k, s]))
    found = np.full(len(at), NOT_ASKED, np.int32)
    for row, (i, k, s) in enumerate(at.tolist()):
        if k > 0:
            before = max(np.flatnonzero(study.visits.attended[i, :k]).tolist())
            found[row] = int(identity[i, k, s]) in maps.get((i, before), set())
    return found


def aaties(study: SimulatedStudy) -> Columns:
    """Columns of aaties: pairs of people on a map who know each other; none where it broke off."""
    at = _members_asked(study)
    complete = at[~broken_off(study)[at[:, 0], at[:, 1]]]
    pairs = member_pairs(study.sample.egos, study.sample.members, complete, study.params, study.key)
    order = study.maps.order[complete[:, 0], complete[:, 1], complete[:, 2]]
    i, k = complete[pairs[:, 0], 0], complete[pairs[:, 0], 1]
    return {
        "egoID": (i + 1) * 100 + k + 1,
        "Source": order[pairs[:, 0]],
        "Target": order[pairs[:, 1]],
        "weight": pairs[:, 2],
        "wave": k + 1,
    }
