"""Rules of lives: what was planted is found, by the rule it breaks, and nothing is found before."""

import numpy as np
import pandas as pd
import pytest

import egocohort as ec
from analysis.lives.check import LIFE_RULES, check_record
from analysis.lives.record import StudyRecord
from analysis.lives.rule import LifeRule, LookedAt, judged_rule

BY_ID = {rule.id: rule for rule in LIFE_RULES}
RARE = [rule.id for rule in LIFE_RULES if rule.rate]
NAMES = ("persons", "egos", "items", "alters", "aaties", "attrition")
TRUE = ("truth/ties", "truth/events", "truth/weekly", "truth/missing")


@pytest.fixture(scope="module")
def made():
    """The founding study as it was written."""
    return ec.simulate("founding-study", seed=55)


@pytest.fixture
def tables(made):
    """Its tables, each a copy to be spoilt."""
    return {name: made.table(name).copy() for name in (*NAMES, *TRUE)}


@pytest.fixture
def found(made, tables):
    """What a rule finds in the tables as they are now."""
    return lambda rule: BY_ID[rule].look(StudyRecord(tables, made.manifest)).found


def spoil(tables, name, rows, column, value):
    """Write a value into a column, in the first row that is chosen."""
    table = tables[name]
    at = table.index[rows(table)][0]
    table[column] = table[column].astype(object)
    table.loc[at, column] = value
    tables[name] = table.infer_objects()
    return table.loc[at]


def of_kind(*kinds):
    return lambda table: table["tie_kind"].isin(kinds)


def twice(tables, name, rows, **changed):
    """Add a row like the first one that is chosen, but for what is changed."""
    table = tables[name]
    row = table[rows(table)].iloc[[0]].assign(**changed)
    tables[name] = pd.concat([table, row], ignore_index=True)


def tie(column, value, *kinds):
    """A change of a true tie of some kinds."""
    return lambda tables: spoil(tables, "truth/ties", of_kind(*kinds), column, value)


def another(*kinds, **changed):
    """One more true tie of some kinds, to the same ego."""
    fresh = {"alter_id": "SYN-9999999-99999", "alter_name": "Nobody999", **changed}
    return lambda tables: twice(tables, "truth/ties", of_kind(*kinds), **fresh)


def member(column, value, rows=lambda table: table["wave"] > 0):
    """A change of what was recorded of a member."""
    return lambda tables: spoil(tables, "alters", rows, column, value)


def met_again(table):
    return (table["wave"] > 1) & (table["same_person_as_last_wave"] == 1)


def person(table):
    return table["alter_age_band"].isin(("45_59", "60_plus"))


def fourth_parent(tables):
    for number in range(3):
        another("parent", alter_id=f"SYN-9999999-9999{number}")(tables)


def met_dead(tables):
    egos = tables["egos"]
    who = egos.loc[egos["wave"] == 2, "ego_pid"].iloc[0]
    death = {"ego_pid": who, "week": 2, "event": "death", "alter_id": None, "cause": None}
    tables["truth/events"] = pd.concat([tables["truth/events"], pd.DataFrame([death])])


def two_events(event, week):
    """The same event of one ego, twice running."""

    def planted(tables):
        who = tables["persons"]["ego_pid"].iloc[0]
        rows = [
            {"ego_pid": who, "week": at, "event": event, "alter_id": None, "cause": None}
            for at in (week, week + 1)
        ]
        tables["truth/events"] = pd.concat([tables["truth/events"], pd.DataFrame(rows)])

    return planted


def event_after_the_end(tables):
    ended = tables["truth/ties"].dropna(subset="ended_week").iloc[0]
    row = {
        "ego_pid": ended["ego_pid"], "week": int(ended["ended_week"]) + 1, "event": "tie_dormant",
        "alter_id": ended["alter_id"], "cause": None,
    }  # fmt: skip
    tables["truth/events"] = pd.concat([tables["truth/events"], pd.DataFrame([row])])


def seen_and_missing(tables):
    seen = tables["alters"].iloc[0]
    row = {"ego_pid": seen["ego_pid"], "wave": seen["wave"], "alter_id": seen["alter_id"]}
    tables["truth/missing"] = pd.concat([tables["truth/missing"], pd.DataFrame([row])])


def thing_twice(tables):
    name = tables["truth/ties"].loc[of_kind("place")(tables["truth/ties"]), "alter_name"].iloc[0]
    another("place", alter_name=name.rstrip("0123456789") + "999")(tables)


