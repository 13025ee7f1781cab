"""After contact: what ties feel like, and what the week's support adds up to."""

from numba.extending import register_jitable

from sim.world.arithmetic import ONE, ZERO, f4, fold
from sim.world.phases import layout as c
from sim.world.rules.exchange import need_for_help, running, value_of_help
from sim.world.rules.feelings import (
    closeness_after,
    expectation_after,
    guilt_after,
    imbalance_after,
    importance_after,
    load_after,
    remorse_after,
    running_mean,
    service_trust_after,
    strain_after,
    trust_after,
)
from sim.world.rules.wellbeing import (
    churn_after,
    coverage,
    support_value,
    unmet_need,
    wellbeing_after,
    wellbeing_target,
)
from sim.world.arithmetic import soft_normal
from sim.world.streams import WEEK_OFFSET, Stream, uniforms

WELLBEING = int(Stream.WELLBEING)


@register_jitable
def feelings_week(w):
    """Trust, strain, load, imbalance, closeness, expectation and importance of every tie."""
    for e in range(w.egos.size):
        if w.egos[e].alive > ZERO:
            p = w.params[w.ego_profile[e]]
            feel_trust(w, e, p)
            feel_burden(w, e, p)
            remember(w, e, p)


@register_jitable
def feel_trust(w, e, p):
    """Trust, and how open the ego has been."""
    t, width = w.ties, w.egos[e].width
    trust, closeness, contacted = t[c.TRUST], t[c.CLOSENESS], t[c.CONTACTED]
    helped, disclosed, understanding = t[c.HELPED], t[c.DISCLOSED], t[c.UNDERSTANDING]
    strain, gain, human, openness = t[c.STRAIN], t[c.GAIN], t[c.HUMAN], t[c.OPENNESS]
    for s in range(width):
        trust[e, s] = trust_after(
            trust[e, s], closeness[e, s], contacted[e, s], helped[e, s], disclosed[e, s],
            understanding[e, s], strain[e, s], gain[e, s], human[e, s], p,
        )  # fmt: skip
    memory = p.feelings_support_memory
    for s in range(width):
        openness[e, s] = running_mean(openness[e, s], disclosed[e, s], memory)


@register_jitable
def feel_burden(w, e, p):
    """Strain, the alter's load, and one-sidedness."""
    t, width, severity = w.ties, w.egos[e].width, w.egos[e].severity
    strain, understanding, contacted = t[c.STRAIN], t[c.UNDERSTANDING], t[c.CONTACTED]
    asked_back, granted, human = t[c.ASKED_BACK], t[c.GRANTED], t[c.HUMAN]
    load, helped = t[c.LOAD], t[c.HELPED]
    imbalance, reciprocity = t[c.IMBALANCE], t[c.RECIPROCITY]
    for s in range(width):
        strain[e, s] = strain_after(
            strain[e, s], severity, understanding[e, s], contacted[e, s],
            asked_back[e, s] - granted[e, s], human[e, s], p,
        )  # fmt: skip
    for s in range(width):
        load[e, s] = load_after(load[e, s], helped[e, s], human[e, s], p)
    for s in range(width):
        imbalance[e, s] = imbalance_after(
            imbalance[e, s], asked_back[e, s] - granted[e, s], helped[e, s], granted[e, s],
            reciprocity[e, s], p,
        )  # fmt: skip


@register_jitable
def remember(w, e, p):
    """Running means of contact, help and giving; then closeness, expectation, importance."""
    t, width = w.ties, w.egos[e].width
    recent, contacted, support, helped = t[c.RECENT], t[c.CONTACTED], t[c.SUPPORT], t[c.HELPED]
    given, granted, known = t[c.GIVEN], t[c.GRANTED], t[c.KNOWN]
    anticipated, speed = t[c.ANTICIPATED], t[c.EXPECTATION_SPEED]
    importance, weight = t[c.IMPORTANCE], t[c.IMPORTANCE_WEIGHT]
    closeness, affection = t[c.CLOSENESS], t[c.AFFECTION]
    contact_memory, support_memory = p.feelings_contact_memory, p.feelings_support_memory
    giving_memory = p.exchange_giving_memory
    for s in range(width):
        recent[e, s] = running_mean(recent[e, s], contacted[e, s], contact_memory)
    for s in range(width):
        support[e, s] = running_mean(support[e, s], helped[e, s], support_memory)
    for s in range(width):
        given[e, s] = running_mean(given[e, s], granted[e, s], giving_memory)
    for s in range(width):
        known[e, s] = known[e, s] + ONE
    for s in range(width):
        closeness[e, s] = closeness_after(closeness[e, s], affection[e, s], recent[e, s], p)
    for s in range(width):
        anticipated[e, s] = expectation_after(anticipated[e, s], support[e, s], speed[e, s])
    for s in range(width):
        importance[e, s] = importance_after(
            importance[e, s], closeness[e, s], anticipated[e, s], weight[e, s], p
        )


