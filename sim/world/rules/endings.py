"""How ties end, fall dormant and revive; and by whose doing."""

from numba.extending import register_jitable

from sim.world.arithmetic import HALF, ONE, WEEK, ZERO, chance, clip, exponential, f4


@register_jitable
def ending_rate(rate, slope, strength):
    """Yearly hazard of ending for a tie of this strength (P13, P30).

        rate * exponential(-slope * strength)

    rate      1/year at average strength, `tie.*.end_rate`
    slope     log hazard per SD of strength, `tie.*.strength_slope`
    strength  `ties.strength`, z, [-4, 6]
    """
    return rate * exponential(-slope * strength)


@register_jitable
def ends(u, rate, episode_effect, aftermath, unbound, strain, share, imbalance, outside, p):
    """Whether an active tie ends this week.

        1 if u < chance(rate * WEEK * exponential(log_ratio)), else 0, where
        log_ratio = episode_effect * aftermath
                    + unbound * (ending.strain * strain + ending.lapse * (1 - share)
                                 + ending.imbalance * imbalance + ending.cut * outside)

    u               uniform
    rate            hazard when nothing is the matter, 1/year, `ties.end_rate`, [0, 2]
    episode_effect  log hazard ratio of its group after an onset, `tie.*.episode_effect` (P24, B16)
    aftermath       from `in_aftermath`, {0, 1}
    unbound         1 - `ties.obligation`, [0, 1]: kin are kept in spite of conflict, friends are
                    not (P13, P27)
    strain          `ties.strain`, [0, 1]
    share           of the needed work the ego can do, `egos.share`, [0, 1]
    imbalance       one-sidedness, `ties.imbalance`, [0, 1] (P28)
    outside         1 when the ego is constricting and this is not its core, from `is_outside_core`,
                    {0, 1} (P25, P33)
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
    """Whether an active tie falls out of touch this week (P29).

        1 if u < chance(rate * WEEK * (1 + ending.dormancy_episode * aftermath)), else 0

    u          uniform
    rate       1/year, `tie.*.dormancy_rate`
    aftermath  from `in_aftermath`, {0, 1}
    """
    return ONE if u < chance(rate * WEEK * (ONE + p.ending_dormancy_episode * aftermath)) else ZERO


@register_jitable
def revives(u, known, rally, p):
    """Whether a dormant tie is taken up again, more likely the longer the acquaintance (P29).

        1 if u < chance(ending.revival * WEEK * old * (1 + rally)), else 0, where
        old = 1/2 + min(1, known / ending.revival_known)

    u      uniform
    known  weeks of acquaintance, `ties.known`, [0, 3000]
    rally  from `first_crisis_rally`, [0, 10]
    """
    old = HALF + min(ONE, known / p.ending_revival_known)
    return ONE if u < chance(p.ending_revival * WEEK * old * (ONE + rally)) else ZERO


@register_jitable
def ends_while_dormant(u, p):
    """Whether a dormant tie ends for good this week: a constant yearly hazard.

        1 if u < chance(ending.while_dormant * WEEK), else 0

    u  uniform
    """
    return ONE if u < chance(p.ending_while_dormant * WEEK) else ZERO


@register_jitable
def share_cut_by_ego(outside, aftermath, strain, p):
    """Of endings of ties with people, the share the ego itself cuts off (P25).

        clip(ending.ego_share + ending.ego_share_episode * aftermath
             + ending.ego_share_strain * strain + ending.ego_share_constricting * outside, 0, 0.9)

    More in the weeks after an onset, and most when the ego is constricting.

    outside    from `is_outside_core`, {0, 1}
    aftermath  from `in_aftermath`, {0, 1}
    strain     `ties.strain`, [0, 1]
    """
    share = (
        p.ending_ego_share
        + aftermath * p.ending_ego_share_episode
        + p.ending_ego_share_strain * strain
    )
    return clip(share + outside * p.ending_ego_share_constricting, ZERO, f4(0.9))


@register_jitable
def share_cut_by_alter(outside, aftermath, p):
    """Of what the ego did not cut, the share the other side ended (P25).

        (ending.alter_share + ending.alter_share_episode * aftermath) * (1 - outside / 2)

    Less while the ego pulls away.

    outside    from `is_outside_core`, {0, 1}
    aftermath  from `in_aftermath`, {0, 1}
    """
    return (p.ending_alter_share + aftermath * p.ending_alter_share_episode) * (
        ONE - HALF * outside
    )


@register_jitable
def is_struck(u, share):
    """Whether an outside event, such as a closure, ends this tie.

        1 if u < share, else 0

    u      uniform
    share  of such ties that are struck, the value of the forced event, [0, 1]
    """
    return ONE if u < share else ZERO
