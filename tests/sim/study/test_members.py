"""The ties of a participant, followed through interviews and events."""

from types import SimpleNamespace

import numpy as np
import pytest

from sim.study.members import UNKNOWN, StudyLives, follow_ties
from sim.study.seen import MEMBER
from sim.world.kinds import Cause, Event, Kind
from sim.world.state import EVENT

BASE = 10
WEEKS = (BASE, BASE + 20, BASE + 40)


def sample_of(*people):
    """People who have the ties given at each of three interviews, as tables of columns."""
    members = np.zeros((len(people), 3, 4), MEMBER)
    members["group"] = members["identity"] = members["post"] = members["incumbent"] = -1
    for i, waves in enumerate(people):
        for k, ties in enumerate(waves):
            for s, tie in enumerate(ties):
                for column, value in {"group": 3, "kind": Kind.FRIEND, **tie}.items():
                    members[column][i, k, s] = value
    weeks = np.full((len(people), 3), WEEKS, np.int32)
    return SimpleNamespace(address=np.zeros(len(people)), weeks=weeks, members=members)


def lives_of(*events):
    """Events as (person, week since baseline, event, identity, more columns)."""
    found = np.zeros(len(events), EVENT)
    found["post"] = -1
    for row, (_, week, event, identity, more) in enumerate(events):
        for column, value in {"week": BASE + week, "event": event, **more}.items():
            found[column][row] = value
        found["identity"][row] = identity
    return StudyLives(np.array([who for who, *_ in events], int), found)


OLD, LATE = {"identity": 5, "known": 100.9}, {"identity": 9, "known": 3.0}


def test_ties_are_in_the_order_in_which_they_began_and_found_in_their_slots():
    sample = sample_of([[LATE, OLD], [OLD], [{}]], [[], [LATE], [LATE, OLD]])
    ties = follow_ties(sample, lives_of())
    assert ties.rows["person"].tolist() == [0, 0, 0, 1, 1]
    assert ties.rows["identity"].tolist() == [5, 9, -1, 5, 9]
    assert ties.rows["began"].tolist() == [-100, -3, 40, -60, 17]
    assert ties.in_slot[0].tolist() == [[1, 0, -1, -1], [0, -1, -1, -1], [2, -1, -1, -1]]
    assert ties.in_slot[1].tolist() == [[-1] * 4, [4, -1, -1, -1], [4, 3, -1, -1]]


def test_a_tie_that_came_and_went_between_interviews_is_a_tie():
    began = (0, 4, Event.TIE_BEGAN, 7, {"kind": Kind.CPN, "post": 2})
    ended = (0, 9, Event.TIE_ENDED, 7, {"cause": Cause.TURNOVER})
    ties = follow_ties(sample_of([[OLD]]), lives_of(began, ended))
    tie = ties.rows[1]
    assert (tie["identity"], tie["kind"], tie["post"], tie["incumbent"]) == (7, Kind.CPN, 2, -1)
    assert (tie["began"], tie["ended"], tie["cause"]) == (4, 9, Cause.TURNOVER)
    assert ties.rows["ended"][0] == UNKNOWN
    assert ties.of_event.tolist() == [1, 1]


@pytest.mark.parametrize(
    ("dormant", "events", "weeks"),
    [
        (0, [], 0),
        (1, [], 41),  # from baseline to the end of the last interview's week
        (1, [(6, Event.TIE_REVIVED)], 6),
        (0, [(3, Event.TIE_DORMANT), (8, Event.TIE_REVIVED), (30, Event.TIE_DORMANT)], 5 + 11),
        (0, [(3, Event.TIE_DORMANT), (12, Event.TIE_ENDED)], 9),
        (0, [(12, Event.TIE_REVIVED)], 0),
    ],
)
def test_weeks_out_of_touch_are_counted(dormant, events, weeks):
    sample = sample_of([[{**OLD, "dormant": dormant}]])
    ties = follow_ties(sample, lives_of(*((0, week, what, 5, {}) for week, what in events)))
    assert ties.rows["dormant_weeks"].tolist() == [weeks]


def test_an_event_of_a_tie_that_is_not_known_names_none():
    sample = sample_of([[OLD]], [[LATE]])
    ties = follow_ties(sample, lives_of((0, 2, Event.TIE_ENDED, 9, {}), (1, 3, Event.DEATH, 0, {})))
    assert ties.of_event.tolist() == [-1, -1]
    assert (ties.rows["ended"] == UNKNOWN).all()
