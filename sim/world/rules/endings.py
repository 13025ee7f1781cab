"""How ties end, fall dormant and revive; and by whose doing."""

from numba.extending import register_jitable

from sim.world.arithmetic import HALF, ONE, WEEK, ZERO, chance, clip, exponential, f4


@register_jitable
def ending_rate(rate, slope, strength):
    """Yearly hazard of ending for a tie of this strength.

    rate * exp(-slope * strength) (P13, P30).
    """
    return rate * exponential(-slope * strength)


@register_jitable
def ends(u, rate, episode_effect, aftermath, unbound, strain, share, imbalance, outside, p):
    """Whether an active tie ends this week.

    hazard = rate/52 * exp(episode_effect * aftermath
                           + unbound * (strain_effect * strain + lapse_effect * (1 - share)
                                        + imbalance_effect * imbalance + cut_effect * outside))

    rate            yearly hazard of this tie when nothing is the matter
    episode_effect  log hazard ratio of its group in the weeks after an onset (P24, B16)
    unbound         1 - obligation: kin are kept in spite of conflict, friends are not (P13, P27)
    outside         1 when the ego is constricting and this is not its core (P25, P33)
    """
    log_ratio = episode_effect * aftermath + unbound * (
        p.ending_strain * strain
        + p.ending_lapse * (ONE - share)
        + p.ending_imbalance * imbalance
        + p.ending_cut * outside
    )
    return ONE if u < chance(rate * WEEK * exponential(log_ratio)) else ZERO


@register_jitable
def falls_dormant(u, rate, aftermath, p):
    """Whether a tie falls out of touch this week.

    rate/52 * (1 + dormancy_episode * aftermath) (P29).
    """
    return ONE if u < chance(rate * WEEK * (ONE + p.ending_dormancy_episode * aftermath)) else ZERO


@register_jitable
def revives(u, known, rally, p):
    """Whether a dormant tie is taken up again: yearly rate, more the longer the acquaintance (P29).

    hazard = revival/52 * (1/2 + min(1, weeks known / revival_known)) * (1 + rally)
    """
    old = HALF + min(ONE, known / p.ending_revival_known)
    return ONE if u < chance(p.ending_revival * WEEK * old * (ONE + rally)) else ZERO


@register_jitable
def ends_while_dormant(u, p):
    """Whether a dormant tie ends for good: constant yearly hazard."""
    return ONE if u < chance(p.ending_while_dormant * WEEK) else ZERO


@register_jitable
def share_cut_by_ego(outside, aftermath, strain, p):
    """Of endings of friends and weak ties, the share the ego itself cuts off (P25).

    More in the weeks after an onset, and most when the ego is constricting.
    """
    share = (
        p.ending_ego_share
        + aftermath * p.ending_ego_share_episode
        + p.ending_ego_share_strain * strain
    )
    return clip(share + outside * p.ending_ego_share_constricting, ZERO, f4(0.9))


@register_jitable
def share_cut_by_alter(outside, aftermath, p):
    """Of what the ego did not cut, the share the other side ended.

    Less while the ego pulls away (P25).
    """
    return (p.ending_alter_share + aftermath * p.ending_alter_share_episode) * (
        ONE - HALF * outside
    )


@register_jitable
def is_struck(u, share):
    """Whether an outside event, such as a closure, ends this tie."""
    return ONE if u < share else ZERO
