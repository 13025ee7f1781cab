"""Ties end, fall dormant and revive; new ones begin."""

from numba.extending import register_jitable

from sim.world.arithmetic import NO_LANES, ONE, TINY, ZERO, across, add_lanes
from sim.world.compiled import inlined
from sim.world.kinds import Cause, Channel, Event, Group, Kind
from sim.world.phases.births import begin_tie, end_tie, record, tie_identity
from sim.world.phases.deaths import death_rate_of
from sim.world.phases.home import keep_house, shares_home
from sim.world.phases.people import may_move_in
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
from sim.world.rules.life import grief
from sim.world.rules.lifetimes import share_averted, share_died
from sim.world.rules.people import standing_factor
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
K_OTHER_KIN = int(Kind.OTHER_KIN)
C_PARTNER, C_KIN, C_FRIEND = int(Channel.PARTNER), int(Channel.KIN), int(Channel.FRIEND)
C_WEAK, C_OUTSIDE, C_OBJECT = int(Channel.WEAK), int(Channel.OUTSIDE), int(Channel.OBJECT)


@inlined
def draw_fates(w, first, last):
    """Whether each tie changes: an active one ends or falls dormant, a dormant one fades or wakes.

    The uniform is the last of the week's exchange of words; what has changed is settled later.
    """
    rates = w.rates[w.ego_profile[first]]
    scalars = tie_rates(rates)
    for e in range(first, last):
        ego = w.egos[e]
        w.draws[e >> 3].fates[e & 7] = ZERO
        if ego.alive == ZERO:
            continue
        share, dormant = ego.share, ego.dormant
        aftermath = in_aftermath(ego.weeks_since_onset, rates)
        rally = first_crisis_rally(ego.weeks_since_onset, ego.episode, rates)
        happened = NO_LANES
        for b in range(ego.blocks):
            tie = w.ties[e, b]
            for lane in range(LANES):
                ending = ending_hazard(
                    tie.end_rate[lane], tie.episode_effect[lane], aftermath,
                    ONE - tie.obligation[lane], tie.strain[lane], share, tie.imbalance[lane],
                    tie.outside[lane], scalars,
                )  # fmt: skip
                sleeping = dormancy_hazard(tie.dormancy_rate[lane], aftermath, scalars)
                tie.row[lane] = tie.active[lane] * changes(tie.u2[lane], ending, sleeping)
            if dormant > 0:
                for lane in range(LANES):
                    waking = revival_hazard(tie.known[lane], rally, scalars)
                    tie.row[lane] += tie.dormant[lane] * changes(
                        tie.u2[lane], fading_hazard(scalars), waking
                    )
            happened = add_lanes(happened, tie.row)
        w.draws[e >> 3].fates[e & 7] = across(happened)


@inlined
def settle_fates(w, week, key):
    """Carry out what changes, tie by tie in the order of slots."""
    for e in range(w.egos.size):
        if w.draws[e >> 3].fates[e & 7] > ZERO:
            for s in range(w.egos[e].blocks * LANES):
                tie, lane = w.ties[e, s >> 3], s & 7
                if tie.row[lane] > ZERO and tie.active[lane] > ZERO:
                    end_or_sleep(w, e, s, week, key)
                elif tie.row[lane] > ZERO:
                    fade_or_wake(w, e, s, week)


@inlined
def end_or_sleep(w, e, s, week, key):
    """An active tie changes: of what, if it ends, has an address of its own."""
    tie, lane = w.ties[e, s >> 3], s & 7
    ego, rates = w.egos[e], w.rates[w.ego_profile[e]]
    aftermath = in_aftermath(ego.weeks_since_onset, rates)
    ending = ending_hazard(
        tie.end_rate[lane], tie.episode_effect[lane], aftermath, ONE - tie.obligation[lane],
        tie.strain[lane], ego.share, tie.imbalance[lane], tie.outside[lane], rates,
    )  # fmt: skip
    if ends(tie.u2[lane], ending) > ZERO:
        u, _, _, _ = uniforms(FATE, ego.address, week + WEEK_OFFSET, tie.identity[lane], key)
        if rates.mortality_switch > ZERO:
            end_or_live_on(w, e, s, week, u, ending, aftermath, key)
        else:
            bereaved = rates.ending_bereavement_share
            lose_by_chance(w, e, s, week, u, tie.outside[lane], aftermath, bereaved)
    else:
        turn_tie(w, e, s, week, ONE)