@register_jitable
def ego_week(w, week, scratch, lane, key):
    """What the week adds up to for the ego: help, guilt, care given, unmet need, wellbeing."""
    row = scratch[0]
    t = w.ties
    helped, human, understanding = t[c.HELPED], t[c.HUMAN], t[c.UNDERSTANDING]
    contacted, kinship, load = t[c.CONTACTED], t[c.KINSHIP], t[c.LOAD]
    given, strain, active = t[c.GIVEN], t[c.STRAIN], t[c.ACTIVE]
    sociable = t[c.SOCIABLE]
    for e in range(w.egos.size):
        ego = w.egos[e]
        if ego.alive == ZERO:
            continue
        p = w.params[w.ego_profile[e]]
        width = ego.width
        for s in range(width):
            row[s] = value_of_help(helped[e, s], understanding[e, s], human[e, s], p)
        valued = fold(row, width, lane)
        for s in range(width):
            row[s] = helped[e, s] * understanding[e, s] * human[e, s]
        understood = fold(row, width, lane)
        for s in range(width):
            row[s] = helped[e, s] * human[e, s]
        received = fold(row, width, lane)
        for s in range(width):
            row[s] = contacted[e, s] * human[e, s]
        met = fold(row, width, lane)
        for s in range(width):
            row[s] = contacted[e, s] * kinship[e, s]
        kin_met = fold(row, width, lane)
        for s in range(width):
            row[s] = load[e, s] * kinship[e, s]
        burden = fold(row, width, lane)
        for s in range(width):
            row[s] = given[e, s] * kinship[e, s]
        ego.care = fold(row, width, lane)
        for s in range(width):
            row[s] = strain[e, s] * contacted[e, s]
        tension = fold(row, width, lane) / (met + ONE)
        for s in range(width):
            row[s] = contacted[e, s] * sociable[e, s]
        groups = fold(row, width, lane)
        for s in range(width):
            row[s] = contacted[e, s] * (ONE - human[e, s])
        things = fold(row, width, lane)
        meet_functions(w, e, row, lane)
        memory = p.feelings_contact_memory
        ego.contacts += met
        ego.understood = running_mean(ego.understood, understood, f4(4))
        ego.engagement = running_mean(ego.engagement, things, memory)
        ego.groups = running_mean(ego.groups, groups, memory)
        ego.guilt = guilt_after(ego.guilt, burden, ego.remorse, ego.acute, p)
        ego.remorse = remorse_after(ego.remorse, ego.acute, ego.severity, kin_met, p)
        need = need_for_help(ego.severity, ego.self_capacity, p)
        ego.unmet = unmet_need(need, received)
        ego.service_trust = service_trust_after(ego.service_trust, ZERO, p)
        covered = coverage(ego.emotional, ego.practical, ego.illness, ego.advocacy, ego.distraction)
        target = wellbeing_target(
            ego.base_wellbeing, support_value(valued, p), covered, ego.groups, ego.severity,
            ego.guilt, tension, ego.churn, ego.directive, p,
        )  # fmt: skip
        noise = soft_normal(*uniforms(WELLBEING, ego.address, week + WEEK_OFFSET, 0, key))
        ego.wellbeing = wellbeing_after(ego.wellbeing + ego.impact, target, noise, p)
        ego.churn = churn_after(ego.churn, ZERO, p)
        ego.impact = ZERO


@register_jitable
def meet_functions(w, e, row, lane):
    """How far each of the five functions of support was met lately."""
    ego, t, width = w.egos[e], w.ties, w.egos[e].width
    memory = f4(8)
    ego.emotional = running_mean(ego.emotional, met_by(t, c.F_EMOTIONAL, e, width, row, lane), memory)
    ego.practical = running_mean(ego.practical, met_by(t, c.F_PRACTICAL, e, width, row, lane), memory)
    ego.illness = running_mean(ego.illness, met_by(t, c.F_ILLNESS, e, width, row, lane), memory)
    ego.advocacy = running_mean(ego.advocacy, met_by(t, c.F_ADVOCACY, e, width, row, lane), memory)
    ego.distraction = running_mean(
        ego.distraction, met_by(t, c.F_DISTRACTION, e, width, row, lane), memory
    )


@register_jitable
def met_by(t, function, e, width, row, lane):
    """Help this week from ties that can give a function."""
    helped, gives_it = t[c.HELPED], t[function]
    for s in range(width):
        row[s] = helped[e, s] * gives_it[e, s]
    return fold(row, width, lane)
