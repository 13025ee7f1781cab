"""A stand-in for a study: three people, two waves, made up by hand."""

from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import numpy as np
import pytest

from sim.data import codebook, provenance, tables, writing
from sim.data.place import Which
from sim.study.instruments import item_columns


@dataclass(frozen=True)
class MadeUpRecipe:
    id: str
    hash: str = "0" * 64
    values: dict = field(
        default_factory=lambda: {"seats": 3, "nested": {"share": 0.25}, "no": None}
    )

    def resolved(self):
        return {"id": self.id, **self.values}


def _days(*days):
    return np.array(days, dtype="datetime64[D]")


def _persons():
    return {
        "ego_pid": np.array(["SYN-222222C", "SYN-222222D", "SYN-222222F"]),
        "ego_num": np.array([1, 2, 3]),
        "site": np.array([1, 1, 2]),
        "team": np.array([1, 2, 3]),
        "arm": np.array(["control", "intervention", ""]),
        "sex": np.array(["female", "male", "female"]),
        "age_baseline": np.array([44, 31, 58], dtype=np.int16),
        "ethnicity": np.array(["white", "white", "non_white"]),
        "diagnosis": np.array(["psychosis", "bipolar", "schizophrenia"]),
        "has_partner": np.array([1, 0, 1], dtype=np.int8),
        "household": np.array(["partner", "alone", "others"]),
        "employed": np.array([0, 1, 1], dtype=np.int8),
        "settled_housing": np.array([1, 1, 0], dtype=np.int8),
        "years_ill": np.array([12, 0, 31]),
        "past_admissions": np.array([2, 0, 5]),
        "care_coordinator_id": np.array(["SYN-222222222C", "-7", ""]),
        "recruit_date": _days("2015-03-02", "2015-03-09", "2015-04-01"),
        "weight": np.array([1.0, 1.23456, 0.5], dtype=np.float32),
    }


def _egos():
    return {
        "egoID": np.array([101, 102, 201, 301]),
        "ego_pid": np.array(["SYN-222222C", "SYN-222222C", "SYN-222222D", "SYN-222222F"]),
        "wave": np.array([1, 2, 1, 1]),
        "month_target": np.array([0, 6, 0, 0]),
        "interview_date": _days("2015-03-03", "2015-09-01", "2015-03-10", "2015-04-05"),
        "interview_mode": np.array(["face_to_face", "telephone", "face_to_face", "telephone"]),
        "interviewer_id": np.array([1, 1, 2, 2]),
        "interview_status": np.array(["complete", "complete", "complete", "partial"]),
        "aaties_asked": np.array([1, 1, 1, 0]),
        "duration_min": np.array([60, 45, 70, 15]),
        "n_alters": np.array([2, 1, 2, 1]),
        "n_named_total": np.array([2, 1, 2, 1]),
        "crisis_since_last": np.array([0, 1, 0, 0]),
        "admitted_since_last": np.array([0, 0, 0, 0]),
        "symptom_score": np.array([12.5, 14.25, 0.0, -9.0]),
        "loneliness_score": np.array([3.0, 9.0, -8.0, -9.0]),
        "swemwbs": np.array([21.54, 19.98, 7.0, -9.0]),
        "reqol10": np.array([17.0, 18.0, -9.0, -9.0]),
        "hccq": np.array([4.9, 5.05, 1.0, -7.0]),
        "service_contacts_6m": np.array([6, 4, 0, 5]),
        "ego_sex": np.array(["female", "female", "male", "female"]),
        "ego_age": np.array([44, 44, 31, 58]),
        "site": np.array([1, 1, 1, 2]),
        "team": np.array([1, 1, 2, 3]),
        "arm": np.array(["control", "control", "intervention", ""]),
        "weight": np.array([1.0, 1.0, 1.23456, 0.5]),
    }


