"""The rules of services, written a second time from docs/odd.md."""

import math

_WEEK = 1.0 / 52.0


def _clip(x, low, high):
    """Cut x to the interval from low to high."""
    return min(max(x, low), high)


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


def _whole(x, u):
    """Round x to a whole number by the uniform u, right on average."""
    return float(math.floor(x + u))


def _flag(condition):
    """Write a condition as 1.0 or 0.0."""
    return 1.0 if condition else 0.0


def visit_interval(stable, slope, need, shortest, longest):
    """Give the usual gap between visits in weeks, shorter where need is high."""
    return _clip(stable * _exponential(-slope * need), shortest, longest)


def weeks_to_next(interval, u):
    """Round a gap to whole weeks by chance, never below one."""
    return max(_whole(interval, u), 1.0)


def is_urgent(weeks_since_onset, every):
    """Tell whether this week of an episode is one of those that call for a visit."""
    since = math.trunc(weeks_since_onset)
    step = math.trunc(every)
    return since % step == 0 and (since > 0 or step == 1)


def rations_self(u, overload, rates):
    """Tell whether the ego gives up a visit to spare staff who look overworked."""
    return _flag(u < rates.service_self_ration * overload)


def overload_after(overload, cancelled, covered, late, rates):
    """Move the impression of overwork towards what this visit showed."""
    now = max(cancelled, max(covered, late))
    return overload + (now - overload) / rates.service_overload_memory


def acuity_level(severity):
    """Sort severity into one of sixteen levels."""
    return float(min(math.floor(16.0 * severity), 15))


def misses_visit(u, severity, level, rates):
    """Tell whether the ego stays away from a visit."""
    lean = rates.service_missed_severity * (severity - rates.service_usual_severity)
    odds = _exponential(lean + rates.service_missed_withdrawal * level)
    m = rates.service_missed
    return _flag(u < m * odds / (1.0 + m * (odds - 1.0)))


def leaves_post(u, rates):
    """Tell whether the worker quits the post this week."""
    return _flag(u < _chance(rates.service_leaving * _WEEK))


def vacancy_weeks(u, rates):
    """Draw how many whole weeks a post stands empty, at least one."""
    return max(float(math.floor(-rates.service_vacancy_weeks * _logarithm(u))), 1.0)


def falls_sick(u, rates):
    """Tell whether the worker begins a spell of sickness this week."""
    return _flag(u < rates.service_sickness_onset)


def sickness_weeks(u, rates):
    """Draw how many whole weeks a spell of sickness takes, at least one."""
    mean = rates.service_sickness_weeks - 0.5
    return max(float(math.floor(-mean * _logarithm(u) + 0.5)), 1.0)


def is_on_leave(u, rates):
    """Tell whether the diary marks a week as leave."""
    return _flag(u < rates.service_leave_share)


def worker_quality(u_normal, rates):
    """Give how far a worker's understanding lies from that of the role."""
    return rates.service_quality_sd * u_normal


def post_capacity(fte, per_fte, vacant, rates):
    """Give the units of visits a post can do in a week, not yet rounded."""
    if vacant > 0.0:
        return fte * per_fte * rates.service_vacancy_cover
    return fte * per_fte


def is_discharged(u, stable, rates):
    """Tell whether a settled ego leaves the caseload this week."""
    return stable if u < _chance(rates.service_discharge * _WEEK) else 0.0


def is_referred(u, acute, rates):
    """Tell whether an ego off the caseload comes back this week."""
    rate = rates.service_referral * (1.0 + rates.service_referral_acute * acute)
    return _flag(u < _chance(rate * _WEEK))


def is_reassigned(u, rates):
    """Tell whether the ego's co-ordinator is exchanged for another this week."""
    return _flag(u < _chance(rates.service_reassignment * _WEEK))
