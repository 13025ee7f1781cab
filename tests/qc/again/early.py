"""The rules of early warning, written a second time from docs/odd.md."""

import math


def _exponential(x):
    """Raise e to the power x, with x cut to eight either way."""
    return math.exp(min(max(x, -8.0), 8.0))


def _unit(x):
    """Cut x to the interval from nought to one."""
    return min(max(x, 0.0), 1.0)


def _flag(condition):
    """Write a condition as 1.0 or 0.0."""
    return 1.0 if condition else 0.0


def warning_weeks(u, rates):
    """Give the weeks of warning before an episode."""
    return math.floor(rates.early_warning * (1.0 + 4.0 * u) / 3.0 + 0.5)


def seen_by_people(contact, partner, close, rates):
    """Give the chance that a layman notices."""
    return (partner * rates.early_partner + close * rates.early_close) * contact


def seen_by_worker(visited, trust, usual, known, rates):
    """Give the chance that a worker notices at a visit."""
    familiar = 1.0 if known >= rates.early_known_weeks else rates.early_unknown
    return _unit(_unit(visited) * rates.early_worker * trust / usual * familiar)


def is_noticed(u, unseen):
    """Tell whether anybody notices."""
    return _flag(u < 1.0 - unseen)


def chance_of_action(gap, on_caseload, rates):
    """Give the chance that something is done."""
    action = rates.early_act * _exponential(-rates.early_act_overdue * gap)
    return action if on_caseload == 1.0 else action * rates.early_act_discharged


def is_acted_upon(u, action):
    """Tell whether something is done."""
    return _flag(u < action)


def is_averted(u, action, rates):
    """Tell whether the episode is averted."""
    return _flag(u < action * rates.early_averted)


def returns_to_treatment(u, rates):
    """Tell whether the ego goes back on treatment."""
    return _flag(u < rates.early_treated)


def length_if_caught(caught, rates):
    """Give the factor on the length of an episode."""
    return rates.early_shorter if caught == 1.0 else 1.0
