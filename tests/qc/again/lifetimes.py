"""The rules of lifetimes, written a second time from docs/odd.md."""

import math

_WEEK = 1.0 / 52.0


def _exponential(x):
    """Raise e to the power x, with x cut to eight either way."""
    return math.exp(min(max(x, -8.0), 8.0))


def death_rate(kind, age, rates):
    """Give the yearly hazard at which an alter dies."""
    kind = round(kind)
    if kind <= 10:
        yearly = rates.mortality_at_70 * _exponential(rates.mortality_slope * (age - 70.0))
    else:
        yearly = rates.mortality_pet if kind == 18 else 0.0
    return rates.mortality_switch * yearly


def share_surviving(first, last, rates):
    """Give the share of those alive at one age who reach another."""
    slope = rates.mortality_slope
    grown = _exponential(slope * (last - 70.0)) - _exponential(slope * (first - 70.0))
    return math.exp(-min(max(rates.mortality_at_70 / slope * grown, 0.0), 32.0))


def parent_at_start(u, ego_age, age, rates):
    """Say whether a parent is among the first kin."""
    return 1.0 if u < rates.family_parent_kept * share_surviving(age - ego_age, age, rates) else 0.0


def share_died(deaths, ending):
    """Give the share of endings that are deaths."""
    return min(deaths * _WEEK / ending, 1.0)


def share_averted(deaths, rate, ending):
    """Give the share of endings that are taken back."""
    return max(deaths / rate - deaths * _WEEK / ending, 0.0)


def uniform_among_survivors(u, share, rate, deaths):
    """Stretch a uniform so that fewer of a kind are left than began."""
    kept, others = share * rate, (1.0 - share) * (rate + deaths)
    left = kept / max(kept + others, 1e-6)
    if u < left:
        return share * u / left
    return share + (1.0 - share) * (u - left) / max(1.0 - left, 1e-6)
