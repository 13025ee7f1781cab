"""The rules of illness, written a second time from docs/odd.md."""

import math
import statistics

_WEEK = 1.0 / 52.0


def _unit(x):
    """Cut x to the interval from nought to one."""
    return min(max(x, 0.0), 1.0)


def _exponential(x):
    """Raise e to the power x, with x cut to eight either way."""
    return math.exp(min(max(x, -8.0), 8.0))


def _logarithm(x):
    """Take the natural logarithm, with x cut to the stated domain."""
    return math.log(min(max(x, 1e-8), 1e8))


def _chance(hazard):
    """Turn the hazard of a week into the chance of its event."""
    h = min(hazard, 1.0)
    return h - h * h / 2.0


def _normal(u):
    """Give the standard normal quantile of a uniform."""
    return statistics.NormalDist().inv_cdf(u)


def _flag(condition):
    """Write a condition as 1.0 or 0.0."""
    return 1.0 if condition else 0.0


def cumulative_onset(weeks_well, bipolar, rates):
    """Give the hazard of a new episode gathered over the weeks since the last."""
    t = weeks_well * _WEEK
    if bipolar == 0.0:
        return rates.illness_onset_rate * t
    if weeks_well <= 0.0:
        return 0.0
    return rates.illness_bipolar_scale * _exponential(rates.illness_bipolar_shape * _logarithm(t))


def onset_hazard(step, frailty, care_demand, rates):
    """Give this week's hazard that an episode breaks out."""
    demand = _exponential(rates.illness_demand_onset * care_demand)
    return step * rates.illness_onset_multiplier * frailty * demand


def episode_starts(u, hazard):
    """Tell whether an episode breaks out this week."""
    return _flag(u < _chance(hazard))


def episode_weeks(u, rates):
    """Draw how many weeks an episode takes when nothing shortens it."""
    weeks = _exponential(
        rates.illness_duration_log_mean + rates.illness_duration_log_sd * _normal(u)
    )
    return min(max(weeks, 1.0), rates.illness_longest)


def episode_peak(u, rates):
    """Draw how much an episode adds to severity."""
    return rates.illness_peak_low + u * (rates.illness_peak_high - rates.illness_peak_low)


def recovery_step(constricting, understood_support, rates):
    """Give the weeks of recovery that one week brings."""
    return (
        1.0
        + rates.illness_recovery_constricting * constricting
        + rates.illness_recovery_support * understood_support
    )


def severity_target(base, acute, peak, care_demand, understood_support, engagement, rates):
    """Give the severity that this week's circumstances lead to."""
    return _unit(
        base
        + acute * peak
        + rates.illness_demand_severity * care_demand
        - rates.illness_support_severity * understood_support
        - rates.illness_engagement_severity * engagement
    )


def severity_after(severity, target, noise, rates):
    """Move severity part of the way to its target and shake it a little."""
    moved = severity + rates.illness_severity_speed * (target - severity)
    return _unit(moved + rates.illness_severity_noise * noise)


def is_admitted(u, rates):
    """Tell whether an episode brings the ego into hospital."""
    return _flag(u < rates.illness_admission_share)


def is_coerced(u, admitted, rates):
    """Tell whether an admission went against the ego's will."""
    return admitted if u < rates.illness_coercion_share else 0.0


def dies(u, rates):
    """Tell whether the ego's life ends this week."""
    return _flag(u < rates.illness_death_rate * _WEEK)


def in_aftermath(weeks_since_onset, rates):
    """Tell whether the last onset is recent enough to endanger ties."""
    return _flag(weeks_since_onset < rates.illness_aftermath_weeks)


def first_crisis(weeks_since_onset, episode, rates):
    """Give how much of a first crisis is still new."""
    if episode == 1.0:
        return max(1.0 - weeks_since_onset / rates.illness_rally_weeks, 0.0)
    return 0.0


def first_crisis_rally(weeks_since_onset, episode, rates):
    """Give how much more people come forward because a first crisis is new."""
    return rates.illness_rally * first_crisis(weeks_since_onset, episode, rates)
