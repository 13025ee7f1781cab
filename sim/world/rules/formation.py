"""How ties begin."""

from numba.extending import register_jitable

from sim.world.arithmetic import ONE, WEEK, ZERO, chance, exponential, f4, normal, square_root, unit


@register_jitable
def confidence_factor(aftermath, sensitivity, rates):
    """The factor illness puts on new ties: confidence lost after an onset (P4).

        1 - sensitivity * formation.confidence_loss * aftermath

    Friends and partners take confidence, objects none.

    aftermath    from `in_aftermath`, {0, 1}
    sensitivity  how much new ties of the group take confidence, `tie.*.confidence`
    """
    return ONE - sensitivity * rates.formation_confidence_loss * aftermath


@register_jitable
def crisis_factor(crisis, rates):
    """The factor of a first crisis on new ties with kin, friends and weak ties (P55).

        1 + illness.rally_births * crisis

    crisis  from `first_crisis`, [0, 1]
    """
    return ONE + rates.illness_rally_births * crisis


@register_jitable
def weak_tie_factor(groups, rates):
    """The factor that hobbies and groups attended put on weak ties (P52).

        1 + formation.group_effect * min(groups, 2)

    groups  running mean of groups and hobbies attended, `egos.groups`, [0, 10]
    """
    return ONE + rates.formation_group_effect * min(groups, f4(2))


@register_jitable
def diversifying_factor(diversifier, unmet, rates):
    """The factor of looking wider when support falls short, for those who do.

        1 + formation.diversify * diversifier * unmet

    diversifier  `egos.diversifier`, {0, 1}
    unmet        need not met by help this week, `egos.unmet`, [0, 1]
    """
    return ONE + rates.formation_diversify * diversifier * unmet


@register_jitable
def forms(u, rate, set_point, factor):
    """Whether a tie of this group begins this week.

        1 if u < chance(rate * set_point * WEEK * factor), else 0

    u          uniform
    rate       births a year per tie of the set point, `tie.*.formation`; solved so that births
               balance losses
    set_point  how many such ties this ego tends to have, `egos.set_kin`, `egos.set_friend`,
               `egos.set_weak`, `egos.set_outside`, `egos.set_object`; 1 for a partner, [0, 20]
    factor     product of the factors that apply to the group, [0, 60]
    """
    return ONE if u < chance(rate * set_point * WEEK * factor) else ZERO


@register_jitable
def strength_at_birth(u, fond, able, affection, functions, survivor_shift):
    """Strength of a tie, z: what can be seen of it, and what cannot (P13, P30).

        affection * fond + functions * able + rest * (normal(u) + rest * survivor_shift), where
        rest = square_root(max(1 - affection^2 - functions^2, 0))

    N(0, 1) at birth. The ties alive at the start survived, so theirs is N(shift, 1): each part of
    strength is moved in proportion to its loading, `fond` and `able` where they are drawn.

    u               uniform, through the normal quantile
    fond            affection beside that of the group, z, [-4, 4]
    able            what it can give beside the group, z, [-4, 4]
    affection       loading, `tie.*.strength_affection`
    functions       loading, `tie.*.strength_functions`
    survivor_shift  `tie.*.strength_slope` for ties alive at the start, else 0, [0, 1]
    """
    rest = square_root(max(ONE - affection * affection - functions * functions, ZERO))
    own = normal(u) + rest * survivor_shift
    return affection * fond + functions * able + rest * own


@register_jitable
def chance_of_function(chance, tilt):
    """Chance that a tie can give one of the five kinds of support.

        chance + chance * (1 - chance) * (odds - 1) / (1 + chance * (odds - 1)), where
        odds = exponential(tilt)

    Of ties that have lasted, more can give what keeps ties: their odds are multiplied.

    chance  at birth, `tie.*.gives_emotional` and the like, [0, 1]
    tilt    log odds: survivor shift times loading over the SD of what ties can give, [0, 1]
    """
    more = exponential(tilt) - ONE
    return chance + chance * (ONE - chance) * more / (ONE + chance * more)


@register_jitable
def trait(u, mean, spread):
    """A tie trait in [0, 1].

        unit(mean + spread * normal(u))

    u       uniform, through the normal quantile
    mean    of the trait, [0, 1]
    spread  SD between ties before the cut, [0, 1]
    """
    return unit(mean + spread * normal(u))


@register_jitable
def disclosable(intrusive, secret, rates):
    """The factor on disclosure to this alter.

        exponential(-exchange.intrusive * intrusive) * (1 - exchange.secret * secret)

    Less to those who over-question (P16), less to kin with whom something cannot be spoken of
    (P22).

    intrusive  the alter's intrusiveness, z, [-4, 4]
    secret     1 if something cannot be spoken of, {0, 1}
    """
    return exponential(-rates.exchange_intrusive * intrusive) * (
        ONE - rates.exchange_secret * secret
    )
