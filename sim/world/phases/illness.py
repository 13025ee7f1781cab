"""Illness and severity of each ego this week."""

from numba.extending import register_jitable

from sim.world.arithmetic import ONE, ZERO, f4, soft_normal
from sim.world.compiled import inlined
from sim.world.kinds import FIRST_PROFESSIONAL, LAST_PROFESSIONAL, Event
from sim.world.phases.births import record
from sim.world.rules.exchange import care_excess
from sim.world.rules.feelings import service_trust_after, trust_after_coercion
from sim.world.rules.illness import (
    cumulative_onset,
    episode_peak,
    episode_starts,
    episode_weeks,
    is_admitted,
    is_coerced,
    onset_hazard,
    recovery_step,
    severity_after,
    severity_target,
)
from sim.world.state import LANES
from sim.world.streams import Stream, uniforms

EPISODE = int(Stream.EPISODE)
EPISODE_START, EPISODE_END = int(Event.EPISODE_START), int(Event.EPISODE_END)
ADMISSION, COERCION, CONSTRICTION = (
    int(Event.ADMISSION),
    int(Event.COERCION),
    int(Event.CONSTRICTION),
)
PSYCHIATRIST = 0


@inlined
def illness_week(w, week, key):
    """Episodes start, run and end; severity moves."""
    for e in range(w.egos.size):
        ego = w.egos[e]
        if ego.alive == ZERO:
            continue
        rates = w.rates[w.ego_profile[e]]
        drawn, lane = w.draws[e >> 3], e & 7
        demand = care_excess(ego.care, rates)
        ego.weeks_since_onset += ONE
        if ego.acute > ZERO:
            ego.progress += recovery_step(ego.constricting, ego.understood, rates)
            if ego.progress >= ego.duration:
                end_episode(w, e, week)
        else:
            ego.weeks_well += ONE
            risk = cumulative_onset(ego.weeks_well, ego.bipolar, rates)
            hazard = onset_hazard(risk - ego.onset_hazard_so_far, ego.frailty, demand, rates)
            ego.onset_hazard_so_far = risk
            if episode_starts(drawn.onset[lane], hazard) > ZERO:
                start_episode(w, e, week, key)
        target = severity_target(
            ego.base_severity, ego.acute, ego.peak, demand, ego.understood, ego.engagement, rates
        )
        noise = soft_normal(
            drawn.severity_0[lane],
            drawn.severity_1[lane],
            drawn.severity_2[lane],
            drawn.severity_3[lane],
        )
        ego.severity = severity_after(ego.severity, target, noise, rates)


@register_jitable
def start_episode(w, e, week, key):
    """An episode begins.

    Its length and depth, admission, coercion, and whether the ego constricts.
    """
    ego = w.egos[e]
    rates = w.rates[w.ego_profile[e]]
    ego.episode += ONE
    length, depth, admitted, coerced = uniforms(EPISODE, ego.address, int(ego.episode), 0, key)
    ego.acute = ONE
    ego.progress = ZERO
    ego.weeks_since_onset = ZERO
    ego.duration = episode_weeks(length, rates)
    ego.peak = episode_peak(depth, rates)
    record(w, week, e, EPISODE_START, 0, 0, 0, -1)
    if is_admitted(admitted, rates) > ZERO:
        ego.admissions += ONE
        record(w, week, e, ADMISSION, 0, 0, 0, -1)
        if is_coerced(coerced, ONE, rates) > ZERO:
            coerce(w, e, week)
    if ego.constrictor > ZERO and rates.constriction_switch > ZERO:
        constrict(w, e, week)


@register_jitable
def end_episode(w, e, week):
    """An episode ends; the clock of the next one starts anew."""
    ego = w.egos[e]
    ego.acute = ZERO
    ego.constricting = ZERO
    ego.weeks_well = ZERO
    ego.onset_hazard_so_far = ZERO
    record(w, week, e, EPISODE_END, 0, 0, 0, -1)


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


@register_jitable
def constrict(w, e, week):
    """The ego falls back on its core: the `core_size` most important people it has (P33)."""
    ego = w.egos[e]
    size = int(w.rates[w.ego_profile[e]].constriction_core_size)
    core = f4(2)
    for _ in range(size):
        best = ZERO
        for s in range(ego.blocks * LANES):
            importance = (
                w.ties[e, s >> 3].importance[s & 7]
                * w.ties[e, s >> 3].human[s & 7]
                * w.ties[e, s >> 3].active[s & 7]
            )
            if best < importance < core:
                best = importance
        core = best
    ego.core = core
    ego.constricting = ONE
    record(w, week, e, CONSTRICTION, 0, 0, 0, -1)
