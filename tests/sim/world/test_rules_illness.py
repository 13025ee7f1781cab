"""Illness and wellbeing: closed forms, limits, and which way each rule leans."""

import math

import numpy as np
import pytest
from scipy import stats

from sim.world.arithmetic import ONE, ZERO, f4
from sim.world.rules.illness import (
    cumulative_onset,
    dies,
    episode_peak,
    episode_starts,
    episode_weeks,
    first_crisis,
    first_crisis_rally,
    in_aftermath,
    is_admitted,
    is_coerced,
    onset_hazard,
    recovery_step,
    severity_after,
    severity_target,
)
from sim.world.rules.wellbeing import (
    churn_after,
    coverage,
    impact_of_ending,
    is_directive,
    support_value,
    unmet_need,
    wellbeing_after,
    wellbeing_target,
)

CLOSE = {"rel": 2e-5, "abs": 1e-6}


@pytest.fixture
def onset(rates):
    return rates(
        illness_onset_rate=0.312,
        illness_bipolar_scale=0.58,
        illness_bipolar_shape=0.447,
        illness_onset_multiplier=1,
        illness_demand_onset=0.15,
    )


@pytest.mark.parametrize("weeks", [0, 1, 26, 52, 104, 520])
def test_cumulative_onset_is_a_straight_line_or_a_weibull(weeks, onset):
    years = weeks / 52
    straight, bent = (cumulative_onset(f4(weeks), f4(bipolar), onset) for bipolar in (0, 1))
    assert straight == pytest.approx(0.312 * years, **CLOSE)
    assert bent == pytest.approx(0.58 * years**0.447, rel=5e-5, abs=1e-6)


def test_cumulative_onset_agrees_with_the_published_shares(onset):
    year_1 = cumulative_onset(f4(52), ONE, onset)
    year_2 = cumulative_onset(f4(104), ONE, onset) - year_1
    assert -math.expm1(-year_1) == pytest.approx(0.44, abs=0.002)  # B18
    assert -math.expm1(-year_2) == pytest.approx(0.19, abs=0.002)
    assert cumulative_onset(ONE, ZERO, onset) == pytest.approx(0.006, abs=2e-5)  # B17


def test_cumulative_onset_of_a_week_falls_with_time_well_if_bipolar(onset):
    so_far = [cumulative_onset(f4(week), ONE, onset) for week in range(60)]
    weekly = np.diff(so_far)
    assert (weekly > 0).all()
    assert (np.diff(weekly) < 0).all()


def test_onset_hazard(onset):
    assert onset_hazard(f4(0.01), ONE, ZERO, onset) == f4(0.01)
    assert onset_hazard(f4(0.01), f4(2), ZERO, onset) == f4(0.02)
    demanded = onset_hazard(f4(0.01), ONE, f4(2), onset)
    assert demanded == pytest.approx(0.01 * math.exp(0.3), **CLOSE)  # P20
    onset.illness_onset_multiplier = ZERO
    assert onset_hazard(f4(0.01), ONE, f4(2), onset) == 0


@pytest.mark.parametrize("hazard", [0, 0.006, 0.1])
def test_episode_starts(hazard, chance_of):
    share = chance_of(lambda u: episode_starts(u, f4(hazard)))
    assert share == pytest.approx(-math.expm1(-hazard), abs=hazard**3 / 6 + 1e-6)


def test_episode_weeks_are_log_normal_between_a_week_and_the_longest(rates):
    p = rates(illness_duration_log_mean=2.5, illness_duration_log_sd=1.4, illness_longest=104)
    assert episode_weeks(f4(0.5), p) == pytest.approx(math.exp(2.5), **CLOSE)
    upper = math.exp(2.5 + 1.4 * stats.norm.ppf(0.8))
    assert episode_weeks(f4(0.8), p) == pytest.approx(upper, rel=1e-3)
    assert episode_weeks(f4(1e-4), p) == 1
    assert episode_weeks(f4(0.999), p) == 104


