"""Deaths by age, families that could exist, durations that are possible: closed forms."""

import itertools
import math

import numpy as np
import pytest

from sim.world.arithmetic import ONE, ZERO, f4
from sim.world.kinds import Kind
from sim.world.parameters import catalogue
from sim.world.rules.alters import alter_age_at, generation_of_child, parent_is_male
from sim.world.rules.endings import ending_hazard
from sim.world.rules.family import (
    has_duty_of_care,
    is_parent_for,
    kin_kind,
    longest_known,
    weeks_known_at_start,
)
from sim.world.rules.lifetimes import (
    death_rate,
    parent_at_start,
    share_averted,
    share_died,
    share_surviving,
    uniform_among_survivors,
)

SWITCHED_OFF = {f"{name}.switch": 0 for name in ("family", "acquaintance", "mortality")}
ON, OFF = catalogue().record()[0], catalogue().record(SWITCHED_OFF)[0]
LATER = 4200
PUBLISHED = {42: 155, 62: 989, 67: 1460, 72: 2430, 77: 4260}  # a year in 100,000 (ons2022)
UNIFORMS = [(i + 0.5) / 400 for i in range(400)]


def test_nobody_dies_by_age_where_it_is_switched_off():
    assert all(death_rate(kind, f4(90), OFF) == 0 for kind in Kind)


@pytest.mark.parametrize("age", PUBLISHED)
def test_deaths_are_near_the_published_rates(age):
    found = death_rate(Kind.NEIGHBOUR, f4(age), ON)
    assert found == pytest.approx(PUBLISHED[age] / 1e5, rel=0.2)


def test_death_rate_doubles_in_as_many_years_as_the_slope_says():
    years = math.log(2) / float(ON["mortality_slope"])
    young, old = (death_rate(Kind.SIBLING, f4(age), ON) for age in (50, 50 + years))
    assert old == pytest.approx(2 * young, rel=1e-4)
    assert death_rate(Kind.PET, f4(90), ON) == ON["mortality_pet"]
    assert death_rate(Kind.GP, f4(90), ON) == death_rate(Kind.PLACE, f4(90), ON) == 0


def test_share_surviving_is_the_product_of_years():
    lived = math.prod(
        math.exp(-float(death_rate(Kind.PARENT, f4(age + 0.005), ON)) / 100)
        for age in np.arange(30, 90, 0.01)
    )
    assert share_surviving(f4(30), f4(90), ON) == pytest.approx(lived, rel=1e-4)
    assert share_surviving(f4(60), f4(60), ON) == 1


def test_parent_at_start_if_alive_and_kept(chance_of):
    found = chance_of(lambda u: parent_at_start(u, f4(50), f4(80), ON))
    alive = float(share_surviving(f4(30), f4(80), ON))
    assert found == pytest.approx(float(ON["family_parent_kept"]) * alive, abs=1e-6)


@pytest.mark.parametrize("strain", [0, 0.5, 1])
def test_strain_ends_ties_and_kills_nobody(strain, rates):
    p = rates(ending_strain=0.8, ending_lapse=1, ending_imbalance=1.5, ending_cut=0.9)
    own, deaths = f4(0.2), f4(0.05)
    state = (ZERO, ZERO, ONE, f4(strain), ONE, ZERO, ZERO)
    ending, alone = ending_hazard(own + deaths, *state, p), ending_hazard(own, *state, p)
    died, averted = share_died(deaths, ending), share_averted(deaths, own + deaths, ending)
    assert ending * died * 52 == pytest.approx(0.05, rel=1e-5)
    assert ending * (1 - died - averted) == pytest.approx(float(alone), rel=1e-5)


def test_uniform_among_survivors_leaves_a_uniform_and_fewer_of_those_who_die():
    share, rate, deaths = f4(0.3), f4(0.06), f4(0.09)
    left = 0.3 / (0.06 + 0.09) / (0.3 / 0.15 + 0.7 / 0.06)
    found = np.array([uniform_among_survivors(f4(u), share, rate, deaths) for u in UNIFORMS])
    assert np.mean(found < share) == pytest.approx(left, abs=0.003)
    assert ((found > 0) & (found < 1)).all()
    assert (np.diff(found) > 0).all()
    same = [uniform_among_survivors(f4(u), share, rate, ZERO) for u in UNIFORMS]
    assert same == pytest.approx(UNIFORMS, abs=1e-6)


