"""Members and the ties between them, as the columns of alters and aaties."""

from __future__ import annotations

import numpy as np

from sim.study.columns import Columns, broken_off, pids, placed_on_map, staff_of
from sim.study.interpreters import answers
from sim.study.missing import NOT_ASKED, NOT_REACHED
from sim.study.pairs import member_pairs
from sim.study.simulated import SimulatedStudy
from sim.study.texts import Texts, of_codes, words
from sim.world.kinds import CLASS_OF_GROUP, GROUP_OF_KIND, Kind, TieClass

__all__ = ["aaties", "alters", "classes_of", "kinds_of", "sexes_of"]

BAND_ENDS = (18, 30, 45, 60)
BANDS = ("child", "18_29", "30_44", "45_59", "60_plus", "not_applicable")
NO_BAND = BANDS.index("not_applicable")
SEXES = ("female", "male", "not_applicable")
ANSWERED = (
    "contact_freq", "closeness", "knows_diagnosis", "supp_emotional", "supp_practical",
    "supp_illness", "supp_advocacy", "supp_financial", "supp_given", "burden", "trust",
    "anticipated_support",
)  # fmt: skip
KINDS, CLASSES = of_codes(Kind), of_codes(TieClass)
CLASS_OF_KIND = np.array(CLASS_OF_GROUP)[np.array(GROUP_OF_KIND)]


def kinds_of(kind: np.ndarray) -> Texts:
    """Names of kinds of ties."""
    return Texts(kind, KINDS)


def classes_of(kind: np.ndarray) -> Texts:
    """Classes of Table 1 that kinds belong to."""
    return Texts(CLASS_OF_KIND[kind], CLASSES)


def sexes_of(kind: np.ndarray, male: np.ndarray) -> Texts:
    """Sexes of people; "not_applicable" of what is none."""
    human = CLASS_OF_KIND[kind] != TieClass.OBJECT
    return words(np.where(human, male, SEXES.index("not_applicable")), *SEXES)


def _members_asked(study: SimulatedStudy) -> np.ndarray:
    """Person, wave and slot of each member recorded, by interview in the order of naming."""
    recorded = study.maps.recorded
    at = np.argwhere(recorded)
    counts = recorded.sum(axis=2)
    begin = (np.cumsum(counts) - counts.ravel()).reshape(counts.shape)
    found = np.empty_like(at)
    found[begin[at[:, 0], at[:, 1]] + study.maps.order[recorded] - 1] = at
    return found


def _reached(study: SimulatedStudy, at: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Members asked about before an interview broke off: half of them."""
    broken = broken_off(study)[at[:, 0], at[:, 1]]
    half = study.maps.recorded.sum(axis=2)[at[:, 0], at[:, 1]] // 2
    return ~broken | (order <= half)


def alters(study: SimulatedStudy) -> Columns:
    """Columns of alters: every member recorded, by interview in the order of naming."""
    at = _members_asked(study)
    i, k, s = at.T
    sample, maps = study.sample, study.maps
    order, ties = maps.order[i, k, s], sample.members[i, k, s]
    tie = study.ties.in_slot[i, k, s]
    theirs = study.alters[tie]
    said = answers(sample.egos, sample.members, sample.weeks, at, theirs, study.params, study.key)
    human = ties["human"] > 0
    placed = placed_on_map(study)[i]
    columns: Columns = {
        "egoID": (i + 1) * 100 + k + 1,
        "alterID": order,
        "alter_id": Texts(tie, study.followed.alter_ids),
        "ego_pid": pids(study)[i],
        "wave": k + 1,
        "alter_name": Texts(tie, study.names),
        "tie_class": classes_of(ties["kind"]),
        "tie_kind": kinds_of(said["kind"]),
        "is_human": human.astype(np.int32),
        "circle": np.where(study.study.map.circles, maps.circle[i, k, s], NOT_ASKED),
        "map_x": np.where(placed, maps.x[i, k, s], NOT_ASKED).astype(np.float64),
        "map_y": np.where(placed, maps.y[i, k, s], NOT_ASKED).astype(np.float64),
        "nomination_order": order,
        "staff_id": staff_of(study, i, ties["post"], ties["incumbent"]),
    }
    band = np.searchsorted(BAND_ENDS, said["age"], side="right")
    asked: Columns = {
        "alter_sex": sexes_of(ties["kind"], theirs["male"]),
        "alter_age_band": words(np.where(human, band, NO_BAND), *BANDS),
        "years_known": said["years_known"].astype(np.float64),
        **{name: said[name] for name in ANSWERED},
        "same_person_as_last_wave": _same_as_last(study, at),
    }
    reached = _reached(study, at, order)
    return columns | {name: _cut(column, reached) for name, column in asked.items()}


def _cut(column: np.ndarray | Texts, reached: np.ndarray) -> np.ndarray | Texts:
    """The column with the code for "not reached" where the interview had broken off."""
    if isinstance(column, Texts):
        return column.where(reached, str(NOT_REACHED))
    return np.where(reached, column, NOT_REACHED)


def _same_as_last(study: SimulatedStudy, at: np.ndarray) -> np.ndarray:
    """1 if the member was on the last map, 0 if new to it; not asked at the first interview."""
    i, k, s = at.T
    tie, attended = study.ties.in_slot[i, k, s], study.visits.attended
    on_map = np.zeros((study.ties.rows.size, attended.shape[1]), np.bool_)
    on_map[tie, k] = True
    last = np.zeros(attended.shape, np.intp)  # the interview before; the baseline always took place
    for wave in range(1, attended.shape[1]):
        last[:, wave] = np.where(attended[:, wave - 1], wave - 1, last[:, wave - 1])
    return np.where(k > 0, on_map[tie, last[i, k]], NOT_ASKED).astype(np.int32)


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