@register_jitable
def end_or_live_on(w, e, s, week, u, ending, aftermath, key):
    """Where people die by age: the alter has died, or the tie ends of another cause.

    Or it does not end: what strains a tie multiplies the hazard of its ending, not of dying.
    """
    tie, lane = w.ties[e, s >> 3], s & 7
    rates = w.rates[w.ego_profile[e]]
    deaths = death_rate_of(tie, lane, w.egos[e], week, rates, key)
    died = share_died(deaths, ending)
    spared = died + share_averted(deaths, tie.end_rate[lane], ending)
    if u < died:
        lose_tie(w, e, s, week, BEREAVEMENT)
    elif u >= spared:
        left = (u - spared) / (ONE - spared)
        lose_by_chance(w, e, s, week, left, tie.outside[lane], aftermath, ZERO)


@inlined
def fade_or_wake(w, e, s, week):
    """A dormant tie changes: it ends by drift, or is taken up again."""
    rates = w.rates[w.ego_profile[e]]
    if ends(w.ties[e, s >> 3].u2[s & 7], fading_hazard(rates)) > ZERO:
        lose_by_chance(w, e, s, week, ONE, ZERO, ZERO, rates.ending_bereavement_share)
    else:
        turn_tie(w, e, s, week, ZERO)


@inlined
def turn_tie(w, e, s, week, dormant):
    """Ego and alter fall out of touch, or are in touch again; nothing passed this week."""
    tie, lane = w.ties[e, s >> 3], s & 7
    tie.dormant[lane], tie.active[lane] = dormant, ONE - dormant
    w.egos[e].dormant += 1 if dormant > ZERO else -1
    tie.contacted[lane], tie.helped[lane], tie.disclosed[lane] = ZERO, ZERO, ZERO
    tie.asked_back[lane], tie.granted[lane], tie.visited[lane] = ZERO, ZERO, ZERO
    event = TIE_DORMANT if dormant > ZERO else TIE_REVIVED
    record(w, week, e, event, tie.identity[lane], tie.kind[lane], 0, -1)
    if dormant > ZERO and shares_home(w.egos[e].household, tie.group[lane], tie.kind[lane]):
        keep_house(w, e)


@register_jitable
def lose_by_chance(w, e, s, week, u, outside, aftermath, bereaved):
    """A tie ends, of a cause that `u` decides."""
    rates = w.rates[w.ego_profile[e]]
    group, strain = w.ties[e, s >> 3].group[s & 7], w.ties[e, s >> 3].strain[s & 7]
    cause = cause_of_ending(group, u, outside, aftermath, strain, bereaved, rates)
    lose_tie(w, e, s, week, cause)


@register_jitable
def lose_tie(w, e, s, week, cause):
    """A tie ends of one cause, with what that does to the ego."""
    ego, rates = w.egos[e], w.rates[w.ego_profile[e]]
    group, strain = w.ties[e, s >> 3].group[s & 7], w.ties[e, s >> 3].strain[s & 7]
    if group in (G_FRIEND, G_WEAK):
        by_ego = ONE if cause == EGO_CUT else ZERO
        by_alter = ONE if cause == ALTER_CUT else ZERO
        ego.impact += impact_of_ending(by_ego, by_alter, strain, rates)
    if cause == BEREAVEMENT:
        grieve(w, e, s)
    ego.churn += ONE
    end_tie(w, e, s, week, cause)


@register_jitable
def grieve(w, e, s):
    """An alter has died: grief by closeness, and an upheaval; an event of life (`life.switch`)."""
    ego, rates = w.egos[e], w.rates[w.ego_profile[e]]
    if rates.life_switch > ZERO:
        ego.impact -= grief(ONE, w.ties[e, s >> 3].closeness[s & 7], rates)
        ego.upheaval = rates.life_weeks


