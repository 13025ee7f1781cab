"""How ties end, fall dormant and revive; and by whose doing."""

from numba.extending import register_jitable

from sim.world.arithmetic import HALF, ONE, WEEK, ZERO, chance, clip, exponential, f4


@register_jitable
def ending_rate(rate, slope, strength):
    """Yearly hazard of ending, or of falling out of touch, for a tie of this strength (P13, P30).

        rate * exponential(-slope * strength)

    rate      1/year at average strength, `tie.*.end_rate` or `tie.*.dormancy_rate`
    slope     log hazard per SD of strength, `tie.*.strength_slope`
    strength  `ties.strength`, z, [-4, 6]
    """
    return rate * exponential(-slope * strength)


@register_jitable
def ending_hazard(
    rate, episode_effect, aftermath, unbound, strain, share, imbalance, outside, rates
):
    """Weekly hazard that an active tie ends.

        rate * WEEK * exponential(log_ratio), where
        log_ratio = episode_effect * aftermath
                    + unbound * (ending.strain * strain + ending.lapse * (1 - share)
                                 + ending.imbalance * imbalance + ending.cut * outside)

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
        rates.ending_strain * strain
        + rates.ending_lapse * (ONE - share)
        + rates.ending_imbalance * imbalance
        + rates.ending_cut * outside
    )
    return rate * WEEK * exponential(log_ratio)


@register_jitable
def dormancy_hazard(rate, aftermath, rates):
    """Weekly hazard that an active tie falls out of touch (P29).

        rate * WEEK * (1 + ending.dormancy_episode * aftermath)

    rate       1/year, `ties.dormancy_rate`, [0, 0.6]
    aftermath  from `in_aftermath`, {0, 1}
    """
    return rate * WEEK * (ONE + rates.ending_dormancy_episode * aftermath)


@register_jitable
def fading_hazard(rates):
    """Weekly hazard that a dormant tie ends for good: constant.

    ending.while_dormant * WEEK
    """
    return rates.ending_while_dormant * WEEK


@register_jitable
def revival_hazard(known, rally, rates):
    """Weekly hazard that a dormant tie is taken up again, more the longer the acquaintance (P29).

        ending.revival * WEEK * old * (1 + rally), where
        old = 1/2 + min(1, known / ending.revival_known)

    known  weeks of acquaintance, `ties.known`, [0, 3000]
    rally  from `first_crisis_rally`, [0, 10]
    """
    old = HALF + min(ONE, known / rates.ending_revival_known)
    return rates.ending_revival * WEEK * old * (ONE + rally)


@register_jitable
def changes(u, ending, turning):
    """Whether a tie ends or turns this week: an active one dormant, a dormant one active.

        1 if u < chance(ending + turning), else 0

    u        uniform, the same as in `ends`
    ending   from `ending_hazard`; of a dormant tie from `fading_hazard`, [0, 1]
    turning  from `dormancy_hazard`; of a dormant tie from `revival_hazard`, [0, 1]
    """
    return ONE if u < chance(ending + turning) else ZERO


@register_jitable
def ends(u, ending):
    """Whether a change is an ending: one uniform has room for both, the ending below.

        1 if u < chance(ending), else 0

    So no hazard that is raised keeps a tie that would have ended, and a higher hazard of turning
    ends none.

    u       uniform, the same as in `changes`
    ending  from `ending_hazard`; of a dormant tie from `fading_hazard`, [0, 1]
    """
    return ONE if u < chance(ending) else ZERO


@register_jitable
def share_cut_by_ego(outside, aftermath, strain, rates):
    """Of endings of ties with people, the share the ego itself cuts off (P25).

        clip(ending.ego_share + ending.ego_share_episode * aftermath
             + ending.ego_share_strain * strain + ending.ego_share_constricting * outside, 0, 0.9)

    More in the weeks after an onset, and most when the ego is constricting.

    outside    from `is_outside_core`, {0, 1}
    aftermath  from `in_aftermath`, {0, 1}
    strain     `ties.strain`, [0, 1]
    """
    share = (
        rates.ending_ego_share
        + aftermath * rates.ending_ego_share_episode
        + rates.ending_ego_share_strain * strain
    )
    return clip(share + outside * rates.ending_ego_share_constricting, ZERO, f4(0.9))


@register_jitable
def share_cut_by_alter(outside, aftermath, rates):
    """Of what the ego did not cut, the share the other side ended (P25).

        (ending.alter_share + ending.alter_share_episode * aftermath) * (1 - outside / 2)

    Less while the ego pulls away.

    outside    from `is_outside_core`, {0, 1}
    aftermath  from `in_aftermath`, {0, 1}
    """
    return (rates.ending_alter_share + aftermath * rates.ending_alter_share_episode) * (
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
