"""Ties end, fall dormant and revive; new ones begin."""

from numba.extending import register_jitable

from sim.world.arithmetic import ONE, ZERO, f4, fold
from sim.world.kinds import Cause, Channel, Event, Group
from sim.world.phases import layout as c
from sim.world.phases.births import begin_tie, end_tie, record, tie_identity
from sim.world.rules.endings import (
    ends,
    ends_while_dormant,
    falls_dormant,
    revives,
    share_cut_by_alter,
    share_cut_by_ego,
)
from sim.world.rules.formation import confidence_factor, diversifying_factor, forms, weak_tie_factor
from sim.world.rules.illness import first_crisis_rally, in_aftermath
from sim.world.rules.wellbeing import impact_of_ending
from sim.world.rules.work import is_outside_core
from sim.world.streams import WEEK_OFFSET, Stream, philox, uniform, uniforms

FATE, FORMATION, OTHER_FORMATION = (
    int(Stream.FATE),
    int(Stream.FORMATION),
    int(Stream.OTHER_FORMATION),
)
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
ENDED, SLEPT, WOKE, FADED = f4(1), f4(2), f4(4), f4(8)


@register_jitable
def fate_week(w, week, scratch, lane, key):
    """For each tie: it ends, falls dormant, is taken up again, or fades for good; or stays."""
    row, outside, u0, u1, u2 = scratch[0], scratch[1], scratch[2], scratch[3], scratch[4]
    t = w.ties
    active, dormant, rate = t[c.ACTIVE], t[c.DORMANT], t[c.END_RATE]
    effect, obligation, strain = t[c.EPISODE_EFFECT], t[c.OBLIGATION], t[c.STRAIN]
    imbalance, importance, human = t[c.IMBALANCE], t[c.IMPORTANCE], t[c.HUMAN]
    sleeping, known = t[c.DORMANCY_RATE], t[c.KNOWN]
    identity = w.marks[c.IDENTITY]
    when = week + WEEK_OFFSET
    for e in range(w.egos.size):
        ego = w.egos[e]
        if ego.alive == ZERO:
            continue
        p = w.params[w.ego_profile[e]]
        width, who, share = ego.width, ego.address, ego.share
        constricting, core = ego.constricting, ego.core
        aftermath = in_aftermath(ego.weeks_since_onset, p)
        rally = first_crisis_rally(ego.weeks_since_onset, ego.episode, p)
        for s in range(width):
            a, b, d, _ = philox(FATE, who, when, identity[e, s], key)
            u0[s], u1[s], u2[s] = uniform(a), uniform(b), uniform(d)
        for s in range(width):
            outside[s] = is_outside_core(constricting, importance[e, s], core, human[e, s], p)
        for s in range(width):
            row[s] = active[e, s] * ends(
                u0[s], rate[e, s], effect[e, s], aftermath, ONE - obligation[e, s], strain[e, s],
                share, imbalance[e, s], outside[s], p,
            )  # fmt: skip
        for s in range(width):
            row[s] += active[e, s] * SLEPT * falls_dormant(u1[s], sleeping[e, s], aftermath, p)
        for s in range(width):
            row[s] += dormant[e, s] * WOKE * revives(u1[s], known[e, s], rally, p)
        for s in range(width):
            row[s] += dormant[e, s] * FADED * ends_while_dormant(u0[s], p)
        if fold(row, width, lane) > ZERO:
            settle_fates(w, e, week, row, outside, u2, aftermath)


@register_jitable
def settle_fates(w, e, week, fate, outside, u, aftermath):
    """Write what the loops decided; an ending goes before dormancy, fading before revival."""
    for s in range(w.egos[e].width):
        what = fate[s]
        if what == ZERO or w.marks[c.GROUP, e, s] < 0:
            continue
        if what == ENDED or what == ENDED + SLEPT:
            lose_tie(w, e, s, week, u[s], outside[s], aftermath)
        elif what >= FADED:
            lose_tie(w, e, s, week, ONE, ZERO, ZERO)
        else:
            asleep = ONE if what == SLEPT else ZERO
            event = TIE_DORMANT if what == SLEPT else TIE_REVIVED
            w.ties[c.DORMANT, e, s] = asleep
            w.ties[c.ACTIVE, e, s] = ONE - asleep
            silence(w, e, s)
            identity, kind = w.marks[c.IDENTITY, e, s], w.marks[c.KIND, e, s]
            record(w, week, e, event, identity, kind, 0, -1)


