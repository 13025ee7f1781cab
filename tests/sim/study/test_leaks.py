"""Ids, names, order of rows and dates tell nothing of the truth that the study did not see.

A guesser is given those and nothing else; of names what is left when the kind of member is known.
Who is seen later than due has met more: that much a date may tell of new members and no more, so
the days from when an interview was due are looked at by themselves. Where something is planted
that does tell, it finds it. With the numbers of the slow tests (above 5,000 ties of each class, 700
in the smaller group of any question) the standard error of the area under its curve is .011 where
rows are apart, the bounds of .45 and .55 four of them away; more of workers, whom people of one
team share.
"""

from functools import cache

import numpy as np
import pandas as pd
import pytest

from sim.data import tables
from sim.study.ids import ID_SIGNS
from sim.study.names import BEGIN, SIZE, STEMS
from sim.study.simulate import simulate_study
from sim.study.spec import parse_study
from sim.study.tables import study_tables
from sim.study.truth import truth_tables
from sim.world.scenario import read_scenario
from tests.sim.study.guessing import auc, guessed

OF_SIGN = {sign: number for number, sign in enumerate(ID_SIGNS)}
STEM_AT = {stem.decode(): number for number, stem in enumerate(STEMS.tolist())}
POOL = {}
SMALL, LARGE = (1, 2, 0.15), (8, 6, 0.05)
"""Repetitions, teams of each site, how far an area may be from where it should be."""
APART, WINDOW = 13, 2
"""Weeks between waves, and the most that an interview is before or after it is due."""
LONGER_MEETS_MORE = 0.5 + WINDOW / 6 / APART
"""Area under the curve of the day counted from when it was due, d uniform on -2 to 2 weeks.

Ties begin at one rate, so of the new ones d has a density in proportion to 13 + d; whoever was
overlooked was there before, and tells nothing. P(d of one > d of the other) = .5 + 4 / (12 x 13).
"""
for begin, size in zip(BEGIN.ravel().tolist(), SIZE.ravel().tolist(), strict=True):
    POOL |= dict.fromkeys(range(begin, begin + size), (begin, size))


@cache
def study_of(replicate, teams):
    """One repetition of a study of most of its world's people, seen often."""
    asked = parse_study({
        "id": "leaks", "title": "Leaks", "frame": {"teams_per_site": [teams] * 6, "scale": 1 / 3},
        "recruitment": {"n": 400 * teams, "interest": 1.0, "consent": 1.0},
        "waves": {"weeks": [APART * wave for wave in range(5)], "window": WINDOW},
        "participation": {"retention": [0.9, 0.85, 0.8, 0.8]},
    })  # fmt: skip
    made = simulate_study(read_scenario("usual-care"), asked, seed=11, replicate=replicate)
    columns = {**study_tables(made), **truth_tables(made)}
    names = ("persons", "egos", "alters", "aaties", "attrition", "truth/ties")
    return made, {name: tables.build(name, columns[name]).to_pandas() for name in names}


def signs(ids, first):
    """Signs of ids from a place on, one column each, and where the ids stand in the alphabet."""
    found = np.array([[OF_SIGN[sign] for sign in one[first:]] for one in ids])
    return np.column_stack([found, np.argsort(np.argsort(ids.to_numpy()))])


