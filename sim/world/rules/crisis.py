"""Crisis, admission, and days in hospital."""

from numba.extending import register_jitable

from sim.world.arithmetic import (
    HALF,
    ONE,
    ZERO,
    chance,
    exponential,
    f4,
    logarithm,
    normal,
    whole,
)


@register_jitable
def proneness_to_crisis(frailty, log_sd, rates):
    """Own multiplier on the hazard of a crisis: who falls ill more often breaks down more easily.

        exponential(crisis.proneness * logarithm(frailty)
                    - (crisis.proneness * log_sd)^2 / 2)

    On average over people it is 1 (mortensen1994).

    frailty  `egos.frailty`, [0.05, 20]
    log_sd   from `frailty_spread`, [0, 1.3]
    """
    spread = rates.crisis_proneness * log_sd
    return exponential(rates.crisis_proneness * logarithm(frailty) - HALF * spread * spread)


@register_jitable
def crisis_hazard_ill(weeks_since_onset, alone, gap, stayed, caught, prone, rates):
    """Hazard of a crisis this week in an episode (B55, B56).

        crisis.hazard * prone * fresh * exponential(crisis.alone * alone + crisis.overdue * gap)
            * (crisis.again if stayed = 1, else 1) * (crisis.caught if caught = 1, else 1), where
        fresh = crisis.fresh if weeks_since_onset < crisis.fresh_weeks, else 1

    weeks_since_onset  0 in the week of the onset, `egos.weeks_since_onset`, whole [0, 104]
    alone              no partner in touch, {0, 1}
    gap                from `overdue`, [0, 2]
    stayed             has been in acute care in this episode, `egos.stayed`, {0, 1}
    caught             seen coming and acted upon, `egos.caught`, {0, 1}
    prone              from `proneness_to_crisis`, `egos.prone`, [0, 100]
    """
    fresh = rates.crisis_fresh if weeks_since_onset < rates.crisis_fresh_weeks else ONE
    hazard = (
        rates.crisis_hazard
        * prone
        * fresh
        * exponential(rates.crisis_alone * alone + rates.crisis_overdue * gap)
    )
    return (
        hazard
        * (rates.crisis_again if stayed > ZERO else ONE)
        * (rates.crisis_caught if caught > ZERO else ONE)
    )


@register_jitable
def crisis_hazard_well(nobody, gap, prone, rates):
    """Hazard of a crisis this week without an episode: where nobody comes (B55).

        crisis.hazard_well * prone * (crisis.nobody if nobody = 1, else 1)
            * exponential(crisis.well_overdue * gap)

    nobody  from `has_nobody`, {0, 1}
    gap     from `overdue`, [0, 2]
    prone   from `proneness_to_crisis`, `egos.prone`, [0, 100]
    """
    lonely = rates.crisis_nobody if nobody > ZERO else ONE
    return rates.crisis_hazard_well * prone * lonely * exponential(rates.crisis_well_overdue * gap)


@register_jitable
def has_nobody(partners, close, rates):
    """Whether there is no partner and next to no kin or friends in touch (P43).

        1 if partners = 0 and close <= crisis.few, else 0

    partners  partners in touch, a count, whole [0, 1]
    close     adult kin and friends in touch, a count, whole [0, 12]
    """
    few = ONE if close <= rates.crisis_few else ZERO
    return few if partners == ZERO else ZERO


@register_jitable
def breaks_down(u, hazard):
    """Whether there is a crisis this week.

        1 if u < chance(hazard), else 0

    u       uniform
    hazard  from `crisis_hazard_ill` or `crisis_hazard_well`, [0, 30]
    """
    return ONE if u < chance(hazard) else ZERO


@register_jitable
def is_admitted_in_crisis(u, rates):
    """Whether a crisis ends in hospital (B56).

        1 if u < crisis.admitted, else 0

    u  uniform
    """
    return ONE if u < rates.crisis_admitted else ZERO


@register_jitable
def stay_days(u, bipolar, rates):
    """Days of a stay in hospital: log-normal, in whole days, cut (B56, thompson2004, thomas2001).

        min(max(whole(median * exponential(crisis.stay_log_sd * normal(u)), 0.5), 1),
            crisis.stay_longest), where
        median = crisis.stay_days if bipolar = 1, else crisis.stay_days * crisis.stay_psychosis

    u        uniform, through the normal quantile
    bipolar  `egos.bipolar`, {0, 1}
    """
    longer = ONE if bipolar > ZERO else rates.crisis_stay_psychosis
    days = whole(
        rates.crisis_stay_days * longer * exponential(rates.crisis_stay_log_sd * normal(u)),
        f4(0.5),
    )
    return min(max(f4(days), ONE), rates.crisis_stay_longest)


@register_jitable
def within_reach(ward_days, rates):
    """The factor on contact by one's own doing in a week of which some days are in hospital.

        1 - (1 - crisis.contact) * ward_days / 7

    ward_days  days of this week in hospital, `egos.ward_days`, whole [0, 7]
    """
    return ONE - (ONE - rates.crisis_contact) * ward_days / f4(7)
