"""Rules of egos: illness, deaths, dates, scores, who was interviewed when."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.lives.record import StudyRecord
from analysis.lives.rule import LifeRule, LookedAt, rows_found
from sim.study.instruments import INSTRUMENTS, METRIC_SCORES, SCORE_COLUMNS, item_columns
from sim.world.kinds import WEEKS_A_YEAR

__all__ = ["PEOPLE_RULES"]

OF_TIES_ALIVE = ("tie_ended", "tie_dormant", "tie_revived")
ROUNDED = 0.006
"""Scores have two decimals."""


def _deaths(record: StudyRecord) -> pd.Series:
    died = record.events[record.events["event"] == "death"]
    return died.drop_duplicates("ego_pid").set_index("ego_pid")["week"]


def _after_death(record: StudyRecord) -> LookedAt:
    interviews = record.interviews
    died = interviews["ego_pid"].map(_deaths(record))
    return rows_found(interviews, interviews["week"] >= died, "egoID")


def _events_after_death(record: StudyRecord) -> LookedAt:
    events = record.events
    return rows_found(events, events["week"] > events["ego_pid"].map(_deaths(record)), "ego_pid")


def _said_to_have_died(record: StudyRecord) -> LookedAt:
    died = record.table("attrition").query("reason == 'died'")
    return rows_found(died, ~died["ego_pid"].isin(_deaths(record).index), "ego_pid")


def _attended(record: StudyRecord) -> LookedAt:
    visits = record.table("attrition")
    held = pd.MultiIndex.from_frame(record.table("egos")[["ego_pid", "wave"]])
    there = pd.MultiIndex.from_frame(visits[["ego_pid", "wave"]]).isin(held)
    said = visits["attended"] == 1
    wrong = (there != said) | (said != (visits["reason"] == "completed"))
    return rows_found(visits, wrong, "ego_pid")


def _dates(record: StudyRecord) -> LookedAt:
    interviews = record.interviews
    later = interviews[interviews.duplicated("ego_pid")]
    before = interviews.groupby("ego_pid")["interview_date"].shift().loc[later.index]
    return rows_found(later, later["interview_date"] <= before, "egoID")


def _recruited(record: StudyRecord) -> LookedAt:
    persons = record.table("persons")
    first = record.interviews.drop_duplicates("ego_pid").set_index("ego_pid")["interview_date"]
    return rows_found(persons, persons["recruit_date"] > persons["ego_pid"].map(first), "ego_pid")


def _same_person(record: StudyRecord) -> LookedAt:
    names = {"sex": "ego_sex", "site": "site", "team": "team", "arm": "arm"}
    persons = record.table("persons").set_index("ego_pid")
    interviews = record.interviews
    wrong = np.zeros(len(interviews), bool)
    for name, there in names.items():
        one, other = interviews["ego_pid"].map(persons[name]), interviews[there]
        wrong |= ((one != other) & ~(one.isna() & other.isna())).to_numpy()
    return rows_found(interviews, wrong, "egoID")


def _partners(record: StudyRecord) -> LookedAt:
    ties = record.ties[(record.ties["tie_kind"] == "partner") & (record.ties["began_week"] <= 0)]
    persons = record.table("persons")
    persons = persons[persons["has_partner"].notna()]
    said, there = persons["has_partner"] == 1, persons["ego_pid"].isin(ties["ego_pid"])
    awake = persons["ego_pid"].isin(ties.loc[ties["dormant_weeks"] == 0, "ego_pid"])
    return rows_found(persons, (said & ~there) | (~said & awake), "ego_pid")


def _households(record: StudyRecord) -> LookedAt:
    persons = record.table("persons")
    if "household" not in persons:
        return LookedAt(0, ())
    wrong = np.zeros(len(persons), bool)
    for household, kind in (("partner", "partner"), ("parents", "parent")):
        ties = record.ties[(record.ties["tie_kind"] == kind) & (record.ties["began_week"] <= 0)]
        wrong |= (persons["household"] == household) & ~persons["ego_pid"].isin(ties["ego_pid"])
    return rows_found(persons, wrong, "ego_pid")


def _pasts(record: StudyRecord) -> LookedAt:
    persons = record.table("persons")
    if "years_ill" not in persons:
        return LookedAt(0, ())
    return rows_found(persons, persons["years_ill"] > persons["age_baseline"], "ego_pid")


def _ego_ages(record: StudyRecord) -> LookedAt:
    interviews = record.interviews
    base = interviews["ego_pid"].map(record.table("persons").set_index("ego_pid")["age_baseline"])
    grown = interviews["ego_age"] - base
    years = interviews["week"] / WEEKS_A_YEAR
    wrong = (grown < np.floor(years)) | (grown > np.floor(years) + 1)
    return rows_found(interviews, wrong, "egoID")


def _episodes(record: StudyRecord) -> LookedAt:
    events = record.events
    turns = events[events["event"].isin(("episode_start", "episode_end"))]
    before = turns.groupby("ego_pid")["event"].shift()
    return rows_found(turns, turns["event"] == before, "ego_pid")


def _admissions(record: StudyRecord) -> LookedAt:
    events = record.events
    ill = record.table("truth/weekly").query("acute == 1")[["ego_pid", "week"]]
    crises = events.loc[events["event"] == "crisis", ["ego_pid", "week"]]
    within = pd.concat([ill, ill.assign(week=ill["week"] + 1), crises])
    admissions = events[events["event"] == "admission"]
    at = pd.MultiIndex.from_frame(admissions[["ego_pid", "week"]])
    return rows_found(admissions, ~at.isin(pd.MultiIndex.from_frame(within)), "ego_pid")


def _within_ties(record: StudyRecord) -> LookedAt:
    lives = record.ties.set_index(["ego_pid", "alter_id"])[["began_week", "ended_week"]]
    events = record.events[record.events["event"].isin(OF_TIES_ALIVE)]
    events = events[events["alter_id"].notna()].join(lives, on=["ego_pid", "alter_id"])
    wrong = (events["week"] < events["began_week"]) | (events["week"] > events["ended_week"])
    return rows_found(events, wrong, "alter_id")


def _crises_since(record: StudyRecord) -> LookedAt:
    interviews = record.interviews
    before = interviews.groupby("ego_pid")["week"].shift()
    later = interviews[before.notna() & interviews["crisis_since_last"].notna()]
    starts = record.events[record.events["event"] == "episode_start"][["ego_pid", "week"]]
    both = later.assign(since=before.loc[later.index])[["egoID", "ego_pid", "week", "since"]].merge(
        starts.rename(columns={"week": "start"}), on="ego_pid"
    )
    within = both[(both["start"] > both["since"]) & (both["start"] < both["week"])]
    edge = both[(both["start"] == both["since"]) | (both["start"] == both["week"])]
    said = later["crisis_since_last"] == 1
    known, open_ = later["egoID"].isin(within["egoID"]), later["egoID"].isin(edge["egoID"])
    return rows_found(later, (said != known) & ~(open_ & ~known), "egoID")


def _in_range(record: StudyRecord) -> LookedAt:
    egos = record.table("egos")
    wrong = np.zeros(len(egos), bool)
    for name, column in SCORE_COLUMNS.items():
        one = INSTRUMENTS[name]
        wrong |= (
            (egos[column] < one.low - ROUNDED) | (egos[column] > one.high + ROUNDED)
        ).to_numpy()
    return rows_found(egos, wrong, "egoID")


def _metric(record: StudyRecord) -> LookedAt:
    egos = record.table("egos")
    egos = egos[egos["swemwbs"].notna()]
    nearest = np.abs(egos["swemwbs"].to_numpy()[:, None] - np.array(METRIC_SCORES)).min(axis=1)
    return rows_found(egos, nearest > ROUNDED, "egoID")


def _of_items(record: StudyRecord) -> LookedAt:
    egos = record.table("egos").merge(
        record.table("items").drop(columns=["ego_pid", "wave", "synthetic"]), on="egoID"
    )
    wrong = np.zeros(len(egos), bool)
    for name, columns in item_columns().items():
        one, answers = INSTRUMENTS[name], egos[list(columns)]
        full = answers.notna().all(axis=1).to_numpy()
        place = answers.sum(axis=1).to_numpy()[full].astype(int) - one.items * one.least
        score = egos[SCORE_COLUMNS[name]].to_numpy()[full]
        wrong[full] |= ~(np.abs(one.points[place] - score) <= ROUNDED)
    return rows_found(egos, wrong, "egoID")


PEOPLE_RULES = (
    LifeRule("dead-not-met", "nobody is interviewed after dying", _after_death),
    LifeRule("dead-at-rest", "nothing happens to an ego who has died", _events_after_death),
    LifeRule("died-who-died", "who is absent because of death has died", _said_to_have_died),
    LifeRule("visits-told", "an interview was held where and only where one is said to have been",
             _attended),
    LifeRule("dates-in-order", "interviews follow each other", _dates),
    LifeRule("recruited-first", "nobody is interviewed before being recruited", _recruited),
    LifeRule("same-person", "sex, site, team and arm are the same at every interview",
             _same_person),
    LifeRule("partner-told", "who has a partner at baseline has a tie to one", _partners),
    LifeRule("household-of-ties", "who lives with a partner or parents has a tie to one",
             _households),
    LifeRule("ill-in-life", "nobody has been ill for longer than alive", _pasts),
    LifeRule("ego-ages", "egos age by the calendar", _ego_ages),
    LifeRule("episodes-in-turn", "episodes start and end in turn", _episodes),
    LifeRule("admitted-ill", "people are admitted in an episode or a crisis", _admissions),
    LifeRule("events-within-ties", "what happens to a tie happens while it lasts", _within_ties),
    LifeRule("crises-told", "a crisis since the last interview is one that there was",
             _crises_since),
    LifeRule("scores-in-range", "scores lie within the range of their instruments", _in_range),
    LifeRule("swemwbs-metric", "SWEMWBS has one of its 29 metric values", _metric),
    LifeRule("scores-of-items", "scores are those of the items, where all are answered", _of_items),
)  # fmt: skip
"""In the order in which they are told."""
