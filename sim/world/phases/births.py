"""How a tie enters the arrays and leaves them."""

from numba.extending import register_jitable

from sim.world.arithmetic import HALF, ONE, ZERO, f4, normal, survival, unit
from sim.world.kinds import Event, Group, Kind
from sim.world.phases import layout as c
from sim.world.rules.endings import ending_rate
from sim.world.rules.feelings import first_trust, willingness_to_invest
from sim.world.rules.formation import disclosable, strength_at_birth, trait
from sim.world.state import LANES
from sim.world.streams import WEEK_OFFSET, Stream, uniforms

TIE_BIRTH = int(Stream.TIE_BIRTH)
TIE_BEGAN, TIE_ENDED = int(Event.TIE_BEGAN), int(Event.TIE_ENDED)
PARTNER, KIN, YOUNG_KIN = int(Group.PARTNER), int(Group.KIN), int(Group.YOUNG_KIN)
FRIEND, WEAK, OBJECT_GROUP = int(Group.FRIEND), int(Group.WEAK), int(Group.OBJECT)
PSYCHIATRIST, OUTSIDE = int(Group.PSYCHIATRIST), int(Group.OUTSIDE)
K_PARTNER, K_PARENT, K_SIBLING, K_CHILD = 0, 1, 2, 3
K_YOUNG_KIN, K_OTHER_KIN, K_FRIEND, K_PEER = 4, 5, 6, 7
K_ONLINE, K_NEIGHBOUR, K_ACQUAINTANCE = 8, 9, 10
K_SUPPORT_WORKER, K_GP = int(Kind.SUPPORT_WORKER), int(Kind.GP)
K_THERAPIST, K_OTHER_PROF = int(Kind.THERAPIST), int(Kind.OTHER_PROF)
K_PET, K_PLACE, K_HOBBY, K_ACTIVITY = 18, 19, 20, 21
K_GROUP, K_OBJECT, K_MEDIA = 22, 23, 24


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
def refresh_slot(t, k, p, q):
    """Fill the columns that hold parameters of the tie's group: `p` the table, `q` the record."""
    g = t.group[k]
    t.contact_rate[k] = p[c.CONTACT_RATE_OF + g]
    t.end_rate[k] = ending_rate(p[c.END_RATE_OF + g], p[c.STRENGTH_SLOPE_OF + g], t.strength[k])
    t.episode_effect[k] = p[c.EPISODE_EFFECT_OF + g]
    upkeep = p[c.UPKEEP_OF + g]
    if t.kind[k] == K_PEER:
        upkeep = upkeep * q.tie_peer_upkeep
    t.upkeep[k] = upkeep + q.tie_care_upkeep * t.care_duty[k]
    t.obligation[k] = p[c.OBLIGATION_OF + g]
    t.withdrawal[k] = p[c.WITHDRAWAL_OF + g]
    t.ask_rate[k] = p[c.ASK_RATE_OF + g]
    t.offer_rate[k] = p[c.OFFER_RATE_OF + g]
    t.presence[k] = p[c.PRESENCE_OF + g]
    t.reciprocity[k] = p[c.RECIPROCITY_OF + g]
    t.dormancy_rate[k] = p[c.DORMANCY_RATE_OF + g]
    t.floor[k] = p[c.FLOOR_OF + g]
    t.guilt_weight[k] = p[c.GUILT_WEIGHT_OF + g]
    t.daring[k] = ONE / p[c.DELAY_OF + g]
    t.gain[k] = p[c.TRUST_GAIN_OF + g] * t.willingness[k]
    t.expectation_speed[k] = p[c.EXPECTATION_SPEED_OF + g]
    t.importance_weight[k] = p[c.IMPORTANCE_WEIGHT_OF + g]


@register_jitable
def kind_within(group, u, p):
    """The kind of a new tie of a group, by the shares of kinds within it."""
    if group == PARTNER:
        return K_PARTNER
    if group == YOUNG_KIN:
        return K_YOUNG_KIN
    if group == KIN:
        if u < p.tie_kin_parent_share:
            return K_PARENT
        if u < p.tie_kin_parent_share + p.tie_kin_sibling_share:
            return K_SIBLING
        if u < p.tie_kin_parent_share + p.tie_kin_sibling_share + p.tie_kin_child_share:
            return K_CHILD
        return K_OTHER_KIN
    if group == FRIEND:
        return K_PEER if u < p.tie_peer_share else K_FRIEND
    if group == WEAK:
        if u < p.tie_weak_online_share:
            return K_ONLINE
        if u < p.tie_weak_online_share + p.tie_weak_neighbour_share:
            return K_NEIGHBOUR
        return K_ACQUAINTANCE
    if group == OUTSIDE:
        return outside_kind(u, p)
    return object_kind(u, p)


