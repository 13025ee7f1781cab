"""How ties feel after a week.

Trust, closeness, strain, load, imbalance, expectation, importance, guilt.
"""

from numba.extending import register_jitable

from sim.world.arithmetic import ONE, ZERO, f4, flushed, unit


@register_jitable
def trust_after(
    trust, closeness, contact, help_, disclosed, understanding, strain, gain, human, rates
):
    """Trust after this week.

        unit(trust + human * step), where
        step = gain * good * (1 - trust)
               - (trust.silence * contact * (1 - disclosed) + trust.strain * strain) * trust
               + trust.anchor * (closeness - trust)
        good = understanding * max(min(help_, 1), disclosed)

    Trust grows by contact that helps or is confided in (P1, P39); who is told little can answer
    little (P2); strain wears it; it does not leave affection far behind. All for people only:
    things are not trusted, they are relied on (P50).

    trust          `ties.trust` before this week, [0, 1]
    closeness      `ties.closeness` before this week, [0, 1]
    contact        `ties.contacted`, {0, 1}
    help_          `ties.helped`, [0, 2]
    disclosed      from `discloses`, {0, 1}
    understanding  `ties.understanding`, [0, 1]
    strain         `ties.strain` before this week, [0, 1]
    gain           share of the gap per good contact, `tie.*.trust_gain` times `ties.willingness`,
                   [0, 0.3]
    human          1 for people, 0 for objects, `ties.human`, {0, 1}
    """
    good = understanding * max(min(help_, ONE), disclosed)
    step = (
        gain * good * (ONE - trust)
        - (rates.trust_silence * contact * (ONE - disclosed) + rates.trust_strain * strain) * trust
        + rates.trust_anchor * (closeness - trust)
    )
    return unit(trust + human * step)


@register_jitable
def trust_after_cancellation(trust, rates):
    """Trust in a worker after a cancelled visit, which costs more than a kept one brings (P40).

        trust * (1 - trust.cancelled)

    trust  `ties.trust`, [0, 1]
    """
    return trust * (ONE - rates.trust_cancelled)


@register_jitable
def trust_after_coercion(trust, direct, rates):
    """Trust in a professional after coercion (P46).

        trust * (1 - trust.coercion_direct * (direct + (1 - direct) * trust.coercion_spillover))

    Coercion costs trust in every professional; in the one who ordered it most.

    trust   `ties.trust`, [0, 1]
    direct  1 for the ego's psychiatrist in the team, 0 for all others, {0, 1}
    """
    loss = rates.trust_coercion_direct * (direct + (ONE - direct) * rates.trust_coercion_spillover)
    return trust * (ONE - loss)


@register_jitable
def service_trust_after(service_trust, coerced, rates):
    """Trust in services at large, the prior for the next worker (P46).

    It falls at coercion and heals slowly.

        unit(fallen + (1 - fallen) / trust.service_memory), where
        fallen = service_trust * (1 - trust.coercion_direct * trust.coercion_spillover * coerced)

    service_trust  `egos.service_trust`, [0, 1]
    coerced        1 at a coercion; 0 at the call of every week, {0, 1}
    """
    fallen = service_trust * (
        ONE - rates.trust_coercion_direct * rates.trust_coercion_spillover * coerced
    )
    return unit(fallen + (ONE - fallen) / rates.trust_service_memory)


@register_jitable
def willingness_to_invest(workers_met, rates):
    """The factor on trust gain with a new worker, less with each worker met lately (P45).

        1 / (1 + trust.turnover_weariness * workers_met)

    workers_met  fading count before this worker, `egos.workers_met`, [0, 30]
    """
    return ONE / (ONE + rates.trust_turnover_weariness * workers_met)


@register_jitable
def weariness_after(workers_met, rates):
    """Workers met lately: the count fades every week (P45).

        workers_met - workers_met / trust.turnover_memory

    workers_met  `egos.workers_met`, [0, 30]
    """
    return workers_met - workers_met / rates.trust_turnover_memory


@register_jitable
def first_trust(prior, service_trust, propensity, rates):
    """Mean trust at the start of a tie, shifted by the ego's propensity to trust.

        unit(prior * service_trust + trust.propensity * propensity)

    prior          `tie.*.first_trust`; of a tie that has lasted, `tie.*.usual_trust`
    service_trust  `egos.service_trust` for professionals, 1 for all others, [0, 1]
    propensity     `egos.propensity`, z, [-4, 4]
    """
    return unit(prior * service_trust + rates.trust_propensity * propensity)


@register_jitable
def trust_carried_over(trust, parted, rates):
    """Trust in a new worker, with a share of what the last one on the line left behind (P45).

        trust + trust.carried * (parted - trust)    if parted > 0
        trust                                       otherwise

    trust   at the first meeting, as drawn, [0, 1]
    parted  trust in the last worker of the line when they parted, `lines.parted`; 0 if none, [0, 1]
    """
    return trust + rates.trust_carried * (parted - trust) if parted > ZERO else trust


@register_jitable
def closeness_after(closeness, affection, recent, rates):
    """Closeness after this week: a share of the gap towards what contact keeps up.

        closeness + (target - closeness) / feelings.closeness_memory, where
        target = affection * (feelings.closeness_absent + (1 - feelings.closeness_absent) * recent)

    Out of sight, affection keeps only the share `feelings.closeness_absent`.

    closeness  `ties.closeness`, [0, 1]
    affection  `ties.affection`, [0, 1]
    recent     running mean of contact, this week's included, `ties.recent`, [0, 1]
    """
    target = affection * (
        rates.feelings_closeness_absent + (ONE - rates.feelings_closeness_absent) * recent
    )
    return closeness + (target - closeness) * rates.feelings_closeness_share


