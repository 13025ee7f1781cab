"""Treatment, early warning and crisis: closed forms, limits, and where each is switched off."""

import math

import numpy as np
import pytest

from sim.world.arithmetic import HALF, ONE, ZERO, f4, normal
from sim.world.rules.crisis import (
    breaks_down,
    crisis_hazard_ill,
    crisis_hazard_well,
    has_nobody,
    is_admitted_in_crisis,
    proneness_to_crisis,
    stay_days,
    within_reach,
)
from sim.world.rules.early import (
    chance_of_action,
    is_acted_upon,
    is_averted,
    is_noticed,
    length_if_caught,
    returns_to_treatment,
    seen_by_people,
    seen_by_worker,
    warning_weeks,
)
from sim.world.rules.feelings import trust_carried_over
from sim.world.rules.people import frailty_spread
from sim.world.rules.treatment import (
    hazard_ratio_off,
    overdue,
    protection_lost,
    relative_trust,
    restart_hazard,
    restarts_in_hospital,
    restarts_treatment,
    stop_hazard,
    stops_treatment,
    usual_protection_lost,
)

CLOSE = {"rel": 5e-5, "abs": 1e-6}
MIDPOINTS = (np.arange(4000) + 0.5) / 4000


# treatment


@pytest.mark.parametrize(
    ("weeks", "expected"), [(0, 0), (4, 0), (8, 1), (12, math.log2(3)), (16, 2), (300, 2)]
)
def test_overdue_counts_doublings_of_the_usual_interval(weeks, expected, rates):
    p = rates(treatment_overdue_from=1, treatment_overdue_discharged=0.5)
    assert overdue(f4(weeks), f4(4), ONE, p) == pytest.approx(expected, abs=3e-5)
    assert overdue(f4(weeks), f4(4), ZERO, p) == f4(0.5)


def test_relative_trust_is_flat_above_a_level_and_nothing_without_a_worker(rates):
    p = rates(treatment_trust_usual=0.4, treatment_trust_sd=0.1, treatment_trust_cap=0.5)
    found = [relative_trust(f4(trust), p) for trust in (0.2, 0.4, 0.45, 0.9, 0)]
    assert found == pytest.approx([-2, 0, 0.5, 0.5, 0], abs=1e-6)


def treatment(rates, **other):
    slopes = {"stop_trust": 0.2, "stop_overdue": 1.5, "stop_severity": 1, "stop_early": 2.7}
    slopes |= {"restart_trust": 0.2, "restart_overdue": 1.5, "restart_visit": 0.05}
    usual = {"stop": 0.26, "restart": 0.52, "early_weeks": 26, "restart_hospital": 0.85}
    return rates(**{f"treatment_{name}": x for name, x in (slopes | usual | other).items()})


@pytest.mark.parametrize(
    ("trust", "gap", "severity", "weeks", "factor"),
    [
        (0, 0, 0, 26, 1),
        (-1, 0, 0, 26, math.exp(0.2)),
        (0, 2, 0, 26, math.exp(3)),
        (0, 0, 0.5, 26, math.exp(0.5)),
        (0, 0, 0, 25, 2.7),
    ],
)
def test_stop_hazard_is_log_linear(trust, gap, severity, weeks, factor, rates):
    state = map(f4, (trust, gap, severity, weeks))
    found = stop_hazard(*state, treatment(rates))
    assert found == pytest.approx(0.26 / 52 * factor, rel=1e-4)
    assert stop_hazard(f4(trust), f4(gap), ONE, ZERO, treatment(rates, stop=0)) == 0  # off


def test_restart_hazard_rises_with_trust_and_falls_with_the_gap(rates):
    p = treatment(rates)
    assert restart_hazard(ZERO, ZERO, p) == pytest.approx(0.01, rel=1e-4)
    assert restart_hazard(f4(-2), ZERO, p) == pytest.approx(0.01 * math.exp(-0.4), rel=1e-4)
    assert restart_hazard(ZERO, ONE, p) == pytest.approx(0.01 * math.exp(-1.5), rel=1e-4)


def test_stops_and_restarts_by_one_uniform(rates, chance_of):
    p = treatment(rates)
    assert chance_of(lambda u: stops_treatment(u, f4(0.1))) == pytest.approx(0.095, **CLOSE)
    for visited, more in ((ZERO, 0), (ONE, 0.05)):
        found = chance_of(lambda u, v=visited: restarts_treatment(u, f4(0.1), v, p))
        assert found == pytest.approx(0.095 + more, **CLOSE)
    assert chance_of(lambda u: restarts_in_hospital(u, p)) == pytest.approx(0.85, **CLOSE)


