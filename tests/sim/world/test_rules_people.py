"""Who people are and what befalls them: closed forms, balance, and where it is switched off."""

import math

import numpy as np
import pytest
from scipy import stats

from sim.world.arithmetic import ONE, ZERO, f4
from sim.world.rules.life import (
    befalls,
    benefits_hazard,
    grief,
    home_hazard,
    moving_hazard,
    upheaval_factor,
    work_hazard,
)
from sim.world.rules.people import (
    admissions_expected,
    age_at_onset,
    contact_at_home,
    is_taken_on,
    onset_by,
    share_with_parents,
    standing_factor,
    withdrawal_at_home,
)

CLOSE = {"rel": 2e-5, "abs": 1e-6}
ONSET = {
    "ego_onset_age": 25.5, "ego_onset_log_sd": 0.3,
    "ego_onset_age_bipolar": 29.5, "ego_onset_log_sd_bipolar": 0.41,
}  # fmt: skip


@pytest.mark.parametrize(("bipolar", "median", "spread"), [(0, 25.5, 0.3), (1, 29.5, 0.41)])
@pytest.mark.parametrize("age", [18, 25, 40, 79])
def test_onset_is_log_normal_and_its_share_by_an_age_is_that_of_the_ages(
    age, bipolar, median, spread, rates
):
    p = rates(**ONSET)
    z = math.log(age / median) / spread
    assert age_at_onset(f4(z), f4(bipolar), p) == pytest.approx(age, rel=1e-4)
    assert onset_by(f4(age), f4(bipolar), p) == pytest.approx(stats.norm.cdf(z), abs=2e-5)


@pytest.mark.parametrize(("age", "share"), [(18, 0.123), (25, 0.478)])
def test_onset_is_as_published_in_the_schizophrenia_spectrum(age, share, rates):
    assert onset_by(f4(age), ZERO, rates(**ONSET)) == pytest.approx(share, abs=0.006)


@pytest.mark.parametrize(("age", "share"), [(18, 0.115), (25, 0.345)])
def test_onset_is_as_published_in_mood_disorders(age, share, rates):
    assert onset_by(f4(age), ONE, rates(**ONSET)) == pytest.approx(share, abs=0.006)


def test_admissions_grow_with_years_and_frailty_up_to_a_bound(rates):
    p = rates(illness_past_episodes=0.3, illness_admission_share=0.36)
    pasts = ((10, 1, 1), (20, 1, 1), (10, 3, 1), (10, 1, 2), (10, 1, 0), (60, 9, 1))
    found = [admissions_expected(f4(y), f4(f), f4(prone), p) for y, f, prone in pasts]
    more = 0.72 / (0.72 + 0.64)  # twice the odds of 9 to 16
    assert found == pytest.approx([1.08, 2.16, 3.24, 3 * more, 0, 20], rel=1e-4, abs=1e-4)


@pytest.mark.parametrize("floor", [1, 0.3])
def test_who_was_ill_lately_is_taken_on(floor, rates, chance_of):
    p = rates(service_recent_floor=floor, service_recent_memory=52, service_recent_acute=0.4)
    pasts = [(ONE, 0), (ZERO, 0), (ZERO, 52), (ZERO, 3000)]
    chances = [chance_of(lambda u, a=a, w=w: is_taken_on(u, a, f4(w), p)) for a, w in pasts]
    expected = [0.4, 1, floor + (1 - floor) * math.exp(-1), floor]
    assert chances == pytest.approx(expected, abs=2e-5)


def test_fewer_live_with_parents_the_older_they_are(rates):
    p = rates(household_parents=0.8, household_parents_years=40)
    found = [share_with_parents(f4(age), p) for age in (18, 38, 58, 80)]
    assert found == pytest.approx([0.8, 0.4, 0, 0])


def test_living_together_makes_up_for_contact_and_stops_withdrawal(rates):
    p, off = rates(household_daily=0.9), rates(household_daily=0)
    assert contact_at_home(f4(0.5), ONE, p) == pytest.approx(0.95)
    assert withdrawal_at_home(f4(0.4), ONE, p) == pytest.approx(0.04)
    for shared, rule in ((ZERO, p), (ONE, off)):  # nothing at all changes, to the byte
        assert contact_at_home(f4(0.55), shared, rule) == f4(0.55)
        assert withdrawal_at_home(f4(0.38), shared, rule) == f4(0.38)


def test_work_brings_weak_ties_and_unsettled_housing_takes_them(rates):
    p = rates(household_work_ties=0.8, household_unsettled_ties=0.25)
    found = [standing_factor(*map(f4, one), p) for one in ((0, 1), (1, 1), (0, 0), (1, 0))]
    assert found == pytest.approx([1, 1.8, 0.75, 1.35])
    off = rates(household_work_ties=0, household_unsettled_ties=0)
    assert {standing_factor(*map(f4, one), off) for one in ((0, 0), (1, 1))} == {ONE}


@pytest.mark.parametrize("share", [0.095, 0.5, 0.9])
def test_as_many_find_work_and_homes_as_lose_them(share, rates):
    p = rates(
        life_work_lost=0.26, life_home_lost=0.13, ego_employed_share=share, ego_settled_share=share
    )
    for rule, rate in ((work_hazard, 0.26), (home_hazard, 0.13)):
        lost, found = rule(ONE, p), rule(ZERO, p)
        assert lost == pytest.approx(rate / 52)
        assert share * lost == pytest.approx((1 - share) * found)


def test_who_is_not_settled_moves_more_and_who_works_keeps_benefits(rates):
    p = rates(life_move=0.52, life_move_unsettled=2, life_benefits=0.52)
    assert [moving_hazard(f4(x), p) for x in (1, 0)] == pytest.approx([0.01, 0.03])
    assert [benefits_hazard(f4(x), p) for x in (1, 0)] == pytest.approx([0, 0.01])


@pytest.mark.parametrize("hazard", [0, 0.004, 0.3, 1.5])
def test_something_befalls_with_the_chance_of_its_hazard(hazard, chance_of):
    h = min(hazard, 1)
    found = chance_of(lambda u: befalls(u, f4(hazard)))
    assert found == pytest.approx(h - h * h / 2, **CLOSE)


def test_an_upheaval_brings_episodes_nearer_while_it_lasts(rates):
    p = rates(life_onset=1.5)
    assert [upheaval_factor(f4(left), p) for left in (26, 1, 0)] == [f4(1.5), f4(1.5), ONE]


def test_grief_is_by_closeness_and_can_be_switched_off(rates):
    on, off = (rates(life_switch=x, life_grief=0.8) for x in (1, 0))
    assert grief(ONE, f4(0.5), on) == pytest.approx(0.4)
    assert grief(ZERO, f4(0.5), on) == grief(ONE, f4(0.5), off) == np.float32(0)
