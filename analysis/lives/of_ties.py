"""Rules of ties as they are: families that can be, ages that fit, ties that begin and then end."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.lives.record import StudyRecord
from analysis.lives.rule import LifeRule, LookedAt, rows_found
from sim.world.kinds import WEEKS_A_YEAR

__all__ = ["TIE_RULES"]

PARENT_BY, COURTING, ADULT, SIBLINGS_APART, PET_YEARS = 14, 16, 18, 45, 30
"""Years: of the youngest parents; of the youngest with a partner; of an adult; most between
siblings; of the longest-lived pet."""

YEAR, WEEKS_LEFT_OPEN = 1, 3
"""Ages of egos are whole years, those of alters have two decimals, and weeks begin and end: so much
is left open in favour of a life."""


def _of_kind(record: StudyRecord, *kinds: str) -> pd.DataFrame:
    ties = record.ties
    return ties[ties["tie_kind"].isin(kinds)]


def _parents(record: StudyRecord) -> LookedAt:
    parents = _of_kind(record, "parent")
    number = parents.groupby("ego_pid").cumcount()
    of_sex = parents.groupby(["ego_pid", "alter_sex"]).cumcount()
    return rows_found(parents, (number > 2) | (of_sex > 1), "alter_id")


def _third_parents(record: StudyRecord) -> LookedAt:
    parents, persons = _of_kind(record, "parent"), record.table("persons")
    again = parents[parents.duplicated(["ego_pid", "alter_sex"])]
    return rows_found(persons, persons["ego_pid"].isin(again["ego_pid"]), "ego_pid")


def _older_parents(record: StudyRecord) -> LookedAt:
    parents = _of_kind(record, "parent")
    return rows_found(parents, parents["alter_age"] - parents["ego_age"] < PARENT_BY, "alter_id")


def _younger_children(record: StudyRecord) -> LookedAt:
    children = _of_kind(record, "child")
    apart = children["ego_age"] + YEAR - children["alter_age"]
    return rows_found(children, apart < PARENT_BY, "alter_id")


def _young_kin(record: StudyRecord) -> LookedAt:
    young = _of_kind(record, "young_kin")
    at_start = young["alter_age"] + young["began_week"] / WEEKS_A_YEAR
    return rows_found(young, at_start >= ADULT, "alter_id")


def _siblings(record: StudyRecord) -> LookedAt:
    siblings = _of_kind(record, "sibling")
    apart = (siblings["alter_age"] - siblings["ego_age"]).abs()
    return rows_found(siblings, apart > SIBLINGS_APART + YEAR, "alter_id")


def _adult_partners(record: StudyRecord) -> LookedAt:
    partners = _of_kind(record, "partner")
    at_last = np.maximum(partners["began_week"], 0) / WEEKS_A_YEAR + partners["alter_age"]
    return rows_found(partners, at_last < ADULT, "alter_id")


def _partners_since(record: StudyRecord) -> LookedAt:
    partners = _of_kind(record, "partner")
    since = partners["began_week"] / WEEKS_A_YEAR
    too_young = (partners["ego_age"] + YEAR + since < COURTING) | (
        partners["alter_age"] + since < COURTING
    )
    return rows_found(partners, too_young, "alter_id")


def _known_in_life(record: StudyRecord) -> LookedAt:
    ties = record.ties
    since = (ties["began_week"] + WEEKS_LEFT_OPEN) / WEEKS_A_YEAR
    before = (ties["ego_age"] + YEAR + since < 0) | (ties["alter_age"].fillna(np.inf) + since < 0)
    return rows_found(ties, before, "alter_id")


def _pets(record: StudyRecord) -> LookedAt:
    pets = _of_kind(record, "pet")
    end = pets["ended_week"].fillna(0)
    years = (np.maximum(end, 0) - pets["began_week"]) / WEEKS_A_YEAR
    return rows_found(pets, years > PET_YEARS, "alter_id")


def _begin_then_end(record: StudyRecord) -> LookedAt:
    ties = record.ties
    return rows_found(ties, ties["ended_week"] < ties["began_week"], "alter_id")


def _one_partner(record: StudyRecord) -> LookedAt:
    partners = _of_kind(record, "partner").sort_values(["ego_pid", "began_week"], kind="stable")
    before = partners.groupby("ego_pid")["ended_week"].shift()
    follows = partners.duplicated("ego_pid")
    at_once = follows & ~(before.notna() & (before <= partners["began_week"]))
    return rows_found(partners, at_once, "alter_id")


def _one_cause(record: StudyRecord) -> LookedAt:
    ties = record.ties
    return rows_found(ties, ties["ended_week"].notna() != ties["end_cause"].notna(), "alter_id")


def _names(record: StudyRecord) -> LookedAt:
    named = record.ties[record.ties["alter_name"].notna()]
    named = named[~named.duplicated(["ego_pid", "staff_id"]) | named["staff_id"].isna()]
    return rows_found(named, named.duplicated(["ego_pid", "alter_name"]), "alter_id")


def _things(record: StudyRecord) -> LookedAt:
    things = record.ties[record.ties["tie_class"] == "object"]
    things = things.assign(stem=first_names(things["alter_name"]))
    return rows_found(things, things.duplicated(["ego_pid", "tie_kind", "stem"]), "alter_id")


def _namesakes(record: StudyRecord) -> LookedAt:
    lay = record.ties[record.ties["tie_class"].isin(("kin", "friend"))]
    lay = lay.assign(stem=first_names(lay["alter_name"]))
    later = lay[lay.duplicated(["ego_pid", "alter_sex"])]
    again = lay.duplicated(["ego_pid", "alter_sex", "stem"]).loc[later.index]
    return rows_found(later, again, "alter_id")


def first_names(names: pd.Series) -> pd.Series:
    """Names and labels without their numbers."""
    return names.str.replace("[0-9]+$", "", regex=True)


TIE_RULES = (
    LifeRule("parents-three", "nobody has four parents, or three mothers or fathers", _parents),
    LifeRule("third-parents", "egos with two mothers or two fathers, one of them a step-parent",
             _third_parents, "family.step_parent", at_most=True),
    LifeRule("parents-older", "parents are at least 14 years older than the ego", _older_parents),
    LifeRule("children-younger", "children are at least 14 years younger", _younger_children),
    LifeRule("young-kin-young", "young relatives are not grown up when the tie begins", _young_kin),
    LifeRule("siblings-near", "siblings are within 45 years of the ego's age", _siblings),
    LifeRule("partners-adult", "partners are adults", _adult_partners),
    LifeRule("partners-since-16", "nobody had a partner before the age of 16", _partners_since),
    LifeRule("known-in-life", "nobody is known for longer than either has lived", _known_in_life),
    LifeRule("pets-30-years", "no pet is kept for more than 30 years", _pets),
    LifeRule("begin-then-end", "no tie ends before it begins", _begin_then_end),
    LifeRule("one-cause", "what ended has a cause, and nothing else has", _one_cause),
    LifeRule("one-partner", "nobody has two partners at a time", _one_partner),
    LifeRule("names-distinct", "no two of an ego's ties have the same name", _names),
    LifeRule("things-distinct", "no pet, place or thing of an ego is there twice", _things),
    LifeRule(
        "namesakes", "kin and friends with the first name of an earlier one", _namesakes,
        "question.namesake",
    ),
)  # fmt: skip
"""In the order in which they are told."""
