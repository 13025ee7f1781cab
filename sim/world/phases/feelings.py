"""After contact: what ties feel like from now on."""

from sim.world.arithmetic import ONE, ZERO
from sim.world.compiled import inlined
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


@inlined
def feelings_week(w, first, last):
    """Trust, strain, load, imbalance, closeness, expectation and importance of every tie."""
    scalars = tie_rates(w.rates[w.ego_profile[first]])
    for e in range(first, last):
        ego = w.egos[e]
        if ego.alive > ZERO:
            severity = ego.severity
            for b in range(ego.blocks):
                feel(w.ties[e, b], severity, scalars)
                remember(w.ties[e, b], scalars)


@inlined
def feel(tie, severity, scalars):
    """Trust, strain, the alter's load, and one-sidedness, in a block of ties."""
    for lane in range(LANES):
        tie.trust[lane] = trust_after(
            tie.trust[lane], tie.closeness[lane], tie.contacted[lane], tie.helped[lane],
            tie.disclosed[lane], tie.understanding[lane], tie.strain[lane], tie.gain[lane],
            tie.human[lane], scalars,
        )  # fmt: skip
    for lane in range(LANES):
        refused = tie.asked_back[lane] - tie.granted[lane]
        tie.strain[lane] = strain_after(
            tie.strain[lane], severity, tie.understanding[lane], tie.contacted[lane], refused,
            tie.human[lane], scalars,
        )  # fmt: skip
    for lane in range(LANES):
        tie.load[lane] = load_after(tie.load[lane], tie.helped[lane], tie.human[lane], scalars)
    for lane in range(LANES):
        refused = tie.asked_back[lane] - tie.granted[lane]
        tie.imbalance[lane] = imbalance_after(
            tie.imbalance[lane], refused, tie.support[lane], tie.given[lane],
            tie.reciprocity[lane], scalars,
        )  # fmt: skip


@inlined
def remember(tie, scalars):
    """Running means of contact, help, giving and openness.

    Then closeness, expectation, importance.
    """
    for lane in range(LANES):
        tie.recent[lane] = running_mean(
            tie.recent[lane], tie.contacted[lane], scalars.feelings_contact_share
        )
    for lane in range(LANES):
        tie.support[lane] = running_mean(
            tie.support[lane], tie.helped[lane], scalars.feelings_support_share
        )
    for lane in range(LANES):
        tie.given[lane] = running_mean(
            tie.given[lane], tie.granted[lane], scalars.exchange_giving_share
        )
    for lane in range(LANES):
        tie.openness[lane] = running_mean(
            tie.openness[lane], tie.disclosed[lane], scalars.feelings_support_share
        )
    for lane in range(LANES):
        tie.known[lane] = tie.known[lane] + ONE
    for lane in range(LANES):
        tie.closeness[lane] = closeness_after(
            tie.closeness[lane], tie.affection[lane], tie.recent[lane], scalars
        )
    for lane in range(LANES):
        tie.anticipated[lane] = expectation_after(
            tie.anticipated[lane], tie.support[lane], tie.expectation_speed[lane]
        )
    for lane in range(LANES):
        tie.importance[lane] = importance_after(
            tie.importance[lane], tie.closeness[lane], tie.anticipated[lane],
            tie.importance_weight[lane], scalars,
        )  # fmt: skip
