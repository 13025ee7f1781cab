"""The rules of lifetimes, written a second time from docs/odd.md."""

import math

_WEEK = 1.0 / 52.0
_PROFESSIONALS = range(11, 18)  # psychiatrist to other_prof
_PET = 18


def _exponential(x):
    """Raise e to the power x, with x cut to eight either way."""
    return math.exp(min(max(x, -8.0), 8.0))


def _survival(x):
    """Give e to the power -x for x from nought to 32."""
    return math.exp(-x)


def _flag(condition):
    """Write a condition as 1.0 or 0.0."""
    return 1.0 if condition else 0.0


def death_rate(kind, age, rates):
    """Give the yearly hazard that an alter dies."""
    if kind == _PET:
        return rates.mortality_switch * rates.mortality_pet
    if kind > _PET or kind in _PROFESSIONALS:
        return 0.0
    growth = _exponential(rates.mortality_slope * (age - 70.0))
    return rates.mortality_switch * rates.mortality_at_70 * growth


def share_surviving(first, last, rates):
    """Give the share of people alive at one age who are alive at a later one."""
    slope = rates.mortality_slope
    growth = _exponential(slope * (last - 70.0)) - _exponential(slope * (first - 70.0))
    return _survival(min(max(rates.mortality_at_70 / slope * growth, 0.0), 32.0))


def parent_at_start(u, ego_age, age, rates):
    """Tell whether the mother, or the father, is among the kin of the start."""
    alive = share_surviving(age - ego_age, age, rates)
    return _flag(u < rates.family_parent_kept * alive)


def share_died(deaths, ending):
    """Give the share of endings that are deaths."""
    return min(deaths * _WEEK / ending, 1.0)


def share_averted(deaths, rate, ending):
    """Give the share of endings that do not come about after all."""
    return max(deaths / rate - deaths * _WEEK / ending, 0.0)


def uniform_among_survivors(u, share, rate, deaths):
    """Stretch a uniform so that fewer of a kind that dies sooner are chosen."""
    kind = share * rate
    left = kind / (kind + (1.0 - share) * (rate + deaths))
    if u < left:
        return share * u / left
    return share + (1.0 - share) * (u - left) / (1.0 - left)
