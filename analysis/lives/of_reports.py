"""Rules of what was recorded: maps beside the ties there were, and what people get wrong."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.lives.of_ties import COURTING, PET_YEARS, WEEKS_LEFT_OPEN, first_names
from analysis.lives.record import StudyRecord
from analysis.lives.rule import LifeRule, LookedAt, rows_found
from sim.study.alter_tables import BAND_ENDS, BANDS
from sim.study.interpreters import MISTAKEN
from sim.world.kinds import WEEKS_A_YEAR, Kind

__all__ = ["REPORT_RULES"]

CLASS_WORDS = {kind.name.lower(): kind.group.tie_class.name.lower() for kind in Kind}
NEXT_WORDS = {one.name.lower(): other.name.lower() for one, other in MISTAKEN.items()}
KNOW_BY_ROLE = [
    Kind.PSYCHIATRIST, Kind.CPN, Kind.CARE_COORDINATOR, Kind.SUPPORT_WORKER, Kind.GP,
    Kind.THERAPIST,
]  # fmt: skip
STAFF_WORDS = [kind.name.lower() for kind in KNOW_BY_ROLE]
YOUNGEST_WORKER, YOUNGEST_PSYCHIATRIST = 18, 24
LARGEST_ERROR, ROUNDED_BY = 6, 3.5
"""Of years known: SD that no error exceeds, and years by which they are rounded at most."""

NEAR = 0.02
"""Years that rounding and the weekday of an interview may leave between an age and its band."""


def _while_it_lasts(record: StudyRecord) -> LookedAt:
    members = record.members
    gone = members["week"] >= members["true_ended_week"]
    unknown = members["true_tie_kind"].isna()
    return rows_found(
        members, gone | unknown | (members["week"] < members["true_began_week"]), "alter_id"
    )


def _not_both(record: StudyRecord) -> LookedAt:
    unseen = record.table("truth/missing")
    seen = pd.MultiIndex.from_frame(record.alters[["alter_id", "wave"]])
    both = pd.MultiIndex.from_frame(unseen[["alter_id", "wave"]]).isin(seen)
    return rows_found(unseen, both, "alter_id")


def _counted(record: StudyRecord) -> LookedAt:
    egos = record.table("egos")
    rows = record.table("alters").groupby("egoID")["alterID"].agg(["size", "max"])
    size, last = (egos["egoID"].map(rows[name]).fillna(0) for name in ("size", "max"))
    wrong = (size != egos["n_alters"]) | (last != size) | (egos["n_named_total"] < size)
    return rows_found(egos, wrong, "egoID")


def _one_partner(record: StudyRecord) -> LookedAt:
    partners = record.members[record.members["tie_kind"] == "partner"]
    return rows_found(partners, partners.duplicated("egoID"), "alter_id")


def _same_names(record: StudyRecord) -> LookedAt:
    members = record.members
    wrong = members["alter_name"] != members["true_alter_name"]
    sex = members["alter_sex"]
    return rows_found(
        members, wrong | (sex.notna() & (sex != members["true_alter_sex"])), "alter_id"
    )


def _things(record: StudyRecord) -> LookedAt:
    things = record.members[record.members["tie_class"] == "object"]
    things = things.assign(stem=first_names(things["alter_name"]))
    return rows_found(things, things.duplicated(["egoID", "true_tie_kind", "stem"]), "alter_id")


def _bands(record: StudyRecord) -> LookedAt:
    people = record.members[record.members["age"].notna()]
    people = people[people["alter_age_band"].notna()]
    said = people["alter_age_band"].map({band: n for n, band in enumerate(BANDS)}).to_numpy()
    age = people["age"].to_numpy()
    low, high = (np.searchsorted(BAND_ENDS, age + by, side="right") for by in (-NEAR, NEAR))
    return rows_found(people, (said < low) | (said > high), "alter_id")


def _bands_rise(record: StudyRecord) -> LookedAt:
    people = record.members[record.members["is_human"] == 1]
    people = people[people["alter_age_band"].notna()].sort_values(["alter_id", "wave"])
    number = people["alter_age_band"].map({band: n for n, band in enumerate(BANDS)})
    return rows_found(people, number < number.groupby(people["alter_id"]).shift(), "alter_id")


def _years(record: StudyRecord) -> LookedAt:
    members = record.members[record.members["years_known"].notna()]
    years, kind = members["years_known"], members["true_tie_kind"]
    most = np.minimum(members["ego_age"] + 1, members["age"].fillna(np.inf))
    most -= np.where(kind == "partner", COURTING, 0)
    pets = (kind == "pet") & (years > PET_YEARS)
    return rows_found(members, (years > most + WEEKS_LEFT_OPEN / WEEKS_A_YEAR) | pets, "alter_id")


def _years_near(record: StudyRecord) -> LookedAt:
    members = record.members[record.members["years_known"].notna()]
    true = (members["week"] - members["true_began_week"]) / WEEKS_A_YEAR
    far = LARGEST_ERROR * record.rate("question.years_error") * true + ROUNDED_BY
    return rows_found(members, (members["years_known"] - true).abs() > far, "alter_id")


def _classes(record: StudyRecord) -> LookedAt:
    members = record.members
    right = members["tie_kind"].map(CLASS_WORDS)
    human = members["tie_class"] != "object"
    wrong = (members["tie_class"] != right) | (human != (members["is_human"] == 1))
    return rows_found(
        members, wrong | (members["tie_class"] != members["true_tie_class"]), "alter_id"
    )


def _called_parent(members: pd.DataFrame) -> pd.Series:
    """Whether a relative is called mother or father who is neither."""
    return (members["tie_kind"] == "parent") & (members["true_tie_kind"] == "other_kin")


def _kinds(record: StudyRecord) -> LookedAt:
    members = record.members
    said, true = members["tie_kind"], members["true_tie_kind"]
    near = (said == true.map(NEXT_WORDS)) | _called_parent(members)
    return rows_found(members, (said != true) & ~near, "alter_id")


def _mistaken(record: StudyRecord) -> LookedAt:
    members = record.members
    asked = members[members["true_tie_kind"].isin(NEXT_WORDS) & ~_called_parent(members)]
    return rows_found(asked, asked["tie_kind"] != asked["true_tie_kind"], "alter_id")


def _elders(record: StudyRecord) -> pd.DataFrame:
    """Relatives other than parents, on a map, with `apart`: years older than the ego at most."""
    kin = record.members[record.members["true_tie_kind"] == "other_kin"]
    base = kin["ego_pid"].map(record.table("persons").set_index("ego_pid")["age_baseline"])
    kin = kin.assign(apart=kin["true_alter_age"] - base, parent=kin["tie_kind"] == "parent")
    return kin.drop_duplicates("alter_id")


def _step_parents(record: StudyRecord) -> LookedAt:
    kin = _elders(record)
    old = kin[kin["apart"] - 1 >= record.rate("question.generation_youngest")]
    return rows_found(old, old["parent"], "alter_id")


def _step_parents_old(record: StudyRecord) -> LookedAt:
    kin = _elders(record)
    called = kin[kin["parent"]]
    young = called["apart"] < record.rate("question.generation_youngest") - NEAR
    return rows_found(called, young, "alter_id")


def _knowledge(record: StudyRecord) -> pd.DataFrame:
    """Answers on who knows the diagnosis, with `knew` as it is."""
    asked = record.members[record.members["knows_diagnosis"].notna()]
    return asked.assign(knew=asked["true_knows_since_wave"] <= asked["wave"])


def _told_before(record: StudyRecord) -> LookedAt:
    asked = _knowledge(record)
    return rows_found(asked, (asked["knows_diagnosis"] == 1) & ~asked["knew"], "alter_id")


def _staff_know(record: StudyRecord) -> LookedAt:
    asked = _knowledge(record)
    staff = asked[asked["true_tie_kind"].isin(STAFF_WORDS)]
    return rows_found(staff, ~staff["knew"] | (staff["knows_diagnosis"] == 0), "alter_id")


def _unsure(record: StudyRecord) -> LookedAt:
    asked = _knowledge(record)
    knew = asked[asked["knew"] & ~asked["true_tie_kind"].isin(STAFF_WORDS)]
    return rows_found(knew, knew["knows_diagnosis"] == 0, "alter_id")


def _pairs(record: StudyRecord) -> LookedAt:
    pairs = record.table("aaties")
    people = record.table("alters").query("is_human == 1")
    people = pd.MultiIndex.from_frame(people[["egoID", "alterID"]])
    wrong = pairs["Source"] >= pairs["Target"]
    for end in ("Source", "Target"):
        wrong |= ~pd.MultiIndex.from_frame(pairs[["egoID", end]]).isin(people)
    return rows_found(pairs, wrong | pairs.duplicated(["egoID", "Source", "Target"]), "egoID")


def _staff(record: StudyRecord) -> pd.DataFrame:
    """Workers of teams as each of their egos has them, with `birth` in years of the calendar."""
    staff = record.ties[record.ties["staff_id"].notna() & record.ties["alter_age"].notna()]
    now = staff["ego_pid"].map(record.baseline) / WEEKS_A_YEAR
    return staff.assign(birth=now - staff["alter_age"])


def _alike(record: StudyRecord) -> LookedAt:
    staff = _staff(record)
    by = staff.groupby("staff_id")
    wrong = (staff["birth"] - by["birth"].transform("first")).abs() > NEAR
    for name in ("alter_name", "alter_sex", "tie_kind"):
        wrong |= staff[name] != by[name].transform("first")
    return rows_found(staff, wrong, "alter_id")


def _staff_ages(record: StudyRecord) -> LookedAt:
    ties = record.ties[(record.ties["tie_class"] == "professional")]
    ties = ties[ties["alter_age"].notna()]
    youngest = np.where(ties["tie_kind"] == "psychiatrist", YOUNGEST_PSYCHIATRIST, YOUNGEST_WORKER)
    return rows_found(ties, ties["alter_age"] < youngest, "alter_id")


REPORT_RULES = (
    LifeRule("maps-of-ties", "nobody is on a map before or after the tie", _while_it_lasts),
    LifeRule("seen-or-not", "nobody is on a map and missing from it", _not_both),
    LifeRule("members-counted", "members are as many as are counted", _counted),
    LifeRule("one-partner-told", "no map has two partners", _one_partner),
    LifeRule("same-names", "name and sex of a member are the same at every wave", _same_names),
    LifeRule("things-told-once", "no pet, place or thing is on a map twice", _things),
    LifeRule("bands-of-ages", "a member's age is in the band that is said", _bands),
    LifeRule("bands-rise", "nobody grows younger", _bands_rise),
    LifeRule("years-possible", "nobody is said to be known for longer than can be", _years),
    LifeRule("years-near", "how long known is misremembered by a little at most", _years_near),
    LifeRule("classes-fit", "class, kind and being a person fit each other", _classes),
    LifeRule("kinds-near", "a kind of tie is mistaken for the one next to it alone", _kinds),
    LifeRule("kinds-mistaken", "kinds of ties recorded as the one next to them", _mistaken,
             "question.kind_mistaken"),
    LifeRule("step-parents", "older relatives who are called mother or father", _step_parents,
             "question.step_parent"),
    LifeRule("step-parents-older", "who is called mother or father is a generation older",
             _step_parents_old),
    LifeRule("told-before", "nobody is said to know the diagnosis before being told",
             _told_before),
    LifeRule("staff-know", "the team's staff, GPs and therapists know it", _staff_know),
    LifeRule("knows-unsure", "others who know it and are said not to", _unsure,
             "question.knows_unsure"),
    LifeRule("pairs-of-people", "ties between members join two people on the map, once", _pairs),
    LifeRule("staff-alike", "a worker is the same person for every ego", _alike),
    LifeRule("staff-ages", "psychiatrists are at least 24, other professionals 18", _staff_ages),
)  # fmt: skip
"""In the order in which they are told."""
