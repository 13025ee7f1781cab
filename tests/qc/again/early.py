"""The rules of early, written a second time from docs/odd.md."""

import math


def _unit(x):
    """Cut x to the interval from nought to one."""
    return min(max(x, 0.0), 1.0)


def _exponential(x):
    """Raise e to the power x, with x cut to eight either way."""
    return math.exp(min(max(x, -8.0), 8.0))


def _whole(x, u):
    """Round x to a whole number by the uniform u, right on average."""
    return float(math.floor(x + u))


def _flag(condition):
    """Write a condition as 1.0 or 0.0."""
    return 1.0 if condition else 0.0


def warning_weeks(u, rates):
    """Draw the weeks from the first signs of an episode to its start."""
    return _whole(rates.early_warning * (1.0 + 4.0 * u) / 3.0, 0.5)


def seen_by_people(contact, partner, close, rates):
    """Give the chance that a partner, or one of kin and friends, notices the signs."""
    return contact * (rates.early_partner * partner + rates.early_close * close)


def seen_by_worker(visited, trust, usual, known, rates):
    """Give the chance that a worker notices the signs at a kept visit."""
    familiar = 1.0 if known >= rates.early_known_weeks else rates.early_unknown
    return _unit(_unit(visited) * rates.early_worker * (trust / usual) * familiar)


def is_noticed(u, unseen):
    """Tell whether anybody notices the signs this week."""
    return _flag(u < 1.0 - unseen)


def chance_of_action(gap, on_caseload, rates):
    """Give the chance that something is done about what was noticed."""
    action = rates.early_act * _exponential(-rates.early_act_overdue * gap)
    return action if on_caseload == 1.0 else action * rates.early_act_discharged


def is_acted_upon(u, action):
    """Tell whether something is done about what was noticed."""
    return _flag(u < action)


def is_averted(u, action, rates):
    """Tell whether the episode does not come about after all."""
    return _flag(u < action * rates.early_averted)


def returns_to_treatment(u, rates):
    """Tell whether acting in time brings somebody back on treatment."""
    return _flag(u < rates.early_treated)


def length_if_caught(caught, rates):
    """Give the factor on the length of an episode that was acted upon in time."""
    return 1.0 - caught * (1.0 - rates.early_shorter)