def test_episode_peak_is_uniform_between_its_ends(rates):
    p = rates(illness_peak_low=0.3, illness_peak_high=0.7)
    assert [episode_peak(f4(u), p) for u in (0, 0.5, 1)] == pytest.approx([0.3, 0.5, 0.7])


def test_recovery_step_is_quicker_when_constricting_or_understood(rates):
    p = rates(illness_recovery_constricting=0.3, illness_recovery_support=0.1)
    assert recovery_step(ZERO, ZERO, p) == 1
    assert recovery_step(ONE, ZERO, p) == pytest.approx(1.3, **CLOSE)  # P34
    assert recovery_step(ZERO, f4(2), p) == pytest.approx(1.2, **CLOSE)  # P18


def test_severity_target_adds_and_subtracts_and_stays_in_range(rates):
    p = rates(
        illness_demand_severity=0.05,
        illness_support_severity=0.1,
        illness_engagement_severity=0.02,
    )

    def target(base=0.3, acute=0, peak=0.5, demand=0, understood=0, engagement=0):
        return severity_target(*map(f4, (base, acute, peak, demand, understood, engagement)), p)

    assert target() == f4(0.3)
    assert target(acute=1) == f4(0.8)
    assert target(demand=2) == pytest.approx(0.4, **CLOSE)
    assert target(understood=1) == pytest.approx(0.2, **CLOSE)
    assert target(engagement=5) == pytest.approx(0.2, **CLOSE)
    assert target(base=0.9, acute=1) == 1
    assert target(base=0, understood=1) == 0


def test_severity_after_moves_a_share_of_the_way(rates):
    p = rates(illness_severity_speed=0.25, illness_severity_noise=0.1)
    assert severity_after(f4(0.4), f4(0.8), ZERO, p) == pytest.approx(0.5, **CLOSE)
    assert severity_after(f4(0.4), f4(0.4), f4(2), p) == pytest.approx(0.6, **CLOSE)
    assert severity_after(ONE, ONE, f4(3), p) == 1
    assert severity_after(ZERO, ZERO, f4(-3), p) == 0


def test_is_admitted_and_is_coerced(rates, chance_of):
    p = rates(illness_admission_share=0.37, illness_coercion_share=0.45)
    assert chance_of(lambda u: is_admitted(u, p)) == pytest.approx(0.37, **CLOSE)
    assert chance_of(lambda u: is_coerced(u, ONE, p)) == pytest.approx(0.45, **CLOSE)
    assert is_coerced(f4(0.01), ZERO, p) == 0  # nobody is coerced who is not admitted


def test_dies(rates, chance_of):
    p = rates(illness_death_rate=0.01)
    assert chance_of(lambda u: dies(u, p)) == pytest.approx(0.01 / 52, abs=1e-7)
    assert dies(f4(2.0**-24), rates(illness_death_rate=0)) == 0


def test_in_aftermath_is_a_window_from_onset(rates):
    p = rates(illness_aftermath_weeks=26)
    assert [in_aftermath(f4(week), p) for week in (0, 25, 26, 9999)] == [1, 1, 0, 0]


def test_first_crisis_is_fresh_at_onset_and_gone_after_its_weeks(rates):
    p = rates(illness_rally_weeks=10)
    assert [first_crisis(f4(week), ONE, p) for week in (0, 5, 10, 40)] == [1, 0.5, 0, 0]
    assert first_crisis(ZERO, f4(2), p) == first_crisis(ZERO, ZERO, p) == 0


def test_first_crisis_rally_fades_and_never_comes_again(rates):
    p = rates(illness_rally=2, illness_rally_weeks=10)
    assert [first_crisis_rally(f4(week), ONE, p) for week in (0, 5, 10, 40)] == [2, 1, 0, 0]
    assert first_crisis_rally(ZERO, f4(2), p) == first_crisis_rally(f4(9999), ZERO, p) == 0


# wellbeing


def test_support_value_is_concave_and_half_at_half(rates):
    p = rates(wellbeing_support_half=0.8)
    value = [support_value(f4(v), p) for v in (0, 0.8, 1.6, 2.4)]
    assert value[0] == 0
    assert value[1] == f4(0.5)
    assert (np.diff(value) > 0).all()
    assert (np.diff(np.diff(value)) < 0).all()  # the last source lost hurts most (P43)


