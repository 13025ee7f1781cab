"""Relational work is shared out over ties; who is met this week, and what passes.

Each step has its own loop over egos: short loops over blocks of ties are what the compiler does
well.
"""

from numba.extending import register_jitable

from sim.world.arithmetic import NO_LANES, ONE, TINY, ZERO, across, add_lanes, highest, unit
from sim.world.phases.rates import tie_rates
from sim.world.rules.exchange import (
    asks,
    discloses,
    effectiveness,
    gives,
    help_received,
    need_for_help,
    offers,
    requests_back,
    value_of_help,
)
from sim.world.rules.illness import first_crisis_rally
from sim.world.rules.work import (
    is_in_contact,
    is_outside_core,
    withdrawal_level,
    work_capacity,
    work_needed,
    work_share,
)
from sim.world.state import LANES
from sim.world.streams import WEEK_OFFSET, Stream, philox, uniform

CONTACT, EXCHANGE = int(Stream.CONTACT), int(Stream.EXCHANGE)


@register_jitable
def spend_capacity(w, first, last):
    """What the ego can do, what its ties would need, and so the share of the work it does."""
    for e in range(first, last):
        ego = w.egos[e]
        if ego.alive == ZERO:
            continue
        p = w.params[w.ego_profile[e]]
        q = tie_rates(p)
        needed = NO_LANES
        for b in range(ego.blocks):
            x = w.ties[e, b]
            for k in range(LANES):
                x.row[k] = work_needed(x.active[k], x.upkeep[k], x.strain[k], q)
            needed = add_lanes(needed, x.row)
        ego.capacity = work_capacity(ego.base_capacity, ego.severity, p)
        ego.share = work_share(ego.capacity, across(needed))
        ego.level = withdrawal_level(ego.acute, ego.severity, ego.challenged, p)


@register_jitable
def meet(w, first, last, week, key):
    """Contact this week: by the ego's own doing, or because a visit was kept."""
    when = week + WEEK_OFFSET
    for e in range(first, last):
        ego = w.egos[e]
        if ego.alive == ZERO:
            continue
        p = w.params[w.ego_profile[e]]
        q = tie_rates(p)
        who, share, level = ego.address, ego.share, ego.level
        constricting, core = ego.constricting, ego.core
        for b in range(ego.blocks):
            x = w.ties[e, b]
            for k in range(LANES):
                a, c, d, g = philox(CONTACT, who, when, x.identity[k], key)
                x.u0[k], x.u1[k] = uniform(a), uniform(c)
                x.u2[k], x.u3[k] = uniform(d), uniform(g)
            for k in range(LANES):
                x.outside[k] = is_outside_core(constricting, x.importance[k], core, x.human[k], q)
            for k in range(LANES):
                met = is_in_contact(
                    x.u0[k], x.active[k], x.contact_rate[k], share, x.obligation[k],
                    x.withdrawal[k], level, x.outside[k], q,
                )  # fmt: skip
                x.contacted[k] = max(met, unit(x.visited[k]))


@register_jitable
def exchange_help(w, first, last):
    """The ego asks, alters offer, help is given."""
    for e in range(first, last):
        ego = w.egos[e]
        if ego.alive == ZERO:
            continue
        p = w.params[w.ego_profile[e]]
        q = tie_rates(p)
        guilt, severity = ego.guilt, ego.severity
        need = need_for_help(severity, ego.self_capacity, p)
        rally = first_crisis_rally(ego.weeks_since_onset, ego.episode, p)
        best = ZERO
        for b in range(ego.blocks):
            x = w.ties[e, b]
            for k in range(LANES):
                x.row[k] = x.human[k] * effectiveness(x.contacted[k], x.understanding[k], x.load[k])
            best = highest(best, x.row)
        relative = ONE / (best + TINY)
        for b in range(ego.blocks):
            x = w.ties[e, b]
            for k in range(LANES):
                x.row[k] = asks(
                    x.u1[k], x.ask_rate[k], need, x.trust[k], guilt, x.guilt_weight[k], x.load[k],
                    x.alter_load[k], x.row[k] * relative, q,
                )  # fmt: skip
            for k in range(LANES):
                x.offered[k] = offers(
                    x.u2[k], x.offer_rate[k], x.contacted[k], severity, x.closeness[k], x.trust[k],
                    x.load[k], rally, q,
                )  # fmt: skip
            for k in range(LANES):
                x.helped[k] = help_received(
                    x.u3[k], x.row[k], x.offered[k], x.contacted[k], x.presence[k], x.load[k], q
                )  # fmt: skip
            for k in range(LANES):
                x.worth[k] = value_of_help(x.helped[k], x.understanding[k], x.human[k], q)


@register_jitable
def exchange_words(w, first, last, week, key):
    """What the ego confides, what it is asked for and gives; the last uniform is for its fate."""
    when = week + WEEK_OFFSET
    for e in range(first, last):
        ego = w.egos[e]
        if ego.alive == ZERO:
            continue
        p = w.params[w.ego_profile[e]]
        q = tie_rates(p)
        who, guilt, censorship, share = ego.address, ego.guilt, ego.censorship, ego.share
        for b in range(ego.blocks):
            x = w.ties[e, b]
            for k in range(LANES):
                a, c, d, g = philox(EXCHANGE, who, when, x.identity[k], key)
                x.u0[k], x.u1[k] = uniform(a), uniform(c)
                x.u2[k], x.u3[k] = uniform(d), uniform(g)
            for k in range(LANES):
                x.disclosed[k] = discloses(
                    x.u0[k], x.contacted[k], x.trust[k], x.floor[k], x.disclosable[k], censorship,
                    guilt, x.guilt_weight[k], x.known[k], x.daring[k], q,
                )  # fmt: skip
            for k in range(LANES):
                x.asked_back[k] = requests_back(x.u1[k], x.contacted[k], x.demand[k])
            for k in range(LANES):
                x.granted[k] = gives(x.u2[k], x.asked_back[k], x.obligation[k], share)
