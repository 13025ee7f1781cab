"""The ties of the start: of what kind, and known for how long."""

from numba.extending import register_jitable

from sim.world.arithmetic import ONE, WEEK, ZERO, f4, logarithm
from sim.world.kinds import KIND_OF_ROLE, Group, Kind
from sim.world.phases import layout as c
from sim.world.phases.births import begin_tie, kind_within
from sim.world.phases.deaths import add_deaths
from sim.world.rules.alters import age_of_alter
from sim.world.rules.family import (
    is_parent_for,
    kin_kind,
    longest_known,
    weeks_known_at_start,
)
from sim.world.rules.lifetimes import parent_at_start, uniform_among_survivors
from sim.world.streams import Stream, uniforms

INITIAL_TIES, TIE_BIRTH = int(Stream.INITIAL_TIES), int(Stream.TIE_BIRTH)
PERSON = int(Stream.PERSON)
G_KIN, G_YOUNG_KIN, G_OBJECT = int(Group.KIN), int(Group.YOUNG_KIN), int(Group.OBJECT)
K_PARENT, K_PET, ADULT = int(Kind.PARENT), int(Kind.PET), f4(18)
OF_WORKER = 1
"""Addresses of PERSON by a post's address are of its workers."""

PLACES = 3
"""The first places among kin: mother, father, a step-parent; the same in every family."""


@register_jitable
def begin_survivor(w, e, group, ordinal, kind, mean_known, week, key):
    """A tie alive at the start, some of them dormant; returns its slot, -1 if there is none.

    `kind` below zero is drawn by the shares within the group.
    """
    ego, rates = w.egos[e], w.rates[w.ego_profile[e]]
    asleep = w.group_rates[w.ego_profile[e], group].dormant_share
    identity = ordinal * 32 + group
    if kind < 0:
        u, _, _, _ = uniforms(TIE_BIRTH, ego.address, 5, identity, key)
        if group == G_OBJECT and rates.mortality_switch > ZERO:
            usual = w.group_rates[w.ego_profile[e], group].end_rate
            share, deaths = rates.tie_object_pet_share, rates.mortality_pet
            u = uniform_among_survivors(u, share, usual, deaths)
        kind = kind_within(group, u, rates)
    known = weeks_known(ego, kind, identity, mean_known, week, rates, key)
    s = begin_tie(w, e, c.NEVER, group, kind, identity, -1, ONE, known, key)
    if s < 0:
        return s
    tie, lane = w.ties[e, s >> 3], s & 7
    add_deaths(tie, lane, ego, week, rates, key)
    _, sleep, _, _ = uniforms(INITIAL_TIES, ego.address, 1, identity, key)
    if sleep * (ONE + asleep) < asleep:
        tie.active[lane], tie.dormant[lane] = ZERO, ONE
        ego.dormant += 1
    return s


@register_jitable
def weeks_known(ego, kind, identity, mean, week, rates, key):
    """For how many weeks ego and alter have known each other when the run starts in a week."""
    u, _, evenly, _ = uniforms(INITIAL_TIES, ego.address, 1, identity, key)
    if rates.acquaintance_switch == ZERO:
        return f4(int(-mean * logarithm(u)))
    _, v, _, _ = uniforms(PERSON, ego.address, 0, identity, key)
    age, years = f4(ego.age), f4(week) * WEEK
    theirs = max(age_of_alter(v, kind, age, rates) + years, ZERO)
    longest = longest_known(kind, age + years, theirs, rates)
    drawn = -(rates.acquaintance_pet_weeks if kind == K_PET else mean) * logarithm(u)
    return f4(int(weeks_known_at_start(drawn, evenly, kind, longest)))


@register_jitable
def weeks_with_worker(ego, post, drawn, evenly, week, rates, key):
    """For how many weeks an ego has known the worker in a post when the run starts in a week."""
    if rates.acquaintance_switch == ZERO:
        return drawn
    _, v, _, _ = uniforms(PERSON, post.address, OF_WORKER, post.incumbent, key)
    kind, age, years = KIND_OF_ROLE[post.role], f4(ego.age), f4(week) * WEEK
    theirs = age_of_alter(v, kind, age, rates) + years
    longest = longest_known(kind, age + years, theirs, rates)
    return f4(int(weeks_known_at_start(drawn, evenly, kind, longest)))


@register_jitable
def begin_kin(w, e, number, mean_known, week, key):
    """So many adult kin: parents as far as there are any, then others by the ego's age."""
    ego, rates = w.egos[e], w.rates[w.ego_profile[e]]
    mother, father, step, grown = uniforms(INITIAL_TIES, ego.address, 2, 0, key)
    for place in range(PLACES):
        u = mother if place == 0 else father
        there = ONE if step < rates.family_step_parent else ZERO
        if place < PLACES - 1:
            there = is_parent_there(ego, place, u, rates, key)
        if number > 0 and there > ZERO:
            begin_survivor(w, e, G_KIN, place, K_PARENT, mean_known, week, key)
            number -= 1
    children = is_parent_for(grown, f4(ego.age), ADULT, rates)
    for ordinal in range(PLACES, PLACES + number):
        u, _, _, _ = uniforms(TIE_BIRTH, ego.address, 5, ordinal * 32 + G_KIN, key)
        kind = kin_kind(u, ordinal, children, rates)
        begin_survivor(w, e, G_KIN, ordinal, kind, mean_known, week, key)


@register_jitable
def begin_young_kin(w, e, number, mean_known, week, key):
    """A child of their own, for those with children but none grown up, and so many other's."""
    ego, rates = w.egos[e], w.rates[w.ego_profile[e]]
    _, _, _, u = uniforms(INITIAL_TIES, ego.address, 2, 0, key)
    age = f4(ego.age)
    own = is_parent_for(u, age, ZERO, rates) - is_parent_for(u, age, ADULT, rates)
    for ordinal in range(0 if own > ZERO else 1, 1 + number):
        begin_survivor(w, e, G_YOUNG_KIN, ordinal, -1, mean_known, week, key)


@register_jitable
def is_parent_there(ego, place, u, rates, key):
    """Whether the parent who has this place is alive and among the ego's kin."""
    _, v, _, _ = uniforms(PERSON, ego.address, 0, place * 32 + G_KIN, key)
    age = age_of_alter(v, K_PARENT, f4(ego.age), rates)
    return parent_at_start(u, f4(ego.age), age, rates)
