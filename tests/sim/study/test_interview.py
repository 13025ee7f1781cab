import numpy as np
import pytest

from sim.study.interview import AFRESH, ERROR_FREE, REVISITED, draw_maps
from sim.world.kinds import Group
from sim.world.streams import key_of

KEY = key_of(7)
Z = 3.9  # a false alarm in 10,000


def draw(egos, members, params, how=REVISITED, attended=None, telephone=None, most=0):
    n, waves = egos.shape
    attended = np.ones((n, waves), bool) if attended is None else attended
    telephone = np.zeros(n, bool) if telephone is None else telephone
    return draw_maps(egos, members, attended, telephone, params, KEY, how, most)


def share_is(found, expected, slack=0.0):
    n = found.size
    return abs(found.mean() - expected) < Z * np.sqrt(expected * (1 - expected) / n) + slack


@pytest.mark.parametrize("group", list(Group))
def test_the_chance_to_be_named_is_the_groups(people, ties, record, group):
    params = record()
    name = f"tie_{group.name.lower()}_named"
    maps = draw(people(1500), ties(1500, 1, 16, int(group)), params, ERROR_FREE)
    # fondness is cut at 2.5 SD, which moves the chance by less than .004
    assert share_is(maps.ideal, float(params[0][name]), 0.004)
    np.testing.assert_array_equal(maps.named, maps.ideal)


def test_without_noise_the_chance_is_that_of_the_uniform(people, ties, record):
    members = ties(200, 1, 16, int(Group.KIN))
    params = record(naming__affection_effect=0.0, naming__style_sd=0.0)
    maps = draw(people(200), members, params, ERROR_FREE)
    chance = params[0]["tie_kin_named"]
    clear = abs(members["salience"] - chance) > 0.002
    np.testing.assert_array_equal(maps.ideal[clear], (members["salience"] < chance)[clear])


def test_the_dear_are_named_more(people, ties, record):
    members = ties(1000, 1, 16, int(Group.FRIEND))
    maps = draw(people(1000), members, record())
    assert members["affection"][maps.named].mean() > members["affection"][~maps.named].mean()


def test_an_error_free_map_keeps_its_names_and_an_elicited_one_forgets_its_share(
    people, ties, record
):
    members = ties(1500, 2, 16, int(Group.KIN))
    params = record(naming__second_hearing=0.0, naming__forgetting=0.1)
    maps = draw(people(1500, 2), members, params)
    np.testing.assert_array_equal(maps.ideal[:, 0], maps.ideal[:, 1])
    named = maps.named[:, 0]
    assert share_is(maps.forgotten[:, 1][named], 0.1)
    np.testing.assert_array_equal(maps.named[:, 1], named & ~maps.forgotten[:, 1])


def test_partners_are_forgotten_less(people, ties, record):
    members = ties(4000, 2, 8, int(Group.PARTNER))
    params = record(naming__forgetting=0.2, map__partner_forgetting=0.25)
    maps = draw(people(4000, 2), members, params)
    assert share_is(maps.forgotten[:, 1][maps.named[:, 0]], 0.05)


def test_maps_drawn_afresh_forget_about_one_in_five(people, ties, record):
    members = ties(3000, 2, 16, int(Group.FRIEND))
    maps = draw(people(3000, 2), members, record(), AFRESH)
    assert 0.14 < maps.forgotten[:, 1][maps.named[:, 0]].mean() < 0.24
    assert share_is(maps.named[:, 1], maps.named[:, 0].mean(), 0.01)


def test_a_second_hearing_adds_marginal_ties(people, ties, record):
    members = ties(1500, 2, 16, int(Group.KIN))
    never = draw(people(1500, 2), members, record(naming__second_hearing=0.0))
    always = draw(
        people(1500, 2), members, record(naming__second_hearing=1.0, naming__fresh_share=0.2)
    )
    assert not (never.named[:, 1] & ~never.named[:, 0]).any()
    assert (always.named[:, 1] & ~always.named[:, 0]).any()


def test_dormant_ties_and_free_slots_are_on_no_map(people, ties, record):
    members = ties(50, 2, 16, int(Group.FRIEND))
    members["active"][:, :, :4] = 0
    members["group"][:, :, 4:8] = -1
    maps = draw(people(50, 2), members, record(tie__friend__named=1.0))
    assert not maps.recorded[:, :, :8].any()
    assert not maps.ideal[:, :, :8].any()
    assert maps.recorded[:, 0, 8:].all()


