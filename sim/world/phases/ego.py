"""What the week adds up to for the ego: help, guilt, care given, unmet need, wellbeing."""

from numba.extending import register_jitable

from sim.world.arithmetic import NO_LANES, ONE, ZERO, across, add_lanes, soft_normal
from sim.world.rules.exchange import need_for_help
from sim.world.rules.feelings import (
    guilt_after,
    remorse_after,
    running_mean,
    service_trust_after,
    weariness_after,
)
from sim.world.rules.wellbeing import (
    churn_after,
    coverage,
    support_value,
    unmet_need,
    wellbeing_after,
    wellbeing_target,
)
from sim.world.state import LANES


@register_jitable
def functions_week(w, first, last):
    """How far each of the five functions of support was met lately."""
    for e in range(first, last):
        ego = w.egos[e]
        if ego.alive == ZERO:
            continue
        p = w.params[w.ego_profile[e]]
        emotional, practical, illness = NO_LANES, NO_LANES, NO_LANES
        advocacy, distraction = NO_LANES, NO_LANES
        for b in range(ego.blocks):
            x = w.ties[e, b]
            for k in range(LANES):
                x.row[k] = x.worth[k] * x.f_emotional[k]
            emotional = add_lanes(emotional, x.row)
            for k in range(LANES):
                x.row[k] = x.worth[k] * x.f_practical[k]
            practical = add_lanes(practical, x.row)
            for k in range(LANES):
                x.row[k] = x.worth[k] * x.f_illness[k]
            illness = add_lanes(illness, x.row)
            for k in range(LANES):
                x.row[k] = x.worth[k] * x.f_advocacy[k]
            advocacy = add_lanes(advocacy, x.row)
            for k in range(LANES):
                x.row[k] = x.worth[k] * x.f_distraction[k]
            distraction = add_lanes(distraction, x.row)
        share = ONE / p.wellbeing_function_memory
        ego.emotional = running_mean(ego.emotional, across(emotional), share)
        ego.practical = running_mean(ego.practical, across(practical), share)
        ego.illness = running_mean(ego.illness, across(illness), share)
        ego.advocacy = running_mean(ego.advocacy, across(advocacy), share)
        ego.distraction = running_mean(ego.distraction, across(distraction), share)


@register_jitable
def company_week(w, first, last):
    """Contact with kin, groups, things and trusted workers (P48).

    Guilt, remorse, what kin are given.
    """
    for e in range(first, last):
        ego = w.egos[e]
        if ego.alive == ZERO:
            continue
        p = w.params[w.ego_profile[e]]
        kin_met, burden, care, groups, things = NO_LANES, NO_LANES, NO_LANES, NO_LANES, NO_LANES
        for b in range(ego.blocks):
            x = w.ties[e, b]
            for k in range(LANES):
                x.row[k] = x.contacted[k] * x.kinship[k]
            kin_met = add_lanes(kin_met, x.row)
            for k in range(LANES):
                x.row[k] = x.load[k] * x.kinship[k]
            burden = add_lanes(burden, x.row)
            for k in range(LANES):
                x.row[k] = x.given[k] * x.kinship[k]
            care = add_lanes(care, x.row)
            for k in range(LANES):
                x.row[k] = x.contacted[k] * x.sociable[k]
            groups = add_lanes(groups, x.row)
            for k in range(LANES):
                x.row[k] = x.contacted[k] * (ONE - x.human[k])
            things = add_lanes(things, x.row)
        share = ONE / p.feelings_contact_memory
        ego.care = across(care)
        ego.engagement = running_mean(ego.engagement, across(things), share)
        ego.groups = running_mean(ego.groups, across(groups), share)
        ego.challenged = min(running_mean(ego.challenged, ego.trusted_visits, share), ONE)
        ego.guilt = guilt_after(ego.guilt, across(burden), ego.remorse, ego.acute, p)
        ego.remorse = remorse_after(ego.remorse, ego.acute, ego.severity, across(kin_met), p)


@register_jitable
def help_of_week(w, e, blocks):
    """Lanes of the worth of help, help with understanding, help, people met, and tension."""
    valued = understood = received = NO_LANES
    met = tension = NO_LANES
    for b in range(blocks):
        x = w.ties[e, b]
        valued = add_lanes(valued, x.worth)
        for k in range(LANES):
            x.row[k] = x.helped[k] * x.human[k]
        received = add_lanes(received, x.row)
        for k in range(LANES):
            x.row[k] = x.helped[k] * x.human[k] * x.understanding[k]
        understood = add_lanes(understood, x.row)
        for k in range(LANES):
            x.row[k] = x.contacted[k] * x.human[k]
        met = add_lanes(met, x.row)
        for k in range(LANES):
            x.row[k] = x.contacted[k] * x.strain[k]
        tension = add_lanes(tension, x.row)
    return valued, understood, received, met, tension


@register_jitable
def support_week(w, first, last):
    """The worth of this week's help, the need it left, and wellbeing."""
    for e in range(first, last):
        ego = w.egos[e]
        if ego.alive == ZERO:
            continue
        p = w.params[w.ego_profile[e]]
        valued, understood, received, met, tension = help_of_week(w, e, ego.blocks)
        people_met = across(met)
        ego.contacts += people_met
        ego.understood = running_mean(
            ego.understood, across(understood), ONE / p.feelings_understood_memory
        )
        need = need_for_help(ego.severity, ego.self_capacity, p)
        ego.unmet = unmet_need(need, across(received))
        ego.service_trust = service_trust_after(ego.service_trust, ZERO, p)
        ego.workers_met = weariness_after(ego.workers_met, p)
        covered = coverage(
            ego.emotional, ego.practical, ego.illness, ego.advocacy, ego.distraction, p
        )
        target = wellbeing_target(
            ego.base_wellbeing, support_value(across(valued), p), covered, ego.groups, ego.severity,
            ego.guilt, across(tension) / (people_met + ONE), ego.churn, ego.directive, p,
        )  # fmt: skip
        x, k = w.draws[e >> 3], e & 7
        noise = soft_normal(x.wellbeing_0[k], x.wellbeing_1[k], x.wellbeing_2[k], x.wellbeing_3[k])
        ego.wellbeing = wellbeing_after(ego.wellbeing + ego.impact, target, noise, p)
        ego.churn = churn_after(ego.churn, ZERO, p)
        ego.impact = ZERO