@register_jitable
def outside_kind(u, p):
    """The kind of a professional outside the team."""
    edge = p.tie_outside_gp_share
    if u < edge:
        return K_GP
    edge = edge + p.tie_outside_therapist_share
    if u < edge:
        return K_THERAPIST
    edge = edge + p.tie_outside_support_worker_share
    return K_SUPPORT_WORKER if u < edge else K_OTHER_PROF


@register_jitable
def object_kind(u, p):
    """The kind of an object: pet, place, hobby, activity, group, media or thing."""
    edge = p.tie_object_pet_share
    if u < edge:
        return K_PET
    edge = edge + p.tie_object_place_share
    if u < edge:
        return K_PLACE
    edge = edge + p.tie_object_hobby_share
    if u < edge:
        return K_HOBBY
    edge = edge + p.tie_object_activity_share
    if u < edge:
        return K_ACTIVITY
    edge = edge + p.tie_object_group_share
    if u < edge:
        return K_GROUP
    return K_MEDIA if u < edge + p.tie_object_media_share else K_OBJECT


@register_jitable
def begin_tie(w, e, week, group, kind, identity, post, survivor, known, key):
    """Put a new tie into the lowest free slot and draw its traits; returns the slot, -1 if full.

    `kind` below zero is drawn by `kind_within`. `survivor` is 1 for a tie alive at the start: its
    strength and its trust are those of ties that have lasted.
    """
    s = free_slot(w, e)
    if s < 0:
        return s
    ego, t, k = w.egos[e], w.ties[e, s >> 3], s & 7
    q, p = w.params[w.ego_profile[e]], w.flat[w.ego_profile[e]]
    if kind < 0:
        u, _, _, _ = uniforms(TIE_BIRTH, ego.address, 5, identity, key)
        kind = kind_within(group, u, q)
    t.identity[k], t.kind[k], t.group[k], t.born[k] = identity, kind, group, week
    t.post[k] = post
    t.incumbent[k] = w.posts[post].incumbent if post >= 0 else -1
    t.active[k], t.known[k] = ONE, known
    t.human[k] = ONE if group != OBJECT_GROUP else ZERO
    t.kinship[k] = ONE if group <= YOUNG_KIN else ZERO
    t.sociable[k] = ONE if kind in (K_GROUP, K_HOBBY) else ZERO
    quality = w.posts[post].quality if post >= 0 else ZERO
    draw_character(t, k, ego.address, survivor, quality, p, q, key)
    draw_burdens(t, k, ego.address, q, p, key)
    draw_functions(t, k, ego.address, p, key)
    draw_trust(t, k, ego, survivor, p, q, key)
    refresh_slot(t, k, p, q)
    settle(t, k, known, group, p, q.feelings_closeness_absent)
    ego.blocks = max(ego.blocks, (s >> 3) + 1)
    record(w, week, e, TIE_BEGAN, identity, kind, 0, post)
    return s


@register_jitable
def draw_character(t, k, who, survivor, quality, p, q, key):
    """Strength, understanding and affection.

    Whether one can speak freely; how readily it is named.
    """
    group = t.group[k]
    u0, u1, u2, u3 = uniforms(TIE_BIRTH, who, 0, t.identity[k], key)
    u4, _, _, _ = uniforms(TIE_BIRTH, who, 1, t.identity[k], key)
    peer = ONE if t.kind[k] == K_PEER else ZERO
    worker = ONE if t.post[k] >= 0 else ZERO
    secret = ONE if (group == KIN and u4 < q.tie_secret_share) else ZERO
    shift = p[c.STRENGTH_SLOPE_OF + group] * survivor
    t.strength[k] = strength_at_birth(u0, shift) + peer * q.tie_peer_strength
    spread = q.tie_understanding_sd * (ONE - HALF * worker)
    own = trait(u1, p[c.UNDERSTANDING_OF + group], spread)
    t.understanding[k] = unit(own + peer * q.tie_peer_understanding + quality)
    t.affection[k] = trait(u2, p[c.AFFECTION_OF + group], q.tie_affection_sd)
    t.disclosable[k] = t.human[k] * disclosable(normal(u3), secret, q)
    u5, _, _, _ = uniforms(TIE_BIRTH, who, 6, t.identity[k], key)
    t.salience[k] = u5


