"""The weeks in which an episode announces itself: who notices, and what is done."""

from numba.extending import register_jitable

from sim.world.arithmetic import ONE, ZERO
from sim.world.kinds import FIRST_PROFESSIONAL, LAST_PROFESSIONAL, Event, Group
from sim.world.phases.births import record
from sim.world.phases.treatment import take_treatment
from sim.world.rules.early import (
    chance_of_action,
    is_acted_upon,
    is_averted,
    is_noticed,
    returns_to_treatment,
    seen_by_people,
    seen_by_worker,
)
from sim.world.state import LANES
from sim.world.streams import Stream, uniforms

EPISODE = int(Stream.EPISODE)
NOTICED, AVERTED = int(Event.NOTICED), int(Event.AVERTED)
PARTNER, KIN, FRIEND = int(Group.PARTNER), int(Group.KIN), int(Group.FRIEND)
WARNED = 2
"""Marks the draws of an episode that announces itself, at the ordinal it would have."""


@register_jitable
def pass_warning(w, e, week, notice, act, key):
    """One more week of warning; whether the episode starts now."""
    ego = w.egos[e]
    if ego.noticed == ZERO and is_noticed(notice, unseen(w, e)) > ZERO:
        ego.noticed = ONE
        record(w, week, e, NOTICED, 0, 0, 0, -1)
        if act_in_time(w, e, week, act, key):
            return False
    ego.warning_left -= ONE
    return ego.warning_left <= ZERO


@register_jitable
def act_in_time(w, e, week, act, key):
    """Something is done about the signs, or not; whether the episode is averted."""
    ego, rates = w.egos[e], w.rates[w.ego_profile[e]]
    action = chance_of_action(ego.overdue, ego.on_caseload, rates)
    if is_acted_upon(act, action) == ZERO:
        return False
    _, back, _, _ = uniforms(EPISODE, ego.address, int(ego.episode) + 1, WARNED, key)
    if ego.treated == ZERO and returns_to_treatment(back, rates) > ZERO:
        take_treatment(w, e, week)
    if is_averted(act, action, rates) > ZERO:
        ego.warning_left, ego.noticed = ZERO, ZERO
        record(w, week, e, AVERTED, 0, 0, 0, -1)
        return True
    ego.caught = ONE
    return False


@register_jitable
def unseen(w, e):
    """The chance that nobody who was with the ego last week has noticed."""
    rates, usual = w.rates[w.ego_profile[e]], w.group_rates[w.ego_profile[e]]
    left = ONE
    for s in range(w.egos[e].blocks * LANES):
        tie, lane = w.ties[e, s >> 3], s & 7
        group = tie.group[lane]
        partner = ONE if group == PARTNER else ZERO
        close = ONE if group in (KIN, FRIEND) else ZERO
        left *= ONE - seen_by_people(tie.contacted[lane], partner, close, rates)
        if FIRST_PROFESSIONAL <= group <= LAST_PROFESSIONAL and tie.visited[lane] > ZERO:
            left *= ONE - seen_by_worker(
                tie.visited[lane], tie.trust[lane], usual[group].usual_trust, tie.known[lane], rates
            )
    return left
