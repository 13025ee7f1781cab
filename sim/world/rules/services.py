"""The service: posts.

Staff who come and go, and visits that are booked, kept, cancelled or missed.
"""

from numba.extending import register_jitable

from sim.world.arithmetic import ONE, WEEK, ZERO, chance, clip, exponential, f4, logarithm, whole


@register_jitable
def visit_interval(stable, slope, need, shortest, longest):
    """Weeks between visits of a stable ego.

    stable * exp(-slope * need), cut to [shortest, longest] (N35, B26).
    """
    return clip(stable * exponential(-slope * need), shortest, longest)


@register_jitable
def weeks_to_next(interval, u):
    """The interval in whole weeks, rounded without bias; at least one."""
    return max(whole(interval, u), 1)


@register_jitable
def is_urgent(weeks_since_onset, every):
    """Whether the intense weeks of an episode call for a visit this week.

    Each `every` weeks from onset.
    """
    since = int(weeks_since_onset)
    step = int(every)
    return since % step == 0 and (since > 0 or step == 1)


@register_jitable
def rations_self(u, overload, p):
    """Whether the ego forgoes a visit out of concern for overworked staff.

    self_ration * overload (P44).
    """
    return ONE if u < p.service_self_ration * overload else ZERO


@register_jitable
def overload_after(overload, cancelled, covered, p):
    """How overworked staff look to the ego: running mean of cancellations and stand-ins met."""
    now = max(cancelled, covered)
    return overload + (now - overload) / p.service_overload_memory


@register_jitable
def acuity_level(severity):
    """Severity in sixteen levels, 15 the most acute: the first key of rationing (P41)."""
    return min(int(severity * f4(16)), 15)


@register_jitable
def misses_visit(u, p):
    """Whether the ego does not attend a visit it was due (B29-B32)."""
    return ONE if u < p.service_missed else ZERO


@register_jitable
def leaves_post(u, p):
    """Whether a worker leaves the post this week: yearly hazard (B27)."""
    return ONE if u < chance(p.service_leaving * WEEK) else ZERO


@register_jitable
def vacancy_weeks(u, p):
    """Weeks until a vacant post is filled: exponential, at least one."""
    return max(int(-p.service_vacancy_weeks * logarithm(u)), 1)


@register_jitable
def falls_sick(u, p):
    """Whether a worker's sickness spell starts this week."""
    return ONE if u < p.service_sickness_onset else ZERO


@register_jitable
def sickness_weeks(u, p):
    """Weeks of a sickness spell: 1 + geometric tail with the stated mean."""
    tail = -(p.service_sickness_weeks - HALF_WEEK) * logarithm(u)
    return max(int(tail + HALF_WEEK), 1)


HALF_WEEK = f4(0.5)


@register_jitable
def is_on_leave(u, p):
    """Whether a worker is on planned leave this week; the diary knows."""
    return ONE if u < p.service_leave_share else ZERO


@register_jitable
def worker_quality(u_normal, p):
    """Understanding a worker brings, around the role's: quality_sd * z."""
    return p.service_quality_sd * u_normal


@register_jitable
def post_capacity(fte, per_fte, vacant, p):
    """Visit units a week of a post at work: fte * per_fte, times the cover rate while vacant."""
    return fte * per_fte * (p.service_vacancy_cover if vacant > ZERO else ONE)


@register_jitable
def is_discharged(u, stable, p):
    """Whether a stable ego is discharged this week.

    Yearly hazard, none within half a year of an episode.
    """
    return stable if u < chance(p.service_discharge * WEEK) else ZERO


@register_jitable
def is_referred(u, acute, p):
    """Whether a discharged ego is referred back: yearly hazard, higher when acute."""
    rate = p.service_referral * (ONE + p.service_referral_acute * acute)
    return ONE if u < chance(rate * WEEK) else ZERO


@register_jitable
def is_reassigned(u, p):
    """Whether a co-ordinated ego is given another named worker although nobody left.

    Yearly hazard.
    """
    return ONE if u < chance(p.service_reassignment * WEEK) else ZERO
