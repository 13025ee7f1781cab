"""The rules of formation, written a second time from docs/odd.md."""

import math
import statistics

_WEEK = 1.0 / 52.0


def _unit(x):
    """Cut x to the interval from nought to one."""
    return min(max(x, 0.0), 1.0)


def _exponential(x):
    """Raise e to the power x, with x cut to eight either way."""
    return math.exp(min(max(x, -8.0), 8.0))


def _chance(hazard):
    """Turn the hazard of a week into the chance of its event."""
    h = min(hazard, 1.0)
    return h - h * h / 2.0


def _normal(u):
    """Give the standard normal quantile of a uniform."""
    return statistics.NormalDist().inv_cdf(u)


def _flag(condition):
    """Write a condition as 1.0 or 0.0."""
    return 1.0 if condition else 0.0


def confidence_factor(aftermath, sensitivity, rates):
    """Give the factor by which a recent onset discourages new ties."""
    return 1.0 - sensitivity * rates.formation_confidence_loss * aftermath


def crisis_factor(crisis, rates):
    """Give the factor by which a first crisis brings new ties."""
    return 1.0 + rates.illness_rally_births * crisis


def weak_tie_factor(groups, rates):
    """Give the factor by which groups and hobbies bring weak ties."""
    return 1.0 + rates.formation_group_effect * min(groups, 2.0)


def diversifying_factor(diversifier, unmet, rates):
    """Give the factor by which want of support makes some look further."""
    return 1.0 + rates.formation_diversify * diversifier * unmet


def forms(u, rate, set_point, factor):
    """Tell whether a new tie comes about this week."""
    return _flag(u < _chance(rate * set_point * _WEEK * factor))


def strength_at_birth(u, fond, able, affection, functions, survivor_shift):
    """Give the strength of a tie, which is more for those who survived."""
    rest = math.sqrt(max(1.0 - affection**2 - functions**2, 0.0))
    own = _normal(u) + rest * survivor_shift
    return affection * fond + functions * able + rest * own


def chance_of_function(chance, tilt):
    """Give the chance of a kind of support, its odds multiplied for those who survived."""
    weight = chance * _exponential(tilt)
    return weight / (weight + 1.0 - chance)


def trait(u, mean, spread):
    """Draw a trait around its mean, kept between nought and one."""
    return _unit(mean + spread * _normal(u))


def disclosable(intrusive, secret, rates):
    """Give how freely one can speak to this alter."""
    return _exponential(-rates.exchange_intrusive * intrusive) * (
        1.0 - rates.exchange_secret * secret
    )
