"""The rules of life, written a second time from docs/odd.md."""

_WEEK = 1.0 / 52.0


def _chance(hazard):
    """Turn the hazard of a week into the chance of its event."""
    h = min(hazard, 1.0)
    return h - h * h / 2.0


def _flag(condition):
    """Write a condition as 1.0 or 0.0."""
    return 1.0 if condition else 0.0


def moving_hazard(settled, rates):
    """Give the weekly hazard of a move."""
    return rates.life_move * _WEEK * (1.0 + rates.life_move_unsettled * (1.0 - settled))


def _lost_or_found(has, lost, share):
    """Give the weekly hazard of losing what one has, or of finding it at a rate that balances."""
    hazard = lost * _WEEK
    return hazard if has == 1.0 else hazard * share / max(1.0 - share, 0.01)


def work_hazard(employed, rates):
    """Give the weekly hazard that work is lost, or found."""
    return _lost_or_found(employed, rates.life_work_lost, rates.ego_employed_share)


def home_hazard(settled, rates):
    """Give the weekly hazard that settled housing is lost, or found."""
    return _lost_or_found(settled, rates.life_home_lost, rates.ego_settled_share)


def benefits_hazard(employed, rates):
    """Give the weekly hazard that benefits stop for somebody without work."""
    return rates.life_benefits * _WEEK * (1.0 - employed)


def befalls(u, hazard):
    """Tell whether anything befalls the ego this week."""
    return _flag(u < _chance(hazard))


def upheaval_factor(left, rates):
    """Give the factor on the hazard of an episode while an upheaval lasts."""
    return rates.life_onset if left > 0.0 else 1.0


def grief(bereaved, closeness, rates):
    """Give the step in wellbeing at a death."""
    return bereaved * rates.life_switch * rates.life_grief * closeness