def test_a_tie_lost_touch_with_is_heard_anew_when_it_revives(people, ties, record):
    members = ties(300, 3, 8, int(Group.FRIEND))
    members["active"][:, 1] = 0
    params = record(naming__second_hearing=0.0, naming__forgetting=0.0, naming__fresh_share=0.0)
    maps = draw(people(300, 3), members, params)
    np.testing.assert_array_equal(maps.named[:, 2], maps.named[:, 0])
    assert not maps.named[:, 1].any()


def test_a_new_tie_in_the_slot_of_an_old_one_is_judged_for_itself(people, ties, record):
    members = ties(2000, 2, 8, int(Group.KIN))
    members["identity"][:, 1] += 5000
    members["salience"][:, 1] = 1 - members["salience"][:, 0]
    maps = draw(people(2000, 2), members, record())
    both = (maps.ideal[:, 0] & maps.ideal[:, 1]).mean()
    assert both < 0.5 * maps.ideal[:, 0].mean()


def test_nobody_is_named_at_a_missed_interview_and_the_map_before_counts(people, ties, record):
    members = ties(200, 3, 8, int(Group.KIN))
    attended = np.ones((200, 3), bool)
    attended[:, 1] = False
    params = record(naming__forgetting=0.0, naming__second_hearing=0.0)
    maps = draw(people(200, 3), members, params, attended=attended)
    assert not maps.named[:, 1].any()
    np.testing.assert_array_equal(maps.named[:, 2], maps.named[:, 0])


def test_the_telephone_moves_naming(people, ties, record):
    members = ties(2000, 1, 16, int(Group.KIN))
    params = record(map__telephone=-0.5)
    phone = draw(people(2000), members, params, telephone=np.ones(2000, bool))
    assert phone.named.mean() < draw(people(2000), members, params).named.mean() - 0.1


def test_a_cap_records_the_first_named(people, ties, record):
    members = ties(300, 1, 16, int(Group.KIN))
    maps = draw(people(300), members, record(), most=3)
    assert maps.recorded.sum(axis=2).max() == 3
    assert (maps.named & ~maps.recorded).any()
    assert maps.order[maps.recorded].max() == 3
    whole = draw(people(300), members, record())
    np.testing.assert_array_equal(whole.order[maps.recorded], maps.order[maps.recorded])


def test_the_order_of_naming_runs_from_one_without_gaps(people, ties, record):
    maps = draw(people(50), ties(50, 1, 16, int(Group.OBJECT)), record())
    for i in range(50):
        order = np.sort(maps.order[i, 0][maps.recorded[i, 0]])
        assert order.tolist() == list(range(1, order.size + 1))


@pytest.mark.parametrize("group", [Group.KIN, Group.FRIEND, Group.OBJECT, Group.PSYCHIATRIST])
def test_the_inner_circle_has_its_share(people, ties, record, group):
    params = record()
    egos = people(3000)
    egos["sociability"] = np.random.default_rng(2).standard_normal((3000, 1))
    maps = draw(egos, ties(3000, 1, 16, int(group)), params)
    share = float(params[0][f"tie_{group.name.lower()}_inner_share"])
    inner = maps.circle[maps.recorded] == 1
    # standing is cut at 2.5 SD; one ego's objects move together
    assert abs(inner.mean() - share) < 0.03


def test_objects_come_closer_in_for_those_who_avoid_people(people, ties, record):
    egos = people(2000)
    egos["sociability"] = np.where(np.arange(2000) % 2, 1, -1)[:, None]
    maps = draw(egos, ties(2000, 1, 16, int(Group.OBJECT)), record())
    inner = [(maps.circle[half] == 1).sum() / maps.recorded[half].sum() for half in
             (slice(0, None, 2), slice(1, None, 2))]  # fmt: skip
    assert inner[0] > inner[1] + 0.05
    none = draw(egos, ties(2000, 1, 16, int(Group.OBJECT)), record(naming__object_avoidance=0.0))
    level = [(none.circle[half] == 1).sum() / none.recorded[half].sum() for half in
             (slice(0, None, 2), slice(1, None, 2))]  # fmt: skip
    assert abs(level[0] - level[1]) < 0.03


def test_places_lie_in_their_ring(people, ties, record):
    params = record()
    maps = draw(people(300), ties(300, 1, 16, int(Group.KIN)), params)
    on = maps.recorded
    radius = 2 * np.hypot(maps.x[on] - 0.5, maps.y[on] - 0.5)
    p = params[0]
    edges = np.array([0, p["map_inner_radius"], p["map_middle_radius"], 1.0])
    circle = maps.circle[on]
    assert (radius > edges[circle - 1] - 1e-5).all()
    assert (radius < edges[circle] + 1e-5).all()
    assert set(circle.tolist()) == {1, 2, 3}
