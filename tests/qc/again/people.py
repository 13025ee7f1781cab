"""The rules of people, written a second time from docs/odd.md."""

import math
import statistics


def _unit(x):
    """Cut x to the interval from nought to one."""
    return min(max(x, 0.0), 1.0)


def _exponential(x):
    """Raise e to the power x, with x cut to eight either way."""
    return math.exp(min(max(x, -8.0), 8.0))


def _survival(x):
    """Give e to the power -x for x from nought to 32."""
    return math.exp(-x)


def _logarithm(x):
    """Take the natural logarithm, with x cut to the stated domain."""
    return math.log(min(max(x, 1e-8), 1e8))


def _probability(z):
    """Give the standard normal probability below z."""
    return statistics.NormalDist().cdf(z)


def _flag(condition):
    """Write a condition as 1.0 or 0.0."""
    return 1.0 if condition else 0.0


def age_at_onset(z, bipolar, rates):
    """Give the age in years at which illness begins."""
    if bipolar == 1.0:
        return rates.ego_onset_age_bipolar * _exponential(rates.ego_onset_log_sd_bipolar * z)
    return rates.ego_onset_age * _exponential(rates.ego_onset_log_sd * z)


def onset_by(age, bipolar, rates):
    """Give the share of people who would have fallen ill by an age."""
    median, spread = rates.ego_onset_age, rates.ego_onset_log_sd
    if bipolar == 1.0:
        median, spread = rates.ego_onset_age_bipolar, rates.ego_onset_log_sd_bipolar
    return _probability(_logarithm(age / median) / spread)


def frailty_spread(bipolar, rates):
    """Give the SD of the logarithm of frailty."""
    return rates.ego_frailty_log_sd_bipolar if bipolar == 1.0 else rates.ego_frailty_log_sd


def admissions_expected(years, frailty, prone, rates):
    """Give how many admissions so many years of illness bring on average."""
    odds = rates.illness_admission_share / (1.0 - rates.illness_admission_share) * prone
    admitted = 1.0 - 1.0 / (1.0 + odds)
    return min(rates.illness_past_episodes * years * frailty * admitted, 20.0)


def is_taken_on(u, acute, weeks_well, rates):
    """Tell whether somebody with this past is on a caseload."""
    if acute == 1.0:
        return _flag(u < rates.service_recent_acute)
    recent = _survival(min(weeks_well / rates.service_recent_memory, 30.0))
    floor = rates.service_recent_floor
    return _flag(u < floor + (1.0 - floor) * recent)


def share_with_parents(age, rates):
    """Give the share who live with parents, among those who could."""
    return rates.household_parents * _unit(1.0 - (age - 18.0) / rates.household_parents_years)


def contact_at_home(rate, shared, rates):
    """Give the weekly chance of contact with somebody one may live with."""
    return rate + shared * rates.household_daily * (1.0 - rate)


def withdrawal_at_home(withdrawal, shared, rates):
    """Give the share of contact that withdrawal takes from somebody one may live with."""
    return withdrawal * (1.0 - shared * rates.household_daily)


def standing_factor(employed, settled, rates):
    """Give the factor of work and home on the number of weak ties."""
    work = 1.0 + rates.household_work_ties * employed
    home = 1.0 - rates.household_unsettled_ties * (1.0 - settled)
    return work * home
