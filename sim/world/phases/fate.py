"""Ties end, fall dormant and revive; new ones begin."""

from numba.extending import register_jitable

from sim.world.arithmetic import NO_LANES, ONE, TINY, ZERO, across, add_lanes
from sim.world.kinds import Cause, Channel, Event, Group
from sim.world.phases import layout as c
from sim.world.phases.births import begin_tie, end_tie, record, tie_identity
from sim.world.phases.rates import tie_rates
from sim.world.rules.endings import (
    changes,
    dormancy_hazard,
    ending_hazard,
    ends,
    fading_hazard,
    revival_hazard,
    share_cut_by_alter,
    share_cut_by_ego,
)
from sim.world.rules.formation import (
    confidence_factor,
    crisis_factor,
    diversifying_factor,
    forms,
    weak_tie_factor,
)
from sim.world.rules.illness import first_crisis, first_crisis_rally, in_aftermath
from sim.world.rules.wellbeing import impact_of_ending
from sim.world.state import LANES
from sim.world.streams import WEEK_OFFSET, Stream, uniforms

FATE = int(Stream.FATE)
TIE_DORMANT, TIE_REVIVED = int(Event.TIE_DORMANT), int(Event.TIE_REVIVED)
EGO_CUT, DRIFT, ALTER_CUT = int(Cause.EGO_CUT), int(Cause.DRIFT), int(Cause.ALTER_CUT)
BEREAVEMENT, GIVEN_UP = int(Cause.BEREAVEMENT), int(Cause.GIVEN_UP)
CASE_CLOSED = int(Cause.CASE_CLOSED)
G_PARTNER, G_KIN, G_YOUNG_KIN = int(Group.PARTNER), int(Group.KIN), int(Group.YOUNG_KIN)
G_FRIEND, G_WEAK, G_OUTSIDE, G_OBJECT = (
    int(Group.FRIEND),
    int(Group.WEAK),
    int(Group.OUTSIDE),
    int(Group.OBJECT),
)
C_PARTNER, C_KIN, C_FRIEND = int(Channel.PARTNER), int(Channel.KIN), int(Channel.FRIEND)
C_WEAK, C_OUTSIDE, C_OBJECT = int(Channel.WEAK), int(Channel.OUTSIDE), int(Channel.OBJECT)


@register_jitable
def draw_fates(w, first, last):
    """Whether each tie changes: an active one ends or falls dormant, a dormant one fades or wakes.

    The uniform is the last of the week's exchange of words; what has changed is settled later.
    """
    for e in range(first, last):
        ego = w.egos[e]
        w.draws[e >> 3].fates[e & 7] = ZERO
        if ego.alive == ZERO:
            continue
        p = w.params[w.ego_profile[e]]
        q = tie_rates(p)
        share, dormant = ego.share, ego.dormant
        aftermath = in_aftermath(ego.weeks_since_onset, p)
        rally = first_crisis_rally(ego.weeks_since_onset, ego.episode, p)
        happened = NO_LANES
        for b in range(ego.blocks):
            x = w.ties[e, b]
            for k in range(LANES):
                ending = ending_hazard(
                    x.end_rate[k], x.episode_effect[k], aftermath, ONE - x.obligation[k],
                    x.strain[k], share, x.imbalance[k], x.outside[k], q,
                )  # fmt: skip
                sleeping = dormancy_hazard(x.dormancy_rate[k], aftermath, q)
                x.row[k] = x.active[k] * changes(x.u3[k], ending, sleeping)
            if dormant > 0:
                for k in range(LANES):
                    waking = revival_hazard(x.known[k], rally, q)
                    x.row[k] += x.dormant[k] * changes(x.u3[k], fading_hazard(q), waking)
            happened = add_lanes(happened, x.row)
        w.draws[e >> 3].fates[e & 7] = across(happened)


@register_jitable
def settle_fates(w, week, key):
    """Carry out what changes, tie by tie in the order of slots."""
    for e in range(w.egos.size):
        if w.draws[e >> 3].fates[e & 7] > ZERO:
            for s in range(w.egos[e].blocks * LANES):
                x, k = w.ties[e, s >> 3], s & 7
                if x.row[k] > ZERO and x.active[k] > ZERO:
                    end_or_sleep(w, e, s, week, key)
                elif x.row[k] > ZERO:
                    fade_or_wake(w, e, s, week)


@register_jitable
def end_or_sleep(w, e, s, week, key):
    """An active tie changes: of what, if it ends, has an address of its own."""
    x, k = w.ties[e, s >> 3], s & 7
    ego, p = w.egos[e], w.params[w.ego_profile[e]]
    aftermath = in_aftermath(ego.weeks_since_onset, p)
    ending = ending_hazard(
        x.end_rate[k], x.episode_effect[k], aftermath, ONE - x.obligation[k],
        x.strain[k], ego.share, x.imbalance[k], x.outside[k], p,
    )  # fmt: skip
    if ends(x.u3[k], ending) > ZERO:
        u, _, _, _ = uniforms(FATE, ego.address, week + WEEK_OFFSET, x.identity[k], key)
        lose_tie(w, e, s, week, u, x.outside[k], aftermath)
    else:
        turn_tie(w, e, s, week, ONE)


@register_jitable
def fade_or_wake(w, e, s, week):
    """A dormant tie changes: it ends by drift, or is taken up again."""
    if ends(w.ties[e, s >> 3].u3[s & 7], fading_hazard(w.params[w.ego_profile[e]])) > ZERO:
        lose_tie(w, e, s, week, ONE, ZERO, ZERO)
    else:
        turn_tie(w, e, s, week, ZERO)


