"""Relational work is shared out over ties; who is met this week, and what passes."""

from numba.extending import register_jitable

from sim.world.arithmetic import ONE, ZERO, f4, fold, largest, unit
from sim.world.phases import layout as c
from sim.world.rules.exchange import (
    asks,
    discloses,
    effectiveness,
    gives,
    help_received,
    need_for_help,
    offers,
    requests_back,
    running,
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
from sim.world.streams import WEEK_OFFSET, Stream, philox, uniform

CONTACT, EXCHANGE = int(Stream.CONTACT), int(Stream.EXCHANGE)


@register_jitable
def contact_week(w, week, scratch, lane, key):
    """Capacity for relational work is spent over ties, and contact follows."""
    row, outside, u0, u1, u2, u3 = (
        scratch[0], scratch[1], scratch[2], scratch[3], scratch[4], scratch[5],
    )  # fmt: skip
    active, strain, importance = w.ties[c.ACTIVE], w.ties[c.STRAIN], w.ties[c.IMPORTANCE]
    human, upkeep, rate = w.ties[c.HUMAN], w.ties[c.UPKEEP], w.ties[c.CONTACT_RATE]
    obligation, withdrawal = w.ties[c.OBLIGATION], w.ties[c.WITHDRAWAL]
    visited, contacted = w.ties[c.VISITED], w.ties[c.CONTACTED]
    identity = w.marks[c.IDENTITY]
    when = week + WEEK_OFFSET
    for e in range(w.egos.size):
        ego = w.egos[e]
        if ego.alive == ZERO:
            continue
        p = w.params[w.ego_profile[e]]
        width, who = ego.width, ego.address
        for s in range(width):
            row[s] = work_needed(active[e, s], upkeep[e, s], strain[e, s], p)
        ego.capacity = work_capacity(ego.base_capacity, ego.severity, p)
        share = work_share(ego.capacity, fold(row, width, lane))
        ego.share = share
        level = withdrawal_level(ego.acute, ego.severity, ego.challenged, p)
        ego.level = level
        constricting, core = ego.constricting, ego.core
        for s in range(width):
            outside[s] = is_outside_core(constricting, importance[e, s], core, human[e, s], p)
        for s in range(width):
            a, b, d, g = philox(CONTACT, who, when, identity[e, s], key)
            u0[s], u1[s], u2[s], u3[s] = uniform(a), uniform(b), uniform(d), uniform(g)
        for s in range(width):
            contacted[e, s] = is_in_contact(
                u0[s], active[e, s], rate[e, s], share, obligation[e, s], withdrawal[e, s], level,
                outside[s], p,
            )  # fmt: skip
        for s in range(width):
            contacted[e, s] = max(contacted[e, s], unit(visited[e, s]))
        exchange_help(w, e, p, scratch, lane)
        for s in range(width):
            a, b, d, g = philox(EXCHANGE, who, when, identity[e, s], key)
            u0[s], u1[s], u2[s] = uniform(a), uniform(b), uniform(d)
        exchange_words(w, e, p, scratch)


@register_jitable
def exchange_help(w, e, p, scratch, lane):
    """The ego asks, alters offer, help is given; u1, u2, u3 of the contact stream."""
    ego, t = w.egos[e], w.ties
    row, asked, offered = scratch[0], scratch[6], scratch[7]
    u1, u2, u3 = scratch[3], scratch[4], scratch[5]
    contacted, understanding, load = t[c.CONTACTED], t[c.UNDERSTANDING], t[c.LOAD]
    human, trust, closeness = t[c.HUMAN], t[c.TRUST], t[c.CLOSENESS]
    ask_rate, offer_rate, presence = t[c.ASK_RATE], t[c.OFFER_RATE], t[c.PRESENCE]
    guilt_weight, alter_load, helped = t[c.GUILT_WEIGHT], t[c.ALTER_LOAD], t[c.HELPED]
    width, guilt, severity = ego.width, ego.guilt, ego.severity
    for s in range(width):
        row[s] = effectiveness(contacted[e, s], understanding[e, s], load[e, s]) * human[e, s]
    best = largest(row, width)
    need = need_for_help(severity, ego.self_capacity, p)
    rally = first_crisis_rally(ego.weeks_since_onset, ego.episode, p)
    for s in range(width):
        asked[s] = asks(
            u1[s], ask_rate[e, s], need, trust[e, s], guilt, guilt_weight[e, s], load[e, s],
            alter_load[e, s], row[s], best, p,
        )  # fmt: skip
    for s in range(width):
        offered[s] = offers(
            u2[s], offer_rate[e, s], contacted[e, s], severity, closeness[e, s], trust[e, s],
            load[e, s], rally, p,
        )  # fmt: skip
    for s in range(width):
        helped[e, s] = help_received(
            u3[s], asked[s], offered[s], contacted[e, s], presence[e, s], load[e, s], p
        )


@register_jitable
def exchange_words(w, e, p, scratch):
    """What the ego confides, and what it is asked for and gives."""
    ego, t = w.egos[e], w.ties
    u0, u1, u2 = scratch[2], scratch[3], scratch[4]
    contacted, trust, floor = t[c.CONTACTED], t[c.TRUST], t[c.FLOOR]
    disclosable, guilt_weight, known = t[c.DISCLOSABLE], t[c.GUILT_WEIGHT], t[c.KNOWN]
    delay, demand, obligation = t[c.DELAY], t[c.DEMAND], t[c.OBLIGATION]
    disclosed, asked_back, granted = t[c.DISCLOSED], t[c.ASKED_BACK], t[c.GRANTED]
    width, guilt, censorship, share = ego.width, ego.guilt, ego.censorship, ego.share
    for s in range(width):
        disclosed[e, s] = discloses(
            u0[s], contacted[e, s], trust[e, s], floor[e, s], disclosable[e, s], censorship, guilt,
            guilt_weight[e, s], known[e, s], delay[e, s], p,
        )  # fmt: skip
    for s in range(width):
        asked_back[e, s] = requests_back(u1[s], contacted[e, s], demand[e, s])
    for s in range(width):
        granted[e, s] = gives(u2[s], asked_back[e, s], obligation[e, s], share)
