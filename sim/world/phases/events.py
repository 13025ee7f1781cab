"""Events that a scenario forces at the start of a week."""

from numba.extending import register_jitable

from sim.world.arithmetic import ZERO
from sim.world.compiled import inlined
from sim.world.kinds import Cause, Channel, Group, Kind
from sim.world.phases.births import begin_tie, end_tie, refresh_slot, tie_identity
from sim.world.phases.deaths import add_deaths
from sim.world.phases.illness import start_episode
from sim.world.rules.endings import is_struck
from sim.world.state import LANES
from sim.world.streams import WEEK_OFFSET, Stream, uniforms

SHOCK_SHARE = int(Stream.SHOCK_SHARE)
EPISODE, CLOSURE, LINK = range(3)
"""Codes of forced events, in the order of `sim.world.shock.EVENTS`."""
CLOSED = int(Cause.CLOSURE)
K_GROUP, K_PLACE, K_ACTIVITY = int(Kind.GROUP), int(Kind.PLACE), int(Kind.ACTIVITY)
G_OBJECT = int(Group.OBJECT)
LINK_GROUP, LINK_ACTIVITY = int(Channel.LINK_GROUP), int(Channel.LINK_ACTIVITY)


@inlined
def refresh_week(w, week, key):
    """Parameters changed, or a year is over: fill the parameter columns of every tie anew."""
    for e in range(w.egos.size):
        rates, usual = w.rates[w.ego_profile[e]], w.group_rates[w.ego_profile[e]]
        for s in range(w.egos[e].blocks * LANES):
            tie, lane = w.ties[e, s >> 3], s & 7
            if tie.group[lane] >= 0:
                refresh_slot(tie, lane, usual[tie.group[lane]], rates)
                add_deaths(tie, lane, w.egos[e], week, rates, key)


@register_jitable
def force_week(w, week, event, struck, value, key):
    """One forced event for every ego it strikes, at the start of the week."""
    for e in range(w.egos.size):
        if not struck[e] or w.egos[e].alive == ZERO:
            continue
        if event == EPISODE:
            if w.egos[e].acute == ZERO:
                start_episode(w, e, week, key)
        elif event == CLOSURE:
            close_places(w, e, week, value, key)
        else:
            first, second = tie_identity(week, LINK_GROUP), tie_identity(week, LINK_ACTIVITY)
            begin_tie(w, e, week, G_OBJECT, K_GROUP, first, -1, ZERO, ZERO, key)
            begin_tie(w, e, week, G_OBJECT, K_ACTIVITY, second, -1, ZERO, ZERO, key)


@register_jitable
def close_places(w, e, week, share, key):
    """A drop-in closes: the stated share of ties to groups and places end."""
    for s in range(w.egos[e].blocks * LANES):
        kind = w.ties[e, s >> 3].kind[s & 7]
        if w.ties[e, s >> 3].group[s & 7] >= 0 and kind in (K_GROUP, K_PLACE):
            identity = w.ties[e, s >> 3].identity[s & 7]
            u, _, _, _ = uniforms(SHOCK_SHARE, w.egos[e].address, week + WEEK_OFFSET, identity, key)
            if is_struck(u, share) > ZERO:
                end_tie(w, e, s, week, CLOSED)