def _items():
    """Answers that agree with the scores of `_egos`, where anything was answered."""
    columns = {
        "egoID": np.array([101, 102, 201, 301]),
        "ego_pid": np.array(["SYN-222222C", "SYN-222222C", "SYN-222222D", "SYN-222222F"]),
        "wave": np.array([1, 2, 1, 1]),
    }
    for name, answers in {
        "swemwbs": (4, 3, 1), "reqol10": (2, 2, -9), "hccq": (5, 4, 1), "loneliness": (1, 3, -8),
        "symptoms": (1, 1, 0),
    }.items():  # fmt: skip
        for column in item_columns()[name]:
            columns[column] = np.array([*answers, -9], np.int8)
    return columns


def _alters():
    asked = {
        name: np.array([1, 0, 1, 1, 1, -5])
        for name in (
            "knows_diagnosis",
            "supp_emotional",
            "supp_practical",
            "supp_illness",
            "supp_advocacy",
            "supp_financial",
            "supp_given",
        )
    }
    return asked | {
        "egoID": np.array([101, 101, 102, 201, 201, 301]),
        "alterID": np.array([1, 2, 1, 1, 2, 1]),
        "alter_id": np.array(
            [
                "SYN-222222C-2222C",
                "SYN-222222C-2222D",
                "SYN-222222C-2222C",
                "SYN-222222D-2222C",
                "SYN-222222D-2222D",
                "SYN-222222F-2222C",
            ]
        ),
        "ego_pid": np.array(
            [
                "SYN-222222C",
                "SYN-222222C",
                "SYN-222222C",
                "SYN-222222D",
                "SYN-222222D",
                "SYN-222222F",
            ]
        ),
        "wave": np.array([1, 1, 2, 1, 1, 1]),
        "alter_name": np.array(["Ann417", "Bo, 12", "Ann417", 'the "Hut" 3', "Nurse 9", "Rex5"]),
        "tie_class": np.array(["kin", "friend", "kin", "object", "professional", "object"]),
        "tie_kind": np.array(["partner", "peer", "partner", "place", "cpn", "pet"]),
        "is_human": np.array([1, 1, 1, 0, 1, 0]),
        "circle": np.array([1, 2, 1, 3, 2, -6]),
        "map_x": np.array([0.5, 0.25, -6.0, 0.123456, 1.0, -6.0]),
        "map_y": np.array([0.5, 0.75, -6.0, 0.0, 0.3, -6.0]),
        "alter_sex": np.array(["male", "-5", "male", "not_applicable", "female", "-5"]),
        "alter_age_band": np.array(["30_44", "-5", "30_44", "not_applicable", "45_59", "-5"]),
        "contact_freq": np.array([1, 3, 1, 5, 4, -5]),
        "closeness": np.array([4, 2, 4, 3, 1, -5]),
        "years_known": np.array([12.0, 0.5, 12.5, 7.0, 3.25, -5.0]),
        "burden": np.array([1, 2, 1, 1, 3, -5]),
        "same_person_as_last_wave": np.array([-6, -6, 1, -6, -6, -5]),
        "nomination_order": np.array([1, 2, 1, 1, 2, 1]),
        "trust": np.array([5, 3, 5, -7, 4, -5]),
        "anticipated_support": np.array([5, 2, 4, 1, 4, -5]),
        "staff_id": np.array(["-7", "-7", "-7", "-7", "SYN-222222222D", "-7"]),
    }


def _main():
    return {
        "persons": _persons(),
        "egos": _egos(),
        "items": _items(),
        "alters": _alters(),
        "aaties": {
            "egoID": np.array([101]),
            "Source": np.array([1]),
            "Target": np.array([2]),
            "weight": np.array([2]),
            "wave": np.array([1]),
        },
        "attrition": {
            "ego_pid": np.array(
                [
                    "SYN-222222C",
                    "SYN-222222C",
                    "SYN-222222D",
                    "SYN-222222D",
                    "SYN-222222F",
                    "SYN-222222F",
                ]
            ),
            "wave": np.array([1, 2, 1, 2, 1, 2]),
            "scheduled_date": _days(*["2015-03-02", "2015-08-31"] * 3),
            "attended": np.array([1, 1, 1, 0, 1, 0]),
            "reason": np.array(["completed"] * 3 + ["ill", "completed", "died"]),
            "monotone": np.array([0, 0, 0, 1, 0, 1]),
        },
        "flow": {
            "stage": np.array(["approached", "consented", "interviewed"]),
            "wave": np.array([-7, -7, 2]),
            "site": np.array([1, 1, 1]),
            "arm": np.array(["", "", "control"]),
            "outcome": np.array(["reached", "lost", "reached"]),
            "reason": np.array(["", "declined", ""]),
            "n_people": np.array([5, 2, 1]),
        },
    }


