"""Names: one for each tie, each told apart from the ego's others."""

import numpy as np
import pytest

from sim.study.attributes import ATTRIBUTE, digits_of
from sim.study.members import TIE
from sim.study.names import POSTS_NUMBERED, alter_names
from sim.world.kinds import Kind
from sim.world.streams import address, key_of, key_pair

JUST_BELOW = np.nextafter(np.float32(1), np.float32(0))


def named(kinds, *, namesakes=0.0, person=0, post=-1, incumbent=-1, **drawn):
    """Names of ties given column by column."""
    ties, alters = np.zeros(len(kinds), TIE), np.zeros(len(kinds), ATTRIBUTE)
    ties["kind"], ties["person"] = kinds, person
    ties["post"], ties["incumbent"] = post, incumbent
    alters["u_same"] = 0.5
    for column, values in drawn.items():
        alters[column] = values
    return [name.decode() for name in alter_names(ties, alters, namesakes)]


def test_names_go_with_kind_and_sex_and_have_numbers_from_100_to_999():
    kinds = [Kind.FRIEND, Kind.FRIEND, Kind.CPN, Kind.GP, Kind.PET]
    names = named(
        kinds,
        male=[0, 1, 1, 0, 0],
        u_name=[0, JUST_BELOW, 0, JUST_BELOW, 0.06],
        u_digits=[0, JUST_BELOW, 0.5, 0.5, 0],
    )
    assert names == ["Ann100", "Walt999", "CPN Alan550", "GP Dr Viv550", "Cat100"]


@pytest.mark.parametrize("kind", [Kind.FRIEND, Kind.PLACE, Kind.PET, Kind.MEDIA, Kind.GP])
def test_no_first_name_comes_twice_while_there_are_others(kind):
    names = named([kind] * 20, u_name=0.99, u_digits=0.3)
    assert len({name.rstrip("0123456789") for name in names}) == 20


def test_when_all_first_names_are_taken_the_numbers_differ():
    names = named([Kind.PLACE] * 50, u_name=0.2, u_digits=JUST_BELOW)
    assert len(set(names)) == 50
    assert len({name.rstrip("0123456789") for name in names}) == 20


def test_who_comes_first_keeps_the_name_drawn_and_people_do_not_share_a_list():
    names = named([Kind.FRIEND] * 4, person=[0, 0, 1, 1], u_name=0)
    assert names == ["Ann100", "Beth100", "Ann100", "Beth100"]


def test_a_namesake_has_the_name_of_somebody_known_and_another_number():
    kinds = [Kind.FRIEND, Kind.SIBLING, Kind.PEER, Kind.PLACE, Kind.PLACE]
    names = named(kinds, namesakes=0.1, u_same=[0.5, 0.01, 0.5, 0.5, 0.01], u_name=0)
    assert names == ["Ann100", "Ann101", "Beth100", "Park100", "Cafe100"]


def test_workers_are_called_the_same_by_all_and_nobody_else_has_their_name():
    kinds = [Kind.SUPPORT_WORKER, Kind.SUPPORT_WORKER]
    drawn = {1: 0.0015, 2: 0.0025}  # by post: the second and the third number
    for person, order in (([0, 0], [1, 2]), ([0, 0], [2, 1]), ([3, 7], [1, 2])):
        digits = [drawn[post] for post in order]
        names = named(kinds, person=person, post=order, incumbent=0, u_name=0, u_digits=digits)
        assert dict(zip(order, names, strict=True)) == {
            1: "Support worker Ann101", 2: "Support worker Ann102",
        }  # fmt: skip
    outside = named(kinds, post=[-1, 4], incumbent=[-1, 0], u_name=0)
    assert outside == ["Support worker Beth100", "Support worker Ann100"]


def test_who_gives_way_goes_to_no_name_in_particular():
    """The name after a taken one would tell who came later."""
    names = [named([Kind.FRIEND] * 2, u_name=0, u_digits=at)[1] for at in np.arange(12) / 900]
    assert len({name.rstrip("0123456789") for name in names}) == 6


def test_all_workers_of_a_team_have_numbers_of_their_own_in_no_order():
    posts, incumbents = np.arange(POSTS_NUMBERED).repeat(20), np.tile(np.arange(20), POSTS_NUMBERED)
    team = address(2, 3, 0)
    drawn = [
        digits_of(team, post, incumbent, key_pair(key_of(3)))
        for post, incumbent in zip(posts.tolist(), incumbents.tolist(), strict=True)
    ]
    names = named(
        [Kind.CPN] * posts.size, post=posts, incumbent=incumbents, u_digits=np.array(drawn)
    )
    numbers = np.array([int(name[-3:]) for name in names])
    assert sorted(numbers.tolist()) == list(range(100, 1000))
    follows = np.corrcoef(numbers, incumbents)[0, 1]
    assert abs(follows) < 4 / np.sqrt(900)