def thing_told_twice(tables):
    first = tables["alters"][of_kind("place")(tables["alters"])].iloc[0]
    name = first["alter_name"].rstrip("0123456789") + "999"
    twice(tables, "alters", lambda t: t["alter_id"] == first["alter_id"], alter_name=name)


def older_worker(tables):
    staff = tables["truth/ties"].dropna(subset=["staff_id", "alter_age"])
    shared = staff[staff.duplicated("staff_id")].index[0]
    tables["truth/ties"].loc[shared, "alter_age"] += 1


def told_to_nobody(table):
    return table["knows_diagnosis"] == 0


def worker(table):
    return table["tie_kind"].isin(("psychiatrist", "cpn"))


def all_of(column, value, rows):
    """What is rare, in every row that could show it."""

    def planted(tables):
        table = tables["alters"]
        table.loc[rows(table), column] = value

    return planted


def same_first_names(tables):
    ties = tables["truth/ties"]
    lay = ties["tie_class"].isin(("kin", "friend"))
    ties.loc[lay, "alter_name"] = [f"Ann{number}" for number in range(lay.sum())]


def third_parents(tables):
    for who in tables["persons"]["ego_pid"]:
        row = {
            "ego_pid": who, "alter_id": f"{who}-9999", "tie_kind": "parent", "alter_age": 80.0,
            "alter_sex": "female", "began_week": -100, "tie_class": "kin", "dormant_weeks": 0,
        }  # fmt: skip
        twins = pd.DataFrame([row | {"alter_id": row["alter_id"] + n} for n in "12"])
        tables["truth/ties"] = pd.concat([tables["truth/ties"], twins], ignore_index=True)


def of_persons(column, usual, odd):
    """A column of persons, with what is odd for somebody who has neither partner nor parent."""

    def planted(tables):
        persons, ties = tables["persons"], tables["truth/ties"]
        kin = ties.loc[of_kind("partner", "parent")(ties), "ego_pid"]
        persons[column] = [usual if who in set(kin) else odd for who in persons["ego_pid"]]

    return planted


