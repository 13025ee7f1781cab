"""The rules of feelings, written a second time from docs/odd.md."""

_TINY = 0.000001


def _unit(x):
    """Cut x to the interval from nought to one."""
    return min(max(x, 0.0), 1.0)


def _flushed(x):
    """Drop a value too small to matter to exactly zero."""
    return 0.0 if abs(x) <= _TINY else x


def trust_after(
    trust, closeness, contact, help_, disclosed, understanding, strain, gain, human, rates
):
    """Move trust in a person by what the week brought."""
    good = understanding * max(min(help_, 1.0), disclosed)
    worn = rates.trust_silence * contact * (1.0 - disclosed) + rates.trust_strain * strain
    step = gain * good * (1.0 - trust) - worn * trust + rates.trust_anchor * (closeness - trust)
    return _unit(trust + human * step)


def trust_after_cancellation(trust, rates):
    """Lower trust in a worker whose visit was called off."""
    return trust * (1.0 - rates.trust_cancelled)


def trust_after_coercion(trust, direct, rates):
    """Lower trust in a professional after coercion, most in the one behind it."""
    part = direct + (1.0 - direct) * rates.trust_coercion_spillover
    return trust * (1.0 - rates.trust_coercion_direct * part)


def service_trust_after(service_trust, coerced, rates):
    """Let trust in services fall at coercion and mend a little."""
    loss = rates.trust_coercion_direct * rates.trust_coercion_spillover * coerced
    fallen = service_trust * (1.0 - loss)
    return _unit(fallen + (1.0 - fallen) / rates.trust_service_memory)


def willingness_to_invest(workers_met, rates):
    """Give how readily trust grows in a worker after all those before."""
    return 1.0 / (1.0 + rates.trust_turnover_weariness * workers_met)


def weariness_after(workers_met, rates):
    """Let the count of workers lately met fade."""
    return workers_met - workers_met / rates.trust_turnover_memory


def first_trust(prior, service_trust, propensity, rates):
    """Give the trust to be expected when a tie begins."""
    return _unit(prior * service_trust + rates.trust_propensity * propensity)


def closeness_after(closeness, affection, recent, rates):
    """Move closeness towards what affection and contact sustain."""
    absent = rates.feelings_closeness_absent
    target = affection * (absent + (1.0 - absent) * recent)
    return closeness + (target - closeness) / rates.feelings_closeness_memory


def strain_after(strain, severity, understanding, contact, refused, human, rates):
    """Move strain towards what poorly understood need and refusals cause."""
    push = rates.feelings_strain_need * severity * (1.0 - understanding) * contact
    target = human * min(push + rates.feelings_strain_refused * refused, 1.0)
    return _flushed(strain + (target - strain) / rates.feelings_strain_memory)


def load_after(load, help_, human, rates):
    """Move the load of a person towards what this week's help weighed."""
    now = human * min(rates.feelings_load_per_help * help_, 1.0)
    return _flushed(load + (now - load) / rates.feelings_load_memory)


def imbalance_after(imbalance, refused, support, given, reciprocity, rates):
    """Move one-sidedness towards how uneven the exchange is."""
    total = support + given + rates.feelings_imbalance_floor
    now = min(refused + reciprocity * abs(support - given) / total, 1.0)
    return _flushed(imbalance + (now - imbalance) / rates.feelings_imbalance_memory)


def running_mean(value, now, share):
    """Move a mean part of the way to this week's value."""
    return _flushed(value + (now - value) * share)


def expectation_after(anticipated, support, speed):
    """Move what the ego counts on towards what it gets."""
    return anticipated + speed * (support - anticipated)


def importance_after(importance, closeness, anticipated, weight, rates):
    """Move importance towards a blend of support counted on and closeness."""
    target = weight * min(anticipated, 1.0) + (1.0 - weight) * closeness
    return importance + (target - importance) / rates.feelings_importance_memory


def remorse_after(remorse, acute, severity, kin_contact, rates):
    """Gather remorse in an episode and let it out afterwards."""
    if acute > 0.0:
        return min(remorse + rates.guilt_remorse * severity * kin_contact, 3.0)
    return _flushed(remorse * (1.0 - rates.guilt_release))


def guilt_after(guilt, burden, remorse, acute, rates):
    """Move guilt towards the burden on kin and add remorse set free."""
    target = min(rates.guilt_burden * burden, 1.0)
    freed = (1.0 - acute) * rates.guilt_release * remorse
    return _unit(guilt + (target - guilt) / rates.guilt_memory + freed)


def trust_carried_over(trust, parted, rates):
    """Give trust in a new worker, with what the last one left behind."""
    return trust + rates.trust_carried * (parted - trust) if parted > 0.0 else trust
