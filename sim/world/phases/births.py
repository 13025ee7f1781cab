"""How a tie enters the arrays and leaves them."""

from numba.extending import register_jitable

from sim.world.arithmetic import HALF, ONE, TINY, ZERO, f4, normal, square_root, survival, unit
from sim.world.kinds import Event, Group, Kind
from sim.world.phases import layout as c
from sim.world.phases.deaths import add_deaths
from sim.world.phases.home import keep_house, refresh_contact, shares_home
from sim.world.rules.endings import ending_rate
from sim.world.rules.family import has_duty_of_care
from sim.world.rules.feelings import first_trust, trust_carried_over, willingness_to_invest
from sim.world.rules.formation import chance_of_function, disclosable, strength_at_birth, trait
from sim.world.state import LANES
from sim.world.streams import WEEK_OFFSET, Stream, uniforms

TIE_BIRTH = int(Stream.TIE_BIRTH)
TIE_BEGAN, TIE_ENDED = int(Event.TIE_BEGAN), int(Event.TIE_ENDED)
PARTNER, KIN, YOUNG_KIN = int(Group.PARTNER), int(Group.KIN), int(Group.YOUNG_KIN)
FRIEND, WEAK, OBJECT_GROUP = int(Group.FRIEND), int(Group.WEAK), int(Group.OBJECT)
PSYCHIATRIST, OUTSIDE = int(Group.PSYCHIATRIST), int(Group.OUTSIDE)
K_PARTNER, K_PARENT, K_SIBLING = int(Kind.PARTNER), int(Kind.PARENT), int(Kind.SIBLING)
K_CHILD, K_YOUNG_KIN, K_OTHER_KIN = int(Kind.CHILD), int(Kind.YOUNG_KIN), int(Kind.OTHER_KIN)
K_FRIEND, K_PEER, K_ONLINE = int(Kind.FRIEND), int(Kind.PEER), int(Kind.ONLINE)
K_NEIGHBOUR, K_ACQUAINTANCE = int(Kind.NEIGHBOUR), int(Kind.ACQUAINTANCE)
K_SUPPORT_WORKER, K_GP = int(Kind.SUPPORT_WORKER), int(Kind.GP)
K_THERAPIST, K_OTHER_PROF = int(Kind.THERAPIST), int(Kind.OTHER_PROF)
K_PET, K_PLACE, K_HOBBY = int(Kind.PET), int(Kind.PLACE), int(Kind.HOBBY)
K_ACTIVITY, K_GROUP = int(Kind.ACTIVITY), int(Kind.GROUP)
K_OBJECT, K_MEDIA = int(Kind.OBJECT), int(Kind.MEDIA)


@register_jitable
def record(w, week, e, event, identity, kind, cause, post):
    """Append one event; past the end of the list only the count goes on, and the driver reruns."""
    n = w.counts[c.N_EVENTS]
    if n < w.events.size:
        row = w.events[n]
        row.week, row.ego, row.event, row.identity = week, e, event, identity
        row.kind, row.cause, row.post = kind, cause, post
    w.counts[c.N_EVENTS] = n + 1


@register_jitable
def free_slot(w, e):
    """The lowest free slot of an ego; -1, and a note for the driver, if none is free."""
    for s in range(w.ties.shape[1] * LANES):
        if w.ties[e, s >> 3].group[s & 7] < 0:
            return s
    w.counts[c.OVERFLOW] = 1
    return -1


@register_jitable
def refresh_slot(ego, tie, lane, usual, rates):
    """Fill the columns that hold parameters: `usual` those of its group, `rates` those of all.

    The hazard of ending without deaths, which `add_deaths` adds.
    """
    refresh_contact(ego, tie, lane, usual, rates)
    tie.end_rate[lane] = ending_rate(usual.end_rate, usual.strength_slope, tie.strength[lane])
    tie.episode_effect[lane] = usual.episode_effect
    upkeep = usual.upkeep
    if tie.kind[lane] == K_PEER:
        upkeep = upkeep * rates.tie_peer_upkeep
    tie.upkeep[lane] = upkeep + rates.tie_care_upkeep * tie.care_duty[lane]
    tie.obligation[lane] = usual.obligation
    tie.ask_rate[lane] = usual.ask_rate
    tie.offer_rate[lane] = usual.offer_rate
    tie.presence[lane] = usual.presence
    tie.reciprocity[lane] = usual.reciprocity
    slope = rates.ending_dormancy_strength * usual.strength_slope
    tie.dormancy_rate[lane] = ending_rate(usual.dormancy_rate, slope, tie.strength[lane])
    tie.floor[lane] = usual.disclosure_floor
    tie.guilt_weight[lane] = usual.guilt_weight
    tie.daring[lane] = ONE / usual.disclosure_delay
    tie.gain[lane] = usual.trust_gain * tie.willingness[lane]
    tie.expectation_speed[lane] = usual.expectation_speed
    tie.importance_weight[lane] = usual.importance_weight


