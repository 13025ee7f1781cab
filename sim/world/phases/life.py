"""Events of life: what befalls an ego from outside, and what that does to its ties."""

from numba.extending import register_jitable

from sim.world.arithmetic import ONE, ZERO
from sim.world.compiled import inlined
from sim.world.kinds import Cause, Event, Group, Household, Kind
from sim.world.phases.births import end_tie, record
from sim.world.phases.fate import turn_tie
from sim.world.rules.endings import is_struck
from sim.world.rules.life import (
    befalls,
    benefits_hazard,
    home_hazard,
    moving_hazard,
    work_hazard,
)
from sim.world.state import LANES
from sim.world.streams import WEEK_OFFSET, Stream, uniforms

LIFE = int(Stream.LIFE)
MOVED, JOB_LOST = int(Cause.MOVED), int(Cause.JOB_LOST)
MOVE, BENEFITS_STOPPED = int(Event.MOVE), int(Event.BENEFITS_STOPPED)
WORK_LOST, WORK_FOUND = int(Event.WORK_LOST), int(Event.WORK_FOUND)
HOME_LOST, HOME_FOUND = int(Event.HOME_LOST), int(Event.HOME_FOUND)
NEIGHBOUR, ACQUAINTANCE = int(Kind.NEIGHBOUR), int(Kind.ACQUAINTANCE)
FRIEND = int(Group.FRIEND)
ALONE, OTHERS = int(Household.ALONE), int(Household.OTHERS)


@inlined
def life_week(w, week, key):
    """One uniform an ego decides whether anything happens; switched off, none is looked at."""
    if not may_happen(w.rates):
        return
    for e in range(w.egos.size):
        ego, rates = w.egos[e], w.rates[w.ego_profile[e]]
        if rates.life_switch == ZERO or ego.alive == ZERO:
            continue
        ego.upheaval = max(ego.upheaval - ONE, ZERO)
        moving, work = moving_hazard(ego.settled, rates), work_hazard(ego.employed, rates)
        home, benefits = home_hazard(ego.settled, rates), benefits_hazard(ego.employed, rates)
        hazard = moving + work + home + benefits
        drawn, lane = w.draws[e >> 3], e & 7
        if befalls(drawn.befalls[lane], hazard) == ZERO:
            continue
        place = drawn.what[lane] * hazard
        if place < moving:
            move(w, e, week, key)
        elif place < moving + work:
            lose_or_find_work(w, e, week, key)
        elif place < moving + work + home:
            lose_or_find_home(w, e, week, key)
        else:
            upset(w, e, rates.life_benefits_hurt)
            record(w, week, e, BENEFITS_STOPPED, 0, 0, 0, -1)


@register_jitable
def may_happen(rates):
    """Whether any profile has events of life."""
    on = ZERO
    for k in range(rates.size):
        on = max(on, rates[k].life_switch)
    return on > ZERO


@register_jitable
def upset(w, e, hurt):
    """A step down in wellbeing, and weeks in which an episode is more likely."""
    w.egos[e].impact -= hurt
    w.egos[e].upheaval = w.rates[w.ego_profile[e]].life_weeks


@register_jitable
def move(w, e, week, key):
    """The ego moves house."""
    record(w, week, e, MOVE, 0, 0, 0, -1)
    leave_neighbourhood(w, e, week, key)
    upset(w, e, w.rates[w.ego_profile[e]].life_move_hurt)


@register_jitable
def lose_or_find_work(w, e, week, key):
    """Work is lost, and some of those met there; or found."""
    ego, rates = w.egos[e], w.rates[w.ego_profile[e]]
    if ego.employed == ZERO:
        ego.employed = ONE
        record(w, week, e, WORK_FOUND, 0, 0, 0, -1)
        return
    ego.employed = ZERO
    record(w, week, e, WORK_LOST, 0, 0, 0, -1)
    leave_behind(w, e, ACQUAINTANCE, rates.life_work_ties, JOB_LOST, week, key)
    upset(w, e, rates.life_work_hurt)


@register_jitable
def lose_or_find_home(w, e, week, key):
    """Settled housing is lost or found; either is a move, and out of or into a hostel."""
    ego, rates = w.egos[e], w.rates[w.ego_profile[e]]
    if ego.settled == ZERO:
        ego.settled = ONE
        ego.household = ALONE if ego.household == OTHERS else ego.household
        record(w, week, e, HOME_FOUND, 0, 0, 0, -1)
        leave_neighbourhood(w, e, week, key)
        return
    ego.settled = ZERO
    ego.household = OTHERS if ego.household == ALONE else ego.household
    record(w, week, e, HOME_LOST, 0, 0, 0, -1)
    leave_neighbourhood(w, e, week, key)
    upset(w, e, rates.life_home_hurt)


@register_jitable
def leave_neighbourhood(w, e, week, key):
    """A move ends ties with neighbours, and puts some friends out of touch."""
    ego, rates = w.egos[e], w.rates[w.ego_profile[e]]
    leave_behind(w, e, NEIGHBOUR, rates.life_move_neighbours, MOVED, week, key)
    for s in range(ego.blocks * LANES):
        tie, lane = w.ties[e, s >> 3], s & 7
        if tie.group[lane] == FRIEND and tie.active[lane] > ZERO:
            u, _, _, _ = uniforms(LIFE, ego.address, week + WEEK_OFFSET, tie.identity[lane], key)
            if is_struck(u, rates.life_move_friends) > ZERO:
                turn_tie(w, e, s, week, ONE)


@register_jitable
def leave_behind(w, e, kind, share, cause, week, key):
    """A share of the ties of a kind end."""
    for s in range(w.egos[e].blocks * LANES):
        tie, lane = w.ties[e, s >> 3], s & 7
        if tie.group[lane] >= 0 and tie.kind[lane] == kind:
            who, identity = w.egos[e].address, tie.identity[lane]
            u, _, _, _ = uniforms(LIFE, who, week + WEEK_OFFSET, identity, key)
            if is_struck(u, share) > ZERO:
                w.egos[e].churn += ONE
                end_tie(w, e, s, week, cause)
