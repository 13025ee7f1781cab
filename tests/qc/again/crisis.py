"""The rules of crisis, written a second time from docs/odd.md."""

import math
import statistics


def _exponential(x):
    """Raise e to the power x, with x cut to eight either way."""
    return math.exp(min(max(x, -8.0), 8.0))


def _chance(hazard):
    """Turn the hazard of a week into the chance of its event."""
    h = min(hazard, 1.0)
    return h - h * h / 2.0


def _flag(condition):
    """Write a condition as 1.0 or 0.0."""
    return 1.0 if condition else 0.0


def crisis_hazard_ill(weeks_since_onset, alone, gap, stayed, caught, rates):
    """Give this week's hazard of a crisis in an episode."""
    hazard = rates.crisis_hazard
    hazard *= _exponential(rates.crisis_alone * alone + rates.crisis_overdue * gap)
    if weeks_since_onset < rates.crisis_fresh_weeks:
        hazard *= rates.crisis_fresh
    if stayed == 1.0:
        hazard *= rates.crisis_again
    if caught == 1.0:
        hazard *= rates.crisis_caught
    return hazard


def crisis_hazard_well(nobody, gap, rates):
    """Give this week's hazard of a crisis without an episode."""
    hazard = rates.crisis_hazard_well * _exponential(rates.crisis_well_overdue * gap)
    return hazard * rates.crisis_nobody if nobody == 1.0 else hazard


def has_nobody(partners, close, rates):
    """Tell whether the ego has nobody."""
    return _flag(partners == 0.0 and close <= rates.crisis_few)


def breaks_down(u, hazard):
    """Tell whether there is a crisis."""
    return _flag(u < _chance(hazard))


def is_admitted_in_crisis(u, rates):
    """Tell whether the crisis ends in hospital."""
    return _flag(u < rates.crisis_admitted)


def stay_days(u, rates):
    """Give the days of a stay."""
    z = statistics.NormalDist().inv_cdf(u)
    days = math.floor(rates.crisis_stay_days * _exponential(rates.crisis_stay_log_sd * z) + 0.5)
    return float(min(max(days, 1.0), rates.crisis_stay_longest))


def within_reach(ward_days, rates):
    """Give the factor on contact in a week with days in hospital."""
    return 1.0 - ward_days / 7.0 * (1.0 - rates.crisis_contact)
