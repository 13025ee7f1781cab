"""Relational work is shared out over ties; who is met this week, and what passes.

Each step has its own loop over egos: short loops over blocks of ties are what the compiler does
well.
"""

from sim.world.arithmetic import (
    NO_LANES,
    ONE,
    TINY,
    ZERO,
    across,
    add_lanes,
    highest,
    highest_lanes,
    unit,
)
from sim.world.compiled import inlined
from sim.world.kinds import Group
from sim.world.phases.rates import tie_rates
from sim.world.rules.crisis import within_reach
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
from sim.world.rules.reliance import more_asked
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

FRIEND = int(Group.FRIEND)
CONTACT, EXCHANGE = int(Stream.CONTACT), int(Stream.EXCHANGE)


@inlined
def spend_capacity(w, first, last):
    """What the ego can do, what its ties would need, and so the share of the work it does."""
    rates = w.rates[w.ego_profile[first]]
    scalars = tie_rates(rates)
    for e in range(first, last):
        ego = w.egos[e]
        if ego.alive == ZERO:
            continue
        needed = NO_LANES
        for b in range(ego.blocks):
            tie = w.ties[e, b]
            for lane in range(LANES):
                tie.row[lane] = work_needed(
                    tie.active[lane], tie.upkeep[lane], tie.strain[lane], scalars
                )
            needed = add_lanes(needed, tie.row)
        ego.capacity = work_capacity(ego.base_capacity, ego.severity, rates)
        ego.share = work_share(ego.capacity, across(needed))
        ego.level = withdrawal_level(ego.acute, ego.severity, ego.challenged, rates)


@inlined
def meet(w, first, last, week, key):
    """Contact this week: by the ego's own doing, or because a visit was kept."""
    when = week + WEEK_OFFSET
    rates = w.rates[w.ego_profile[first]]
    scalars = tie_rates(rates)
    for e in range(first, last):
        ego = w.egos[e]
        if ego.alive == ZERO:
            continue
        who, share, level = ego.address, ego.share, ego.level
        constricting, core = ego.constricting, ego.core
        reach = within_reach(ego.ward_days, rates)
        for b in range(ego.blocks):
            tie = w.ties[e, b]
            for lane in range(LANES):
                a, c, d, g = philox(CONTACT, who, when, tie.identity[lane], key)
                tie.u0[lane], tie.u1[lane] = uniform(a), uniform(c)
                tie.u2[lane], tie.worth[lane] = uniform(d), uniform(g)
            for lane in range(LANES):
                tie.outside[lane] = is_outside_core(
                    constricting, tie.importance[lane], core, tie.human[lane], scalars
                )
            for lane in range(LANES):
                met = is_in_contact(
                    tie.u0[lane], tie.active[lane], tie.contact_rate[lane] * reach, share,
                    tie.obligation[lane], tie.withdrawal[lane], level, tie.outside[lane], scalars,
                )  # fmt: skip
                tie.contacted[lane] = max(met, unit(tie.visited[lane]))


@inlined
def exchange_help(w, first, last):
    """The ego asks, alters offer, help is given."""
    rates = w.rates[w.ego_profile[first]]
    scalars = tie_rates(rates)
    for e in range(first, last):
        ego = w.egos[e]
        if ego.alive == ZERO:
            continue
        guilt, severity = ego.guilt, ego.severity
        need = need_for_help(severity, ego.self_capacity, rates)
        rally = first_crisis_rally(ego.weeks_since_onset, ego.episode, rates)
        more = more_asked(ego.staff_usual, ego.staff_lately, ego.lay_help, rates)
        best = NO_LANES
        for b in range(ego.blocks):
            tie = w.ties[e, b]
            for lane in range(LANES):
                tie.row[lane] = tie.human[lane] * effectiveness(
                    tie.contacted[lane], tie.understanding[lane], tie.load[lane]
                )
            best = highest_lanes(best, tie.row)
        relative = ONE / (highest(best) + TINY)
        for b in range(ego.blocks):
            help_within(w.ties[e, b], need, guilt, severity, relative, rally, more, scalars)


@inlined
def help_within(tie, need, guilt, severity, relative, rally, more, scalars):
    """Who is asked, who offers and what help is given, in a block of ties."""
    for lane in range(LANES):
        of_lay_people = more if tie.group[lane] <= FRIEND else ONE
        tie.asked[lane] = asks(
            tie.u1[lane], tie.ask_rate[lane] * of_lay_people, need, tie.trust[lane], guilt,
            tie.guilt_weight[lane], tie.load[lane], tie.alter_load[lane],
            tie.row[lane] * relative, scalars,
        )  # fmt: skip
    for lane in range(LANES):
        tie.offered[lane] = offers(
            tie.u2[lane], tie.offer_rate[lane], tie.contacted[lane], severity,
            tie.closeness[lane], tie.trust[lane], tie.load[lane], rally, scalars,
        )  # fmt: skip
    for lane in range(LANES):
        tie.helped[lane] = help_received(
            tie.worth[lane], tie.asked[lane], tie.offered[lane], tie.contacted[lane],
            tie.presence[lane], tie.load[lane], scalars,
        )  # fmt: skip
    for lane in range(LANES):
        tie.worth[lane] = value_of_help(
            tie.helped[lane], tie.understanding[lane], tie.human[lane], scalars
        )


@inlined
def exchange_words(w, first, last, week, key):
    """What the ego confides, what it is asked for and gives; the last uniform is for its fate."""
    when = week + WEEK_OFFSET
    rates = w.rates[w.ego_profile[first]]
    scalars = tie_rates(rates)
    for e in range(first, last):
        ego = w.egos[e]
        if ego.alive == ZERO:
            continue
        who, guilt, censorship, share = ego.address, ego.guilt, ego.censorship, ego.share
        for b in range(ego.blocks):
            tie = w.ties[e, b]
            for lane in range(LANES):
                a, c, d, g = philox(EXCHANGE, who, when, tie.identity[lane], key)
                tie.u0[lane], tie.u1[lane] = uniform(a), uniform(c)
                tie.row[lane], tie.u2[lane] = uniform(d), uniform(g)
            for lane in range(LANES):
                tie.disclosed[lane] = discloses(
                    tie.u0[lane], tie.contacted[lane], tie.trust[lane], tie.floor[lane],
                    tie.disclosable[lane], censorship, guilt, tie.guilt_weight[lane],
                    tie.known[lane], tie.daring[lane], scalars,
                )  # fmt: skip
            for lane in range(LANES):
                tie.asked_back[lane] = requests_back(
                    tie.u1[lane], tie.contacted[lane], tie.demand[lane]
                )
            for lane in range(LANES):
                tie.granted[lane] = gives(
                    tie.row[lane], tie.asked_back[lane], tie.obligation[lane], share
                )
