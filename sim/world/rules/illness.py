"""Illness: when an acute episode begins, how long it runs, how severe the week is."""

from numba.extending import register_jitable

from sim.world.arithmetic import (
    ONE,
    WEEK,
    ZERO,
    chance,
    exponential,
    logarithm,
    normal,
    unit,
)


@register_jitable
def cumulative_onset(weeks_well, bipolar, p):
    """Cumulative hazard of a new episode after `weeks_well` whole weeks without one.

    schizophrenia-like (bipolar 0): onset_rate * t                      constant hazard, B17
    bipolar-like (bipolar 1):       bipolar_scale * t ** bipolar_shape  decreasing hazard, B18
    with t in years. The hazard of a week is the difference between its ends.
    """
    years = weeks_well * WEEK
    if bipolar == ZERO:
        return p.illness_onset_rate * years
    if weeks_well <= ZERO:
        return ZERO
    return p.illness_bipolar_scale * exponential(p.illness_bipolar_shape * logarithm(years))


@register_jitable
def onset_hazard(step, frailty, care_demand, p):
    """Hazard of an onset this week: step * onset_multiplier * frailty * exp(demand_onset * demand).

    step         rise of the cumulative hazard over this week
    frailty      the ego's own multiplier (log-normal, mean about 1)
    care_demand  what kin ask of the ego, above the usual; more of it, more relapse (P20)
    """
    return (
        step
        * p.illness_onset_multiplier
        * frailty
        * exponential(p.illness_demand_onset * care_demand)
    )


@register_jitable
def episode_starts(u, hazard):
    """Whether an episode starts this week: u < 1 - exp(-hazard)."""
    return ONE if u < chance(hazard) else ZERO


@register_jitable
def episode_weeks(u, p):
    """Weeks an episode would run unaided: log-normal, cut to [1, longest] (B19)."""
    weeks = exponential(p.illness_duration_log_mean + p.illness_duration_log_sd * normal(u))
    return min(max(weeks, ONE), p.illness_longest)


@register_jitable
def episode_peak(u, p):
    """Severity an episode adds: uniform on [peak_low, peak_high]."""
    return p.illness_peak_low + u * (p.illness_peak_high - p.illness_peak_low)


@register_jitable
def recovery_step(constricting, understood_support, p):
    """Weeks of recovery gained this week.

    One, more while constricting (P34) or understood (P18).
    """
    return (
        ONE
        + p.illness_recovery_constricting * constricting
        + p.illness_recovery_support * understood_support
    )


@register_jitable
def severity_target(base, acute, peak, care_demand, understood_support, engagement, p):
    """Where severity is drawn to this week.

    base + acute * peak                   the illness itself
    + demand_severity * care_demand       emotional labour and care asked by kin (P20)
    - support_severity * understood       being understood validates and steadies (P18)
    - engagement_severity * engagement    activities distract and postpone (P51)
    """
    return unit(
        base
        + acute * peak
        + p.illness_demand_severity * care_demand
        - p.illness_support_severity * understood_support
        - p.illness_engagement_severity * engagement
    )


@register_jitable
def severity_after(severity, target, noise, p):
    """Severity moves a share `severity_speed` of the way to its target, plus a weekly shock."""
    return unit(
        severity + p.illness_severity_speed * (target - severity) + p.illness_severity_noise * noise
    )


@register_jitable
def is_admitted(u, p):
    """Whether an episode leads to admission (B17: 10 of 27 relapses)."""
    return ONE if u < p.illness_admission_share else ZERO


@register_jitable
def is_coerced(u, admitted, p):
    """Whether an admission was against the ego's will: a coercion event (P46)."""
    return admitted if u < p.illness_coercion_share else ZERO


@register_jitable
def dies(u, p):
    """Whether the ego dies this week: constant yearly hazard."""
    return ONE if u < p.illness_death_rate * WEEK else ZERO


@register_jitable
def in_aftermath(weeks_since_onset, p):
    """1 during the window of raised tie loss that follows an onset (B16: 26 weeks)."""
    return ONE if weeks_since_onset < p.illness_aftermath_weeks else ZERO


@register_jitable
def first_crisis(weeks_since_onset, episode, p):
    """How fresh a first crisis is.

    1 at the onset of a first episode, falling to 0 over `rally_weeks` (P55).
    """
    first = ONE if episode == ONE else ZERO
    return first * max(ONE - weeks_since_onset / p.illness_rally_weeks, ZERO)


@register_jitable
def first_crisis_rally(weeks_since_onset, episode, p):
    """How strongly people rally in a first crisis, as a factor - 1 on offers and revivals (P55).

    Zero unless switched on: a caseload of enduring illness has its first episode long behind it.
    """
    return p.illness_rally * first_crisis(weeks_since_onset, episode, p)
