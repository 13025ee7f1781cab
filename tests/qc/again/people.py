"""The rules of people, written a second time from docs/odd.md."""

import math
import statistics


def _exponential(x):
    """Raise e to the power x, with x cut to eight either way."""
    return math.exp(min(max(x, -8.0), 8.0))


def _flag(condition):
    """Write a condition as 1.0 or 0.0."""
    return 1.0 if condition else 0.0


def age_at_onset(z, bipolar, rates):
    """Give the age at which illness began."""
    if bipolar == 1.0:
        return rates.ego_onset_age_bipolar * _exponential(rates.ego_onset_log_sd_bipolar * z)
    return rates.ego_onset_age * _exponential(rates.ego_onset_log_sd * z)


def onset_by(age, bipolar, rates):
    """Give the share in whom illness begins no later than this."""
    median, spread = rates.ego_onset_age, rates.ego_onset_log_sd
    if bipolar == 1.0:
        median, spread = rates.ego_onset_age_bipolar, rates.ego_onset_log_sd_bipolar
    return statistics.NormalDist().cdf(math.log(age / median) / spread)


def admissions_expected(years, frailty, rates):
    """Give the mean number of admissions of so long an illness."""
    return min(rates.illness_past_admissions * years * frailty, 20.0)


def is_taken_on(u, acute, weeks_well, rates):
    """Tell whether services would hold somebody who is ill, or has been well so long."""
    if acute == 1.0:
        return _flag(u < rates.service_recent_acute)
    floor = rates.service_recent_floor
    recent = math.exp(-min(weeks_well / rates.service_recent_memory, 30.0))
    return _flag(u < floor + (1.0 - floor) * recent)


def share_with_parents(age, rates):
    """Give the share who live with parents at this age."""
    left = 1.0 - (age - 18.0) / rates.household_parents_years
    return rates.household_parents * min(max(left, 0.0), 1.0)


def contact_at_home(rate, shared, rates):
    """Give the weekly chance of meeting somebody, who may live in the same home."""
    return rate + shared * rates.household_daily * (1.0 - rate)


def withdrawal_at_home(withdrawal, shared, rates):
    """Give what withdrawal takes from contact with somebody, who may live in the same home."""
    return withdrawal * (1.0 - shared * rates.household_daily)


def standing_factor(employed, settled, rates):
    """Give the factor of work and home on weak ties."""
    at_work = 1.0 + rates.household_work_ties * employed
    return at_work * (1.0 - rates.household_unsettled_ties * (1.0 - settled))
