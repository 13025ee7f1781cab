"""How ties begin."""

from numba.extending import register_jitable

from sim.world.arithmetic import ONE, WEEK, ZERO, chance, exponential, f4, normal, unit


@register_jitable
def confidence_factor(aftermath, sensitivity, p):
    """The factor illness puts on new ties: 1 - sensitivity * confidence_loss after an onset (P4).

    Friends and partners take confidence (sensitivity 1), objects none.
    """
    return ONE - sensitivity * p.formation_confidence_loss * aftermath


@register_jitable
def crisis_factor(crisis, p):
    """The factor of a first crisis on new ties with people: 1 + rally_births * freshness (P55)."""
    return ONE + p.illness_rally_births * crisis


@register_jitable
def weak_tie_factor(groups, p):
    """The factor that hobbies and groups put on weak ties.

    1 + group_effect * min(groups, 2) (P52).
    """
    return ONE + p.formation_group_effect * min(groups, f4(2))


@register_jitable
def diversifying_factor(diversifier, unmet, p):
    """The factor of looking wider when support falls short, for those who do.

    1 + diversify * unmet.
    """
    return ONE + p.formation_diversify * diversifier * unmet


@register_jitable
def forms(u, rate, set_point, factor):
    """Whether a tie of this group begins this week: hazard = rate * set_point / 52 * factor.

    rate       births a year per tie of the set point; solved so that births balance losses
    set_point  how many such ties this ego tends to have
    """
    return ONE if u < chance(rate * set_point * WEEK * factor) else ZERO


@register_jitable
def strength_at_birth(u, survivor_shift):
    """Strength of a tie: N(0, 1) at birth; the ties alive at the start survived, so N(shift, 1)."""
    return normal(u) + survivor_shift


@register_jitable
def trait(u, mean, spread):
    """A tie trait in [0, 1]: mean + spread * z, cut."""
    return unit(mean + spread * normal(u))


@register_jitable
def disclosable(intrusive, secret, p):
    """The factor on disclosure to this alter.

    exp(-intrusive_effect * z) (P16), less with a secret (P22).
    """
    return exponential(-p.exchange_intrusive * intrusive) * (ONE - p.exchange_secret * secret)