@inlined
def cause_of_ending(group, u, outside, aftermath, strain, bereaved, rates):
    """The one cause of an ending, by group and circumstance (P25).

    `bereaved` is the share of deaths where they are not drawn by age.
    """
    if group == G_OBJECT:
        return GIVEN_UP
    if group == G_OUTSIDE:
        return CASE_CLOSED
    if group <= G_YOUNG_KIN:
        if u < bereaved:
            return BEREAVEMENT
        u = (u - bereaved) / (ONE - bereaved)
    by_ego = share_cut_by_ego(outside, aftermath, strain, rates)
    if u < by_ego:
        return EGO_CUT
    by_alter = (ONE - by_ego) * share_cut_by_alter(outside, aftermath, rates)
    return ALTER_CUT if u < by_ego + by_alter else DRIFT


@inlined
def formation_week(w, week, key):
    """New ties: partner, kin, friends, weak ties, professionals outside the team, objects."""
    for e in range(w.egos.size):
        ego = w.egos[e]
        if ego.alive == ZERO:
            continue
        rates, usual = w.rates[w.ego_profile[e]], w.group_rates[w.ego_profile[e]]
        aftermath = in_aftermath(ego.weeks_since_onset, rates)
        drawn, lane = w.draws[e >> 3], e & 7
        wider = diversifying_factor(ego.diversifier, ego.unmet, rates)
        crisis = crisis_factor(first_crisis(ego.weeks_since_onset, ego.episode, rates), rates)
        friendly = confidence_factor(aftermath, usual[G_FRIEND].confidence, rates)
        weakly = confidence_factor(aftermath, usual[G_WEAK].confidence, rates)
        weakly = weakly * weak_tie_factor(ego.groups, rates) * wider
        weakly = weakly * standing_factor(ego.employed, ego.settled, rates)
        kin_rate, young = kin_births(usual)
        if forms(drawn.kin[lane], kin_rate, ego.set_kin, crisis) > ZERO:
            group = G_YOUNG_KIN if drawn.young[lane] < young else G_KIN
            later = K_OTHER_KIN if group == G_KIN and rates.family_switch > ZERO else -1
            begin_tie(w, e, week, group, later, tie_identity(week, C_KIN), -1, ZERO, ZERO, key)
        if (
            forms(drawn.friend[lane], usual[G_FRIEND].formation, ego.set_friend, friendly * crisis)
            > ZERO
        ):
            begin_tie(w, e, week, G_FRIEND, -1, tie_identity(week, C_FRIEND), -1, ZERO, ZERO, key)
        if forms(drawn.weak[lane], usual[G_WEAK].formation, ego.set_weak, weakly * crisis) > ZERO:
            begin_tie(w, e, week, G_WEAK, -1, tie_identity(week, C_WEAK), -1, ZERO, ZERO, key)
        if forms(drawn.outside[lane], usual[G_OUTSIDE].formation, ego.set_outside, ONE) > ZERO:
            begin_tie(w, e, week, G_OUTSIDE, -1, tie_identity(week, C_OUTSIDE), -1, ZERO, ZERO, key)
        if forms(drawn.object[lane], usual[G_OBJECT].formation, ego.set_object, wider) > ZERO:
            begin_tie(w, e, week, G_OBJECT, -1, tie_identity(week, C_OBJECT), -1, ZERO, ZERO, key)
        courting = confidence_factor(aftermath, usual[G_PARTNER].confidence, rates)
        if forms(
            drawn.partner[lane], usual[G_PARTNER].formation, ONE, courting
        ) > ZERO and not has_partner(w, e):
            identity = tie_identity(week, C_PARTNER)
            begin_tie(w, e, week, G_PARTNER, -1, identity, -1, ZERO, ZERO, key)
            may_move_in(w, e, week, identity, key)


@inlined
def has_partner(w, e):
    """Whether the ego has a partner."""
    partners = 0
    for s in range(w.egos[e].blocks * LANES):
        partners += 1 if w.ties[e, s >> 3].group[s & 7] == G_PARTNER else 0
    return partners > 0


@register_jitable
def young_share(usual):
    """The share of young kin among kin."""
    young = usual[G_YOUNG_KIN].latent_mean
    return young / (young + usual[G_KIN].latent_mean)


@register_jitable
def kin_births(usual):
    """Births a year per tie of the kin set point, adult and young, and the share that are young."""
    young = young_share(usual)
    of_young = young * usual[G_YOUNG_KIN].formation
    rate = (ONE - young) * usual[G_KIN].formation + of_young
    return rate, of_young / max(rate, TINY)
