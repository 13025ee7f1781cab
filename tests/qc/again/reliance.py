"""The rules of reliance, written a second time from docs/odd.md."""


def _clip(x, low, high):
    """Cut x to the interval from low to high."""
    return min(max(x, low), high)


def promise_kept(weeks, usual):
    """Give how far visits come when they used to."""
    return _clip(usual / max(weeks, 1.0), 0.25, 1.0)


def informal_security(anticipated, rates):
    """Give how far an ego can count on partner, kin and friends."""
    return anticipated / (anticipated + rates.insecurity_half)


def formal_security(trust, promise, rates):
    """Give how far an ego can count on the worker it knows best."""
    return promise * trust / (trust + rates.insecurity_trust_half)


def insecurity_now(informal, formal):
    """Give how far there is nobody to count on this week."""
    return (1.0 - informal) * (1.0 - formal)


def more_asked(usual, lately, lay, rates):
    """Give the factor on what is asked of partner, kin and friends when staff give less."""
    lost = max(usual - lately, 0.0)
    return 1.0 + min(rates.takeover_share * lost / (lay + rates.takeover_floor), 1.0)


def needed_units(units, usual, acute, intense):
    """Give the units of visits a week that an ego needs of a line."""
    return units / min(usual, acute) if intense == 1.0 else units / usual


def often_enough(kept, needed):
    """Give how far visits have come as often as they were needed."""
    return kept / (needed + 0.000001)