@register_jitable
def silence(w, e, s):
    """Nothing passes in a tie that has just fallen dormant or woken."""
    for column in range(c.VISITED, c.GRANTED + 1):
        w.ties[column, e, s] = ZERO


@register_jitable
def lose_tie(w, e, s, week, u, outside, aftermath):
    """A tie ends of one cause, with what that does to the ego."""
    ego, p = w.egos[e], w.params[w.ego_profile[e]]
    group, strain = w.marks[c.GROUP, e, s], w.ties[c.STRAIN, e, s]
    cause = cause_of_ending(group, u, outside, aftermath, strain, p)
    if group == G_FRIEND or group == G_WEAK:
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
        when = week + WEEK_OFFSET
        u0, u1, u2, u3 = uniforms(FORMATION, ego.address, when, 0, key)
        u4, u5, u6, _ = uniforms(OTHER_FORMATION, ego.address, when, 0, key)
        wider = diversifying_factor(ego.diversifier, ego.unmet, q)
        friendly = confidence_factor(aftermath, p[c.CONFIDENCE_OF + G_FRIEND], q)
        weakly = confidence_factor(aftermath, p[c.CONFIDENCE_OF + G_WEAK], q)
        weakly = weakly * weak_tie_factor(ego.groups, q) * wider
        if forms(u1, p[c.FORMATION_OF + G_KIN], ego.set_kin, ONE) > ZERO:
            group = G_YOUNG_KIN if u6 < young_share(p) else G_KIN
            begin_tie(w, e, week, group, -1, tie_identity(week, C_KIN), -1, ZERO, ZERO, key)
        if forms(u2, p[c.FORMATION_OF + G_FRIEND], ego.set_friend, friendly) > ZERO:
            begin_tie(w, e, week, G_FRIEND, -1, tie_identity(week, C_FRIEND), -1, ZERO, ZERO, key)
        if forms(u3, p[c.FORMATION_OF + G_WEAK], ego.set_weak, weakly) > ZERO:
            begin_tie(w, e, week, G_WEAK, -1, tie_identity(week, C_WEAK), -1, ZERO, ZERO, key)
        if forms(u4, p[c.FORMATION_OF + G_OUTSIDE], ego.set_outside, ONE) > ZERO:
            begin_tie(w, e, week, G_OUTSIDE, -1, tie_identity(week, C_OUTSIDE), -1, ZERO, ZERO, key)
        if forms(u5, p[c.FORMATION_OF + G_OBJECT], ego.set_object, wider) > ZERO:
            begin_tie(w, e, week, G_OBJECT, -1, tie_identity(week, C_OBJECT), -1, ZERO, ZERO, key)
        courting = confidence_factor(aftermath, p[c.CONFIDENCE_OF + G_PARTNER], q)
        if forms(u0, p[c.FORMATION_OF + G_PARTNER], ONE, courting) > ZERO and not has_partner(w, e):
            begin_tie(w, e, week, G_PARTNER, -1, tie_identity(week, C_PARTNER), -1, ZERO, ZERO, key)


@register_jitable
def has_partner(w, e):
    """Whether the ego has a partner."""
    for s in range(w.egos[e].width):
        if w.marks[c.GROUP, e, s] == G_PARTNER:
            return True
    return False


@register_jitable
def young_share(p):
    """The share of young kin among kin."""
    young = p[c.LATENT_MEAN_OF + G_YOUNG_KIN]
    return young / (young + p[c.LATENT_MEAN_OF + G_KIN])
