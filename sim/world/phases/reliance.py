"""Whom each ego can count on: need of visits, promises kept, who helps, and insecurity."""

from numba.extending import register_jitable

from sim.world.arithmetic import NO_LANES, ONE, ZERO, across, add_lanes
from sim.world.compiled import inlined
from sim.world.kinds import Group, Line
from sim.world.rules.feelings import running_mean
from sim.world.rules.reliance import (
    formal_security,
    informal_security,
    insecurity_now,
    needed_units,
    often_enough,
    promise_kept,
)
from sim.world.state import LANES, LEDGER

FRIEND = int(Group.FRIEND)
COORDINATOR = int(Line.COORDINATOR)
NEEDED = LEDGER["needed"]


@inlined
def reliance_week(w, first, last):
    """Visits needed and kept, help of staff and of others, and whether one can count on anybody."""
    rates, usual = w.rates[w.ego_profile[first]], w.line_rates[w.ego_profile[first]]
    for e in range(first, last):
        ego = w.egos[e]
        if ego.alive == ZERO:
            continue
        fresh = ego.weeks_since_onset < rates.illness_intensity_weeks
        intense = ego.acute if fresh else ZERO
        needed, staff, longest, trust = ZERO, ZERO, -ONE, ZERO
        for line in range(3):
            here = w.lines[e, line]
            if here.usual > ZERO:
                units = needed_units(usual[line].units, here.usual, here.usual_acute, intense)
                w.ledger[line, NEEDED] += units
                needed += units
            if here.slot >= 0:
                tie, lane = w.ties[e, here.slot >> 3], here.slot & 7
                staff += tie.helped[lane]
                if line <= COORDINATOR and tie.known[lane] > longest:
                    longest, trust = tie.known[lane], tie.trust[lane]
        ego.worker_trust = trust
        compare_with_need(ego, needed, rates)
        promised, given = NO_LANES, NO_LANES
        for b in range(ego.blocks):
            tie = w.ties[e, b]
            for lane in range(LANES):
                lay = ONE if tie.group[lane] <= FRIEND else ZERO
                tie.row[lane] = lay * tie.active[lane] * tie.anticipated[lane]
            promised = add_lanes(promised, tie.row)
            for lane in range(LANES):
                lay = ONE if tie.group[lane] <= FRIEND else ZERO
                tie.row[lane] = lay * tie.helped[lane]
            given = add_lanes(given, tie.row)
        count_on(ego, across(promised), across(given), staff, rates)


@register_jitable
def compare_with_need(ego, needed, rates):
    """Units of visits needed this week, and whether visits come often enough lately."""
    share = rates.service_enough_share
    ego.needed += needed
    ego.needed_lately = running_mean(ego.needed_lately, needed, share)
    ego.kept_lately = running_mean(ego.kept_lately, ego.seen, share)
    ego.enough = often_enough(ego.kept_lately, ego.needed_lately)


@register_jitable
def count_on(ego, promised, given, staff, rates):
    """What partner, kin and friends promise and give, what staff give, and what is left open."""
    share = rates.takeover_lately_share
    ego.lay_help = running_mean(ego.lay_help, given, share)
    ego.staff_lately = running_mean(ego.staff_lately, staff, share)
    ego.staff_usual = running_mean(ego.staff_usual, staff, rates.takeover_usual_share)
    promise = promise_kept(ego.weeks_since_kept, ego.usual_interval)
    formal = formal_security(ego.worker_trust, promise, rates)
    open_now = insecurity_now(informal_security(promised, rates), formal)
    ego.insecurity = running_mean(ego.insecurity, open_now, rates.insecurity_share)
