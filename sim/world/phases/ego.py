"""What the week adds up to for the ego: help, guilt, care given, unmet need, wellbeing."""

from sim.world.arithmetic import NO_LANES, ONE, ZERO, across, add_lanes, soft_normal
from sim.world.compiled import inlined
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


@inlined
def functions_week(w, first, last):
    """How far each of the five functions of support was met lately."""
    rates = w.rates[w.ego_profile[first]]
    for e in range(first, last):
        ego = w.egos[e]
        if ego.alive == ZERO:
            continue
        emotional, practical, illness = NO_LANES, NO_LANES, NO_LANES
        advocacy, distraction = NO_LANES, NO_LANES
        for b in range(ego.blocks):
            tie = w.ties[e, b]
            for lane in range(LANES):
                tie.row[lane] = tie.worth[lane] * tie.f_emotional[lane]
            emotional = add_lanes(emotional, tie.row)
            for lane in range(LANES):
                tie.row[lane] = tie.worth[lane] * tie.f_practical[lane]
            practical = add_lanes(practical, tie.row)
            for lane in range(LANES):
                tie.row[lane] = tie.worth[lane] * tie.f_illness[lane]
            illness = add_lanes(illness, tie.row)
            for lane in range(LANES):
                tie.row[lane] = tie.worth[lane] * tie.f_advocacy[lane]
            advocacy = add_lanes(advocacy, tie.row)
            for lane in range(LANES):
                tie.row[lane] = tie.worth[lane] * tie.f_distraction[lane]
            distraction = add_lanes(distraction, tie.row)
        share = rates.wellbeing_function_share
        ego.emotional = running_mean(ego.emotional, across(emotional), share)
        ego.practical = running_mean(ego.practical, across(practical), share)
        ego.illness = running_mean(ego.illness, across(illness), share)
        ego.advocacy = running_mean(ego.advocacy, across(advocacy), share)
        ego.distraction = running_mean(ego.distraction, across(distraction), share)


@inlined
def company_week(w, first, last):
    """Contact with kin, groups, things and trusted workers (P48).

    Guilt, remorse, what kin are given.
    """
    rates = w.rates[w.ego_profile[first]]
    for e in range(first, last):
        ego = w.egos[e]
        if ego.alive == ZERO:
            continue
        kin_met, burden, care, groups, things = NO_LANES, NO_LANES, NO_LANES, NO_LANES, NO_LANES
        for b in range(ego.blocks):
            tie = w.ties[e, b]
            for lane in range(LANES):
                tie.row[lane] = tie.contacted[lane] * tie.kinship[lane]
            kin_met = add_lanes(kin_met, tie.row)
            for lane in range(LANES):
                tie.row[lane] = tie.load[lane] * tie.kinship[lane]
            burden = add_lanes(burden, tie.row)
            for lane in range(LANES):
                tie.row[lane] = tie.given[lane] * tie.kinship[lane]
            care = add_lanes(care, tie.row)
            for lane in range(LANES):
                tie.row[lane] = tie.contacted[lane] * tie.sociable[lane]
            groups = add_lanes(groups, tie.row)
            for lane in range(LANES):
                tie.row[lane] = tie.contacted[lane] * (ONE - tie.human[lane])
            things = add_lanes(things, tie.row)
        share = rates.feelings_contact_share
        ego.care = across(care)
        ego.engagement = running_mean(ego.engagement, across(things), share)
        ego.groups = running_mean(ego.groups, across(groups), share)
        ego.challenged = min(running_mean(ego.challenged, ego.trusted_visits, share), ONE)
        ego.guilt = guilt_after(ego.guilt, across(burden), ego.remorse, ego.acute, rates)
        ego.remorse = remorse_after(ego.remorse, ego.acute, ego.severity, across(kin_met), rates)


@inlined
def help_of_week(w, e, blocks):
    """Lanes of the worth of help, help with understanding, help, people met, and tension."""
    valued = understood = received = NO_LANES
    met = tension = NO_LANES
    for b in range(blocks):
        tie = w.ties[e, b]
        valued = add_lanes(valued, tie.worth)
        for lane in range(LANES):
            tie.row[lane] = tie.helped[lane] * tie.human[lane]
        received = add_lanes(received, tie.row)
        for lane in range(LANES):
            tie.row[lane] = tie.helped[lane] * tie.human[lane] * tie.understanding[lane]
        understood = add_lanes(understood, tie.row)
        for lane in range(LANES):
            tie.row[lane] = tie.contacted[lane] * tie.human[lane]
        met = add_lanes(met, tie.row)
        for lane in range(LANES):
            tie.row[lane] = tie.contacted[lane] * tie.strain[lane]
        tension = add_lanes(tension, tie.row)
    return valued, understood, received, met, tension


@inlined
def support_week(w, first, last):
    """The worth of this week's help, the need it left, and wellbeing."""
    rates = w.rates[w.ego_profile[first]]
    for e in range(first, last):
        ego = w.egos[e]
        if ego.alive == ZERO:
            continue
        valued, understood, received, met, tension = help_of_week(w, e, ego.blocks)
        people_met = across(met)
        ego.contacts += people_met
        ego.understood = running_mean(
            ego.understood, across(understood), rates.feelings_understood_share
        )
        need = need_for_help(ego.severity, ego.self_capacity, rates)
        ego.unmet = unmet_need(need, across(received))
        ego.service_trust = service_trust_after(ego.service_trust, ZERO, rates)
        ego.workers_met = weariness_after(ego.workers_met, rates)
        covered = coverage(
            ego.emotional, ego.practical, ego.illness, ego.advocacy, ego.distraction, rates
        )
        target = wellbeing_target(
            ego.base_wellbeing, support_value(across(valued), rates), covered, ego.groups,
            ego.severity, ego.guilt, across(tension) / (people_met + ONE), ego.churn, ego.directive,
            ego.insecurity, rates,
        )  # fmt: skip
        drawn, lane = w.draws[e >> 3], e & 7
        noise = soft_normal(
            drawn.wellbeing_0[lane], drawn.wellbeing_1[lane],
            drawn.wellbeing_2[lane], drawn.wellbeing_3[lane],
        )  # fmt: skip
        ego.wellbeing = wellbeing_after(ego.wellbeing + ego.impact, target, noise, rates)
        ego.churn = churn_after(ego.churn, ZERO, rates)
        ego.impact = ZERO
