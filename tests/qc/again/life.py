"""The rules of events of life, written a second time from docs/odd.md."""

_WEEK = 1.0 / 52.0


def _chance(hazard):
    """Turn the hazard of a week into the chance of its event."""
    h = min(hazard, 1.0)
    return h - h * h / 2.0


def _balanced(rate, has, share):
    """Give the weekly hazard of losing, or of finding as often, what a share have."""
    if has == 1.0:
        return rate * _WEEK
    return rate * _WEEK * share / max(1.0 - share, 0.01)


def moving_hazard(settled, rates):
    """Give this week's hazard of moving house."""
    return rates.life_move * _WEEK * (1.0 + rates.life_move_unsettled * (1.0 - settled))


def work_hazard(employed, rates):
    """Give this week's hazard that work changes."""
    return _balanced(rates.life_work_lost, employed, rates.ego_employed_share)


def home_hazard(settled, rates):
    """Give this week's hazard that housing changes."""
    return _balanced(rates.life_home_lost, settled, rates.ego_settled_share)


def benefits_hazard(employed, rates):
    """Give this week's hazard that benefits end."""
    return rates.life_benefits * _WEEK * (1.0 - employed)


def befalls(u, hazard):
    """Tell whether anything happens this week."""
    return 1.0 if u < _chance(hazard) else 0.0


def upheaval_factor(left, rates):
    """Give the factor by which recent events bring an episode nearer."""
    return rates.life_onset if left > 0.0 else 1.0


def grief(bereaved, closeness, rates):
    """Give how far wellbeing falls at a death."""
    return bereaved * rates.life_switch * rates.life_grief * closeness