@register_jitable
def turn_tie(w, e, s, week, dormant):
    """Ego and alter fall out of touch, or are in touch again; nothing passed this week."""
    x, k = w.ties[e, s >> 3], s & 7
    x.dormant[k], x.active[k] = dormant, ONE - dormant
    w.egos[e].dormant += 1 if dormant > ZERO else -1
    x.contacted[k], x.helped[k], x.disclosed[k] = ZERO, ZERO, ZERO
    x.asked_back[k], x.granted[k], x.visited[k] = ZERO, ZERO, ZERO
    event = TIE_DORMANT if dormant > ZERO else TIE_REVIVED
    record(w, week, e, event, x.identity[k], x.kind[k], 0, -1)


@register_jitable
def lose_tie(w, e, s, week, u, outside, aftermath):
    """A tie ends of one cause, with what that does to the ego."""
    ego, p = w.egos[e], w.params[w.ego_profile[e]]
    group, strain = w.ties[e, s >> 3].group[s & 7], w.ties[e, s >> 3].strain[s & 7]
    cause = cause_of_ending(group, u, outside, aftermath, strain, p)
    if group in (G_FRIEND, G_WEAK):
        by_ego = ONE if cause == EGO_CUT else ZERO
        by_alter = ONE if cause == ALTER_CUT else ZERO
        ego.impact += impact_of_ending(by_ego, by_alter, strain, p)
    ego.churn += ONE
    end_tie(w, e, s, week, cause)


@register_jitable
def cause_of_ending(group, u, outside, aftermath, strain, p):
    """The one cause of an ending, by group and circumstance (P25)."""
    if group == G_OBJECT:
        return GIVEN_UP
    if group == G_OUTSIDE:
        return CASE_CLOSED
    if group <= G_YOUNG_KIN:
        edge = p.ending_bereavement_share
        if u < edge:
            return BEREAVEMENT
        u = (u - edge) / (ONE - edge)
    by_ego = share_cut_by_ego(outside, aftermath, strain, p)
    if u < by_ego:
        return EGO_CUT
    by_alter = (ONE - by_ego) * share_cut_by_alter(outside, aftermath, p)
    return ALTER_CUT if u < by_ego + by_alter else DRIFT


@register_jitable
def formation_week(w, week, key):
    """New ties: partner, kin, friends, weak ties, professionals outside the team, objects."""
    for e in range(w.egos.size):
        ego = w.egos[e]
        if ego.alive == ZERO:
            continue
        p, q = w.flat[w.ego_profile[e]], w.params[w.ego_profile[e]]
        aftermath = in_aftermath(ego.weeks_since_onset, q)
        x, k = w.draws[e >> 3], e & 7
        wider = diversifying_factor(ego.diversifier, ego.unmet, q)
        crisis = crisis_factor(first_crisis(ego.weeks_since_onset, ego.episode, q), q)
        friendly = confidence_factor(aftermath, p[c.CONFIDENCE_OF + G_FRIEND], q)
        weakly = confidence_factor(aftermath, p[c.CONFIDENCE_OF + G_WEAK], q)
        weakly = weakly * weak_tie_factor(ego.groups, q) * wider
        kin_rate, young = kin_births(p)
        if forms(x.kin[k], kin_rate, ego.set_kin, crisis) > ZERO:
            group = G_YOUNG_KIN if x.young[k] < young else G_KIN
            begin_tie(w, e, week, group, -1, tie_identity(week, C_KIN), -1, ZERO, ZERO, key)
        if (
            forms(x.friend[k], p[c.FORMATION_OF + G_FRIEND], ego.set_friend, friendly * crisis)
            > ZERO
        ):
            begin_tie(w, e, week, G_FRIEND, -1, tie_identity(week, C_FRIEND), -1, ZERO, ZERO, key)
        if forms(x.weak[k], p[c.FORMATION_OF + G_WEAK], ego.set_weak, weakly * crisis) > ZERO:
            begin_tie(w, e, week, G_WEAK, -1, tie_identity(week, C_WEAK), -1, ZERO, ZERO, key)
        if forms(x.outside[k], p[c.FORMATION_OF + G_OUTSIDE], ego.set_outside, ONE) > ZERO:
            begin_tie(w, e, week, G_OUTSIDE, -1, tie_identity(week, C_OUTSIDE), -1, ZERO, ZERO, key)
        if forms(x.object[k], p[c.FORMATION_OF + G_OBJECT], ego.set_object, wider) > ZERO:
            begin_tie(w, e, week, G_OBJECT, -1, tie_identity(week, C_OBJECT), -1, ZERO, ZERO, key)
        courting = confidence_factor(aftermath, p[c.CONFIDENCE_OF + G_PARTNER], q)
        if forms(
            x.partner[k], p[c.FORMATION_OF + G_PARTNER], ONE, courting
        ) > ZERO and not has_partner(w, e):
            begin_tie(w, e, week, G_PARTNER, -1, tie_identity(week, C_PARTNER), -1, ZERO, ZERO, key)


@register_jitable
def has_partner(w, e):
    """Whether the ego has a partner."""
    partners = 0
    for s in range(w.egos[e].blocks * LANES):
        partners += 1 if w.ties[e, s >> 3].group[s & 7] == G_PARTNER else 0
    return partners > 0


@register_jitable
def young_share(p):
    """The share of young kin among kin."""
    young = p[c.LATENT_MEAN_OF + G_YOUNG_KIN]
    return young / (young + p[c.LATENT_MEAN_OF + G_KIN])


@register_jitable
def kin_births(p):
    """Births a year per tie of the kin set point, adult and young, and the share that are young."""
    young = young_share(p)
    of_young = young * p[c.FORMATION_OF + G_YOUNG_KIN]
    rate = (ONE - young) * p[c.FORMATION_OF + G_KIN] + of_young
    return rate, of_young / max(rate, TINY)
