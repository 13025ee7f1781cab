"""What belongs to an alter: known for good, the same for all who know the person."""

from types import SimpleNamespace

import numpy as np
import pytest

from sim.study.attributes import NEVER_TOLD, attributes_of
from sim.study.interpreters import MISTAKEN, answers
from sim.study.members import TIE, FollowedTies
from sim.study.missing import NOT_APPLICABLE
from sim.study.seen import MEMBER
from sim.world.kinds import GROUP_OF_KIND, Group, Kind
from sim.world.streams import key_of

KEY = key_of(1)
HUNDRED = 100


def ties_of(egos, kind, **columns):
    """One tie of a kind to each ego, seen at each wave in the one slot there is."""
    n, waves = egos.shape
    members = np.zeros((n, waves, 1), MEMBER)
    members["kind"], members["group"], members["human"] = kind, GROUP_OF_KIND[kind], 1
    members["active"], members["identity"] = 1, 40
    members["post"], members["incumbent"] = -1, -1
    for name, value in columns.items():
        members[name] = value
    rows = np.zeros(n, TIE)
    rows["person"], rows["identity"], rows["kind"] = np.arange(n), 40, kind
    rows["began"] = -260
    rows["post"], rows["incumbent"] = members["post"][:, 0, 0], members["incumbent"][:, 0, 0]
    in_slot = np.tile(np.arange(n, dtype=np.int32)[:, None, None], (1, waves, 1))
    return members, FollowedTies(rows, in_slot, np.zeros(0, np.int32))


def found(egos, members, ties, record):
    weeks = np.tile(np.arange(egos.shape[1]) * 26, (egos.shape[0], 1)).astype(np.int32)
    sample = SimpleNamespace(egos=egos, members=members, weeks=weeks)
    return attributes_of(sample, ties, record, KEY), weeks


def asked(egos, members, ties, record):
    """Answers at every wave, (n, W), and the attributes."""
    alters, weeks = found(egos, members, ties, record)
    at = np.argwhere(np.ones(members.shape, bool))
    said = answers(egos, members, weeks, at, alters[at[:, 0]], record, KEY)
    return said.reshape(egos.shape), alters


def openness(*waves):
    return np.array(waves, np.float32)[None, :, None]


def test_who_was_told_knows_for_good(people, record):
    egos = people(HUNDRED, 4)
    members, ties = ties_of(egos, Kind.FRIEND, openness=openness(0, 0.5, 0, 0))
    said, alters = asked(egos, members, ties, record(question__knows_unsure=0))
    assert (alters["knows_from"] == 1).all()
    assert said["knows_diagnosis"].tolist() == [[0, 1, 1, 1]] * HUNDRED


def test_who_knows_is_said_not_to_at_the_stated_rate(people, record):
    egos = people(2000, 5)
    members, ties = ties_of(egos, Kind.SIBLING, openness=1)
    said, _ = asked(egos, members, ties, record(question__knows_unsure=0.1))
    assert (said["knows_diagnosis"] == 0).mean() == pytest.approx(0.1, abs=0.01)


@pytest.mark.parametrize("kind", [Kind.PSYCHIATRIST, Kind.CPN, Kind.GP, Kind.THERAPIST])
def test_staff_know_by_role_and_are_said_to(kind, people, record):
    egos = people(HUNDRED, 2)
    members, ties = ties_of(egos, kind)
    said, alters = asked(egos, members, ties, record(question__knows_unsure=0.15))
    assert (alters["knows_from"] == 0).all()
    assert (said["knows_diagnosis"] == 1).all()


def test_other_people_do_not_know_by_themselves_and_things_are_not_asked_about(people, record):
    egos = people(HUNDRED, 2)
    members, ties = ties_of(egos, Kind.OTHER_PROF)
    assert (found(egos, members, ties, record())[0]["knows_from"] == NEVER_TOLD).all()
    members, ties = ties_of(egos, Kind.PLACE, human=0, openness=1)
    said, _ = asked(egos, members, ties, record())
    assert (said["knows_diagnosis"] == NOT_APPLICABLE).all()


def test_a_worker_is_the_same_person_for_all_egos_and_the_next_is_another(people, record):
    egos = people(HUNDRED, 1)
    egos["age"] = np.arange(HUNDRED)[:, None] % 60 + 18
    egos["male"] = (np.arange(HUNDRED) % 2)[:, None]
    same, other = (
        found(egos, *ties_of(egos, Kind.CPN, post=3, incumbent=number), record())[0]
        for number in (0, 1)
    )
    for name in ("male", "age", "u_name", "u_digits"):
        assert (same[name] == same[name][0]).all()
    assert same["age"][0] != other["age"][0]


def test_ages_grow_by_the_calendar_and_fit_the_role(people, record):
    egos = people(HUNDRED, 3)
    egos["age"] = 40
    for kind, youngest in ((Kind.PSYCHIATRIST, 30), (Kind.GP, 22), (Kind.PARENT, 59)):
        said, alters = asked(egos, *ties_of(egos, kind), record())
        assert np.allclose(np.diff(said["age"], axis=1), 0.5, atol=1e-5)
        assert alters["age"].min() >= youngest


@pytest.mark.parametrize(
    ("weeks", "years"),
    [(0, 0), (13, 0.3), (51, 1.0), (52, 1), (52 * 7, 7), (52 * 13, 15), (52 * 27.6, 30)],
)
def test_years_known_are_said_in_round_numbers(weeks, years, people, record):
    egos = people(3, 1)
    egos["age"] = 60
    members, ties = ties_of(egos, Kind.NEIGHBOUR, known=weeks)
    said, _ = asked(egos, members, ties, record(question__years_error=0, question__adult_oldest=65))
    fits = said["age"] >= 34
    assert fits.any()
    assert said["years_known"][fits] == pytest.approx(years, abs=1e-5)


@pytest.mark.parametrize("kind", [Kind.PARTNER, Kind.FRIEND, Kind.GP, Kind.ONLINE])
def test_nobody_is_said_to_be_known_for_longer_than_ages_allow(kind, people, record):
    egos = people(HUNDRED, 2)
    egos["age"] = 30
    members, ties = ties_of(egos, kind, known=52 * 50)
    said, _ = asked(egos, members, ties, record(question__years_error=0.3))
    assert (said["years_known"] <= np.minimum(said["age"], 31)).all()
    assert kind != Kind.PARTNER or said["years_known"].max() <= 14


def test_older_relatives_are_called_parents_at_the_stated_rate_and_always(people, record):
    egos = people(4000, 2)
    egos["age"] = 20
    members, ties = ties_of(egos, Kind.OTHER_KIN)
    values = record(question__step_parent=0.3, question__kind_mistaken=0)
    said, alters = asked(egos, members, ties, values)
    called = said["kind"] == Kind.PARENT
    assert (called[:, 0] == called[:, 1]).all()
    old = alters["age"] - 20 >= 19
    assert called[old].mean() == pytest.approx(0.3, abs=0.03)
    assert not called[~old].any()


def test_kinds_are_mistaken_within_their_class_at_the_stated_rate(people, record):
    assert all(one.group.tie_class == other.group.tie_class for one, other in MISTAKEN.items())
    egos = people(2000, 3)
    members, ties = ties_of(egos, Kind.PEER, group=Group.FRIEND)
    said, _ = asked(egos, members, ties, record(question__kind_mistaken=0.1))
    assert set(np.unique(said["kind"])) == {Kind.FRIEND, Kind.PEER}
    assert (said["kind"] == Kind.FRIEND).mean() == pytest.approx(0.1, abs=0.015)