def _truth():
    weekly = {
        name: np.array([0.1, -7.0, 1.5], dtype=np.float32)
        for name in ("wellbeing", "severity", "guilt", "capacity")
    }
    counts = ("n_kin", "n_friend", "n_professional", "n_object", "contacts")
    visits = ("visits_kept", "visits_cancelled", "visits_missed")
    weekly |= {name: np.array([1, 0, 2]) for name in (*counts, *visits)}
    weekly |= {"ego_pid": np.array(["SYN-222222C"] * 3), "week": np.array([0, 1, 2])}
    return {
        "ties": {
            "ego_pid": np.array(["SYN-222222C", "SYN-222222C", "SYN-222222D"]),
            "alter_id": np.array(["SYN-222222C-2222C", "SYN-222222C-2222D", "SYN-222222D-2222D"]),
            "alter_name": np.array(["Ann417", "Bo, 12", ""]),
            "alter_sex": np.array(["female", "male", ""]),
            "alter_age": np.array([43.25, 30.0, np.nan]),
            "tie_kind": np.array(["partner", "peer", "cpn"]),
            "tie_class": np.array(["kin", "friend", "professional"]),
            "began_week": np.array([-624, -7, 3]),
            "ended_week": np.array([tables.NA_INTEGER, 20, 40]),
            "end_cause": np.array(["", "drift", "turnover"]),
            "knows_since_wave": np.array([1, tables.NA_INTEGER, 2]),
            "dormant_weeks": np.array([0, 6, 0]),
            "staff_id": np.array(["-7", "-7", "SYN-222222222D"]),
        },
        "events": {
            "ego_pid": np.array(["SYN-222222C", "SYN-222222D"]),
            "week": np.array([-3, 20]),
            "event": np.array(["episode_start", "tie_ended"]),
            "alter_id": np.array(["", "SYN-222222D-2222D"]),
            "cause": np.array(["", "turnover"]),
        },
        "weekly": {**weekly, "acute": np.array([0, 1, 0])},
        "missing": {
            "ego_pid": np.array(["SYN-222222C"]),
            "wave": np.array([2]),
            "alter_id": np.array(["SYN-222222C-2222D"]),
            "reason": np.array(["forgotten"]),
        },
        **_truth_of_waves(),
    }


def _truth_of_waves():
    scores = ("swemwbs", "reqol10", "hccq", "loneliness_score", "symptom_score")
    of_scores = [f"{name}_{what}" for name in scores for what in ("true", "full")]
    return {
        "waves": {
            "ego_pid": np.array(["SYN-222222C", "SYN-222222C"]),
            "wave": np.array([1, 2]),
            "alive": np.array([1, 0]),
            "scheduled_week": np.array([0, 26]),
            "interview_week": np.array([0, 27]),
            "interview_date": _days("2015-03-02", "2015-09-07"),
            "attended": np.array([1, 0]),
            "chance_attended": np.array([1.0, 0.0]),
            **dict.fromkeys(of_scores, np.array([7.0, np.nan])),
        },
        "items": {
            "ego_pid": np.array(["SYN-222222C"]),
            "wave": np.array([1]),
            **{name: np.array([2]) for columns in item_columns().values() for name in columns},
        },
        "members": {
            "ego_pid": np.array(["SYN-222222C", "SYN-222222C"]),
            "wave": np.array([2, 2]),
            "alter_id": np.array(["SYN-222222C-2222C", "SYN-222222C-2222D"]),
            "tie_kind": np.array(["partner", "peer"]),
            "tie_class": np.array(["kin", "friend"]),
            **dict.fromkeys(("active", "on_map"), np.array([1, 1])),
            "recorded": np.array([1, 0]),
            **dict.fromkeys(("closeness_true", "trust_true"), np.array([0.5, 0.25])),
            "knows_diagnosis": np.array([1, tables.NA_INTEGER]),
        },
        "pairs": {
            "ego_pid": np.array(["SYN-222222C"]),
            "wave": np.array([2]),
            "first_alter_id": np.array(["SYN-222222C-2222C"]),
            "second_alter_id": np.array(["SYN-222222C-2222D"]),
            "strength": np.array([2]),
        },
        **_truth_of_estimands(),
    }


