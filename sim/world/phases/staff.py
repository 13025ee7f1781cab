"""Staff and caseload.

Who is at work, who leaves and is replaced, who is discharged and referred.
"""

from numba.extending import register_jitable

from sim.world.arithmetic import ONE, ZERO, f4, normal, whole
from sim.world.compiled import inlined
from sim.world.kinds import KIND_OF_ROLE, Cause, Channel, Event, Group
from sim.world.phases import layout as c
from sim.world.phases.births import begin_tie, end_tie, record, tie_identity
from sim.world.rules.illness import dies
from sim.world.rules.services import (
    falls_sick,
    is_discharged,
    is_on_leave,
    is_reassigned,
    is_referred,
    leaves_post,
    post_capacity,
    sickness_weeks,
    vacancy_weeks,
    worker_quality,
)
from sim.world.state import BOOKED, DIARY_WEEKS, LANES, LEAVE, LEDGER, ROUNDING
from sim.world.streams import WEEK_OFFSET, Stream, uniforms

STAFF, DIARY = int(Stream.STAFF), int(Stream.DIARY)
REPLACEMENT = int(Stream.REPLACEMENT)
INITIAL_LINES = int(Stream.INITIAL_LINES)
TURNOVER, DISCHARGE_CAUSE = int(Cause.TURNOVER), int(Cause.DISCHARGE)
REASSIGNMENT, EGO_DIED = int(Cause.REASSIGNMENT), int(Cause.EGO_DIED)
WORKER_LEFT, DISCHARGE = int(Event.WORKER_LEFT), int(Event.DISCHARGE)
REFERRAL, DEATH = int(Event.REFERRAL), int(Event.DEATH)
FIRST_CHANNEL, FIRST_GROUP = int(Channel.PSYCHIATRIST), int(Group.PSYCHIATRIST)
COORDINATOR = 1
GROSS, NET = LEDGER["capacity_gross"], LEDGER["capacity_net"]
AHEAD = 48
"""Weeks ahead for which the diary knows leave: the longest interval and the longest slip."""


@register_jitable
def plan_diary_week(w, n, week, key):
    """Open one week of a post's diary.

    Nothing booked, leave known, a uniform to round its limit.
    """
    rates = w.rates[w.post_profile[n]]
    leave, rounding, _, _ = uniforms(DIARY, w.posts[n].address, week + WEEK_OFFSET, 0, key)
    at = week % DIARY_WEEKS
    w.diary[BOOKED, n, at] = ZERO
    w.diary[LEAVE, n, at] = is_on_leave(leave, rates)
    w.diary[ROUNDING, n, at] = rounding


@register_jitable
def meet_worker(w, e, line, week, known, survivor, identity, key):
    """Begin the ego's tie with the worker now in the line's post.

    Nothing while the post is vacant.
    """
    here = w.lines[e, line]
    n = here.post
    here.slot = -1
    if n < 0 or w.posts[n].vacant_until != c.NEVER:
        return
    kind = KIND_OF_ROLE[w.posts[n].role]
    here.slot = begin_tie(w, e, week, FIRST_GROUP + line, kind, identity, n, survivor, known, key)


@register_jitable
def part_from_worker(w, e, line, week, cause):
    """End the ego's tie with the line's present worker, if there is one."""
    here = w.lines[e, line]
    if here.slot >= 0:
        here.parted = w.ties[e, here.slot >> 3].trust[here.slot & 7]
        end_tie(w, e, here.slot, week, cause)
        here.slot = -1


@register_jitable
def cancel_booking(w, e, line, week, units):
    """Give a booked visit's place in the diary back."""
    here = w.lines[e, line]
    if here.booked >= week:
        w.diary[BOOKED, here.post, here.booked % DIARY_WEEKS] -= units
    here.booked, here.postponed = c.NEVER, 0


@register_jitable
def choose_post(w, line, u, besides):
    """A post of the line drawn in proportion to its FTE, never `besides`; -1 if there is none."""
    total = ZERO
    for n in range(w.posts.size):
        if w.posts[n].line == line and n != besides:
            total += w.posts[n].fte
    left = u * total
    chosen = -1
    for n in range(w.posts.size):
        if w.posts[n].line == line and n != besides and (chosen < 0 or left > ZERO):
            chosen = n
            left -= w.posts[n].fte
    return chosen


@inlined
def staff_week(w, week, key):
    """Posts: vacancies filled.

    Workers who leave, sickness, the week's capacity, one more diary week.
    """
    for n in range(w.posts.size):
        post = w.posts[n]
        rates = w.rates[w.post_profile[n]]
        when = week + WEEK_OFFSET
        leaving, sick, spell, rounding = uniforms(STAFF, post.address, when, 0, key)
        gap, quality, _, _ = uniforms(REPLACEMENT, post.address, when, 0, key)
        if post.vacant_until == week:
            fill_post(w, n, week, worker_quality(normal(quality), rates), key)
        elif post.vacant_until == c.NEVER and leaves_post(leaving, rates) > ZERO:
            empty_post(w, n, week, week + vacancy_weeks(gap, rates))
        vacant = ONE if post.vacant_until != c.NEVER else ZERO
        if week >= post.sick_until and falls_sick(sick, rates) > ZERO:
            post.sick_until = week + sickness_weeks(spell, rates)
        per_fte = w.line_rates[w.post_profile[n], post.line].capacity
        capacity = whole(post_capacity(post.fte, per_fte, vacant, rates), rounding)
        at_work = week >= post.sick_until and w.diary[LEAVE, n, week % DIARY_WEEKS] == ZERO
        post.room = f4(capacity) if at_work else ZERO
        w.ledger[post.line, GROSS] += post.fte * per_fte
        w.ledger[post.line, NET] += post.room
        plan_diary_week(w, n, week + AHEAD, key)


