"""The rules of crisis, written a second time from docs/odd.md."""

import math
import statistics


def _exponential(x):
    """Raise e to the power x, with x cut to eight either way."""
    return math.exp(min(max(x, -8.0), 8.0))


def _logarithm(x):
    """Give the natural logarithm."""
    return math.log(x)


def _chance(hazard):
    """Turn the hazard of a week into the chance of its event."""
    h = min(hazard, 1.0)
    return h - h * h / 2.0


def _normal(u):
    """Give the standard normal quantile of a uniform."""
    return statistics.NormalDist().inv_cdf(u)


def _whole(x, u):
    """Round x to a whole number by the uniform u, right on average."""
    return float(math.floor(x + u))


def _flag(condition):
    """Write a condition as 1.0 or 0.0."""
    return 1.0 if condition else 0.0


def proneness_to_crisis(frailty, log_sd, rates):
    """Give the own multiplier on the hazard of a crisis, 1 on average."""
    power = rates.crisis_proneness
    return _exponential(power * _logarithm(frailty) - (power * log_sd) ** 2 / 2)


def crisis_hazard_ill(weeks_since_onset, alone, gap, stayed, caught, prone, rates):
    """Give the hazard of a crisis in a week of an episode."""
    hazard = (
        rates.crisis_hazard
        * prone
        * _exponential(rates.crisis_alone * alone + rates.crisis_overdue * gap)
    )
    if weeks_since_onset < rates.crisis_fresh_weeks:
        hazard *= rates.crisis_fresh
    if stayed == 1.0:
        hazard *= rates.crisis_again
    if caught == 1.0:
        hazard *= rates.crisis_caught
    return hazard


def crisis_hazard_well(nobody, gap, prone, rates):
    """Give the hazard of a crisis in a week without an episode."""
    factor = rates.crisis_nobody if nobody == 1.0 else 1.0
    return prone * rates.crisis_hazard_well * factor * _exponential(rates.crisis_well_overdue * gap)


def has_nobody(partners, close, rates):
    """Tell whether there is no partner and next to no kin or friends."""
    return _flag(partners == 0.0 and close <= rates.crisis_few)


def breaks_down(u, hazard):
    """Tell whether there is a crisis this week."""
    return _flag(u < _chance(hazard))


def is_admitted_in_crisis(u, rates):
    """Tell whether a crisis ends in hospital."""
    return _flag(u < rates.crisis_admitted)


def stay_days(u, bipolar, rates):
    """Draw how many whole days a stay in hospital takes."""
    typical = rates.crisis_stay_days * (1.0 if bipolar == 1.0 else rates.crisis_stay_psychosis)
    days = typical * _exponential(rates.crisis_stay_log_sd * _normal(u))
    return min(max(_whole(days, 0.5), 1.0), rates.crisis_stay_longest)


def within_reach(ward_days, rates):
    """Give the factor on contact in a week of which some days are in hospital."""
    return 1.0 - (1.0 - rates.crisis_contact) * ward_days / 7.0
