"""Posts, visits and caseload: closed forms, limits, and which way each rule leans."""

import math

import numpy as np
import pytest

from sim.world.arithmetic import ONE, ZERO, f4
from sim.world.rules.services import (
    acuity_level,
    falls_sick,
    is_discharged,
    is_on_leave,
    is_reassigned,
    is_referred,
    is_urgent,
    leaves_post,
    misses_visit,
    overload_after,
    post_capacity,
    rations_self,
    sickness_weeks,
    vacancy_weeks,
    visit_interval,
    weeks_to_next,
    worker_quality,
)

CLOSE = {"rel": 2e-5, "abs": 1e-6}
MIDPOINTS = (np.arange(20_000) + 0.5) / 20_000
"""Uniforms spread evenly: a mean over them is an expectation, without chance."""


def weekly(yearly):
    return pytest.approx(-math.expm1(-yearly / 52), abs=(yearly / 52) ** 3 / 6 + 3e-7)


@pytest.mark.parametrize(
    ("need", "expected"), [(0, 21), (1, 21 * math.exp(-0.8)), (3, 4), (-1, 26)]
)
def test_visit_interval_is_shorter_in_need_within_its_ends(need, expected):
    weeks = visit_interval(f4(21), f4(0.8), f4(need), f4(4), f4(26))
    assert weeks == pytest.approx(expected, **CLOSE)


@pytest.mark.parametrize("interval", [4, 5.3, 20.75])
def test_weeks_to_next_keeps_the_mean_interval(interval):
    weeks = np.array([weeks_to_next(f4(interval), f4(u)) for u in MIDPOINTS[::10]])
    assert weeks.mean() == pytest.approx(interval, abs=1e-3)
    assert set(weeks.tolist()) <= {math.floor(interval), math.floor(interval) + 1}


def test_weeks_to_next_is_at_least_one():
    assert weeks_to_next(f4(0.1), f4(0.5)) == 1


@pytest.mark.parametrize(
    ("every", "weeks"), [(1, [0, 1, 2, 3, 4, 5, 6, 7, 8]), (4, [4, 8]), (3.9, [3, 6])]
)
def test_is_urgent_counts_from_onset(every, weeks):
    assert [week for week in range(9) if is_urgent(f4(week), f4(every))] == weeks


def test_rations_self_out_of_concern(rates, chance_of):
    p = rates(service_self_ration=0.5)
    assert chance_of(lambda u: rations_self(u, f4(0.4), p)) == pytest.approx(0.2, **CLOSE)
    assert rations_self(f4(2.0**-24), ZERO, p) == 0
    assert rations_self(f4(2.0**-24), ONE, rates(service_self_ration=0)) == 0


@pytest.mark.parametrize("sign", [0, 1, 2])
def test_overload_after_a_cancellation_a_stand_in_or_a_late_visit(rates, sign):
    p = rates(service_overload_memory=8)
    signs = [ONE if at == sign else ZERO for at in range(3)]
    assert overload_after(f4(0.2), *signs, p) == pytest.approx(0.3, **CLOSE)
    assert overload_after(f4(0.2), ZERO, ZERO, ZERO, p) == pytest.approx(0.175, **CLOSE)


@pytest.mark.parametrize(
    ("severity", "level"), [(0, 0), (0.06, 0), (0.0625, 1), (0.5, 8), (0.99, 15), (1, 15)]
)
def test_acuity_level(severity, level):
    assert acuity_level(f4(severity)) == level


@pytest.mark.parametrize(
    ("severity", "level", "log_odds"), [(0.1, 0, 0), (0.6, 0, 1), (0, 0, -0.2), (0.1, 0.5, 0.75)]
)
def test_misses_visit_by_severity_and_withdrawal(rates, chance_of, severity, level, log_odds):
    slopes = {"service_missed_severity": 2, "service_missed_withdrawal": 1.5}
    p = rates(service_missed=0.12, service_usual_severity=0.1, **slopes)
    odds = 0.12 / 0.88 * math.exp(log_odds)
    found = chance_of(lambda u: misses_visit(u, f4(severity), f4(level), p))
    assert found == pytest.approx(odds / (1 + odds), **CLOSE)
    p = rates(service_missed=0.12, service_usual_severity=0.1,
              service_missed_severity=0, service_missed_withdrawal=0)  # fmt: skip
    just = np.float32(0.12)  # off: to the bit, whatever the state
    assert misses_visit(just, f4(severity), f4(level), p) == 0
    assert misses_visit(np.nextafter(just, f4(0)), f4(severity), f4(level), p) == 1


def test_shares_of_visits_and_weeks(rates, chance_of):
    p = rates(service_sickness_onset=0.03, service_leave_share=0.135)
    assert chance_of(lambda u: falls_sick(u, p)) == pytest.approx(0.03, **CLOSE)
    assert chance_of(lambda u: is_on_leave(u, p)) == pytest.approx(0.135, **CLOSE)


def test_leaves_post_and_is_reassigned_at_yearly_rates(rates, chance_of):
    p = rates(service_leaving=0.2, service_reassignment=0.27)
    assert chance_of(lambda u: leaves_post(u, p)) == weekly(0.2)
    assert chance_of(lambda u: is_reassigned(u, p)) == weekly(0.27)


@pytest.mark.parametrize("mean", [8, 16, 52])
def test_vacancy_weeks_are_exponential_and_at_least_one(mean, rates):
    p = rates(service_vacancy_weeks=mean)
    weeks = [vacancy_weeks(f4(u), p) for u in MIDPOINTS]
    assert min(weeks) == 1
    # whole weeks of an exponential: e^(-1/m) / (1 - e^(-1/m)), plus the first week's share
    once = math.exp(-1 / mean)
    assert np.mean(weeks) == pytest.approx(once / (1 - once) + 1 - once, rel=2e-3)


@pytest.mark.parametrize("mean", [1, 1.7, 4])
def test_sickness_weeks_have_about_the_stated_mean(mean, rates):
    p = rates(service_sickness_weeks=mean)
    weeks = [sickness_weeks(f4(u), p) for u in MIDPOINTS]
    assert min(weeks) == 1
    assert np.mean(weeks) == pytest.approx(mean, rel=0.15)


def test_worker_quality(rates):
    p = rates(service_quality_sd=0.1)
    assert worker_quality(f4(-2), p) == pytest.approx(-0.2, **CLOSE)
    assert worker_quality(f4(3), rates(service_quality_sd=0)) == 0


def test_post_capacity_is_covered_in_part_while_vacant(rates):
    p = rates(service_vacancy_cover=0.5)
    assert post_capacity(f4(0.8), f4(10), ZERO, p) == 8
    assert post_capacity(f4(0.8), f4(10), ONE, p) == 4
    assert post_capacity(f4(0.8), f4(10), ONE, rates(service_vacancy_cover=0)) == 0


def test_is_discharged_only_when_stable(rates, chance_of):
    p = rates(service_discharge=0.3)
    assert chance_of(lambda u: is_discharged(u, ONE, p)) == weekly(0.3)
    assert is_discharged(f4(2.0**-24), ZERO, p) == 0


def test_is_referred_sooner_when_acute(rates, chance_of):
    p = rates(service_referral=1.5, service_referral_acute=2)
    assert chance_of(lambda u: is_referred(u, ZERO, p)) == weekly(1.5)
    assert chance_of(lambda u: is_referred(u, ONE, p)) == weekly(4.5)