@register_jitable
def fill_post(w, n, week, quality, key):
    """A new worker takes the post and meets the caseload."""
    post = w.posts[n]
    post.vacant_until = c.NEVER
    post.incumbent += 1
    post.quality = quality
    for e in range(w.egos.size):
        line = post.line
        if w.lines[e, line].post == n and w.egos[e].on_caseload > ZERO:
            identity = tie_identity(week, FIRST_CHANNEL + line)
            meet_worker(w, e, line, week, ZERO, ZERO, identity, key)


@register_jitable
def empty_post(w, n, week, until):
    """The worker leaves; every tie with that worker ends by turnover."""
    post = w.posts[n]
    post.vacant_until = until
    record(w, week, -1, WORKER_LEFT, 0, post.role, TURNOVER, n)
    for e in range(w.egos.size):
        if w.lines[e, post.line].post == n:
            part_from_worker(w, e, post.line, week, TURNOVER)


@inlined
def caseload_week(w, week, key):
    """Egos: deaths, discharges, referrals back, changes of named worker."""
    for e in range(w.egos.size):
        ego = w.egos[e]
        if ego.alive == ZERO:
            continue
        rates = w.rates[w.ego_profile[e]]
        drawn, lane = w.draws[e >> 3], e & 7
        if dies(drawn.death[lane], rates) > ZERO:
            bury(w, e, week)
            continue
        if ego.on_caseload > ZERO:
            settled = (
                (ONE - ego.acute) if ego.weeks_since_onset >= rates.service_settled_weeks else ZERO
            )
            if is_discharged(drawn.discharge[lane], settled, rates) > ZERO:
                discharge_ego(w, e, week, DISCHARGE_CAUSE)
                record(w, week, e, DISCHARGE, 0, 0, 0, -1)
            elif (
                is_reassigned(drawn.change[lane], rates) > ZERO
                and w.lines[e, COORDINATOR].slot >= 0
            ):
                reassign(w, e, week, key)
        elif ego.in_crisis > ZERO or is_referred(drawn.referral[lane], ego.acute, rates) > ZERO:
            refer_ego(w, e, week, key)


@register_jitable
def bury(w, e, week):
    """The ego dies: services stop and every tie ends, dormant ones too."""
    ego = w.egos[e]
    discharge_ego(w, e, week, EGO_DIED)
    for s in range(w.egos[e].blocks * LANES):
        if w.ties[e, s >> 3].group[s & 7] >= 0:
            end_tie(w, e, s, week, EGO_DIED)
    ego.alive = ZERO
    ego.acute = ZERO
    ego.warning_left, ego.noticed, ego.caught = ZERO, ZERO, ZERO
    ego.in_crisis, ego.acute_care_left, ego.ward_days = ZERO, ZERO, ZERO
    record(w, week, e, DEATH, 0, 0, 0, -1)


@register_jitable
def discharge_ego(w, e, week, cause):
    """Every line of service ends; visits in the diary are given back."""
    w.egos[e].on_caseload = ZERO
    for line in range(3):
        part_from_worker(w, e, line, week, cause)
        cancel_booking(w, e, line, week, w.line_rates[w.ego_profile[e], line].units)
        w.lines[e, line].post = -1


@register_jitable
def refer_ego(w, e, week, key):
    """The ego comes back to the team and is given a worker on each line it is entitled to."""
    w.egos[e].on_caseload = ONE
    record(w, week, e, REFERRAL, 0, 0, 0, -1)
    for line in range(3):
        if w.lines[e, line].entitled == 1:
            u, _, _, _ = uniforms(INITIAL_LINES, w.egos[e].address, week + WEEK_OFFSET, line, key)
            w.lines[e, line].post = choose_post(w, line, u, -1)
            w.lines[e, line].nominal = week
            identity = tie_identity(week, FIRST_CHANNEL + line)
            meet_worker(w, e, line, week, ZERO, ZERO, identity, key)


@register_jitable
def reassign(w, e, week, key):
    """Another named co-ordinator takes over, although nobody left."""
    here = w.lines[e, COORDINATOR]
    if w.ties[e, here.slot >> 3].born[here.slot & 7] == week:
        return
    u, _, _, _ = uniforms(INITIAL_LINES, w.egos[e].address, week + WEEK_OFFSET, COORDINATOR, key)
    chosen = choose_post(w, COORDINATOR, u, here.post)
    if chosen < 0 or w.posts[chosen].vacant_until != c.NEVER:
        return
    part_from_worker(w, e, COORDINATOR, week, REASSIGNMENT)
    cancel_booking(w, e, COORDINATOR, week, w.line_rates[w.ego_profile[e], COORDINATOR].units)
    here.post = chosen
    identity = tie_identity(week, FIRST_CHANNEL + COORDINATOR)
    meet_worker(w, e, COORDINATOR, week, ZERO, ZERO, identity, key)