def test_protection_is_lost_over_weeks_and_a_ratio_of_one_is_off_to_the_bit(rates):
    p = rates(treatment_ratio=3.4, treatment_ratio_bipolar=2, treatment_loss_weeks=4)
    assert [hazard_ratio_off(f4(x), p) for x in (0, 1)] == [f4(3.4), f4(2)]
    assert protection_lost(ONE, f4(50), f4(3.4), p) == 1
    expected = 1 + 2.4 * (1 - math.exp(-1))
    assert protection_lost(ZERO, f4(4), f4(3.4), p) == pytest.approx(expected, rel=1e-4)
    assert protection_lost(ZERO, f4(500), f4(3.4), p) == pytest.approx(3.4, rel=1e-4)
    assert all(protection_lost(ZERO, f4(weeks), ONE, p) == 1 for weeks in range(200))


def test_the_usual_mixture_of_people_on_and_off(rates):
    assert usual_protection_lost(f4(1 / 3), f4(4)) == pytest.approx(2, **CLOSE)
    assert usual_protection_lost(ZERO, f4(4)) == usual_protection_lost(HALF, ONE) == 1


# seeing it early


def test_warning_weeks_are_even_around_their_mean_and_zero_is_off(rates):
    weeks = [warning_weeks(f4(u), rates(early_warning=6)) for u in MIDPOINTS]
    assert (min(weeks), max(weeks)) == (2, 10)
    assert np.mean(weeks) == pytest.approx(6, abs=1e-9)
    assert not any(warning_weeks(f4(u), rates(early_warning=0)) for u in MIDPOINTS)


def test_who_sees_it(rates):
    p = rates(early_partner=0.15, early_close=0.02, early_worker=0.25,
              early_unknown=0.4, early_known_weeks=26)  # fmt: skip
    assert seen_by_people(ONE, ONE, ZERO, p) == f4(0.15)
    assert seen_by_people(ONE, ZERO, ONE, p) == f4(0.02)
    assert seen_by_people(ZERO, ONE, ZERO, p) == seen_by_people(ONE, ZERO, ZERO, p) == 0
    usual = f4(0.4)
    assert seen_by_worker(f4(2), usual, usual, f4(26), p) == pytest.approx(0.25, **CLOSE)
    assert seen_by_worker(ONE, f4(0.2), usual, f4(26), p) == pytest.approx(0.125, **CLOSE)
    assert seen_by_worker(ONE, usual, usual, f4(25), p) == pytest.approx(0.1, **CLOSE)
    assert seen_by_worker(ZERO, usual, usual, f4(26), p) == 0


def test_what_is_done_about_it(rates, chance_of):
    p = rates(early_act=0.5, early_act_overdue=0.5, early_act_discharged=0.4,
              early_averted=0.25, early_treated=0.3, early_shorter=0.75)  # fmt: skip
    assert chance_of(lambda u: is_noticed(u, f4(0.9))) == pytest.approx(0.1, **CLOSE)
    assert is_noticed(f4(2.0**-24), ONE) == 0  # nobody was there
    assert chance_of_action(ZERO, ONE, p) == f4(0.5)
    assert chance_of_action(f4(2), ONE, p) == pytest.approx(0.5 * math.exp(-1), rel=1e-4)
    assert chance_of_action(ZERO, ZERO, p) == pytest.approx(0.2, **CLOSE)
    assert chance_of(lambda u: is_acted_upon(u, f4(0.5))) == pytest.approx(0.5, **CLOSE)
    assert chance_of(lambda u: is_averted(u, f4(0.5), p)) == pytest.approx(0.125, **CLOSE)
    assert chance_of(lambda u: returns_to_treatment(u, p)) == pytest.approx(0.3, **CLOSE)
    assert [length_if_caught(f4(caught), p) for caught in (0, 1)] == [1, f4(0.75)]


def test_more_action_averts_whatever_less_averts(rates):
    p = rates(early_averted=0.25)
    less, more = ([is_averted(f4(u), f4(a), p) for u in MIDPOINTS] for a in (0.3, 0.6))
    assert all(np.less_equal(less, more))
    assert sum(less) < sum(more)


# crisis


