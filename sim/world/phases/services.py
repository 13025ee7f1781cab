"""Visits: booked into diaries first, then rationed in the week itself by acuity."""

import numpy as np
from numba.extending import register_jitable

from sim.world.arithmetic import ONE, ZERO, f4, whole
from sim.world.compiled import inlined
from sim.world.kinds import Event
from sim.world.phases import layout as c
from sim.world.phases.births import record
from sim.world.rules.feelings import trust_after_cancellation
from sim.world.rules.services import (
    acuity_level,
    is_urgent,
    misses_visit,
    overload_after,
    post_capacity,
    rations_self,
    visit_interval,
    weeks_to_next,
)
from sim.world.rules.wellbeing import is_directive
from sim.world.state import BOOKED, DIARY_WEEKS, LEAVE, LEDGER, ROUNDING
from sim.world.streams import WEEK_OFFSET, Stream, philox, uniforms

BOOKING, VISIT = int(Stream.BOOKING), int(Stream.VISIT)
VISIT_CANCELLED, VISIT_MISSED = int(Event.VISIT_CANCELLED), int(Event.VISIT_MISSED)
WANTED, L_BOOKED, KEPT = LEDGER["wanted"], LEDGER["booked"], LEDGER["kept"]
MISSED, CANCELLED, POSTPONED = LEDGER["missed"], LEDGER["cancelled"], LEDGER["postponed"]
URGENT, URGENT_UNMET, FORGONE = LEDGER["urgent"], LEDGER["urgent_unmet"], LEDGER["forgone"]
DISPLACED = LEDGER["displaced"]
ON_SCHEDULE = 8
"""Marks the draws of a visit on the schedule, which are addressed by its nominal date."""
AHEAD = 47
"""The last week ahead that a diary takes bookings for."""


@register_jitable
def interval_of(usual, need):
    """Weeks between visits on a line for an ego of this need, when stable.

    `usual` are the parameters of the line.
    """
    return visit_interval(
        usual.interval_weeks, usual.interval_slope, need, usual.shortest_weeks, usual.longest_weeks
    )


@register_jitable
def next_due(nominal, week, interval, who, line, key):
    """The first nominal date after this week, at least one interval after the last.

    Dates are steps from date to date, each rounded by a draw at the date it starts from, so the
    schedule is the same whether visits were early, late or lost.
    """
    due = nominal
    while due == nominal or due <= week:
        _, _, _, u = uniforms(VISIT, who, due + WEEK_OFFSET, ON_SCHEDULE + line, key)
        due += weeks_to_next(interval, u)
    return due


@register_jitable
def first_room(booked, leave, rounding, first, last, units, at_full, while_vacant, vacant_until):
    """The first week from `first` to `last` whose diary takes the visit; NEVER if none does.

    The limit of a week is the filled share of expected capacity, rounded by that week's uniform.
    """
    for week in range(first, last + 1):
        at = week & (DIARY_WEEKS - 1)
        expected = while_vacant if vacant_until > week else at_full
        if leave[at] == ZERO and booked[at] + units <= f4(whole(expected, rounding[at])):
            return week
    return c.NEVER


@inlined
def book_week(w, week, key):
    """Every line without a booking gets one.

    The first week with room, unless the ego forgoes it (P44).
    """
    for i in range(list_open(w, w.listed)):
        e, line = w.listed[i] >> 2, w.listed[i] & 3
        if w.egos[e].on_caseload > ZERO:
            book_visit(w, e, line, week, key)


@inlined
def list_open(w, listed):
    """Every line of service without a booking, in order of egos; how many.

    Each line is written down, and the next one over it unless it counts: a quarter of all do, and a
    turn that the processor has to guess costs more than to write.
    """
    number = 0
    for e in range(w.egos.size):
        for line in range(3):
            here = w.lines[e, line]
            listed[number] = e << 2 | line
            number += 1 if (here.post >= 0) & (here.booked == c.NEVER) else 0
    return number


@inlined
def book_visit(w, e, line, week, key):
    """A line gets the first week with room, or the ego forgoes the visit."""
    ego, here = w.egos[e], w.lines[e, line]
    n, usual = here.post, w.line_rates[w.ego_profile[e], line]
    post, terms = w.posts[n], w.rates[w.post_profile[n]]
    units = usual.units
    fill = w.line_rates[w.post_profile[n], line].diary_fill
    per_fte = w.line_rates[w.post_profile[n], line].capacity
    at_full = fill * post_capacity(post.fte, per_fte, ZERO, terms)
    while_vacant = fill * post_capacity(post.fte, per_fte, ONE, terms)
    first = max(here.nominal, week)
    last = min(first + int(terms.service_diary_slip), week + AHEAD)
    found = first_room(
        w.diary[BOOKED, n], w.diary[LEAVE, n], w.diary[ROUNDING, n], first, last, units,
        at_full, while_vacant, post.vacant_until,
    )  # fmt: skip
    if found != here.nominal and here.postponed == 0:
        here.postponed = 1
        w.ledger[line, POSTPONED] += units
    if found == c.NEVER:
        return
    w.ledger[line, L_BOOKED] += units
    ration, _, _, _ = uniforms(BOOKING, ego.address, here.nominal + WEEK_OFFSET, line, key)
    if rations_self(ration, ego.overload, w.rates[w.ego_profile[e]]) > ZERO:
        interval = interval_of(usual, ego.need)
        here.nominal = next_due(here.nominal, week, interval, ego.address, line, key)
        here.postponed = 0
        ego.forgone += units
        w.ledger[line, FORGONE] += units
    else:
        here.booked = found
        w.diary[BOOKED, n, found & (DIARY_WEEKS - 1)] += units


