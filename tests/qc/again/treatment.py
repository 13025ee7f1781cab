"""The rules of treatment, written a second time from docs/odd.md."""

import math

_WEEK = 1.0 / 52.0


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


def overdue(weeks, usual, on_caseload, rates):
    """Count the doublings of the usual interval that have gone by, two at most."""
    if on_caseload == 0.0:
        return rates.treatment_overdue_discharged
    late = weeks / (rates.treatment_overdue_from * usual)
    return min(1.442695 * math.log(max(late, 1.0)), 2.0)


def relative_trust(trust, rates):
    """Put trust in the better known worker into standard deviations, cut above."""
    if trust <= 0.0:
        return 0.0
    z = (trust - rates.treatment_trust_usual) / rates.treatment_trust_sd
    return min(z, rates.treatment_trust_cap)


def stop_hazard(trust, gap, severity, weeks_treated, rates):
    """Give this week's hazard of giving treatment up."""
    log = rates.treatment_stop_severity * severity
    log += rates.treatment_stop_overdue * gap - rates.treatment_stop_trust * trust
    new = weeks_treated < rates.treatment_early_weeks
    factor = rates.treatment_stop_early if new else 1.0
    return factor * rates.treatment_stop * _WEEK * _exponential(log)


def stops_treatment(u, hazard):
    """Tell whether treatment is given up."""
    return _flag(u < _chance(hazard))


def restart_hazard(trust, gap, rates):
    """Give this week's hazard of taking treatment up again."""
    log = rates.treatment_restart_trust * trust - rates.treatment_restart_overdue * gap
    return _exponential(log) * rates.treatment_restart * _WEEK


def restarts_treatment(u, hazard, visited, rates):
    """Tell whether treatment is taken up again."""
    return _flag(u < _chance(hazard) + visited * rates.treatment_restart_visit)


def restarts_in_hospital(u, rates):
    """Tell whether the ego leaves hospital on treatment."""
    return _flag(u < rates.treatment_restart_hospital)


def hazard_ratio_off(bipolar, rates):
    """Give the hazard ratio of long being without treatment."""
    return rates.treatment_ratio if bipolar == 0.0 else rates.treatment_ratio_bipolar


def protection_lost(treated, weeks_off, ratio, rates):
    """Give the factor that lacking treatment puts on the hazard of an episode."""
    if treated == 1.0:
        return 1.0
    gone = 1.0 - math.exp(-min(weeks_off / rates.treatment_loss_weeks, 30.0))
    return 1.0 + gone * (ratio - 1.0)


def usual_protection_lost(share_off, ratio):
    """Give the mean factor in a mixture of people on and off treatment."""
    return 1.0 + share_off * (ratio - 1.0)
