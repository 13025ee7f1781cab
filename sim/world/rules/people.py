"""People: how long they have been ill, who is on a caseload, with whom they live, who is met."""

from numba.extending import register_jitable

from sim.world.arithmetic import (
    ONE,
    ZERO,
    exponential,
    f4,
    logarithm,
    probability,
    survival,
)


@register_jitable
def age_at_onset(z, bipolar, rates):
    """Age at the onset of illness, years: log-normal.

        ego.onset_age * exponential(ego.onset_log_sd * z)                    if bipolar = 0
        ego.onset_age_bipolar * exponential(ego.onset_log_sd_bipolar * z)    if bipolar = 1

    z        of the ego, [-4.5, 4.5]
    bipolar  `egos.bipolar`, {0, 1}
    """
    if bipolar > ZERO:
        return rates.ego_onset_age_bipolar * exponential(rates.ego_onset_log_sd_bipolar * z)
    return rates.ego_onset_age * exponential(rates.ego_onset_log_sd * z)


@register_jitable
def onset_by(age, bipolar, rates):
    """The share of people in whom illness would have begun by an age.

        probability(logarithm(age / median) / spread), where
        median = ego.onset_age_bipolar if bipolar = 1, else ego.onset_age
        spread = ego.onset_log_sd_bipolar if bipolar = 1, else ego.onset_log_sd

    age      years, whole [18, 80]
    bipolar  `egos.bipolar`, {0, 1}
    """
    if bipolar > ZERO:
        z = logarithm(age / rates.ego_onset_age_bipolar) / rates.ego_onset_log_sd_bipolar
        return probability(z)
    return probability(logarithm(age / rates.ego_onset_age) / rates.ego_onset_log_sd)


@register_jitable
def frailty_spread(bipolar, rates):
    """How far people differ in frailty, as the SD of its logarithm.

        ego.frailty_log_sd_bipolar if bipolar = 1, else ego.frailty_log_sd

    bipolar  `egos.bipolar`, {0, 1}
    """
    return rates.ego_frailty_log_sd_bipolar if bipolar > ZERO else rates.ego_frailty_log_sd


@register_jitable
def admissions_expected(years, frailty, prone, rates):
    """Admissions that so many years of illness have brought on average.

        min(illness.past_episodes * years * frailty * share, 20), where
        share = odds / (1 + odds),
        odds = prone * illness.admission_share / (1 - illness.admission_share)

    Episodes come with frailty, and proneness makes an admission of more of them.

    years    since onset, [0, 62]
    frailty  `egos.frailty`, [0.05, 20]
    prone    from `proneness_to_crisis`, `egos.prone`, [0, 100]
    """
    odds = prone * rates.illness_admission_share / (ONE - rates.illness_admission_share)
    share = odds / (ONE + odds)
    return min(rates.illness_past_episodes * years * frailty * share, f4(20))


@register_jitable
def is_taken_on(u, acute, weeks_well, rates):
    """Whether somebody with this past is on a caseload: the more likely the later it was.

        1 if u < service.recent_acute, else 0                      if acute = 1
        1 if u < service.recent_floor
                 + (1 - service.recent_floor) * recent, else 0     otherwise, where
        recent = survival(min(weeks_well / service.recent_memory, 30))

    A caseload holds those who were ill lately; services discharge the rest. A floor of 1 takes
    everybody who is well.

    u           uniform
    acute       in an episode, {0, 1}
    weeks_well  since the last episode, whole [0, 3000]
    """
    if acute > ZERO:
        return ONE if u < rates.service_recent_acute else ZERO
    recent = survival(min(weeks_well / rates.service_recent_memory, f4(30)))
    floor = rates.service_recent_floor
    return ONE if u < floor + (ONE - floor) * recent else ZERO


@register_jitable
def share_with_parents(age, rates):
    """Of those with a parent in touch and no partner at home, the share who live with parents.

        household.parents * min(max(1 - (age - 18) / household.parents_years, 0), 1)

    age  years, whole [18, 80]
    """
    left = ONE - (age - f4(18)) / rates.household_parents_years
    return rates.household_parents * min(max(left, ZERO), ONE)


@register_jitable
def contact_at_home(rate, shared, rates):
    """Weekly chance of contact with somebody one may live with.

        rate + shared * household.daily * (1 - rate)

    rate    when one does not, `tie.*.contact_rate`
    shared  1 when they live together, {0, 1}
    """
    return rate + shared * rates.household_daily * (ONE - rate)


@register_jitable
def withdrawal_at_home(withdrawal, shared, rates):
    """The share of contact that withdrawal takes, with somebody one may live with.

        withdrawal * (1 - shared * household.daily)

    withdrawal  when one does not, `tie.*.withdrawal`
    shared      1 when they live together, {0, 1}
    """
    return withdrawal * (ONE - shared * rates.household_daily)


@register_jitable
def standing_factor(employed, settled, rates):
    """The factor that work and home put on how many weak ties an ego tends to have.

        (1 + household.work_ties * employed) * (1 - household.unsettled_ties * (1 - settled))

    employed  `egos.employed`, {0, 1}
    settled   `egos.settled`, {0, 1}
    """
    return (ONE + rates.household_work_ties * employed) * (
        ONE - rates.household_unsettled_ties * (ONE - settled)
    )
