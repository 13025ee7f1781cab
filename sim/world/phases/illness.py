"""Illness and severity of each ego this week."""

from numba.extending import register_jitable

from sim.world.arithmetic import ONE, ZERO, f4, soft_normal
from sim.world.compiled import inlined
from sim.world.kinds import Event
from sim.world.phases.births import record
from sim.world.phases.crisis import admit, crisis_week, may_break_down
from sim.world.phases.early import WARNED, pass_warning
from sim.world.phases.treatment import turn, turns
from sim.world.rules.early import length_if_caught, warning_weeks
from sim.world.rules.exchange import care_excess
from sim.world.rules.illness import (
    cumulative_onset,
    episode_peak,
    episode_starts,
    episode_weeks,
    is_admitted,
    onset_hazard,
    recovery_step,
    severity_after,
    severity_target,
)
from sim.world.rules.life import upheaval_factor
from sim.world.rules.treatment import hazard_ratio_off, protection_lost
from sim.world.state import LANES
from sim.world.streams import Stream, uniforms

EPISODE = int(Stream.EPISODE)
EPISODE_START, EPISODE_END = int(Event.EPISODE_START), int(Event.EPISODE_END)
CONSTRICTION, WARNING = int(Event.CONSTRICTION), int(Event.WARNING)


@inlined
def illness_week(w, week, key):
    """Treatment is kept or not; episodes announce themselves, start, run and end; severity moves.

    Then crises. What happens to most egos in most weeks reads and writes records alone.
    """
    for e in range(w.egos.size):
        ego = w.egos[e]
        if ego.alive == ZERO:
            continue
        rates = w.rates[w.ego_profile[e]]
        drawn, lane = w.draws[e >> 3], e & 7
        demand = care_excess(ego.care, rates)
        if turns(ego, drawn.keep[lane], rates):
            turn(w, e, week)
        ego.weeks_since_onset += ONE
        if ego.acute > ZERO:
            ego.progress += recovery_step(ego.constricting, ego.understood, rates)
            if ego.progress >= ego.duration:
                end_episode(w, e, week)
        elif is_over(ego, drawn.onset[lane], demand, rates):
            leave_wellness(w, e, week, drawn.notice[lane], drawn.act[lane], key)
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
        if may_break_down(ego, drawn.crisis[lane], rates):
            crisis_week(w, e, week, drawn.crisis[lane], key)


@inlined
def is_over(ego, u, demand, rates):
    """One more week without an episode: whether one announces itself now, or has done so."""
    ego.weeks_well += ONE
    risk = cumulative_onset(ego.weeks_well, ego.bipolar, rates)
    hazard = onset_hazard(risk - ego.onset_hazard_so_far, ego.frailty, demand, rates)
    ratio = hazard_ratio_off(ego.bipolar, rates)
    hazard *= protection_lost(ego.treated, ego.weeks_off, ratio, rates)
    hazard *= upheaval_factor(ego.upheaval, rates)
    ego.onset_hazard_so_far = risk
    return ego.warning_left > ZERO or episode_starts(u, hazard) > ZERO


@register_jitable
def leave_wellness(w, e, week, notice, act, key):
    """An episode announces itself, starts, or comes a week nearer."""
    ego = w.egos[e]
    if ego.warning_left > ZERO:
        starts = pass_warning(w, e, week, notice, act, key)
    else:
        u, _, _, _ = uniforms(EPISODE, ego.address, int(ego.episode) + 1, WARNED, key)
        ego.warning_left = f4(warning_weeks(u, w.rates[w.ego_profile[e]]))
        starts = ego.warning_left == ZERO
        if not starts:
            record(w, week, e, WARNING, 0, 0, 0, -1)
    if starts:
        start_episode(w, e, week, key)


@register_jitable
def start_episode(w, e, week, key):
    """An episode begins.

    Its length and depth, whether the ego constricts; admission, unless crises decide it.
    """
    ego = w.egos[e]
    rates = w.rates[w.ego_profile[e]]
    ego.episode += ONE
    length, depth, admitted, coerced = uniforms(EPISODE, ego.address, int(ego.episode), 0, key)
    ego.acute = ONE
    ego.progress = ZERO
    ego.weeks_since_onset = ZERO
    ego.warning_left, ego.noticed, ego.stayed = ZERO, ZERO, ZERO
    ego.duration = episode_weeks(length, rates) * length_if_caught(ego.caught, rates)
    ego.peak = episode_peak(depth, rates)
    record(w, week, e, EPISODE_START, 0, 0, 0, -1)
    if rates.crisis_hazard == ZERO and is_admitted(admitted, rates) > ZERO:
        admit(w, e, week, coerced)
    if ego.constrictor > ZERO and rates.constriction_switch > ZERO:
        constrict(w, e, week)


@register_jitable
def end_episode(w, e, week):
    """An episode ends; the clock of the next one starts anew."""
    ego = w.egos[e]
    ego.acute = ZERO
    ego.constricting = ZERO
    ego.caught = ZERO
    ego.weeks_well = ZERO
    ego.onset_hazard_so_far = ZERO
    record(w, week, e, EPISODE_END, 0, 0, 0, -1)


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