@pytest.mark.parametrize(
    ("weeks", "alone", "gap", "stayed", "caught", "factor"),
    [
        (4, 0, 0, 0, 0, 1),
        (3, 0, 0, 0, 0, 3),
        (4, 1, 0, 0, 0, math.exp(0.4)),
        (4, 0, 2, 0, 0, math.exp(0.6)),
        (4, 0, 0, 1, 0, 0.8),
        (4, 0, 0, 0, 1, 0.6),
        (0, 1, 1, 1, 1, 3 * math.exp(0.7) * 0.48),
    ],
)
def test_crisis_hazard_in_an_episode(weeks, alone, gap, stayed, caught, factor, rates):
    usual = {"fresh": 3, "fresh_weeks": 4, "alone": 0.4, "overdue": 0.3, "again": 0.8}
    usual |= {"caught": 0.6}
    on, off = (
        rates(crisis_hazard=hazard, **{f"crisis_{name}": x for name, x in usual.items()})
        for hazard in (0.022, 0)
    )
    state = tuple(map(f4, (weeks, alone, gap, stayed, caught)))
    assert crisis_hazard_ill(*state, ONE, on) == pytest.approx(0.022 * factor, rel=1e-4)
    assert crisis_hazard_ill(*state, f4(3), on) == pytest.approx(0.066 * factor, rel=1e-4)
    assert crisis_hazard_ill(*state, ONE, off) == 0


def test_who_falls_ill_more_often_breaks_down_more_easily_and_on_average_as_all(rates):
    p = rates(crisis_proneness=1.5, ego_frailty_log_sd=0.8, ego_frailty_log_sd_bipolar=0.3)
    z = np.array([normal(f4(u)) for u in MIDPOINTS], float)
    for bipolar, log_sd in ((ZERO, 0.8), (ONE, 0.3)):
        spread = frailty_spread(bipolar, p)
        assert spread == f4(log_sd)
        prone = np.array([proneness_to_crisis(f4(math.exp(log_sd * x)), spread, p) for x in z])
        assert prone.mean() == pytest.approx(1, rel=0.01)
        slope = np.diff(np.log(prone)) / np.diff(log_sd * z)
        assert np.median(slope) == pytest.approx(1.5, rel=0.01)
    assert proneness_to_crisis(f4(3), ONE, rates(crisis_proneness=0)) == 1


def test_crisis_hazard_without_an_episode(rates):
    p = rates(crisis_hazard_well=0.0006, crisis_nobody=4.5, crisis_well_overdue=0.5)
    assert crisis_hazard_well(ZERO, ZERO, ONE, p) == pytest.approx(0.0006, **CLOSE)
    found = crisis_hazard_well(ONE, f4(2), f4(2), p)
    assert found == pytest.approx(2 * 0.0006 * 4.5 * math.exp(1), rel=1e-4)


@pytest.mark.parametrize(
    ("partners", "close", "expected"), [(0, 2, 1), (0, 3, 0), (1, 0, 0), (0, 0, 1)]
)
def test_has_nobody(partners, close, expected, rates):
    assert has_nobody(f4(partners), f4(close), rates(crisis_few=2)) == expected


def test_crises_and_admissions_by_their_chances(rates, chance_of):
    p = rates(crisis_admitted=0.55)
    assert chance_of(lambda u: breaks_down(u, f4(0.1))) == pytest.approx(0.095, **CLOSE)
    assert breaks_down(f4(2.0**-24), ZERO) == 0
    assert chance_of(lambda u: is_admitted_in_crisis(u, p)) == pytest.approx(0.55, **CLOSE)


def test_stays_are_log_normal_in_whole_days(rates):
    p = rates(crisis_stay_days=25, crisis_stay_psychosis=1.6, crisis_stay_log_sd=0.82,
              crisis_stay_longest=365)  # fmt: skip
    for bipolar, median in ((ONE, 25), (ZERO, 40)):
        days = np.array([stay_days(f4(u), bipolar, p) for u in MIDPOINTS])
        assert np.array_equal(days, np.floor(days))
        assert np.median(days) == median
        assert days.mean() == pytest.approx(median * math.exp(0.82**2 / 2), rel=0.02)
        assert stay_days(f4(1e-6), bipolar, p) >= 1
    cut = rates(crisis_stay_days=60, crisis_stay_psychosis=1, crisis_stay_log_sd=1,
                crisis_stay_longest=90)  # fmt: skip
    assert stay_days(f4(1 - 1e-6), ZERO, cut) == 90


def test_days_in_hospital_keep_from_contact(rates):
    p = rates(crisis_contact=0.3)
    assert [within_reach(f4(days), p) for days in (0, 7)] == [1, pytest.approx(0.3, **CLOSE)]
    assert within_reach(f4(2), p) == pytest.approx(0.8, **CLOSE)
    assert all(within_reach(f4(days), rates(crisis_contact=1)) == 1 for days in range(8))


# continuity


def test_trust_carried_over_from_the_last_worker(rates):
    half = rates(trust_carried=0.5)
    assert trust_carried_over(f4(0.3), f4(0.5), half) == pytest.approx(0.4, **CLOSE)
    assert trust_carried_over(f4(0.3), ZERO, half) == f4(0.3)  # there was none
    assert trust_carried_over(f4(0.3), f4(0.5), rates(trust_carried=0)) == f4(0.3)