@pytest.mark.parametrize(("age", "ever", "grown"), [(19, 0, 0), (38, 1, 1 / 19), (60, 1, 1)])
def test_parents_have_young_children_first(age, ever, grown, chance_of):
    every = float(ON["family_parenthood"])
    assert chance_of(lambda u: is_parent_for(u, f4(age), ZERO, ON)) == pytest.approx(
        ever * every, abs=1e-6
    )
    assert chance_of(lambda u: is_parent_for(u, f4(age), f4(18), ON)) == pytest.approx(
        grown * every, abs=1e-6
    )


def test_kin_kind_is_a_child_first_for_who_has_children():
    shares = {}
    for place, has in itertools.product((3, 4), (ZERO, ONE)):
        kinds = [kin_kind(f4(u), place, has, ON) for u in UNIFORMS]
        shares[place, int(has)] = [kinds.count(k) / 400 for k in (3, 2, 5)]
    assert shares[3, 0] == shares[4, 0] == pytest.approx([0, 0.5, 0.5], abs=0.005)
    assert shares[3, 1] == [1, 0, 0]
    assert shares[4, 1] == pytest.approx([0.3, 0.35, 0.35], abs=0.005)


def test_has_duty_of_care_for_own_children_only(chance_of):
    def share(place, age, p=ON):
        return chance_of(lambda u: has_duty_of_care(u, place, f4(age), p))

    assert share(7, 70, OFF) == pytest.approx(0.2, abs=1e-6)
    assert share(0, 30) == pytest.approx(0.5, abs=1e-6)
    assert share(1, 30) == share(LATER, 60) == share(LATER, 18) == 0
    assert share(LATER, 30) == pytest.approx(0.2, abs=1e-6)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("ego_age", [17, 18, 30, 55, 80])
def test_nobody_is_known_for_longer_than_possible(kind, ego_age):
    for u, age in itertools.product(UNIFORMS[::20], (0.5, 17, 40, 97)):
        longest = longest_known(kind, f4(ego_age), f4(age), ON)
        assert 0 <= longest <= ego_age
        if kind not in (Kind.PARENT, *range(Kind.PET, len(Kind))):
            assert longest <= age
        known = weeks_known_at_start(f4(-420 * math.log(u)), f4(1 - u), kind, longest)
        assert 0 <= known <= longest * 52 * (1 + 1e-6)


def test_weeks_known_at_start_are_those_of_the_family_or_as_drawn_or_even():
    assert weeks_known_at_start(f4(100), f4(0.5), Kind.SIBLING, f4(30)) == 30 * 52
    assert weeks_known_at_start(f4(100), f4(0.5), Kind.FRIEND, f4(5)) == 100
    assert weeks_known_at_start(f4(261), f4(0.5), Kind.FRIEND, f4(5)) == 130


def test_parent_is_male_by_place(chance_of):
    assert [parent_is_male(f4(u), place, ON) for u in (0.2, 0.8) for place in (0, 1)] == [0, 1] * 2
    for place, p in ((2, ON), (0, OFF)):
        found = chance_of(lambda u, place=place, p=p: parent_is_male(u, place, p))
        assert found == pytest.approx(0.5, abs=1e-6)


def test_generation_of_child_leaves_grown_children_grown():
    for u, age in itertools.product(UNIFORMS[::20], (37, 45, 80)):
        assert 19 <= generation_of_child(f4(u), f4(age), ON) <= min(38, age - 18)
    assert generation_of_child(f4(0.5), f4(30), OFF) == pytest.approx(28.5)


def test_alters_grow_older_by_the_calendar():
    then, now = (alter_age_at(f4(0.3), Kind.FRIEND, f4(40), f4(y), ZERO, ON) for y in (0, 2.5))
    assert now - then == pytest.approx(2.5, abs=1e-5)
    assert alter_age_at(f4(0.3), Kind.YOUNG_KIN, f4(40), f4(2), f4(6), ON) == 6
    assert alter_age_at(f4(0.5), Kind.YOUNG_KIN, f4(40), f4(2), f4(6), OFF) == 11
