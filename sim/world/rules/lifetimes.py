"""How long alters live: people by their age, pets at a rate of their own."""

from numba.extending import register_jitable

from sim.world.arithmetic import ONE, TINY, WEEK, ZERO, exponential, f4, survival
from sim.world.kinds import Kind

FIRST_STAFF, PET = int(Kind.PSYCHIATRIST), int(Kind.PET)


@register_jitable
def death_rate(kind, age, rates):
    """Yearly hazard that an alter dies (Gompertz: a straight line on the log scale).

        mortality.at_70 * exponential(mortality.slope * (age - 70))   of people but professionals
        mortality.pet                                                 of pets
        0                                                             of all others

    All of it times mortality.switch. Professionals, of the team or not, leave their posts, whatever
    the reason.

    kind  code of the kind of tie, whole [0, 24]
    age   of the alter, years, [0, 110]
    """
    if kind < FIRST_STAFF:
        aged = exponential(rates.mortality_slope * (age - f4(70)))
        return rates.mortality_switch * rates.mortality_at_70 * aged
    return rates.mortality_switch * rates.mortality_pet if kind == PET else ZERO


@register_jitable
def share_surviving(first, last, rates):
    """Of people alive at one age, the share alive at another, later one.

        survival(min(max(lost, 0), 32)), where
        lost = mortality.at_70 / mortality.slope * (exponential(mortality.slope * (last - 70))
                                                    - exponential(mortality.slope * (first - 70)))

    first  years, [15, 60]
    last   years, [60, 110]
    """
    late = exponential(rates.mortality_slope * (last - f4(70)))
    early = exponential(rates.mortality_slope * (first - f4(70)))
    lost = rates.mortality_at_70 / rates.mortality_slope * (late - early)
    return survival(min(max(lost, ZERO), f4(32)))


@register_jitable
def parent_at_start(u, ego_age, age, rates):
    """Whether the mother, or the father, is among the kin an ego starts with.

        1 if u < family.parent_kept * alive, else 0,
        alive = share_surviving(age - ego_age, age)

    The ego was born to a living parent. `share_surviving` reads mortality.at_70 and
    mortality.slope.

    u        uniform
    ego_age  years, [18, 80]
    age      of the parent if alive, years, [60, 110]
    """
    alive = share_surviving(age - ego_age, age, rates)
    return ONE if u < rates.family_parent_kept * alive else ZERO


@register_jitable
def share_died(deaths, ending):
    """Of endings at a weekly hazard, the share that are deaths.

        min(deaths * WEEK / ending, 1)

    deaths  from `death_rate`, 1/year, [0, 1]
    ending  from `ending_hazard`, which holds the deaths, [0.0001, 0.2]
    """
    return min(deaths * WEEK / ending, ONE)


@register_jitable
def share_averted(deaths, rate, ending):
    """Of endings at a weekly hazard, the share that do not come about after all.

        max(deaths / rate - deaths * WEEK / ending, 0)

    The hazard of an ending is multiplied by what strains a tie, deaths with it; nobody dies of
    that, and what is too much of them is taken back here.

    deaths  from `death_rate`, 1/year, [0, 1]
    rate    `ties.end_rate`, which holds the deaths, 1/year, [0.01, 2]
    ending  from `ending_hazard`, [0.0001, 0.2]
    """
    return max(deaths / rate - deaths * WEEK / ending, ZERO)


@register_jitable
def uniform_among_survivors(u, share, rate, deaths):
    """The uniform that chooses a kind, for ties alive at the start of whom one kind dies sooner.

        share * u / left                                     if u < left
        share + (1 - share) * (u - left) / (1 - left)        otherwise, where
        left = share * rate / (share * rate + (1 - share) * (rate + deaths))

    So of those born with the stated share, the share that is left of a kind with deaths beside the
    endings of all kinds falls below it.

    u       uniform
    share   of ties that are born, below which a uniform means the kind, [0.01, 0.9]
    rate    1/year, of endings of all kinds, [0.01, 0.6]
    deaths  1/year, of the kind, [0, 0.3]
    """
    left = share * rate / max(share * rate + (ONE - share) * (rate + deaths), TINY)
    if u < left:
        return share * u / left
    return share + (ONE - share) * (u - left) / max(ONE - left, TINY)