def test_coverage_prefers_help_of_several_kinds(rates):
    p = rates(wellbeing_function_half=0.25)
    assert coverage(ZERO, ZERO, ZERO, ZERO, ZERO, p) == 0
    assert coverage(f4(0.25), ZERO, ZERO, ZERO, ZERO, p) == f4(0.1)
    assert coverage(f4(0.2), *[f4(0.2)] * 4, p) > coverage(ONE, ZERO, ZERO, ZERO, ZERO, p)  # P5
    assert coverage(*[f4(0.75)] * 5, p) == pytest.approx(0.75, **CLOSE)
    for place in range(5):
        levels = [f4(0.25)] * 5
        levels[place] = f4(0.75)
        assert coverage(*levels, p) == pytest.approx(0.55, **CLOSE)


def test_wellbeing_target_is_a_sum_with_the_stated_signs(rates):
    names = ("support", "diversity", "normalising", "severity", "guilt", "strain", "churn")
    weights = {name: 0.1 * (n + 1) for n, name in enumerate((*names, "directive", "insecurity"))}
    p = rates(**{f"wellbeing_{name}": weight for name, weight in weights.items()})
    signs = (1, 1, 1, -1, -1, -1, -1, -1, -1)
    nothing = [ZERO] * 9
    assert wellbeing_target(f4(0.3), *nothing, p) == f4(0.3)
    for place, (sign, weight) in enumerate(zip(signs, weights.values(), strict=True)):
        state = list(nothing)
        state[place] = ONE
        moved = wellbeing_target(ZERO, *state, p)
        assert moved == pytest.approx(sign * weight, **CLOSE)
    groups = [ZERO, ZERO, f4(5), *[ZERO] * 6]
    assert wellbeing_target(ZERO, *groups, p) == pytest.approx(2 * weights["normalising"], **CLOSE)


def test_wellbeing_after_moves_a_share_and_is_kept_in_bounds(rates):
    p = rates(wellbeing_speed=0.1, wellbeing_noise=0.2)
    assert wellbeing_after(ZERO, ONE, ZERO, p) == pytest.approx(0.1, **CLOSE)
    assert wellbeing_after(ZERO, ZERO, f4(-1), p) == pytest.approx(-0.2, **CLOSE)
    assert wellbeing_after(f4(6), f4(9), ONE, p) == 6
    assert wellbeing_after(f4(-6), f4(-9), f4(-1), p) == -6


def test_impact_of_ending_is_relief_or_hurt_by_who_cut_it(rates):
    p = rates(wellbeing_relief=0.8, wellbeing_hurt=0.3)
    assert impact_of_ending(ONE, ZERO, f4(0.5), p) == pytest.approx(0.4, **CLOSE)
    assert impact_of_ending(ONE, ZERO, ZERO, p) == 0
    assert impact_of_ending(ZERO, ONE, f4(0.5), p) == pytest.approx(-0.3, **CLOSE)
    assert impact_of_ending(ZERO, ZERO, ONE, p) == 0  # it drifted apart


@pytest.mark.parametrize(
    ("need", "helped", "expected"), [(0.5, 0, 0.5), (0.5, 0.5, 0.25), (0.5, 3, 0), (1.5, 0, 1)]
)
def test_unmet_need(need, helped, expected):
    assert unmet_need(f4(need), f4(helped)) == f4(expected)


def test_churn_after_endings_decays_and_is_bounded(rates):
    p = rates(wellbeing_churn_memory=10)
    assert churn_after(ZERO, f4(2), p) == 2
    assert churn_after(f4(2), ZERO, p) == pytest.approx(1.8, **CLOSE)
    assert churn_after(f4(5), f4(3), p) == 5


def test_is_directive_only_in_a_kept_visit(chance_of):
    assert chance_of(lambda u: is_directive(u, ONE, f4(0.2))) == pytest.approx(0.2, **CLOSE)
    assert is_directive(f4(0.01), ZERO, f4(0.2)) == 0
