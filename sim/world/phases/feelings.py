"""After contact: what ties feel like from now on."""

from numba.extending import register_jitable

from sim.world.arithmetic import ONE, ZERO
from sim.world.phases.rates import tie_rates
from sim.world.rules.feelings import (
    closeness_after,
    expectation_after,
    imbalance_after,
    importance_after,
    load_after,
    running_mean,
    strain_after,
    trust_after,
)
from sim.world.state import LANES


@register_jitable
def feelings_week(w, first, last):
    """Trust, strain, load, imbalance, closeness, expectation and importance of every tie."""
    for e in range(first, last):
        ego = w.egos[e]
        if ego.alive > ZERO:
            q, severity = tie_rates(w.params[w.ego_profile[e]]), ego.severity
            for b in range(ego.blocks):
                feel(w.ties[e, b], severity, q)
                remember(w.ties[e, b], q)


@register_jitable
def feel(x, severity, q):
    """Trust, strain, the alter's load, and one-sidedness, in a block of ties."""
    for k in range(LANES):
        x.trust[k] = trust_after(
            x.trust[k], x.closeness[k], x.contacted[k], x.helped[k], x.disclosed[k],
            x.understanding[k], x.strain[k], x.gain[k], x.human[k], q,
        )  # fmt: skip
    for k in range(LANES):
        x.row[k] = x.asked_back[k] - x.granted[k]
    for k in range(LANES):
        x.strain[k] = strain_after(
            x.strain[k], severity, x.understanding[k], x.contacted[k], x.row[k], x.human[k], q
        )
    for k in range(LANES):
        x.load[k] = load_after(x.load[k], x.helped[k], x.human[k], q)
    for k in range(LANES):
        x.imbalance[k] = imbalance_after(
            x.imbalance[k], x.row[k], x.support[k], x.given[k], x.reciprocity[k], q
        )


@register_jitable
def remember(x, q):
    """Running means of contact, help, giving and openness.

    Then closeness, expectation, importance.
    """
    for k in range(LANES):
        x.recent[k] = running_mean(x.recent[k], x.contacted[k], q.feelings_contact_share)
    for k in range(LANES):
        x.support[k] = running_mean(x.support[k], x.helped[k], q.feelings_support_share)
    for k in range(LANES):
        x.given[k] = running_mean(x.given[k], x.granted[k], q.exchange_giving_share)
    for k in range(LANES):
        x.openness[k] = running_mean(x.openness[k], x.disclosed[k], q.feelings_support_share)
    for k in range(LANES):
        x.known[k] = x.known[k] + ONE
    for k in range(LANES):
        x.closeness[k] = closeness_after(x.closeness[k], x.affection[k], x.recent[k], q)
    for k in range(LANES):
        x.anticipated[k] = expectation_after(x.anticipated[k], x.support[k], x.expectation_speed[k])
    for k in range(LANES):
        x.importance[k] = importance_after(
            x.importance[k], x.closeness[k], x.anticipated[k], x.importance_weight[k], q
        )
