"""People and their maps: what hangs together is counted right in a study written out by hand."""

from types import SimpleNamespace

import numpy as np
import pytest

from analysis.evidence.interviewed import everybody_interviewed
from analysis.evidence.networks import (
    CIRCUMSTANCES,
    NETWORK_BOUNDS,
    WAVES,
    circumstances,
    rows_of_networks,
)
from sim.world.kinds import Group, Kind
from sim.world.scenario import parse_scenario

FRIEND, WEAK = (Group.FRIEND, Kind.FRIEND, 1), (Group.WEAK, Kind.NEIGHBOUR, 1)
KIN = (Group.KIN, Kind.SIBLING, 1)
PET = (Group.OBJECT, Kind.PET, 0)
LAST = 2


def study(maps, gone=(), severity=None, later=None):
    """Each person with so many (group, kind, human, circle); gone are (person, slot, from wave)."""
    people, slots = len(maps), max(len(one) for one in maps)
    shape = (people, LAST + 1, slots)
    members = np.zeros(shape, [(n, "i4") for n in ("group", "kind", "human", "active", "identity")])
    circle, recorded = np.zeros(shape, int), np.zeros(shape, bool)
    members["group"] = members["identity"] = -1
    for person, ties in enumerate(maps):
        for slot, (group, kind, human, where) in enumerate(ties):
            cell = members[person, :, slot]
            cell["group"], cell["kind"], cell["human"] = group, kind, human
            cell["active"], cell["identity"] = 1, 100 + slot
            circle[person, :, slot], recorded[person, :, slot] = where, True
    for person, slot, wave in gone:
        members["active"][person, wave:, slot] = 0
    if later is not None:
        for person, number in enumerate(later):
            recorded[person, 1, number:] = False
    egos = np.ones((people, LAST + 1), [("severity", "f4"), ("alive", "f4")])
    egos["severity"][:, 0] = np.arange(people) if severity is None else severity
    return SimpleNamespace(
        sample=SimpleNamespace(members=members, egos=egos),
        maps=SimpleNamespace(recorded=recorded, ideal=recorded, circle=circle),
        visits=SimpleNamespace(attended=np.ones((people, LAST + 1), bool)),
    )


def row_of(found, what):
    """The row of one quantity; those after it may be of nobody here."""
    return next(row for row in rows_of_networks(found) if row.quantity == what)


def test_fewer_people_where_illness_is_worse_is_a_correlation_of_minus_one():
    maps = [[(*FRIEND, 1)] * n + [(*PET, 1)] * (4 - n) for n in (4, 3, 2, 1)]
    row = row_of(study(maps), "people on a map with severity")
    assert (row.simulated, row.n) == (pytest.approx(-1), 4)
    assert row.mcse == pytest.approx(0, abs=1e-6)
    assert not row.holds


def test_a_map_a_year_later_is_held_against_the_first():
    maps = [[(*FRIEND, 1)] * n for n in (2, 4, 6)]
    what = "size of a revisited map with itself a year later"
    alike = row_of(study(maps, later=[1, 2, 3]), what)
    assert alike.simulated == pytest.approx(1)
    other = row_of(study(maps, later=[2, 4, 1]), what)
    assert other.simulated == pytest.approx(np.corrcoef([2, 4, 6], [2, 4, 1])[0, 1])


def test_shares_of_members_and_of_maps():
    found = study([[(*FRIEND, 1), (*FRIEND, 2), (*WEAK, 3), (*PET, 1)], [(*PET, 2)],
                   [(*FRIEND, 3)], [(*WEAK, 3)]])  # fmt: skip
    assert row_of(found, "weak ties among people named").simulated == pytest.approx(2 / 5)
    assert row_of(found, "maps with a pet").simulated == pytest.approx(2 / 4)
    assert row_of(found, "pets in the inner circle").simulated == pytest.approx(1 / 2)


def test_losses_are_of_a_year_and_the_circles_are_compared_after_three():
    each = [(*FRIEND, 1), (*FRIEND, 3), (*WEAK, 3), (*PET, 1)]
    maps = [each + [(*KIN, 2)] * person for person in range(4)]
    gone = [(0, 1, 1), (1, 1, 2), (1, 0, 2), (2, 2, 1)]  # person, slot, from which wave
    found = study(maps, gone)
    friends = row_of(found, "friends proper lost from the error-free map in a year")
    assert (friends.simulated, friends.n) == (1 / 8, 8)
    assert row_of(found, "weak ties lost from the error-free map in a year").simulated == 1 / 4
    kept = row_of(found, "friends kept three years, inner less outer circle")
    assert kept.simulated == pytest.approx(3 / 4 - 2 / 4)
    assert kept.mcse == pytest.approx(np.sqrt(3 / 16 / 4 + 1 / 4 / 4))
    assert (kept.n, kept.holds) == (8, True)


def test_of_the_dead_nobody_is_lost():
    maps = [[(*FRIEND, 1), (*FRIEND, 3)], [(*FRIEND, 1), (*FRIEND, 3), (*KIN, 2)]]
    found = study(maps, gone=[(0, 0, 1), (0, 1, 1)])
    found.sample.egos["alive"][0, 1:] = 0
    row = row_of(found, "friends proper lost from the error-free map in a year")
    assert (row.simulated, row.n) == (0, 2)


def test_rows_of_whole_teams_are_the_same_whatever_the_number_of_threads():
    world = parse_scenario({"id": "w", "title": "W", "world": {"runin_weeks": 8}})
    found = everybody_interviewed(world, WAVES, 1, seed=2, threads=1)
    assert found.sample.egos.shape[0] == 150
    one = circumstances(world, 2, seed=2, threads=1)
    assert one == circumstances(world, 2, seed=2, threads=2)
    assert [row.quantity for row in one] == list(CIRCUMSTANCES)
    met, met_either, has = (row.simulated for row in one[-3:])
    assert 0 < met < min(met_either, has)
    told = {row.quantity for row in [*rows_of_networks(found), *one]}
    assert set(NETWORK_BOUNDS) < told
