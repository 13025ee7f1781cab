"""Deaths of alters: part of the hazard of ending, by the alter's age, taken anew every year."""

from numba.extending import register_jitable

from sim.world.arithmetic import WEEK, ZERO, f4
from sim.world.kinds import WEEKS_A_YEAR
from sim.world.rules.alters import alter_age_at
from sim.world.rules.lifetimes import death_rate
from sim.world.streams import Stream, uniforms

PERSON = int(Stream.PERSON)


@register_jitable
def death_rate_of(tie, lane, ego, week, rates, key):
    """Yearly hazard that an alter dies, at the age reached when the present year began.

    Years are counted from the start of the study, so that what is taken anew within one is the
    same whenever that happens.
    """
    _, u, _, _ = uniforms(PERSON, ego.address, 0, tie.identity[lane], key)
    years = week // WEEKS_A_YEAR
    since = max(tie.known[lane] - f4(week - WEEKS_A_YEAR * years), ZERO) * WEEK
    age = alter_age_at(u, tie.kind[lane], f4(ego.age), f4(years), since, rates)
    return death_rate(tie.kind[lane], age, rates)


@register_jitable
def add_deaths(tie, lane, ego, week, rates, key):
    """Add to a tie's hazard of ending, just filled, that the alter dies."""
    if rates.mortality_switch > ZERO:
        tie.end_rate[lane] += death_rate_of(tie, lane, ego, week, rates, key)
