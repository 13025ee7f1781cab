"""The rules of work, written a second time from docs/odd.md."""


def _flag(condition):
    """Write a condition as 1.0 or 0.0."""
    return 1.0 if condition else 0.0


def work_capacity(base, severity, rates):
    """Give the effort that illness leaves for ties this week."""
    return base * max(1.0 - rates.work_capacity_severity * severity, 0.0)


def work_needed(active, upkeep, strain, rates):
    """Give the effort a tie asks for in a week."""
    return active * upkeep * (1.0 + rates.work_strain * strain)


def work_share(capacity, needed):
    """Give how much of the effort asked for can be spent."""
    return min(1.0, capacity / (needed + 0.000001))


def withdrawal_level(acute, severity, challenged, rates):
    """Give how far the ego keeps to itself in an episode."""
    return acute * severity * max(1.0 - rates.work_challenge * challenged, 0.0)


def is_outside_core(constricting, importance, core, human, rates):
    """Tell whether a person falls outside the few the ego holds on to."""
    return constricting * _flag(importance < core) * human * rates.constriction_switch


def is_in_contact(u, active, rate, share, obligation, withdrawal, level, outside, rates):
    """Tell whether ego and alter meet this week without a visit in the diary."""
    kept_up = 1.0 - (1.0 - obligation) * rates.work_elasticity * (1.0 - share)
    held = 1.0 - withdrawal * level
    thinned = 1.0 - rates.constriction_thinning * outside
    return active if u < rate * kept_up * held * thinned else 0.0