@register_jitable
def kind_within(group, u, rates):
    """The kind of a new tie of a group, by the shares of kinds within it."""
    if group == PARTNER:
        return K_PARTNER
    if group == YOUNG_KIN:
        return K_YOUNG_KIN
    if group == KIN:
        if u < rates.tie_kin_parent_share:
            return K_PARENT
        if u < rates.tie_kin_parent_share + rates.tie_kin_sibling_share:
            return K_SIBLING
        if u < rates.tie_kin_parent_share + rates.tie_kin_sibling_share + rates.tie_kin_child_share:
            return K_CHILD
        return K_OTHER_KIN
    if group == FRIEND:
        return K_PEER if u < rates.tie_peer_share else K_FRIEND
    if group == WEAK:
        if u < rates.tie_weak_online_share:
            return K_ONLINE
        if u < rates.tie_weak_online_share + rates.tie_weak_neighbour_share:
            return K_NEIGHBOUR
        return K_ACQUAINTANCE
    if group == OUTSIDE:
        return outside_kind(u, rates)
    return object_kind(u, rates)


@register_jitable
def outside_kind(u, rates):
    """The kind of a professional outside the team."""
    edge = rates.tie_outside_gp_share
    if u < edge:
        return K_GP
    edge = edge + rates.tie_outside_therapist_share
    if u < edge:
        return K_THERAPIST
    edge = edge + rates.tie_outside_support_worker_share
    return K_SUPPORT_WORKER if u < edge else K_OTHER_PROF


@register_jitable
def object_kind(u, rates):
    """The kind of an object: pet, place, hobby, activity, group, media or thing."""
    edge = rates.tie_object_pet_share
    if u < edge:
        return K_PET
    edge = edge + rates.tie_object_place_share
    if u < edge:
        return K_PLACE
    edge = edge + rates.tie_object_hobby_share
    if u < edge:
        return K_HOBBY
    edge = edge + rates.tie_object_activity_share
    if u < edge:
        return K_ACTIVITY
    edge = edge + rates.tie_object_group_share
    if u < edge:
        return K_GROUP
    return K_MEDIA if u < edge + rates.tie_object_media_share else K_OBJECT


@register_jitable
def begin_tie(w, e, week, group, kind, identity, post, survivor, known, key):
    """Put a new tie into the lowest free slot and draw its traits; returns the slot, -1 if full.

    `kind` below zero is drawn by `kind_within`. `survivor` is 1 for a tie alive at the start: its
    strength and its trust are those of ties that have lasted.
    """
    s = free_slot(w, e)
    if s < 0:
        return s
    ego, tie, lane = w.egos[e], w.ties[e, s >> 3], s & 7
    rates, usual = w.rates[w.ego_profile[e]], w.group_rates[w.ego_profile[e], group]
    if kind < 0:
        u, _, _, _ = uniforms(TIE_BIRTH, ego.address, 5, identity, key)
        kind = kind_within(group, u, rates)
    tie.identity[lane], tie.kind[lane], tie.group[lane], tie.born[lane] = (
        identity,
        kind,
        group,
        week,
    )
    tie.post[lane] = post
    tie.incumbent[lane] = w.posts[post].incumbent if post >= 0 else -1
    tie.active[lane], tie.known[lane] = ONE, known
    tie.human[lane] = ONE if group != OBJECT_GROUP else ZERO
    tie.kinship[lane] = ONE if group <= YOUNG_KIN else ZERO
    tie.sociable[lane] = ONE if kind in (K_GROUP, K_HOBBY) else ZERO
    quality = w.posts[post].quality if post >= 0 else ZERO
    draw_functions(tie, lane, ego.address, survivor, usual, key)
    draw_character(tie, lane, ego.address, survivor, quality, usual, rates, key)
    draw_burdens(tie, lane, ego, usual, rates, key)
    parted = w.lines[e, group - PSYCHIATRIST].parted if post >= 0 else ZERO
    draw_trust(tie, lane, ego, survivor, parted, usual, rates, key)
    refresh_slot(ego, tie, lane, usual, rates)
    if week > c.NEVER:  # the start adds them itself, in the week in which it is
        add_deaths(tie, lane, ego, week, rates, key)
    settle(tie, lane, known, usual, rates.feelings_closeness_absent)
    ego.blocks = max(ego.blocks, (s >> 3) + 1)
    record(w, week, e, TIE_BEGAN, identity, kind, 0, post)
    return s


