"""Visits: booked into diaries first, then rationed in the week itself by acuity."""

import numpy as np
from numba.extending import register_jitable

from sim.world.arithmetic import ONE, ZERO, f4, whole
from sim.world.kinds import Event
from sim.world.phases import layout as c
from sim.world.phases.births import record
from sim.world.rules.feelings import trust_after_cancellation
from sim.world.rules.services import (
    acuity_level,
    misses_visit,
    overload_after,
    post_capacity,
    rations_self,
    visit_interval,
    weeks_to_next,
)
from sim.world.rules.wellbeing import is_directive
from sim.world.state import BOOKED, DIARY_WEEKS, LEAVE, LEDGER, ROUNDING
from sim.world.streams import WEEK_OFFSET, Stream, philox, uniform

VISIT = int(Stream.VISIT)
VISIT_CANCELLED, VISIT_MISSED = int(Event.VISIT_CANCELLED), int(Event.VISIT_MISSED)
WANTED, L_BOOKED, KEPT = LEDGER["wanted"], LEDGER["booked"], LEDGER["kept"]
MISSED, CANCELLED, POSTPONED = LEDGER["missed"], LEDGER["cancelled"], LEDGER["postponed"]
URGENT, URGENT_UNMET, FORGONE = LEDGER["urgent"], LEDGER["urgent_unmet"], LEDGER["forgone"]
DISPLACED = LEDGER["displaced"]


@register_jitable
def interval_of(w, e, line):
    """Weeks between visits of this ego on this line when stable."""
    p = w.flat[w.ego_profile[e]]
    return visit_interval(
        p[c.INTERVAL_OF[line]],
        p[c.INTERVAL_SLOPE_OF[line]],
        w.egos[e].need,
        p[c.SHORTEST_OF[line]],
        p[c.LONGEST_OF[line]],
    )


@register_jitable
def has_room(w, n, week, units):
    """Whether a post's diary takes a visit of these units in a week, by what is known today."""
    at = week % DIARY_WEEKS
    if w.diary[LEAVE, n, at] > ZERO:
        return False
    post, k = w.posts[n], w.post_profile[n]
    vacant = ONE if post.vacant_until > week else ZERO
    expected = post_capacity(post.fte, w.flat[k, c.CAPACITY_OF[post.line]], vacant, w.params[k])
    limit = whole(w.params[k].service_diary_fill * expected, w.diary[ROUNDING, n, at])
    return w.diary[BOOKED, n, at] + units <= f4(limit)


@register_jitable
def book_line(w, e, line, week, key):
    """Book the next visit into the first week with room, unless the ego forgoes it."""
    here, ego = w.lines[e, line], w.egos[e]
    p = w.params[w.ego_profile[e]]
    units = w.flat[w.ego_profile[e], c.UNITS_OF[line]]
    first = max(here.nominal, week)
    slip = int(w.params[w.post_profile[here.post]].service_diary_slip)
    for at in range(first, min(first + slip, week + 47) + 1):
        if has_room(w, here.post, at, units):
            here.booked = at
            w.diary[BOOKED, here.post, at % DIARY_WEEKS] += units
            break
    late = here.booked > here.nominal or here.booked == c.NEVER
    if late and here.postponed == 0:
        here.postponed = 1
        w.ledger[line, POSTPONED] += 1
    if here.booked != c.NEVER:
        w.ledger[line, L_BOOKED] += 1
        _, _, ration, spacing = philox(VISIT, ego.address, week + WEEK_OFFSET, 4 + line, key)
        if rations_self(uniform(ration), ego.overload, p) > ZERO:
            w.diary[BOOKED, here.post, here.booked % DIARY_WEEKS] -= units
            here.booked = c.NEVER
            schedule_next(w, e, line, week, uniform(spacing))
            ego.forgone += ONE
            w.ledger[line, FORGONE] += 1


@register_jitable
def schedule_next(w, e, line, week, u):
    """The next visit is due one interval after the nominal date of the last, never in the past."""
    here = w.lines[e, line]
    here.nominal = max(here.nominal + weeks_to_next(interval_of(w, e, line), u), week + 1)
    here.postponed = 0


