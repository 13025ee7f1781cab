"""How a tie enters the arrays and leaves them."""

from numba.extending import register_jitable

from sim.world.arithmetic import HALF, ONE, ZERO, f4, normal, unit
from sim.world.kinds import Event, Group, Kind
from sim.world.phases import layout as c
from sim.world.rules.endings import ending_rate
from sim.world.rules.feelings import first_trust, willingness_to_invest
from sim.world.rules.formation import disclosable, strength_at_birth, trait
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
    for s in range(w.marks.shape[2]):
        if w.marks[c.GROUP, e, s] < 0:
            return s
    w.counts[c.OVERFLOW] = 1
    return -1


@register_jitable
def refresh_slot(w, e, s):
    """Fill the columns that hold parameters of the tie's group, under the ego's present profile."""
    p = w.flat[w.ego_profile[e]]
    g = w.marks[c.GROUP, e, s]
    t = w.ties
    t[c.CONTACT_RATE, e, s] = p[c.CONTACT_RATE_OF + g]
    t[c.END_RATE, e, s] = ending_rate(
        p[c.END_RATE_OF + g], p[c.STRENGTH_SLOPE_OF + g], t[c.STRENGTH, e, s]
    )
    t[c.EPISODE_EFFECT, e, s] = p[c.EPISODE_EFFECT_OF + g]
    q = w.params[w.ego_profile[e]]
    upkeep = p[c.UPKEEP_OF + g]
    if w.marks[c.KIND, e, s] == K_PEER:
        upkeep = upkeep * q.tie_peer_upkeep
    t[c.UPKEEP, e, s] = upkeep + q.tie_care_upkeep * t[c.CARE_DUTY, e, s]
    t[c.OBLIGATION, e, s] = p[c.OBLIGATION_OF + g]
    t[c.WITHDRAWAL, e, s] = p[c.WITHDRAWAL_OF + g]
    t[c.ASK_RATE, e, s] = p[c.ASK_RATE_OF + g]
    t[c.OFFER_RATE, e, s] = p[c.OFFER_RATE_OF + g]
    t[c.PRESENCE, e, s] = p[c.PRESENCE_OF + g]
    t[c.RECIPROCITY, e, s] = p[c.RECIPROCITY_OF + g]
    t[c.DORMANCY_RATE, e, s] = p[c.DORMANCY_RATE_OF + g]
    t[c.FLOOR, e, s] = p[c.FLOOR_OF + g]
    t[c.GUILT_WEIGHT, e, s] = p[c.GUILT_WEIGHT_OF + g]
    t[c.DELAY, e, s] = p[c.DELAY_OF + g]
    t[c.GAIN, e, s] = p[c.TRUST_GAIN_OF + g] * t[c.WILLINGNESS, e, s]
    t[c.EXPECTATION_SPEED, e, s] = p[c.EXPECTATION_SPEED_OF + g]
    t[c.IMPORTANCE_WEIGHT, e, s] = p[c.IMPORTANCE_WEIGHT_OF + g]


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

    `kind` below zero is drawn by `kind_within`. `survivor` is 1 for a tie alive at the start, whose
    strength is that of the ties that last (the newborn's plus the slope of the hazard).
    """
    s = free_slot(w, e)
    if s < 0:
        return s
    ego, t = w.egos[e], w.ties
    q, p = w.params[w.ego_profile[e]], w.flat[w.ego_profile[e]]
    who = ego.address
    u0, u1, u2, u3 = uniforms(TIE_BIRTH, who, 0, identity, key)
    u4, u5, u6, u7 = uniforms(TIE_BIRTH, who, 1, identity, key)
    u8, u9, u10, u11 = uniforms(TIE_BIRTH, who, 2, identity, key)
    if kind < 0:
        kind = kind_within(group, u0, q)
    peer = ONE if kind == K_PEER else ZERO
    human = ONE if group != OBJECT_GROUP else ZERO
    worker = ONE if post >= 0 else ZERO
    kinship = ONE if group <= YOUNG_KIN else ZERO
    secret = ONE if (group == KIN and u7 < q.tie_secret_share) else ZERO
    shift = p[c.STRENGTH_SLOPE_OF + group] * survivor
    quality = w.posts[post].quality if post >= 0 else ZERO
    t[c.ACTIVE, e, s] = ONE
    t[c.STRENGTH, e, s] = strength_at_birth(u1, shift) + peer * q.tie_peer_strength
    t[c.UNDERSTANDING, e, s] = unit(
        trait(u2, p[c.UNDERSTANDING_OF + group], q.tie_understanding_sd * (ONE - HALF * worker))
        + peer * q.tie_peer_understanding
        + quality
    )
    t[c.AFFECTION, e, s] = trait(u3, p[c.AFFECTION_OF + group], q.tie_affection_sd)
    care = ONE if (group == YOUNG_KIN and u8 < q.tie_care_share) else ZERO
    t[c.CARE_DUTY, e, s] = care
    demand = p[c.DEMAND_OF + group]
    spread = q.tie_demand_sd if demand > f4(0.05) else ZERO
    t[c.DEMAND, e, s] = unit(trait(u4, demand, spread) + care * q.tie_care_demand)
    t[c.ALTER_LOAD, e, s] = human * (ONE - worker) * trait(u5, q.tie_alter_load, q.tie_alter_load_sd)
    t[c.DISCLOSABLE, e, s] = human * disclosable(normal(u6), secret, q)
    t[c.SALIENCE, e, s] = u9
    t[c.HUMAN, e, s] = human
    t[c.KINSHIP, e, s] = kinship
    t[c.SOCIABLE, e, s] = ONE if (kind == K_GROUP or kind == K_HOBBY) else ZERO
    t[c.KNOWN, e, s] = known
    t[c.WILLINGNESS, e, s] = ONE
    prior = p[c.FIRST_TRUST_OF + group]
    t[c.TRUST, e, s] = human * trait(u10, first_trust(prior, ONE, ego.propensity, q), q.tie_trust_sd)
    if group >= PSYCHIATRIST and group <= OUTSIDE:
        t[c.TRUST, e, s] = trait(
            u10, first_trust(prior, ego.service_trust, ego.propensity, q), q.tie_trust_sd
        )
    if post >= 0:
        t[c.WILLINGNESS, e, s] = willingness_to_invest(ego.workers_met, q)
        ego.workers_met = ego.workers_met + ONE
    draw_functions(w, e, s, group, identity, key)
    w.marks[c.IDENTITY, e, s] = identity
    w.marks[c.KIND, e, s] = kind
    w.marks[c.GROUP, e, s] = group
    w.marks[c.POST, e, s] = post
    w.marks[c.INCUMBENT, e, s] = w.posts[post].incumbent if post >= 0 else -1
    w.marks[c.BORN, e, s] = week
    refresh_slot(w, e, s)
    settle(w, e, s, p[c.FIRST_ANTICIPATED_OF + group])
    ego.width = max(ego.width, (s // 8 + 1) * 8)
    record(w, week, e, TIE_BEGAN, identity, kind, 0, post)
    return s


@register_jitable
def draw_functions(w, e, s, group, identity, key):
    """Which of the five functions of support this tie can give."""
    who, t, p = w.egos[e].address, w.ties, w.flat[w.ego_profile[e]]
    u0, u1, u2, u3 = uniforms(TIE_BIRTH, who, 3, identity, key)
    t[c.F_EMOTIONAL, e, s] = ONE if u0 < p[c.EMOTIONAL_OF + group] else ZERO
    t[c.F_PRACTICAL, e, s] = ONE if u1 < p[c.PRACTICAL_OF + group] else ZERO
    t[c.F_ILLNESS, e, s] = ONE if u2 < p[c.ILLNESS_OF + group] else ZERO
    t[c.F_ADVOCACY, e, s] = ONE if u3 < p[c.ADVOCACY_OF + group] else ZERO
    u4, _, _, _ = uniforms(TIE_BIRTH, who, 4, identity, key)
    t[c.F_DISTRACTION, e, s] = ONE if u4 < p[c.DISTRACTION_OF + group] else ZERO


@register_jitable
def settle(w, e, s, anticipated):
    """Start what runs at its usual level, so that a new tie is neither cold nor hot."""
    t = w.ties
    rate, weight = t[c.CONTACT_RATE, e, s], t[c.IMPORTANCE_WEIGHT, e, s]
    closeness = t[c.AFFECTION, e, s] * (f4(0.7) + f4(0.3) * rate)
    t[c.CLOSENESS, e, s] = closeness
    t[c.RECENT, e, s] = rate
    t[c.ANTICIPATED, e, s] = anticipated
    t[c.SUPPORT, e, s] = HALF * anticipated
    t[c.IMPORTANCE, e, s] = weight * anticipated + (ONE - weight) * closeness


@register_jitable
def end_tie(w, e, s, week, cause):
    """Record an ending and free the slot; the width shrinks when its last block is empty."""
    record(
        w, week, e, TIE_ENDED, w.marks[c.IDENTITY, e, s], w.marks[c.KIND, e, s], cause,
        w.marks[c.POST, e, s],
    )  # fmt: skip
    for column in range(w.ties.shape[0]):
        w.ties[column, e, s] = ZERO
    for column in range(w.marks.shape[0]):
        w.marks[column, e, s] = -1
    used = 0
    for k in range(w.egos[e].width):
        if w.marks[c.GROUP, e, k] >= 0:
            used = k + 1
    w.egos[e].width = (used + 7) // 8 * 8


@register_jitable
def tie_identity(week, channel):
    """The address word of a tie born in a week through a channel; initial ties use small ordinals."""
    return (week + WEEK_OFFSET) * 32 + channel
