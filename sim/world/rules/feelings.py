"""How ties feel after a week.

Trust, closeness, strain, load, imbalance, expectation, importance, guilt.
"""

from numba.extending import register_jitable

from sim.world.arithmetic import ONE, ZERO, f4, flushed, unit


@register_jitable
def trust_after(trust, closeness, contact, help_, disclosed, understanding, strain, gain, human, p):
    """Trust after this week.

    + gain * good * (1 - trust)             good = understanding * max(help, disclosed): grows by
                                            contact that helps or is confided in (P1, P39)
    - trust_silence * contact * (1 - disclosed) * trust
                                            who is told little can answer little (P2)
    - trust_strain * strain * trust
    + trust_anchor * (closeness - trust)    it does not leave affection far behind

    All for people only; things are not trusted, they are relied on (P50).
    """
    good = understanding * max(min(help_, ONE), disclosed)
    step = (
        gain * good * (ONE - trust)
        - (p.trust_silence * contact * (ONE - disclosed) + p.trust_strain * strain) * trust
        + p.trust_anchor * (closeness - trust)
    )
    return unit(trust + human * step)


@register_jitable
def trust_after_cancellation(trust, p):
    """A cancelled visit costs more trust than a kept one brings.

    trust * (1 - trust_cancelled) (P40).
    """
    return trust * (ONE - p.trust_cancelled)


@register_jitable
def trust_after_coercion(trust, direct, p):
    """Coercion costs trust in every professional (P46).

    The one who ordered it loses the share `coercion_direct`, others `coercion_spillover` of that.
    """
    loss = p.trust_coercion_direct * (direct + (ONE - direct) * p.trust_coercion_spillover)
    return trust * (ONE - loss)


@register_jitable
def service_trust_after(service_trust, coerced, p):
    """Trust in services at large, the prior for the next worker.

    Falls at coercion, heals slowly (P46).
    """
    fallen = service_trust * (ONE - p.trust_coercion_direct * p.trust_coercion_spillover * coerced)
    return unit(fallen + (ONE - fallen) / p.trust_service_memory)


@register_jitable
def willingness_to_invest(workers_met, p):
    """The factor on trust gain with a new worker.

    1 / (1 + turnover_weariness * workers met lately) (P45).
    """
    return ONE / (ONE + p.trust_turnover_weariness * workers_met)


@register_jitable
def weariness_after(workers_met, p):
    """Workers met lately: the count fades with a memory of `turnover_memory` weeks (P45)."""
    return workers_met - workers_met / p.trust_turnover_memory


@register_jitable
def first_trust(prior, service_trust, propensity, p):
    """Trust in a worker never met.

    prior * service trust, shifted by the ego's propensity to trust.
    """
    return unit(prior * service_trust + p.trust_propensity * propensity)


@register_jitable
def closeness_after(closeness, affection, recent, p):
    """Closeness moves a share of the gap a week towards what contact keeps up.

    affection * (absent + (1 - absent) * recent contact)

    Out of sight, affection keeps only the share `closeness_absent`.
    """
    target = affection * (
        p.feelings_closeness_absent + (ONE - p.feelings_closeness_absent) * recent
    )
    return closeness + (target - closeness) * p.feelings_closeness_share


@register_jitable
def strain_after(strain, severity, understanding, contact, refused, human, p):
    """Strain after this week moves a share of the gap towards its cause.

    human * (strain_need * severity * (1 - understanding) * contact + strain_refused * refused)

    High need met with little understanding frustrates both sides (P10, P63); so does a refusal.
    """
    push = p.feelings_strain_need * severity * (ONE - understanding) * contact
    target = human * min(push + p.feelings_strain_refused * refused, ONE)
    return flushed(strain + (target - strain) * p.feelings_strain_share)


@register_jitable
def load_after(load, help_, human, p):
    """What the alter has been carrying.

    Running mean of load_per_help * help, people only (P9, P64).
    """
    now = human * min(p.feelings_load_per_help * help_, ONE)
    return flushed(load + (now - load) * p.feelings_load_share)


@register_jitable
def imbalance_after(imbalance, refused, help_, given, reciprocity, p):
    """One-sidedness of a tie (P28, P31).

    The running mean of refused requests and, where return is expected, of help not returned.
    """
    now = min(refused + reciprocity * max(help_ - given, ZERO), ONE)
    return flushed(imbalance + (now - imbalance) * p.feelings_imbalance_share)


@register_jitable
def running_mean(value, now, share):
    """A running weekly mean.

    `share` of the gap a week (1 / memory in weeks), zero when negligible.
    """
    return flushed(value + (now - value) * share)


@register_jitable
def expectation_after(anticipated, support, speed):
    """Anticipated support follows what was received, at the group's speed.

    Hardly at all for professionals, whose role promises more than it gives (P37).
    """
    return anticipated + speed * (support - anticipated)


@register_jitable
def importance_after(importance, closeness, anticipated, weight, p):
    """Importance drifts to weight * anticipated support + (1 - weight) * closeness.

    Weight is high for friends and professionals, low for kin, placed for love (P14, P37).
    """
    target = weight * min(anticipated, ONE) + (ONE - weight) * closeness
    return importance + (target - importance) * p.feelings_importance_share


@register_jitable
def remorse_after(remorse, acute, severity, kin_contact, p):
    """Memory of how one behaved.

    Grows in an episode with severity and contact, is felt later (P19).
    """
    return acute * min(remorse + p.guilt_remorse * severity * kin_contact, f4(3)) + (
        ONE - acute
    ) * flushed(remorse * (ONE - p.guilt_release))


@register_jitable
def guilt_after(guilt, burden, remorse, acute, p):
    """Guilt after this week.

    towards guilt_burden * burden       what partner and kin have been carrying (P9)
    plus guilt_release * remorse        once mood has levelled, not before (P19)
    """
    target = min(p.guilt_burden * burden, ONE)
    released = (ONE - acute) * p.guilt_release * remorse
    return unit(guilt + (target - guilt) / p.guilt_memory + released)