@register_jitable
def draw_character(tie, lane, who, survivor, quality, usual, rates, key):
    """Strength, understanding and affection.

    Whether one can speak freely; how readily it is named.
    """
    group = tie.group[lane]
    u0, u1, u2, u3 = uniforms(TIE_BIRTH, who, 0, tie.identity[lane], key)
    u4, _, _, _ = uniforms(TIE_BIRTH, who, 1, tie.identity[lane], key)
    peer = ONE if tie.kind[lane] == K_PEER else ZERO
    worker = ONE if tie.post[lane] >= 0 else ZERO
    secret = ONE if (group == KIN and u4 < rates.tie_secret_share) else ZERO
    shift = usual.strength_slope * survivor
    spread = rates.tie_understanding_sd * (ONE - HALF * worker)
    own = trait(u1, usual.understanding, spread)
    tie.understanding[lane] = unit(own + peer * rates.tie_peer_understanding + quality)
    fond = usual.affection + rates.tie_affection_sd * (usual.strength_affection * shift)
    tie.affection[lane] = trait(u2, fond, rates.tie_affection_sd)
    tie.strength[lane] = peer * rates.tie_peer_strength + strength_at_birth(
        u0, fondness_of(tie, lane, usual, rates), ability_of(tie, lane, usual),
        usual.strength_affection, usual.strength_functions, shift,
    )  # fmt: skip
    tie.disclosable[lane] = tie.human[lane] * disclosable(normal(u3), secret, rates)
    u5, _, _, _ = uniforms(TIE_BIRTH, who, 6, tie.identity[lane], key)
    tie.salience[lane] = u5


@register_jitable
def fondness_of(tie, lane, usual, rates):
    """Affection beside that of the group, z."""
    return (tie.affection[lane] - usual.affection) / max(rates.tie_affection_sd, TINY)


@register_jitable
def ability_of(tie, lane, usual):
    """How many of the five functions this tie can give beside others of its group, z.

    Nothing where strength does not depend on it.
    """
    if usual.strength_functions == ZERO:
        return ZERO
    can = tie.f_emotional[lane] + tie.f_practical[lane] + tie.f_illness[lane]
    can = can + tie.f_advocacy[lane] + tie.f_distraction[lane]
    mean = usual.gives_emotional + usual.gives_practical + usual.gives_illness
    mean = mean + usual.gives_advocacy + usual.gives_distraction
    return (can - mean) / spread_of_functions(usual)


@register_jitable
def spread_of_functions(usual):
    """SD of the number of functions that ties of a group can give at birth."""
    variance = usual.gives_emotional * (ONE - usual.gives_emotional)
    variance = variance + usual.gives_practical * (ONE - usual.gives_practical)
    variance = variance + usual.gives_illness * (ONE - usual.gives_illness)
    variance = variance + usual.gives_advocacy * (ONE - usual.gives_advocacy)
    variance = variance + usual.gives_distraction * (ONE - usual.gives_distraction)
    return square_root(max(variance, TINY))


@register_jitable
def draw_burdens(tie, lane, ego, usual, rates, key):
    """What the alter asks of the ego, and what else the alter carries."""
    u0, u1, u2, _ = uniforms(TIE_BIRTH, ego.address, 2, tie.identity[lane], key)
    young = ONE if tie.group[lane] == YOUNG_KIN else ZERO
    care = young * has_duty_of_care(u0, tie.identity[lane] >> 5, f4(ego.age), rates)
    demand = usual.demand
    tie.care_duty[lane] = care
    tie.demand[lane] = unit(
        trait(u1, demand, demand * rates.tie_demand_spread) + care * rates.tie_care_demand
    )
    layman = tie.human[lane] if tie.post[lane] < 0 else ZERO
    tie.alter_load[lane] = layman * trait(u2, rates.tie_alter_load, rates.tie_alter_load_sd)