@register_jitable
def is_urgent(w, e, line):
    """Whether the early weeks of an acute episode call for a visit on this line this week."""
    ego = w.egos[e]
    p = w.params[w.ego_profile[e]]
    if ego.acute == ZERO or ego.weeks_since_onset >= p.illness_intensity_weeks:
        return False
    every = int(w.flat[w.ego_profile[e], c.ACUTE_INTERVAL_OF[line]])
    since = int(ego.weeks_since_onset)
    return since % every == 0 and (since > 0 or every == 1)


@register_jitable
def visits_week(w, week, keys, key):
    """Book, then ration: the most acute first, ties broken by address; returns nothing dropped.

    `keys` is scratch of 3 E whole numbers: acuity inverted | random bits | ego | line.
    """
    n_due = 0
    for e in range(w.egos.size):
        if w.egos[e].on_caseload == ZERO:
            continue
        w.egos[e].directive = ZERO
        for line in range(3):
            here = w.lines[e, line]
            if here.post < 0:
                continue
            if here.booked == c.NEVER:
                book_line(w, e, line, week, key)
            urgent = is_urgent(w, e, line)
            if here.booked == week or urgent:
                bits, _, _, _ = philox(
                    VISIT, w.egos[e].address, week + WEEK_OFFSET, line, key
                )
                rank = np.int64(15 - acuity_level(w.egos[e].severity))
                keys[n_due] = (
                    (rank << np.int64(50))
                    | (np.int64(bits >> np.uint32(8)) << np.int64(16))
                    | np.int64(e * 4 + line)
                )
                n_due += 1
                w.egos[e].requested += ONE
                w.ledger[line, WANTED] += w.flat[w.ego_profile[e], c.UNITS_OF[line]]
                w.ledger[line, URGENT] += 1 if here.booked != week else 0
    due = keys[:n_due]
    due.sort()
    for i in range(n_due):
        member = int(due[i] & np.int64(0xFFFF))
        ration(w, member // 4, member % 4, week, key)


@register_jitable
def ration(w, e, line, week, key):
    """One visit that is due this week: kept, missed, cancelled, or an urgent need unmet."""
    here, ego = w.lines[e, line], w.egos[e]
    post = w.posts[here.post]
    p = w.params[w.ego_profile[e]]
    units = w.flat[w.ego_profile[e], c.UNITS_OF[line]]
    was_booked = here.booked == week
    _, missing, advice, spacing = philox(VISIT, ego.address, week + WEEK_OFFSET, line, key)
    if was_booked:
        here.booked = c.NEVER
    if post.room < units:
        if was_booked:
            ego.cancelled += ONE
            ego.overload = overload_after(ego.overload, ONE, ZERO, p)
            w.ledger[line, CANCELLED] += units
            w.ledger[line, DISPLACED] += units if week >= post.sick_until else ZERO
            if here.slot >= 0:
                trust = w.ties[c.TRUST, e, here.slot]
                w.ties[c.TRUST, e, here.slot] = trust_after_cancellation(trust, p)
            record(w, week, e, VISIT_CANCELLED, 0, 0, 0, here.post)
        else:
            w.ledger[line, URGENT_UNMET] += units
        return
    post.room -= units
    if was_booked:
        schedule_next(w, e, line, week, uniform(spacing))
    if misses_visit(uniform(missing), p) > ZERO:
        ego.missed += ONE
        w.ledger[line, MISSED] += units
        record(w, week, e, VISIT_MISSED, 0, 0, 0, here.post)
        return
    ego.kept += units
    w.ledger[line, KEPT] += units
    covered = ONE if post.vacant_until != c.NEVER else ZERO
    ego.overload = overload_after(ego.overload, ZERO, covered, p)
    share = w.flat[w.ego_profile[e], c.DIRECTIVE_OF[line]]
    ego.directive = ego.directive + is_directive(uniform(advice), ONE, share)
    if here.slot >= 0:
        w.ties[c.VISITED, e, here.slot] = units
