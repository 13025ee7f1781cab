"""The rules of exchange, written a second time from docs/odd.md."""

import math


def _exponential(x):
    """Raise e to the power x, with x cut to eight either way."""
    return math.exp(min(max(x, -8.0), 8.0))


def _flag(condition):
    """Write a condition as 1.0 or 0.0."""
    return 1.0 if condition else 0.0


def need_for_help(severity, self_capacity, rates):
    """Give how much help the week calls for."""
    return max(severity - self_capacity, 0.0) + rates.exchange_need_floor


def effectiveness(contact, understanding, load):
    """Give how much good it would do to turn to this alter."""
    return contact * understanding * (1.0 - load)


def asks(u, rate, need, trust, guilt, guilt_weight, load, alter_load, effective, rates):
    """Tell whether the ego turns to this alter for help."""
    gate = trust * max(1.0 - rates.exchange_guilt_asking * guilt_weight * guilt, 0.0)
    wary = max(1.0 - rates.exchange_wary * max(load, alter_load), 0.0)
    return _flag(u < rate * need * gate * wary * effective)


def offers(u, rate, contact, severity, closeness, trust, load, rally, rates):
    """Tell whether the alter helps of its own accord."""
    seen = (rates.exchange_offer_floor + severity) * (closeness + trust) / 2.0
    fresh = max(1.0 - rates.exchange_fatigue * load, 0.0)
    return _flag(u < contact * rate * seen * fresh * (1.0 + rally))


def help_received(u, asked, offered, contact, presence, load, rates):
    """Give the help that comes of company and of at most one act."""
    granted = asked if u < 1.0 - rates.exchange_refusal * load else 0.0
    return contact * presence + max(granted, offered)


def value_of_help(help_, understanding, human, rates):
    """Give what help is worth, a person's depending on understanding."""
    if human > 0.0:
        floor = rates.exchange_value_floor
        return help_ * (floor + (1.0 - floor) * understanding)
    return help_


def stigma_censorship(stigma, rates):
    """Give the factor by which felt stigma lowers disclosure."""
    return _exponential(-rates.exchange_stigma_disclosure * stigma)


def discloses(
    u, contact, trust, floor, disclosable, censorship, guilt, guilt_weight, known, daring, rates
):
    """Tell whether the ego tells this alter something that matters."""
    gate = floor + (1.0 - floor) * trust
    quiet = max(1.0 - rates.exchange_guilt_disclosing * guilt_weight * guilt, 0.0)
    dare = min(1.0, known * daring)
    told = contact * rates.exchange_disclosure_rate * gate * disclosable * censorship * quiet * dare
    return _flag(u < told)


def requests_back(u, contact, demand):
    """Tell whether the alter wants something of the ego."""
    return contact if u < demand else 0.0


def gives(u, requested, obligation, share):
    """Tell whether the ego does what the alter wants."""
    return requested if u < max(obligation, share) else 0.0


def care_excess(given, rates):
    """Give how far what is done for kin lies above the usual, within limits."""
    return min(max(given - rates.exchange_usual_giving, -1.0), 2.0)