def _truth_of_estimands():
    value = {"value": np.array([0.75, np.nan]), "n": np.array([3, 0])}
    return {
        "estimands": {
            "estimand": np.array(["retention", "ties_ended"]),
            "item": np.array(["", "friend"]),
            "arm": np.array(["all", "control"]),
            "versus": np.array(["", ""]),
            "contrast": np.array(["", ""]),
            "wave": np.array([2, tables.NA_INTEGER]),
            "week": np.array([26, 52]),
            **value,
            "mcse": np.array([np.nan, np.nan]),
            "layer": np.array(["recorded", "latent"]),
            "definition": np.array(["Share interviewed", "Share ended, of all"]),
            "found_by": np.array(["counted", "counted"]),
        },
        "ladder": {
            "estimand": np.array(["score_mean", "score_mean"]),
            "item": np.array(["swemwbs", "swemwbs"]),
            "arm": np.array(["all", "all"]),
            "wave": np.array([1, 1]),
            "rung": np.array(["frame_true", "as_collected"]),
            **value,
        },
    }


@pytest.fixture
def arrays():
    """Arrays of every required table by its name in the codebook, fresh for each test."""
    return {**_main(), **{f"truth/{name}": columns for name, columns in _truth().items()}}


@pytest.fixture
def built(arrays):
    """Tables of the stand-in study by name, the lists of missing codes among them."""
    made = {name: tables.build(name, columns) for name, columns in arrays.items()}
    for name in ("persons", "egos", "items", "alters"):
        made[f"{name}_miss"] = tables.missing_cells(name, arrays[name])
    return made


@pytest.fixture
def source():
    """Provenance of the stand-in study."""
    entry = SimpleNamespace(
        path="tie.friend.end_rate",
        value=0.165,
        unit="1/year",
        low=0.1,
        high=0.25,
        source="B16",
        grade="fitted",
    )
    command = ["/usr/local/bin/egocohort", "simulate", "usual-care", "--out", "somewhere"]
    return provenance.collect(seed=0, replicate=3, command=command, parameters=[entry])


@pytest.fixture
def write(built, source):
    """Write the stand-in study into a folder; keywords replace arguments of write_bundle.

    So that one writing can be told from another, `command` replaces that of the provenance.
    """

    def write_into(folder, **changes):
        if "command" in changes:
            changes["provenance"] = replace(source, command=changes.pop("command"))
        is_truth = {name: codebook.table(name).is_truth for name in built}
        arguments = {
            "tables": {name: table for name, table in built.items() if not is_truth[name]},
            "truth": {n.removeprefix("truth/"): t for n, t in built.items() if is_truth[n]},
            "scenario": MadeUpRecipe("usual-care"),
            "study": MadeUpRecipe("founding"),
            "provenance": source,
        }
        return writing.write_bundle(folder, **{**arguments, **changes})

    return write_into


@pytest.fixture
def place(tmp_path):
    """Where a bundle of the stand-in study belongs."""
    return tmp_path / "results" / Which("founding", "usual-care", 0, 3).folder_name
