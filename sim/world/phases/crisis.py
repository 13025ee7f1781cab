"""Crises of each ego this week, admissions, coercion, and days in hospital."""

from numba.extending import register_jitable

from sim.world.arithmetic import ONE, ZERO, f4
from sim.world.compiled import inlined
from sim.world.kinds import FIRST_PROFESSIONAL, LAST_PROFESSIONAL, Event, Group
from sim.world.phases.births import record
from sim.world.phases.treatment import take_treatment
from sim.world.rules.crisis import (
    breaks_down,
    crisis_hazard_ill,
    crisis_hazard_well,
    has_nobody,
    is_admitted_in_crisis,
    stay_days,
)
from sim.world.rules.feelings import service_trust_after, trust_after_coercion
from sim.world.rules.illness import is_coerced
from sim.world.rules.treatment import restarts_in_hospital
from sim.world.state import LANES
from sim.world.streams import WEEK_OFFSET, Stream, uniforms

ACUTE_CARE = int(Stream.ACUTE_CARE)
ADMISSION, COERCION = int(Event.ADMISSION), int(Event.COERCION)
CRISIS, DISCHARGE_HOSPITAL = int(Event.CRISIS), int(Event.DISCHARGE_HOSPITAL)
PARTNER, KIN, FRIEND = int(Group.PARTNER), int(Group.KIN), int(Group.FRIEND)
PSYCHIATRIST = 0
DAYS = f4(7)


@inlined
def may_break_down(ego, u, rates):
    """Whether the week may bring a crisis, or a day in hospital, if the ego has nobody."""
    ego.in_crisis, ego.ward_days = ZERO, ZERO
    if ego.acute_care_left > ZERO:
        return True
    return breaks_down(u, hazard_of_crisis(ego, ONE, ONE, rates)) > ZERO


@register_jitable
def hazard_of_crisis(ego, alone, nobody, rates):
    """Weekly hazard of a crisis, in an episode or without one."""
    if ego.acute > ZERO:
        return crisis_hazard_ill(
            ego.weeks_since_onset, alone, ego.overdue, ego.stayed, ego.caught, ego.prone, rates
        )
    return crisis_hazard_well(nobody, ego.overdue, ego.prone, rates)


@register_jitable
def crisis_week(w, e, week, u, key):
    """A crisis may come, and end in hospital; who is in hospital stays another week."""
    ego = w.egos[e]
    if ego.acute_care_left == ZERO and is_in_crisis(w, e, u):
        ego.in_crisis = ONE
        ego.crises += ONE
        ego.stayed = ego.acute
        record(w, week, e, CRISIS, 0, 0, 0, -1)
        take_in(w, e, week, key)
    ego.ward_days = min(ego.acute_care_left, DAYS)
    if ego.ward_days > ZERO:
        ego.hospital_days += ego.ward_days
        ego.acute_care_left -= ego.ward_days
        ego.weeks_since_kept = ZERO
        if ego.acute_care_left == ZERO:
            leave_hospital(w, e, week, key)


@register_jitable
def is_in_crisis(w, e, u):
    """Whether there is a crisis this week, given who is in touch."""
    ego, rates = w.egos[e], w.rates[w.ego_profile[e]]
    partners, close = ZERO, ZERO
    for s in range(ego.blocks * LANES):
        tie, lane = w.ties[e, s >> 3], s & 7
        partners += tie.active[lane] if tie.group[lane] == PARTNER else ZERO
        close += tie.active[lane] if tie.group[lane] in (KIN, FRIEND) else ZERO
    alone = ONE if partners == ZERO else ZERO
    hazard = hazard_of_crisis(ego, alone, has_nobody(partners, close, rates), rates)
    return breaks_down(u, hazard) > ZERO


@register_jitable
def take_in(w, e, week, key):
    """Admission at a crisis, for how long, and whether against the ego's will."""
    ego, rates = w.egos[e], w.rates[w.ego_profile[e]]
    in_hospital, days, coerced, _ = uniforms(ACUTE_CARE, ego.address, week + WEEK_OFFSET, 0, key)
    if is_admitted_in_crisis(in_hospital, rates) > ZERO:
        ego.acute_care_left = stay_days(days, ego.bipolar, rates)
        admit(w, e, week, coerced)


@register_jitable
def admit(w, e, week, coerced):
    """The ego is admitted; some against their will."""
    ego = w.egos[e]
    ego.admissions += ONE
    record(w, week, e, ADMISSION, 0, 0, 0, -1)
    if is_coerced(coerced, ONE, w.rates[w.ego_profile[e]]) > ZERO:
        coerce(w, e, week)


@register_jitable
def leave_hospital(w, e, week, key):
    """The stay ends this week; most who were off treatment leave on it."""
    ego = w.egos[e]
    record(w, week, e, DISCHARGE_HOSPITAL, 0, 0, 0, -1)
    back, _, _, _ = uniforms(ACUTE_CARE, ego.address, week + WEEK_OFFSET, 1, key)
    if ego.treated == ZERO and restarts_in_hospital(back, w.rates[w.ego_profile[e]]) > ZERO:
        take_treatment(w, e, week)


@register_jitable
def coerce(w, e, week):
    """Coercion: the psychiatrist loses most trust.

    Every other professional some, services too (P46).
    """
    ego = w.egos[e]
    rates = w.rates[w.ego_profile[e]]
    ego.service_trust = service_trust_after(ego.service_trust, ONE, rates)
    for s in range(ego.blocks * LANES):
        group = w.ties[e, s >> 3].group[s & 7]
        if FIRST_PROFESSIONAL <= group <= LAST_PROFESSIONAL:
            direct = ONE if s == w.lines[e, PSYCHIATRIST].slot else ZERO
            w.ties[e, s >> 3].trust[s & 7] = trust_after_coercion(
                w.ties[e, s >> 3].trust[s & 7], direct, rates
            )
    record(w, week, e, COERCION, 0, 0, 0, -1)
