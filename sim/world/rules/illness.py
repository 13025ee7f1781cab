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
def cumulative_onset(weeks_well, bipolar, rates):
    """Cumulative hazard of a new episode after `weeks_well` whole weeks without one.

        illness.onset_rate * t                              if bipolar = 0   constant hazard, B17
        0                                                   if bipolar = 1 and weeks_well <= 0
        illness.bipolar_scale * t to the power illness.bipolar_shape, which is computed as
        illness.bipolar_scale * exponential(illness.bipolar_shape * logarithm(t))
                                                            if bipolar = 1   decreasing hazard, B18

    with t = weeks_well * WEEK in years. The hazard of a week is the difference between its ends.

    weeks_well  `egos.weeks_well`, whole [0, 1040]
    bipolar     `egos.bipolar`, {0, 1}
    """
    years = weeks_well * WEEK
    constant = rates.illness_onset_rate * years
    log = logarithm(years if weeks_well > ZERO else ONE)
    power = exponential(rates.illness_bipolar_shape * log)
    decreasing = rates.illness_bipolar_scale * power if weeks_well > ZERO else ZERO
    return constant if bipolar == ZERO else decreasing


@register_jitable
def onset_hazard(step, frailty, care_demand, rates):
    """Hazard of an onset this week.

        step * illness.onset_multiplier * frailty * exponential(illness.demand_onset * care_demand)

    step         rise of `cumulative_onset` over this week, [0, 0.2]
    frailty      the ego's own multiplier, `egos.frailty` (log-normal, median 1), [0.05, 20]
    care_demand  what kin ask of the ego above the usual, from `care_excess`, [-1, 2]; more of it,
                 more relapse (P20)
    """
    return (
        step
        * rates.illness_onset_multiplier
        * frailty
        * exponential(rates.illness_demand_onset * care_demand)
    )


@register_jitable
def episode_starts(u, hazard):
    """Whether an episode starts this week.

        1 if u < chance(hazard), else 0

    u       uniform
    hazard  of this week, from `onset_hazard`, [0, 1.5]
    """
    return ONE if u < chance(hazard) else ZERO


@register_jitable
def episode_weeks(u, rates):
    """Weeks an episode would run unaided: log-normal, cut (B19). Not rounded to whole weeks.

        min(max(exponential(illness.duration_log_mean + illness.duration_log_sd * normal(u)), 1),
            illness.longest)

    u  uniform, through the normal quantile
    """
    weeks = exponential(rates.illness_duration_log_mean + rates.illness_duration_log_sd * normal(u))
    return min(max(weeks, ONE), rates.illness_longest)


@register_jitable
def episode_peak(u, rates):
    """Severity an episode adds: uniform between two bounds.

        illness.peak_low + u * (illness.peak_high - illness.peak_low)

    u  uniform
    """
    return rates.illness_peak_low + u * (rates.illness_peak_high - rates.illness_peak_low)


@register_jitable
def recovery_step(constricting, understood_support, rates):
    """Weeks of recovery gained this week: one, more while constricting (P34) or understood (P18).

        1 + illness.recovery_constricting * constricting
          + illness.recovery_support * understood_support

    constricting        `egos.constricting`, {0, 1}
    understood_support  running mean of understood help, up to last week, `egos.understood`, [0, 5]
    """
    return (
        ONE
        + rates.illness_recovery_constricting * constricting
        + rates.illness_recovery_support * understood_support
    )


@register_jitable
def severity_target(base, acute, peak, care_demand, understood_support, engagement, rates):
    """Where severity is drawn to this week.

        unit(base + acute * peak
             + illness.demand_severity * care_demand
             - illness.support_severity * understood_support
             - illness.engagement_severity * engagement)

    The illness itself; emotional labour and care asked by kin (P20); being understood validates and
    steadies (P18); activities distract and postpone (P51).

    base                severity between episodes, `egos.base_severity`, [0, 1]
    acute               in an episode this week, `egos.acute`, {0, 1}
    peak                severity this episode adds, `egos.peak`, [0, 1]
    care_demand         what kin ask above the usual, from `care_excess`, [-1, 2]
    understood_support  running mean of understood help, up to last week, `egos.understood`, [0, 5]
    engagement          running mean of things met, up to last week, `egos.engagement`, [0, 20]
    """
    return unit(
        base
        + acute * peak
        + rates.illness_demand_severity * care_demand
        - rates.illness_support_severity * understood_support
        - rates.illness_engagement_severity * engagement
    )


@register_jitable
def severity_after(severity, target, noise, rates):
    """Severity after this week: a share of the way to its target, plus a weekly shock.

        unit(severity + illness.severity_speed * (target - severity)
             + illness.severity_noise * noise)

    severity  `egos.severity`, [0, 1]
    target    from `severity_target`, [0, 1]
    noise     from `soft_normal`, [-3.5, 3.5]
    """
    return unit(
        severity
        + rates.illness_severity_speed * (target - severity)
        + rates.illness_severity_noise * noise
    )


@register_jitable
def is_admitted(u, rates):
    """Whether an episode leads to admission (B17: 10 of 27 relapses).

        1 if u < illness.admission_share, else 0

    u  uniform
    """
    return ONE if u < rates.illness_admission_share else ZERO


@register_jitable
def is_coerced(u, admitted, rates):
    """Whether an admission was against the ego's will: a coercion event (P46).

        admitted if u < illness.coercion_share, else 0

    u         uniform
    admitted  from `is_admitted`, {0, 1}
    """
    return admitted if u < rates.illness_coercion_share else ZERO


@register_jitable
def dies(u, rates):
    """Whether the ego dies this week: a constant yearly rate, the same every week.

        1 if u < illness.death_rate * WEEK, else 0          (the rate itself, not `chance` of it)

    u  uniform
    """
    return ONE if u < rates.illness_death_rate * WEEK else ZERO


@register_jitable
def in_aftermath(weeks_since_onset, rates):
    """Whether the ego is in the window of raised tie loss that follows an onset (B16: 26 weeks).

        1 if weeks_since_onset < illness.aftermath_weeks, else 0

    weeks_since_onset  0 in the week of the onset, `egos.weeks_since_onset`, whole [0, 104]
    """
    return ONE if weeks_since_onset < rates.illness_aftermath_weeks else ZERO


@register_jitable
def first_crisis(weeks_since_onset, episode, rates):
    """How fresh a first crisis is: 1 at the onset of a first episode, falling to 0 (P55).

        max(1 - weeks_since_onset / illness.rally_weeks, 0) if episode = 1, else 0

    weeks_since_onset  0 in the week of the onset, `egos.weeks_since_onset`, whole [0, 52]
    episode            episodes begun so far, `egos.episode`, whole [0, 3]
    """
    first = ONE if episode == ONE else ZERO
    return first * max(ONE - weeks_since_onset / rates.illness_rally_weeks, ZERO)


@register_jitable
def first_crisis_rally(weeks_since_onset, episode, rates):
    """How strongly people rally in a first crisis, as a factor - 1 on offers and revivals (P55).

        illness.rally * first_crisis(weeks_since_onset, episode)

    Zero unless switched on: a caseload of enduring illness has its first episode long behind it.

    weeks_since_onset  0 in the week of the onset, `egos.weeks_since_onset`, whole [0, 52]
    episode            episodes begun so far, `egos.episode`, whole [0, 3]
    """
    return rates.illness_rally * first_crisis(weeks_since_onset, episode, rates)