@register_jitable
def draw_burdens(t, k, who, q, p, key):
    """What the alter asks of the ego, and what else the alter carries."""
    u0, u1, u2, _ = uniforms(TIE_BIRTH, who, 2, t.identity[k], key)
    care = ONE if (t.group[k] == YOUNG_KIN and u0 < q.tie_care_share) else ZERO
    demand = p[c.DEMAND_OF + t.group[k]]
    t.care_duty[k] = care
    t.demand[k] = unit(trait(u1, demand, demand * q.tie_demand_spread) + care * q.tie_care_demand)
    layman = t.human[k] if t.post[k] < 0 else ZERO
    t.alter_load[k] = layman * trait(u2, q.tie_alter_load, q.tie_alter_load_sd)


@register_jitable
def draw_trust(t, k, ego, survivor, p, q, key):
    """Trust at the start of a tie, and how willing the ego is to invest in another worker (P45)."""
    _, u, _, _ = uniforms(TIE_BIRTH, ego.address, 4, t.identity[k], key)
    group = t.group[k]
    first, usual = p[c.FIRST_TRUST_OF + group], p[c.USUAL_TRUST_OF + group]
    services = ego.service_trust if PSYCHIATRIST <= group <= OUTSIDE else ONE
    mean = first_trust(first + survivor * (usual - first), services, ego.propensity, q)
    t.trust[k] = t.human[k] * trait(u, mean, q.tie_trust_sd)
    t.willingness[k] = ONE
    if t.post[k] >= 0:
        t.willingness[k] = willingness_to_invest(ego.workers_met, q)
        ego.workers_met += ONE


@register_jitable
def draw_functions(t, k, who, p, key):
    """Which of the five functions of support this tie can give."""
    g, identity = t.group[k], t.identity[k]
    u0, u1, u2, u3 = uniforms(TIE_BIRTH, who, 3, identity, key)
    u4, _, _, _ = uniforms(TIE_BIRTH, who, 4, identity, key)
    t.f_emotional[k] = ONE if u0 < p[c.EMOTIONAL_OF + g] else ZERO
    t.f_practical[k] = ONE if u1 < p[c.PRACTICAL_OF + g] else ZERO
    t.f_illness[k] = ONE if u2 < p[c.ILLNESS_OF + g] else ZERO
    t.f_advocacy[k] = ONE if u3 < p[c.ADVOCACY_OF + g] else ZERO
    t.f_distraction[k] = ONE if u4 < p[c.DISTRACTION_OF + g] else ZERO


@register_jitable
def settle(t, k, known, group, p, absent):
    """Start what runs at its usual level.

    Expectation has been following support since the tie began.
    """
    usual, weight = p[c.USUAL_SUPPORT_OF + group], t.importance_weight[k]
    gap = survival(min(t.expectation_speed[k] * known, f4(30)))
    t.support[k] = usual
    t.anticipated[k] = usual + (p[c.FIRST_ANTICIPATED_OF + group] - usual) * gap
    t.recent[k] = p[c.USUAL_CONTACT_OF + group]
    t.closeness[k] = t.affection[k] * (absent + (ONE - absent) * t.recent[k])
    t.importance[k] = weight * min(t.anticipated[k], ONE) + (ONE - weight) * t.closeness[k]


@register_jitable
def end_tie(w, e, s, week, cause):
    """Record an ending and free the slot; the last block goes out of use when it is empty."""
    t, k = w.ties[e, s >> 3], s & 7
    record(w, week, e, TIE_ENDED, t.identity[k], t.kind[k], cause, t.post[k])
    w.egos[e].dormant -= 1 if t.dormant[k] > ZERO else 0
    for column in range(w.raw.shape[2]):
        w.raw[e, s >> 3, column, k] = ZERO
    t.identity[k], t.kind[k], t.group[k] = -1, -1, -1
    t.post[k], t.incumbent[k], t.born[k] = -1, -1, -1
    for line in range(3):
        if w.lines[e, line].slot == s:
            w.lines[e, line].slot = -1
    used = 0
    for other in range(w.egos[e].blocks * LANES):
        if w.ties[e, other >> 3].group[other & 7] >= 0:
            used = (other >> 3) + 1
    w.egos[e].blocks = used


@register_jitable
def tie_identity(week, channel):
    """The address word of a tie born in a week through a channel.

    Initial ties use small ordinals.
    """
    return (week + WEEK_OFFSET) * 32 + channel
