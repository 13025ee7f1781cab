"""The rules of endings, written a second time from docs/odd.md."""

import math

_WEEK = 1.0 / 52.0


def _clip(x, low, high):
    """Cut x to the interval from low to high."""
    return min(max(x, low), high)


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


def ending_rate(rate, slope, strength):
    """Give the yearly hazard at which a tie of some strength ends."""
    return rate * _exponential(-slope * strength)


def ending_hazard(
    rate, episode_effect, aftermath, unbound, strain, share, imbalance, outside, rates
):
    """Give the weekly hazard at which an active tie is over."""
    pressure = (
        rates.ending_strain * strain
        + rates.ending_lapse * (1.0 - share)
        + rates.ending_imbalance * imbalance
        + rates.ending_cut * outside
    )
    log_ratio = episode_effect * aftermath + unbound * pressure
    return rate * _WEEK * _exponential(log_ratio)


def dormancy_hazard(rate, aftermath, rates):
    """Give the weekly hazard at which an active tie goes to sleep."""
    factor = 1.0 + rates.ending_dormancy_episode * aftermath
    return rate * _WEEK * factor


def fading_hazard(rates):
    """Give the weekly hazard at which a sleeping tie is over for good."""
    return rates.ending_while_dormant * _WEEK


def revival_hazard(known, rally, rates):
    """Give the weekly hazard at which a sleeping tie wakes, old ones sooner."""
    old = 0.5 + min(1.0, known / rates.ending_revival_known)
    return rates.ending_revival * _WEEK * old * (1.0 + rally)


def changes(u, ending, turning):
    """Tell whether a tie is over or turned this week."""
    return _flag(u < _chance(ending + turning))


def ends(u, ending):
    """Tell whether what changed a tie was its end."""
    return _flag(u < _chance(ending))


def share_cut_by_ego(outside, aftermath, strain, rates):
    """Give the part of endings with people that are the ego's own doing."""
    share = (
        rates.ending_ego_share
        + rates.ending_ego_share_episode * aftermath
        + rates.ending_ego_share_strain * strain
        + rates.ending_ego_share_constricting * outside
    )
    return _clip(share, 0.0, 0.9)


def share_cut_by_alter(outside, aftermath, rates):
    """Give the part of the remaining endings that are the alter's doing."""
    share = rates.ending_alter_share + rates.ending_alter_share_episode * aftermath
    return share * (1.0 - outside / 2.0)


def is_struck(u, share):
    """Tell whether an event from outside takes this tie away."""
    return _flag(u < share)