@inlined
def list_due(w, week, listed, key):
    """Everyone booked for this week or in urgent need of a visit, in no order yet; how many.

    An entry packs what rations: acuity inverted, random bits, and (ego, line), so no two are equal.
    """
    number = list_lines_due(w, week, listed)
    for i in range(number):
        e, line = listed[i] >> 2, listed[i] & 3
        ego, here, usual = w.egos[e], w.lines[e, line], w.line_rates[w.ego_profile[e], line]
        bits, _, _, _ = philox(VISIT, ego.address, week + WEEK_OFFSET, line, key)
        order = np.int64(15 - acuity_level(ego.severity)) << np.int64(50)
        chance = np.int64(bits >> np.uint32(8)) << np.int64(16)
        listed[i] = order | chance | np.int64(e * 4 + line)
        ego.requested += usual.units
        w.ledger[line, WANTED] += usual.units
        w.ledger[line, URGENT] += usual.units if here.booked != week else ZERO
    return number


@inlined
def list_lines_due(w, week, listed):
    """Every line due a visit this week, in order of egos; how many. Last week's visits are over."""
    number = 0
    for e in range(w.egos.size):
        ego, rates = w.egos[e], w.rates[w.ego_profile[e]]
        if ego.seen > ZERO:
            forget_visits(w, e)
        ego.directive, ego.trusted_visits, ego.seen = ZERO, ZERO, ZERO
        intense = ego.acute > ZERO and ego.weeks_since_onset < rates.illness_intensity_weeks
        for line in range(3):
            here = w.lines[e, line]
            due = here.booked == week
            if intense:
                every = w.line_rates[w.ego_profile[e], line].acute_interval_weeks
                due = due | is_urgent(ego.weeks_since_onset, every)
            listed[number] = e << 2 | line
            number += 1 if due & (here.post >= 0) & (ego.on_caseload > ZERO) else 0
    return number


@inlined
def forget_visits(w, e):
    """No worker has been seen this week yet."""
    for line in range(3):
        slot = w.lines[e, line].slot
        if slot >= 0:
            w.ties[e, slot >> 3].visited[slot & 7] = ZERO


@inlined
def put_in_order(listed, due):
    """Sort by counting: an entry's place is the number of smaller ones, as no two are equal.

    Few are due in a week, and a count has no turn that the processor would have to guess.
    """
    for i in range(listed.size):
        entry, place = listed[i], 0
        for j in range(listed.size):
            place += 1 if listed[j] < entry else 0
        due[place] = entry


@inlined
def ration_week(w, week, due, key):
    """The most acute first.

    A visit is kept, missed by the ego, cancelled, or an urgent need unmet.
    """
    for i in range(due.size):
        member = int(due[i] & np.int64(0xFFFF))
        e, line = member >> 2, member & 3
        here, ego = w.lines[e, line], w.egos[e]
        post, rates = w.posts[here.post], w.rates[w.ego_profile[e]]
        usual = w.line_rates[w.ego_profile[e], line]
        units = usual.units
        was_booked = here.booked == week
        if was_booked:
            here.booked = c.NEVER
        if post.room < units:
            if was_booked:
                cancel_visit(w, e, line, week, units)
            else:
                w.ledger[line, URGENT_UNMET] += units
            continue
        post.room -= units
        when, which, late = week, line, ZERO
        if was_booked:
            late = ONE if week > here.nominal else ZERO
            when, which = here.nominal, ON_SCHEDULE + line
            interval = interval_of(usual, ego.need)
            here.nominal = next_due(here.nominal, week, interval, ego.address, line, key)
            here.postponed = 0
        _, missing, advice, _ = uniforms(VISIT, ego.address, when + WEEK_OFFSET, which, key)
        if misses_visit(missing, ego.severity, ego.level, rates) > ZERO:
            ego.missed += units
            w.ledger[line, MISSED] += units
            record(w, week, e, VISIT_MISSED, 0, 0, 0, here.post)
            continue
        w.ledger[line, KEPT] += units
        covered = ONE if post.vacant_until != c.NEVER else ZERO
        be_seen(ego, units, covered, late, is_directive(advice, ONE, usual.directive_share), rates)
        if here.slot >= 0:
            tie, lane = w.ties[e, here.slot >> 3], here.slot & 7
            tie.visited[lane] = units * tie.active[lane]
            ego.trusted_visits += tie.visited[lane] * tie.trust[lane]


@register_jitable
def be_seen(ego, units, covered, late, directive, rates):
    """A visit is kept, by the worker or by a stand-in."""
    ego.kept += units
    ego.seen += units
    ego.weeks_since_kept = ZERO
    ego.overload = overload_after(ego.overload, ZERO, covered, late, rates)
    ego.directive += directive


@register_jitable
def cancel_visit(w, e, line, week, units):
    """A booked visit falls to sickness or to someone more acute; it costs trust (P40, P41)."""
    here, ego, rates = w.lines[e, line], w.egos[e], w.rates[w.ego_profile[e]]
    ego.cancelled += units
    ego.overload = overload_after(ego.overload, ONE, ZERO, ZERO, rates)
    w.ledger[line, CANCELLED] += units
    w.ledger[line, DISPLACED] += units if week >= w.posts[here.post].sick_until else ZERO
    if here.slot >= 0:
        tie, lane = w.ties[e, here.slot >> 3], here.slot & 7
        tie.trust[lane] = trust_after_cancellation(tie.trust[lane], rates)
    record(w, week, e, VISIT_CANCELLED, 0, 0, 0, here.post)