@register_jitable
def strain_after(strain, severity, understanding, contact, refused, human, rates):
    """Strain after this week: a share of the gap towards its cause.

        flushed(strain + (target - strain) / feelings.strain_memory), where
        target = human * min(push + feelings.strain_refused * refused, 1)
        push   = feelings.strain_need * severity * (1 - understanding) * contact

    High need met with little understanding frustrates both sides (P10, P63); so does a refusal.

    strain         `ties.strain`, [0, 1]
    severity       `egos.severity`, [0, 1]
    understanding  `ties.understanding`, [0, 1]
    contact        `ties.contacted`, {0, 1}
    refused        request of the alter not met: `requests_back` - `gives`, {0, 1}
    human          1 for people, 0 for objects, `ties.human`, {0, 1}
    """
    push = rates.feelings_strain_need * severity * (ONE - understanding) * contact
    target = human * min(push + rates.feelings_strain_refused * refused, ONE)
    return flushed(strain + (target - strain) * rates.feelings_strain_share)


@register_jitable
def load_after(load, help_, human, rates):
    """What the alter has been carrying: a running mean of help given, people only (P9, P64).

        flushed(load + (now - load) / feelings.load_memory), where
        now = human * min(feelings.load_per_help * help_, 1)

    load   `ties.load`, [0, 1]
    help_  `ties.helped`, [0, 2]
    human  1 for people, 0 for objects, `ties.human`, {0, 1}
    """
    now = human * min(rates.feelings_load_per_help * help_, ONE)
    return flushed(load + (now - load) * rates.feelings_load_share)


@register_jitable
def imbalance_after(imbalance, refused, support, given, reciprocity, rates):
    """One-sidedness of a tie (P28, P31).

        flushed(imbalance + (now - imbalance) / feelings.imbalance_memory), where
        now = min(refused + reciprocity * abs(support - given)
                  / (support + given + feelings.imbalance_floor), 1)

    The running mean of refused requests and, where return is expected, of how far what is received
    and what is given are from even, whichever side has more. The floor keeps a tie in which next to
    nothing passes from looking one-sided.

    imbalance    `ties.imbalance`, [0, 1]
    refused      request of the alter not met: `requests_back` - `gives`, {0, 1}
    support      running mean of help, up to last week, `ties.support`, [0, 2]
    given        running mean of acts given, up to last week, `ties.given`, [0, 1]
    reciprocity  return expected, `tie.*.reciprocity`
    """
    passed = support + given + rates.feelings_imbalance_floor
    now = min(refused + reciprocity * abs(support - given) / passed, ONE)
    return flushed(imbalance + (now - imbalance) * rates.feelings_imbalance_share)


@register_jitable
def running_mean(value, now, share):
    """A running weekly mean, zero when negligible.

        flushed(value + (now - value) * share)

    value  the mean so far, [0, 10]
    now    this week's, [0, 10]
    share  of the gap closed in a week, 1 / memory in weeks, [0.003, 0.5]
    """
    return flushed(value + (now - value) * share)


@register_jitable
def expectation_after(anticipated, support, speed):
    """Anticipated support follows what was received, at the group's speed.

        anticipated + speed * (support - anticipated)

    Hardly at all for professionals, whose role promises more than it gives (P37).

    anticipated  `ties.anticipated`, [0, 2]
    support      running mean of help, this week's included, `ties.support`, [0, 2]
    speed        share of the gap a week, `tie.*.expectation_speed`
    """
    return anticipated + speed * (support - anticipated)


@register_jitable
def importance_after(importance, closeness, anticipated, weight, rates):
    """Importance drifts to a mix of anticipated support and closeness.

        importance + (target - importance) / feelings.importance_memory, where
        target = weight * min(anticipated, 1) + (1 - weight) * closeness

    Weight is high for friends and professionals; low for kin, placed for love (P14, P37).

    importance   `ties.importance`, [0, 1]
    closeness    `ties.closeness` after this week, [0, 1]
    anticipated  `ties.anticipated` after this week, [0, 2]
    weight       of anticipated support, `tie.*.importance_weight`
    """
    target = weight * min(anticipated, ONE) + (ONE - weight) * closeness
    return importance + (target - importance) * rates.feelings_importance_share


@register_jitable
def remorse_after(remorse, acute, severity, kin_contact, rates):
    """Memory of how one behaved, gathered in an episode and felt later (P19).

        min(remorse + guilt.remorse * severity * kin_contact, 3)      if acute = 1
        flushed(remorse * (1 - guilt.release))                         if acute = 0

    It grows with severity and with contact with kin.

    remorse      `egos.remorse`, [0, 3]
    acute        in an episode, `egos.acute`, {0, 1}
    severity     `egos.severity`, [0, 1]
    kin_contact  partner and kin in contact this week, a count, [0, 12]
    """
    return acute * min(remorse + rates.guilt_remorse * severity * kin_contact, f4(3)) + (
        ONE - acute
    ) * flushed(remorse * (ONE - rates.guilt_release))


@register_jitable
def guilt_after(guilt, burden, remorse, acute, rates):
    """Guilt after this week.

        unit(guilt + (target - guilt) / guilt.memory + (1 - acute) * guilt.release * remorse), where
        target = min(guilt.burden * burden, 1)

    Towards what partner and kin have been carrying (P9), plus remorse once mood has levelled, not
    before (P19).

    guilt    `egos.guilt`, [0, 1]
    burden   sum of `ties.load` over partner and kin, this week's included, [0, 6]
    remorse  `egos.remorse` before this week, [0, 3]
    acute    in an episode, `egos.acute`, {0, 1}
    """
    target = min(rates.guilt_burden * burden, ONE)
    released = (ONE - acute) * rates.guilt_release * remorse
    return unit(guilt + (target - guilt) / rates.guilt_memory + released)
