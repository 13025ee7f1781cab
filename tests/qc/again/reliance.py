"""The rules of reliance, written a second time from docs/odd.md."""


def promise_kept(weeks, usual):
    """Tell how far visits come when they used to."""
    return min(max(usual / max(weeks, 1.0), 0.25), 1.0)


def informal_security(anticipated, rates):
    """Tell how far one can count on partner, kin and friends."""
    return anticipated / (anticipated + rates.insecurity_half)


def formal_security(trust, promise, rates):
    """Tell how far one can count on the worker one knows best."""
    return promise * trust / (trust + rates.insecurity_trust_half)


def insecurity_now(informal, formal):
    """Tell how little there is to count on."""
    return (1.0 - informal) * (1.0 - formal)


def more_asked(usual, lately, lay, rates):
    """Give the factor on what is asked of others."""
    lost = max(usual - lately, 0.0)
    return 1.0 + min(rates.takeover_share * lost / (lay + rates.takeover_floor), 1.0)


def needed_units(units, usual, acute, intense):
    """Give the units needed in a week."""
    return units / (min(usual, acute) if intense == 1.0 else usual)


def often_enough(kept, needed):
    """Tell how far visits come often enough."""
    return kept / (needed + 1e-6)
