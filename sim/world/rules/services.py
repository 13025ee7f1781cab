"""The service: posts.

Staff who come and go, and visits that are booked, kept, cancelled or missed.
"""

from numba.extending import register_jitable

from sim.world.arithmetic import ONE, WEEK, ZERO, chance, clip, exponential, f4, logarithm, whole


@register_jitable
def visit_interval(stable, slope, need, shortest, longest):
    """Weeks between visits of an ego of this need, when stable (N35, B26). Not a whole number.

        clip(stable * exponential(-slope * need), shortest, longest)

    stable    at average need, `service.*.interval_weeks`
    slope     log weeks per SD of need, `service.*.interval_slope`
    need      `egos.need`, z, [-4, 4]
    shortest  `service.*.shortest_weeks`
    longest   `service.*.longest_weeks`
    """
    return clip(stable * exponential(-slope * need), shortest, longest)


@register_jitable
def weeks_to_next(interval, u):
    """The interval in whole weeks, rounded without bias; at least one.

        max(whole(interval, u), 1)

    interval  from `visit_interval`, [1, 39]
    u         uniform
    """
    return max(whole(interval, u), 1)


@register_jitable
def is_urgent(weeks_since_onset, every):
    """Whether an episode calls for a visit this week: each `every` weeks from onset.

        true if since mod step = 0 and (since > 0 or step = 1), else false, where
        since = weeks_since_onset and step = every, both cut to whole numbers (toward zero)

    So never in the week of the onset itself, unless a visit is due every week. It is asked only in
    the first `illness.intensity_weeks` weeks of an episode that still runs.

    weeks_since_onset  0 in the week of the onset, `egos.weeks_since_onset`, whole [0, 60]
    every              `service.*.acute_interval_weeks`
    """
    since = int(weeks_since_onset)
    step = int(every)
    return since % step == 0 and (since > 0 or step == 1)


@register_jitable
def rations_self(u, overload, rates):
    """Whether the ego forgoes a visit out of concern for overworked staff (P44).

        1 if u < service.self_ration * overload, else 0

    u         uniform
    overload  `egos.overload`, [0, 1]
    """
    return ONE if u < rates.service_self_ration * overload else ZERO


@register_jitable
def overload_after(overload, cancelled, covered, late, rates):
    """How overworked staff look to the ego: a running mean over visits kept or cancelled (P44).

        overload + (now - overload) / service.overload_memory, where
        now = max(cancelled, max(covered, late))

    overload   `egos.overload`, [0, 1]
    cancelled  this visit was cancelled by the service, {0, 1}
    covered    this visit was kept by a stand-in, the post being vacant, {0, 1}
    late       this visit was kept in a later week than its nominal date, {0, 1}
    """
    now = max(cancelled, max(covered, late))
    return overload + (now - overload) / rates.service_overload_memory


@register_jitable
def acuity_level(severity):
    """Severity in sixteen levels, 0 to 15, 15 the most acute: the first key of rationing (P41).

        min(floor(16 * severity), 15)

    severity  `egos.severity`, [0, 1]
    """
    return min(int(severity * f4(16)), 15)


@register_jitable
def misses_visit(u, severity, level, rates):
    """Whether the ego does not attend a visit it was due (B29-B32).

        1 if u < m * odds / (1 + m * (odds - 1)), else 0, where m = service.missed and
        odds = exponential(service.missed_severity * (severity - service.usual_severity)
                           + service.missed_withdrawal * level)

    The chance is `service.missed` at the usual severity and without withdrawal; two log odds of 0
    keep it there for everybody.

    u         uniform
    severity  `egos.severity`, [0, 1]
    level     withdrawal of last week, `egos.level`, [0, 1]
    """
    lean = rates.service_missed_severity * (severity - rates.service_usual_severity)
    odds = exponential(lean + rates.service_missed_withdrawal * level)
    missed = rates.service_missed * odds / (ONE + rates.service_missed * (odds - ONE))
    return ONE if u < missed else ZERO


@register_jitable
def leaves_post(u, rates):
    """Whether a worker leaves the post this week: a constant yearly hazard (B27).

        1 if u < chance(service.leaving * WEEK), else 0

    u  uniform
    """
    return ONE if u < chance(rates.service_leaving * WEEK) else ZERO


@register_jitable
def vacancy_weeks(u, rates):
    """Weeks until a vacant post is filled: exponential, cut to whole weeks, at least one.

        max(floor(-service.vacancy_weeks * logarithm(u)), 1)

    u  uniform
    """
    return max(int(-rates.service_vacancy_weeks * logarithm(u)), 1)


@register_jitable
def falls_sick(u, rates):
    """Whether a worker's sickness spell starts this week.

        1 if u < service.sickness_onset, else 0             (a chance a week, not a yearly rate)

    u  uniform
    """
    return ONE if u < rates.service_sickness_onset else ZERO


@register_jitable
def sickness_weeks(u, rates):
    """Weeks of a sickness spell: exponential around the stated mean, in whole weeks, at least one.

        max(floor(-(service.sickness_weeks - 0.5) * logarithm(u) + 0.5), 1)

    u  uniform
    """
    tail = -(rates.service_sickness_weeks - HALF_WEEK) * logarithm(u)
    return max(int(tail + HALF_WEEK), 1)


HALF_WEEK = f4(0.5)


@register_jitable
def is_on_leave(u, rates):
    """Whether a worker is on planned leave in a week; the diary knows.

        1 if u < service.leave_share, else 0

    u  uniform
    """
    return ONE if u < rates.service_leave_share else ZERO


@register_jitable
def worker_quality(u_normal, rates):
    """Understanding a worker brings, around the role's.

        service.quality_sd * u_normal

    u_normal  standard normal, `normal` of a uniform, [-4, 4]
    """
    return rates.service_quality_sd * u_normal


@register_jitable
def post_capacity(fte, per_fte, vacant, rates):
    """Visit units a week of a post at work, before rounding; less while the post is vacant.

        fte * per_fte * service.vacancy_cover    if vacant > 0
        fte * per_fte                            otherwise

    fte      whole-time equivalents, `posts.fte`, [0, 1]
    per_fte  units a week per FTE at work, `service.*.capacity`
    vacant   1 while the post is vacant, {0, 1}
    """
    return fte * per_fte * (rates.service_vacancy_cover if vacant > ZERO else ONE)


@register_jitable
def is_discharged(u, stable, rates):
    """Whether a stable ego is discharged this week: a constant yearly hazard.

        stable if u < chance(service.discharge * WEEK), else 0

    u       uniform
    stable  1 - `egos.acute` if `egos.weeks_since_onset` >= `service.settled_weeks`, else 0, {0, 1}
    """
    return stable if u < chance(rates.service_discharge * WEEK) else ZERO


@register_jitable
def is_referred(u, acute, rates):
    """Whether a discharged ego is referred back: a yearly hazard, higher when acute.

        1 if u < chance(service.referral * (1 + service.referral_acute * acute) * WEEK), else 0

    u      uniform
    acute  in an episode up to last week, `egos.acute`, {0, 1}
    """
    rate = rates.service_referral * (ONE + rates.service_referral_acute * acute)
    return ONE if u < chance(rate * WEEK) else ZERO


@register_jitable
def is_reassigned(u, rates):
    """Whether a co-ordinated ego is given another named worker although nobody left.

        1 if u < chance(service.reassignment * WEEK), else 0

    u  uniform
    """
    return ONE if u < chance(rates.service_reassignment * WEEK) else ZERO