def naming(names, within):
    """What names show beside the kind of member: place in their list, digits, and neighbours."""
    number = names.str[-3:].astype(int).to_numpy()
    at = names.str[:-3].map(STEM_AT).to_numpy()
    begin, size = np.array([POOL[one] for one in at]).T
    place = at - begin
    key = pd.factorize(within)[0].astype(np.int64) * 10_000
    beside = [np.isin(key + at, key + at + step) for step in (-1, 1)]
    same = pd.Series(key + at).duplicated(keep=False)
    near = [np.isin(key + number, key + (number - 100 + by) % 900 + 100) for by in (-45, 45)]
    rank = pd.Series(number).groupby(key).rank(pct=True)
    digits = (number, number // 10 % 10, number % 10, number % 45)
    return np.column_stack([place / size, *beside, same, *near, rank, *digits])


def days(dates, due=None):
    """Day, weekday and day of the month of dates; the day counted from when it was due."""
    dates = pd.to_datetime(dates).reset_index(drop=True)
    day = dates if due is None else dates - pd.to_datetime(due).reset_index(drop=True)
    return np.column_stack([day.astype("int64"), dates.dt.day_of_week, dates.dt.day])


def at_follow_ups(replicate, teams):
    """Members who were not on the last map, and whether the tie is new; what tells, and a leak.

    And the class of member, and by how much the interview was later than due.
    """
    made, told = study_of(replicate, teams)
    ties = told["truth/ties"].set_index("alter_id")
    alters = told["alters"].reset_index(names="row")
    alters = alters[(alters.wave > 1) & (alters.same_person_as_last_wave == 0)]
    number = alters.egoID // 100 - 1
    attended, weeks = made.visits.attended, made.sample.weeks - made.sample.weeks[:, :1]
    last = [
        weeks[i, np.flatnonzero(attended[i, : k - 1])[-1]]
        for i, k in zip(number, alters.wave, strict=True)
    ]
    began = ties.began_week.loc[alters.alter_id].to_numpy()
    egos = told["egos"].set_index("egoID").loc[alters.egoID]
    persons = told["persons"].set_index("ego_pid").loc[alters.ego_pid]
    visits = told["attrition"].set_index(["ego_pid", "wave"]).scheduled_date
    due = visits.loc[list(zip(alters.ego_pid, alters.wave, strict=True))]
    seen = days(egos.interview_date, due)
    everybody = naming(told["alters"].alter_name, told["alters"].egoID)[alters.row]
    features = np.column_stack([
        signs(alters.alter_id, 12), everybody, seen[:, 1:],
        days(persons.recruit_date), alters.row, alters.row - alters.nomination_order,
    ])  # fmt: skip
    planted = ties.groupby("ego_pid").began_week.rank(pct=True).loc[alters.alter_id].to_numpy()
    team = persons.team.to_numpy()  # whose people have the same workers: no guesser sees them twice
    new, classes = began > np.array(last), alters.tie_class.to_numpy()
    return features, new, team, planted, classes, seen[:, 0]


def of_egos(replicate, teams):
    """Whether an ego has more ties at baseline than most; what tells, and a leak."""
    _, told = study_of(replicate, teams)
    first = told["alters"].query("wave == 1 and alterID == 1").set_index("ego_pid")
    persons, ties = told["persons"], told["truth/ties"]
    persons = persons[persons.ego_pid.isin(first.index)]
    there = ties[(ties.began_week <= 0) & ~(ties.ended_week <= 0)]
    held = there.groupby("ego_pid").size().reindex(persons.ego_pid, fill_value=0).to_numpy()
    first = first.loc[persons.ego_pid]
    begun = told["egos"].query("wave == 1").set_index("ego_pid").loc[persons.ego_pid]
    number = ties.groupby("ego_pid").began_week.rank(method="first").to_numpy()
    number = pd.Series(number, ties.alter_id)
    seen = told["alters"].query("wave == 1")
    highest = seen.alter_id.map(number).groupby(seen.ego_pid).max().loc[persons.ego_pid]
    features = np.column_stack([
        signs(persons.ego_pid, 4), signs(first.alter_id, 12),
        naming(first.alter_name.reset_index(drop=True), persons.ego_pid),
        days(persons.recruit_date), days(begun.interview_date), persons.ego_num,
        persons.index,
    ])  # fmt: skip
    return features, held > np.median(held), persons.ego_pid, highest.to_numpy()


def of_workers(replicate, teams):
    """Whether a worker of a team followed another in the post; what tells, and the old ids."""
    made, told = study_of(replicate, teams)
    rows = made.ties.rows
    ties = told["truth/ties"].assign(
        post=rows["post"], incumbent=rows["incumbent"],
        team=made.sample.address[rows["person"]] >> 12,
    )  # fmt: skip
    staff = ties[ties.staff_id.notna()].drop_duplicates("staff_id").sort_values("staff_id")
    staff = staff.reset_index(drop=True)
    rank = staff.groupby("team").staff_id.rank(pct=True)
    features = np.column_stack([
        signs(staff.staff_id, 4), rank, naming(staff.alter_name, staff.team),
    ])  # fmt: skip
    planted = (staff.post + 45 * staff.incumbent) % 900
    return features, staff.incumbent > 0, staff.team, planted.to_numpy()


def together(of_what, replicates, teams):
    """What several repetitions show, of people told apart."""
    parts = [of_what(replicate, teams) for replicate in range(replicates)]
    features, truth, _, *rest = (np.concatenate(one) for one in zip(*parts, strict=True))
    person = np.concatenate([[f"{at} {one}" for one in part[2]] for at, part in enumerate(parts)])
    return features, truth, person, *rest


def check_follow_ups(replicates, teams, most):
    features, new, person, planted, classes, late = together(at_follow_ups, replicates, teams)
    for names in (("kin", "friend"), ("professional",), ("object",)):
        some = np.isin(classes, names)
        found = guessed(features[some], new[some], person[some])
        assert abs(found - 0.5) < most, names
        assert abs(auc(late[some], new[some]) - LONGER_MEETS_MORE) < most, names
        leak = np.column_stack([features[some], planted[some]])
        assert guessed(leak, new[some], person[some]) > 0.8, names


@pytest.mark.parametrize("of_what", [of_egos, of_workers])
def test_neither_ties_nor_predecessors_can_be_guessed(of_what):
    check(of_what, *SMALL)


def test_new_members_cannot_be_told_from_those_overlooked():
    check_follow_ups(*SMALL)


def check(of_what, replicates, teams, most):
    features, truth, person, planted = together(of_what, replicates, teams)
    found = guessed(features, truth, person)
    assert abs(found - 0.5) < most
    assert guessed(np.column_stack([features, planted]), truth, person) > 0.8


@pytest.mark.verify
@pytest.mark.parametrize("of_what", [of_egos, of_workers])
def test_neither_ties_nor_predecessors_can_be_guessed_from_many(of_what):
    check(of_what, *LARGE)


@pytest.mark.verify
def test_new_members_cannot_be_told_from_those_overlooked_among_many():
    """Over 5,000 ties each of people, of workers and of objects."""
    check_follow_ups(*LARGE)


def test_rows_are_in_an_order_that_the_keys_alone_make():
    """By person, wave and order of naming: nothing else could be read from where a row stands."""
    _, told = study_of(0, 2)
    keys = {
        "persons": ["ego_num"], "egos": ["egoID"], "alters": ["egoID", "alterID"],
        "aaties": ["egoID", "Source", "Target"],
    }  # fmt: skip
    for name, key in keys.items():
        assert told[name].sort_values(key).index.equals(told[name].index), name
    number = told["persons"].set_index("ego_pid").ego_num
    visits = told["attrition"].assign(ego_num=told["attrition"].ego_pid.map(number))
    assert visits.sort_values(["ego_num", "wave"]).index.equals(visits.index)
    assert (told["alters"].alterID == told["alters"].nomination_order).all()