@register_jitable
def draw_trust(tie, lane, ego, survivor, parted, usual, rates, key):
    """Trust at the start of a tie, and how willing the ego is to invest in another worker (P45)."""
    _, u, _, _ = uniforms(TIE_BIRTH, ego.address, 4, tie.identity[lane], key)
    group = tie.group[lane]
    first, lasting = usual.first_trust, usual.usual_trust
    services = ego.service_trust if PSYCHIATRIST <= group <= OUTSIDE else ONE
    mean = first_trust(first + survivor * (lasting - first), services, ego.propensity, rates)
    tie.trust[lane] = tie.human[lane] * trait(u, mean, rates.tie_trust_sd)
    tie.willingness[lane] = ONE
    if tie.post[lane] >= 0:
        tie.trust[lane] = trust_carried_over(tie.trust[lane], parted, rates)
        tie.willingness[lane] = willingness_to_invest(ego.workers_met, rates)
        ego.workers_met += ONE


@register_jitable
def draw_functions(tie, lane, who, survivor, usual, key):
    """Which of the five functions of support this tie can give; of survivors more can."""
    identity = tie.identity[lane]
    u0, u1, u2, u3 = uniforms(TIE_BIRTH, who, 3, identity, key)
    u4, _, _, _ = uniforms(TIE_BIRTH, who, 4, identity, key)
    tilt = usual.strength_slope * survivor * usual.strength_functions
    if tilt > ZERO:
        tilt = tilt / spread_of_functions(usual)
    tie.f_emotional[lane] = ONE if u0 < chance_of_function(usual.gives_emotional, tilt) else ZERO
    tie.f_practical[lane] = ONE if u1 < chance_of_function(usual.gives_practical, tilt) else ZERO
    tie.f_illness[lane] = ONE if u2 < chance_of_function(usual.gives_illness, tilt) else ZERO
    tie.f_advocacy[lane] = ONE if u3 < chance_of_function(usual.gives_advocacy, tilt) else ZERO
    tie.f_distraction[lane] = (
        ONE if u4 < chance_of_function(usual.gives_distraction, tilt) else ZERO
    )


@register_jitable
def settle(tie, lane, known, usual, absent):
    """Start what runs at its usual level.

    Expectation has been following support since the tie began.
    """
    support, weight = usual.usual_support, tie.importance_weight[lane]
    gap = survival(min(tie.expectation_speed[lane] * known, f4(30)))
    tie.support[lane] = support
    tie.anticipated[lane] = support + (usual.first_anticipated - support) * gap
    tie.recent[lane] = usual.usual_contact
    tie.closeness[lane] = tie.affection[lane] * (absent + (ONE - absent) * tie.recent[lane])
    tie.importance[lane] = (
        weight * min(tie.anticipated[lane], ONE) + (ONE - weight) * tie.closeness[lane]
    )


@register_jitable
def end_tie(w, e, s, week, cause):
    """Record an ending and free the slot; the last block goes out of use when it is empty."""
    tie, lane = w.ties[e, s >> 3], s & 7
    at_home = shares_home(w.egos[e].household, tie.group[lane], tie.kind[lane])
    record(w, week, e, TIE_ENDED, tie.identity[lane], tie.kind[lane], cause, tie.post[lane])
    w.egos[e].dormant -= 1 if tie.dormant[lane] > ZERO else 0
    for column in range(w.raw.shape[2]):
        w.raw[e, s >> 3, column, lane] = ZERO
    tie.identity[lane], tie.kind[lane], tie.group[lane] = -1, -1, -1
    tie.post[lane], tie.incumbent[lane], tie.born[lane] = -1, -1, -1
    for line in range(3):
        if w.lines[e, line].slot == s:
            w.lines[e, line].slot = -1
    used = 0
    for other in range(w.egos[e].blocks * LANES):
        if w.ties[e, other >> 3].group[other & 7] >= 0:
            used = (other >> 3) + 1
    w.egos[e].blocks = used
    if at_home:
        keep_house(w, e)


@register_jitable
def tie_identity(week, channel):
    """The address word of a tie born in a week through a channel.

    Initial ties use small ordinals.
    """
    return (week + WEEK_OFFSET) * 32 + channel
