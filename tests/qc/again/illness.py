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


def cumulative_onset(weeks_well, bipolar, p):
    """Give the hazard of a new episode gathered over the weeks since the last."""
    t = weeks_well * _WEEK
    if bipolar == 0.0:
        return p.illness_onset_rate * t
    if weeks_well <= 0.0:
        return 0.0
    return p.illness_bipolar_scale * _exponential(p.illness_bipolar_shape * _logarithm(t))


def onset_hazard(step, frailty, care_demand, p):
    """Give this week's hazard that an episode breaks out."""
    demand = _exponential(p.illness_demand_onset * care_demand)
    return step * p.illness_onset_multiplier * frailty * demand


def episode_starts(u, hazard):
    """Tell whether an episode breaks out this week."""
    return _flag(u < _chance(hazard))


def episode_weeks(u, p):
    """Draw how many weeks an episode takes when nothing shortens it."""
    weeks = _exponential(p.illness_duration_log_mean + p.illness_duration_log_sd * _normal(u))
    return min(max(weeks, 1.0), p.illness_longest)


def episode_peak(u, p):
    """Draw how much an episode adds to severity."""
    return p.illness_peak_low + u * (p.illness_peak_high - p.illness_peak_low)


def recovery_step(constricting, understood_support, p):
    """Give the weeks of recovery that one week brings."""
    return (
        1.0
        + p.illness_recovery_constricting * constricting
        + p.illness_recovery_support * understood_support
    )


def severity_target(base, acute, peak, care_demand, understood_support, engagement, p):
    """Give the severity that this week's circumstances lead to."""
    return _unit(
        base
        + acute * peak
        + p.illness_demand_severity * care_demand
        - p.illness_support_severity * understood_support
        - p.illness_engagement_severity * engagement
    )


def severity_after(severity, target, noise, p):
    """Move severity part of the way to its target and shake it a little."""
    moved = severity + p.illness_severity_speed * (target - severity)
    return _unit(moved + p.illness_severity_noise * noise)


def is_admitted(u, p):
    """Tell whether an episode brings the ego into hospital."""
    return _flag(u < p.illness_admission_share)


def is_coerced(u, admitted, p):
    """Tell whether an admission went against the ego's will."""
    return admitted if u < p.illness_coercion_share else 0.0


def dies(u, p):
    """Tell whether the ego's life ends this week."""
    return _flag(u < p.illness_death_rate * _WEEK)


def in_aftermath(weeks_since_onset, p):
    """Tell whether the last onset is recent enough to endanger ties."""
    return _flag(weeks_since_onset < p.illness_aftermath_weeks)


def first_crisis(weeks_since_onset, episode, p):
    """Give how much of a first crisis is still new."""
    if episode == 1.0:
        return max(1.0 - weeks_since_onset / p.illness_rally_weeks, 0.0)
    return 0.0


def first_crisis_rally(weeks_since_onset, episode, p):
    """Give how much more people come forward because a first crisis is new."""
    return p.illness_rally * first_crisis(weeks_since_onset, episode, p)
