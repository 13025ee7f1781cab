"""Illness and severity of each ego this week."""

from numba.extending import register_jitable

from sim.world.arithmetic import ONE, ZERO, f4, soft_normal
from sim.world.compiled import inlined
from sim.world.kinds import Event
from sim.world.phases.births import record
from sim.world.phases.crisis import admit, crisis_week, may_break_down
from sim.world.phases.early import WARNED, pass_warning
from sim.world.phases.rates import illness_rates
from sim.world.phases.treatment import keep_treatment, turn
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

    Then crises. The week is foreseen for eight egos side by side, as it will be if nothing happens;
    what happens, to few, is then lived ego by ego.
    """
    for e in range(w.egos.size):
        if e & 7 == 0 or w.ego_profile[e] != w.ego_profile[e - 1]:
            foresee(w, e >> 3, illness_rates(w.rates[w.ego_profile[e]]))
        if w.egos[e].alive > ZERO and pass_week(w, e) > ZERO:
            befall(w, e, week, key)


@inlined
def foresee(w, b, rates):
    """The week of eight egos under the parameters of one of them, and to whom anything happens."""
    eight = w.draws[b]
    for lane in range(min(LANES, w.egos.size - LANES * b)):
        copy_ego(w.egos[LANES * b + lane], eight, lane)
    keep_treatment(eight, rates)
    run_course(eight, rates)
    for lane in range(LANES):
        eight.next_severity[lane] = severity_of_week(
            eight, lane, eight.acute[lane], eight.peak[lane], rates
        )


@inlined
def copy_ego(ego, eight, lane):
    """What the week of illness of an ego begins with, side by side with that of others."""
    eight.on_caseload[lane], eight.usual_interval[lane] = ego.on_caseload, ego.usual_interval
    eight.weeks_since_kept[lane] = ego.weeks_since_kept
    eight.worker_trust[lane] = ego.worker_trust
    eight.treated[lane], eight.bipolar[lane] = ego.treated, ego.bipolar
    eight.weeks_treated[lane], eight.weeks_off[lane] = ego.weeks_treated, ego.weeks_off
    eight.acute[lane], eight.constricting[lane] = ego.acute, ego.constricting
    eight.progress[lane], eight.duration[lane] = ego.progress, ego.duration
    eight.weeks_well[lane], eight.frailty[lane] = ego.weeks_well, ego.frailty
    eight.onset_hazard_so_far[lane] = ego.onset_hazard_so_far
    eight.upheaval[lane], eight.warning_left[lane] = ego.upheaval, ego.warning_left
    eight.base_severity[lane], eight.severity[lane] = ego.base_severity, ego.severity
    eight.peak[lane], eight.care[lane] = ego.peak, ego.care
    eight.understood[lane], eight.engagement[lane] = ego.understood, ego.engagement


@inlined
def run_course(eight, rates):
    """One more week in an episode, or without one; to whom anything happens."""
    for lane in range(LANES):
        eight.demand[lane] = care_excess(eight.care[lane], rates)
    for lane in range(LANES):
        step = recovery_step(eight.constricting[lane], eight.understood[lane], rates)
        eight.progress[lane] += eight.acute[lane] * step
    for lane in range(LANES):
        eight.weeks_well[lane] += ONE - eight.acute[lane]
    for lane in range(LANES):
        eight.risk[lane] = cumulative_onset(eight.weeks_well[lane], eight.bipolar[lane], rates)
    for lane in range(LANES):
        eight.hazard[lane] = onset_hazard(
            eight.risk[lane] - eight.onset_hazard_so_far[lane], eight.frailty[lane],
            eight.demand[lane], rates,
        )  # fmt: skip
    for lane in range(LANES):
        so_far = eight.onset_hazard_so_far[lane]
        eight.onset_hazard_so_far[lane] = so_far if eight.acute[lane] > ZERO else eight.risk[lane]
    for lane in range(LANES):
        begins = is_over(eight, lane, eight.treated[lane], eight.weeks_off[lane], rates)
        ends = ONE if eight.progress[lane] >= eight.duration[lane] else ZERO
        changes = ends if eight.acute[lane] > ZERO else begins
        eight.happens[lane] = max(changes, eight.turns[lane])


@inlined
def is_over(eight, lane, treated, weeks_off, rates):
    """Whether an episode announces itself now to who is well, or has done so."""
    ratio = hazard_ratio_off(eight.bipolar[lane], rates)
    hazard = eight.hazard[lane] * protection_lost(treated, weeks_off, ratio, rates)
    hazard *= upheaval_factor(eight.upheaval[lane], rates)
    begins = episode_starts(eight.onset[lane], hazard)
    return ONE if eight.warning_left[lane] > ZERO else begins


@inlined
def severity_of_week(eight, lane, acute, peak, rates):
    """Severity after this week."""
    target = severity_target(
        eight.base_severity[lane], acute, peak, eight.demand[lane], eight.understood[lane],
        eight.engagement[lane], rates,
    )  # fmt: skip
    noise = soft_normal(
        eight.severity_0[lane], eight.severity_1[lane],
        eight.severity_2[lane], eight.severity_3[lane],
    )  # fmt: skip
    return severity_after(eight.severity[lane], target, noise, rates)


@inlined
def pass_week(w, e):
    """The ego has the foreseen week behind it; whether anything happens, or a crisis may come."""
    ego, eight, lane = w.egos[e], w.draws[e >> 3], e & 7
    ego.weeks_since_kept, ego.overdue = eight.weeks_since_kept[lane], eight.overdue[lane]
    ego.weeks_treated, ego.weeks_off = eight.weeks_treated[lane], eight.weeks_off[lane]
    ego.weeks_since_onset += ONE
    ego.progress, ego.weeks_well = eight.progress[lane], eight.weeks_well[lane]
    ego.onset_hazard_so_far = eight.onset_hazard_so_far[lane]
    ego.severity = eight.next_severity[lane]
    crisis = may_break_down(ego, eight.crisis[lane], w.rates[w.ego_profile[e]])
    return ONE if crisis else eight.happens[lane]


@inlined
def befall(w, e, week, key):
    """Treatment turns, an episode begins or ends, a crisis comes; severity is that of after it."""
    ego, rates = w.egos[e], w.rates[w.ego_profile[e]]
    eight, lane = w.draws[e >> 3], e & 7
    if eight.turns[lane] > ZERO:
        turn(w, e, week)
    if ego.acute > ZERO:
        if ego.progress >= ego.duration:
            end_episode(w, e, week)
    elif is_over(eight, lane, ego.treated, ego.weeks_off, rates) > ZERO:
        leave_wellness(w, e, week, eight.notice[lane], eight.act[lane], key)
    ego.severity = severity_of_week(eight, lane, ego.acute, ego.peak, rates)
    if may_break_down(ego, eight.crisis[lane], rates):
        crisis_week(w, e, week, eight.crisis[lane], key)


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
