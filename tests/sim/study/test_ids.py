"""Ids are unique by construction, last when a study grows, and say nothing of what they name."""

import re
from collections import Counter

import numpy as np
import pytest

from sim.data import tables
from sim.study.ids import ID_SIGNS, member_ids, participant_ids, worker_ids
from sim.study.simulate import simulate_study
from sim.study.tables import study_tables
from sim.study.truth import truth_tables
from sim.world.streams import Stream, address, key_of, key_pair, permuted

KEY = key_of(7)
EGOS = (address(1, 1, 0) + np.arange(4096)).astype(np.uint32)


@pytest.mark.parametrize("half", [1, 3, 5])
def test_every_number_has_one_other(half):
    """The network is a permutation, whatever its rounds draw."""
    all_numbers = 4**half
    found = {
        permuted(Stream.IDS, 9, 0, number, half, key_pair(KEY)) for number in range(all_numbers)
    }
    assert found == set(range(all_numbers))


def test_ids_are_marked_and_of_signs_nobody_confuses():
    assert not set(ID_SIGNS) & set("01ILOSZB5AEU")
    assert len(set(ID_SIGNS)) == len(ID_SIGNS)
    looks = {
        "SYN-[2-9C-Y]{7}": participant_ids(EGOS, KEY),
        "SYN-[2-9C-Y]{7}-[2-9C-Y]{5}": member_ids(EGOS, np.arange(4096), KEY),
        "SYN-[2-9C-Y]{10}": worker_ids(EGOS[:100], np.arange(100), KEY),
    }
    for pattern, ids in looks.items():
        assert all(re.fullmatch(pattern, one.decode()) for one in ids)
        assert np.unique(ids).size == ids.size


def test_the_ends_of_the_addresses_have_ids_too():
    ends = np.array([0, 2**32 - 1], np.uint32)
    assert np.unique(participant_ids(ends, KEY)).size == 2
    assert np.unique(member_ids(ends, np.array([0, 2**22 - 1]), KEY)).size == 2
    assert np.unique(worker_ids(ends, np.array([0, 4095]), KEY)).size == 2


def test_neighbours_have_nothing_in_common():
    """Signs of ids in a row agree as often as by chance: 1 in 24, here within 4 standard errors."""
    signs = np.array([list(one.decode()[4:]) for one in participant_ids(EGOS, KEY)])
    same = (signs[1:, :6] == signs[:-1, :6]).mean()  # the last sign does not take all values
    assert abs(same - 1 / 24) < 4 * np.sqrt(1 / 24 * 23 / 24 / signs[1:, :6].size)
    for place in range(6):
        counts = Counter(signs[:, place].tolist())
        assert len(counts) == len(ID_SIGNS)
        expected = 4096 / 24
        chi = sum((n - expected) ** 2 / expected for n in counts.values())
        assert chi < 60  # 23 degrees of freedom: false alarm below 1 in 20,000 for each of six


def test_another_key_is_another_set_of_ids():
    assert not set(participant_ids(EGOS, KEY)) & set(participant_ids(EGOS, key_of(8)))


def test_the_same_tie_number_has_another_sign_in_each_ego():
    ids = member_ids(EGOS[:200], np.full(200, 5), KEY)
    assert len({one.decode()[-5:] for one in ids}) > 190


def built(study):
    columns = {**study_tables(study), **truth_tables(study)}
    names = ("persons", "alters", "truth/ties")
    return [tables.build(name, columns[name]).to_pandas() for name in names]


def test_a_larger_study_leaves_the_ids_of_its_first_people(make_study, make_world):
    recruited = {"entry": "staggered", "entry_weeks": 6}
    few, many = (
        built(simulate_study(make_world(), make_study(recruitment={"n": n, **recruited}), seed=4))
        for n in (10, 20)
    )
    assert few[0].ego_pid.tolist() == many[0].ego_pid[:10].tolist()
    assert few[0].care_coordinator_id.equals(many[0].care_coordinator_id[:10])
    for small, large in zip(few[1:], many[1:], strict=True):
        mine = large[large.ego_pid.isin(small.ego_pid)].reset_index(drop=True)
        assert small.alter_id.equals(mine.alter_id)
        assert small.staff_id.equals(mine.staff_id)
    assert many[0].ego_pid.is_unique
    assert many[2].alter_id.is_unique


def test_a_worker_has_one_id_in_every_map_and_whoever_follows_another(simulated):
    ties = simulated.ties.rows
    ids = truth_tables(simulated)["truth/ties"]["staff_id"]
    said = ids.labels[ids.codes]
    post = simulated.sample.address[ties["person"]].astype(np.int64) >> 12 << 12 | ties["post"]
    of_team = (ties["post"] >= 0) & (ties["incumbent"] >= 0)
    assert of_team.any()
    assert set(said[~of_team]) <= {"", "-7"}
    pairs = set(zip(post[of_team], ties["incumbent"][of_team], said[of_team], strict=True))
    assert len(pairs) == len({(a, b) for a, b, _ in pairs}) == len({c for *_, c in pairs})