PLANTED = {
    "household-of-ties": of_persons("household", "alone", "parents"),
    "ill-in-life": of_persons("years_ill", 10, 90),
    "parents-three": fourth_parent,
    "third-parents": third_parents,
    "parents-older": tie("alter_age", 30.0, "parent"),
    "children-younger": another("sibling", tie_kind="child", alter_age=70.0),
    "young-kin-young": tie("alter_age", 70.0, "young_kin"),
    "siblings-near": tie("alter_age", 130.0, "sibling"),
    "partners-adult": tie("alter_age", 17.0, "partner"),
    "partners-since-16": tie("began_week", -52 * 60, "partner"),
    "known-in-life": tie("began_week", -52 * 99, "friend"),
    "pets-30-years": tie("began_week", -52 * 31, "pet"),
    "begin-then-end": lambda tables: spoil(
        tables, "truth/ties", lambda t: t["ended_week"].notna(), "began_week", 999
    ),
    "one-cause": lambda tables: spoil(
        tables, "truth/ties", lambda t: t["ended_week"].notna(), "end_cause", None
    ),
    "one-partner": another("partner"),
    "names-distinct": lambda tables: twice(
        tables, "truth/ties", of_kind("friend"), alter_id="SYN-9999999-99999"
    ),
    "things-distinct": thing_twice,
    "namesakes": same_first_names,
    "dead-not-met": met_dead,
    "dead-at-rest": lambda tables: (met_dead(tables), two_events("warning", 30)(tables)),
    "died-who-died": lambda tables: spoil(
        tables, "attrition", lambda t: t["attended"] == 1, "reason", "died"
    ),
    "visits-told": lambda tables: spoil(
        tables, "attrition", lambda t: t["attended"] == 1, "attended", 0
    ),
    "dates-in-order": lambda tables: spoil(
        tables, "egos", lambda t: t["wave"] == 2, "interview_date", pd.Timestamp("2010-01-04")
    ),
    "recruited-first": lambda tables: spoil(
        tables, "persons", lambda t: t["ego_num"] > 0, "recruit_date", pd.Timestamp("2030-01-01")
    ),
    "same-person": lambda tables: spoil(tables, "egos", lambda t: t["wave"] == 2, "team", 99),
    "partner-told": lambda tables: spoil(
        tables, "persons", lambda t: t["has_partner"] == 0, "has_partner", 1
    ),
    "ego-ages": lambda tables: spoil(tables, "egos", lambda t: t["wave"] == 2, "ego_age", 20),
    "episodes-in-turn": two_events("episode_start", 5),
    "admitted-ill": two_events("admission", 9999),
    "events-within-ties": event_after_the_end,
    "crises-told": lambda tables: spoil(
        tables, "egos", lambda t: (t["wave"] == 2) & (t["crisis_since_last"] == 0),
        "crisis_since_last", 1,
    ),
    "scores-in-range": lambda tables: spoil(
        tables, "egos", lambda t: t["wave"] == 1, "reqol10", 41.0
    ),
    "swemwbs-metric": lambda tables: spoil(
        tables, "egos", lambda t: t["swemwbs"].notna(), "swemwbs", 20.0
    ),
    "scores-of-items": lambda tables: spoil(
        tables, "items", lambda t: t["symptoms_1"] == 0, "symptoms_1", 4
    ),
    "maps-of-ties": lambda tables: spoil(
        tables, "truth/ties", lambda t: t["alter_id"].isin(tables["alters"]["alter_id"]),
        "began_week", 400,
    ),
    "seen-or-not": seen_and_missing,
    "members-counted": lambda tables: spoil(
        tables, "egos", lambda t: t["wave"] == 1, "n_alters", 0
    ),
    "one-partner-told": lambda tables: twice(tables, "alters", of_kind("partner")),
    "same-names": member("alter_name", "Somebody100", met_again),
    "things-told-once": thing_told_twice,
    "bands-of-ages": member("alter_age_band", "child", person),
    "bands-rise": member("alter_age_band", "child", lambda t: met_again(t) & person(t)),
    "years-possible": member("years_known", 99.0),
    "years-near": member("years_known", 30.0, lambda t: t["years_known"] < 2),
    "classes-fit": member("tie_class", "object", worker),
    "kinds-near": member("tie_kind", "partner", worker),
    "kinds-mistaken": all_of("tie_kind", "friend", of_kind("peer")),
    "step-parents": all_of("tie_kind", "parent", of_kind("other_kin")),
    "step-parents-older": all_of("tie_kind", "parent", of_kind("other_kin")),
    "told-before": lambda tables: tables["truth/ties"].assign(knows_since_wave=np.nan).pipe(
        lambda table: tables.update({"truth/ties": table})
    ),
    "staff-know": member("knows_diagnosis", 0, worker),
    "knows-unsure": all_of("knows_diagnosis", 0, lambda t: t["tie_class"].isin(("kin", "friend"))),
    "pairs-of-people": lambda tables: spoil(
        tables, "aaties", lambda t: t["wave"] > 0, "Target", 99
    ),
    "staff-alike": older_worker,
    "staff-ages": tie("alter_age", 20.0, "psychiatrist"),
}  # fmt: skip
"""By rule: what breaks it, or makes what is rare frequent."""


def test_every_rule_has_something_that_breaks_it_and_an_id_of_its_own():
    assert PLANTED.keys() == BY_ID.keys()
    assert len(BY_ID) == len(LIFE_RULES)


@pytest.mark.parametrize("rule", BY_ID)
def test_what_is_planted_is_found(rule, made, tables, found):
    before = set(found(rule))
    PLANTED[rule](tables)
    assert set(found(rule)) - before
    if rule in RARE:
        record = StudyRecord(tables, made.manifest)
        verdict = {one.rule: one for one in check_record(record)}[rule]
        assert not verdict.holds
        assert verdict.found > verdict.high


def test_what_is_rare_is_missed_when_it_is_gone():
    rule = LifeRule("some", "some", lambda record: LookedAt(0, ()), "question.knows_unsure")
    none, some = LookedAt(4000, ()), LookedAt(4000, ("a",) * 120)
    assert not judged_rule(rule, [none], 0.03).holds
    assert judged_rule(rule, [some], 0.03).holds
    assert judged_rule(rule, [none], 0).holds
    assert judged_rule(rule._replace(at_most=True), [none], 0.03).holds


def test_studies_are_judged_together_and_examples_are_shown_once():
    rule = LifeRule("none", "none", lambda record: LookedAt(0, ()))
    verdict = judged_rule(rule, [LookedAt(3, ("a", "b")), LookedAt(4, ("a", "c", "d"))], 0)
    assert (verdict.n, verdict.found, verdict.holds) == (7, 5, False)
    assert verdict.examples == "a, b, c"
