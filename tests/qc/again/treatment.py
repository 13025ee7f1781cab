"""The rules of treatment, written a second time from docs/odd.md."""

import math

_WEEK = 1.0 / 52.0


def _exponential(x):
    """Raise e to the power x, with x cut to eight either way."""
    return math.exp(min(max(x, -8.0), 8.0))


def _survival(x):
    """Give e to the power -x for x from nought to 32."""
    return math.exp(-x)


def _logarithm(x):
    """Take the natural logarithm, with x cut to the stated domain."""
    return math.log(min(max(x, 1e-8), 1e8))


def _chance(hazard):
    """Turn the hazard of a week into the chance of its event."""
    h = min(hazard, 1.0)
    return h - h * h / 2.0


def _flag(condition):
    """Write a condition as 1.0 or 0.0."""
    return 1.0 if condition else 0.0


def overdue(weeks, usual, on_caseload, rates):
    """Give how many doublings of the usual interval a visit is late, two at most."""
    if on_caseload == 0.0:
        return rates.treatment_overdue_discharged
    late = weeks / (rates.treatment_overdue_from * usual)
    return min(_logarithm(max(late, 1.0)) / math.log(2.0), 2.0)


def relative_trust(trust, rates):
    """Give trust in the better known worker in standard deviations, capped above."""
    if trust <= 0.0:
        return 0.0
    z = (trust - rates.treatment_trust_usual) / rates.treatment_trust_sd
    return min(z, rates.treatment_trust_cap)


def stop_hazard(trust, gap, severity, weeks_treated, rates):
    """Give the weekly hazard that treatment is stopped."""
    early = rates.treatment_stop_early if weeks_treated < rates.treatment_early_weeks else 1.0
    log_ratio = (
        rates.treatment_stop_overdue * gap
        + rates.treatment_stop_severity * severity
        - rates.treatment_stop_trust * trust
    )
    return rates.treatment_stop * _WEEK * early * _exponential(log_ratio)


def stops_treatment(u, hazard):
    """Tell whether treatment is stopped this week."""
    return _flag(u < _chance(hazard))


def restart_hazard(trust, gap, rates):
    """Give the weekly hazard that treatment is taken up again."""
    log_ratio = rates.treatment_restart_trust * trust - rates.treatment_restart_overdue * gap
    return rates.treatment_restart * _WEEK * _exponential(log_ratio)


def restarts_treatment(u, hazard, visited, rates):
    """Tell whether treatment is taken up again this week."""
    return _flag(u < _chance(hazard) + rates.treatment_restart_visit * visited)


def restarts_in_hospital(u, rates):
    """Tell whether somebody off treatment leaves hospital on it."""
    return _flag(u < rates.treatment_restart_hospital)


def hazard_ratio_off(bipolar, rates):
    """Give the factor on the hazard of an episode long after stopping."""
    return rates.treatment_ratio_bipolar if bipolar == 1.0 else rates.treatment_ratio


def protection_lost(treated, weeks_off, ratio, rates):
    """Give the factor on the hazard of an episode, rising with the time off treatment."""
    if treated == 1.0:
        return 1.0
    kept = _survival(min(weeks_off / rates.treatment_loss_weeks, 30.0))
    return 1.0 + (ratio - 1.0) * (1.0 - kept)


def usual_protection_lost(share_off, ratio):
    """Give the factor on the hazard of an episode among people of whom a share is off treatment."""
    return 1.0 + (ratio - 1.0) * share_off
