"""Relational work: what the ego can spend on ties, and whom it then meets."""

from numba.extending import register_jitable

from sim.world.arithmetic import ONE, TINY, ZERO


@register_jitable
def work_capacity(base, severity, rates):
    """Effort units a week the ego can spend on ties (P27, P35).

        base * max(1 - work.capacity_severity * severity, 0)

    base      when well, `egos.base_capacity`, [1, 20]
    severity  `egos.severity`, [0, 1]
    """
    return base * max(ONE - rates.work_capacity_severity * severity, ZERO)


@register_jitable
def work_needed(active, upkeep, strain, rates):
    """Effort units a tie costs in a usual week; more if strained (P6, P50).

        active * upkeep * (1 + work.strain * strain)

    People close by cost most, weak ties less, objects next to none.

    active  `ties.active`, {0, 1}
    upkeep  `ties.upkeep`, [0, 4]: `tie.*.upkeep`, times `tie.peer_upkeep` for a peer, plus
            `tie.care_upkeep` with a duty of care
    strain  `ties.strain`, [0, 1]
    """
    return active * upkeep * (ONE + rates.work_strain * strain)


@register_jitable
def work_share(capacity, needed):
    """The share of the needed work the ego can do, at most one.

        min(1, capacity / (needed + 0.000001))

    capacity  from `work_capacity`, [0, 20]
    needed    sum of `work_needed` over ties, [0, 30]
    """
    return min(ONE, capacity / (needed + TINY))


@register_jitable
def withdrawal_level(acute, severity, challenged, rates):
    """How far the ego withdraws, less what visits of trusted workers challenge (P35, P48).

        acute * severity * max(1 - work.challenge * challenged, 0)

    `work.challenge` is zero unless switched on: the paper only suggests it.

    acute       `egos.acute`, {0, 1}
    severity    `egos.severity`, [0, 1]
    challenged  running mean of visits of trusted workers up to last week, `egos.challenged`, [0, 1]
    """
    return acute * severity * max(ONE - rates.work_challenge * challenged, ZERO)


@register_jitable
def is_outside_core(constricting, importance, core, human, rates):
    """1 for a person less important than the core the ego has constricted to, else 0 (P33).

        constricting * (1 if importance < core, else 0) * human * constriction.switch

    `constriction.switch` = 0 forbids constriction.

    constricting  `egos.constricting`, {0, 1}
    importance    `ties.importance`, [0, 1]
    core          importance of the core's least member, `egos.core`, [0, 1]; 2 before any
                  constriction
    human         1 for people, 0 for objects, `ties.human`, {0, 1}
    """
    outside = ONE if importance < core else ZERO
    return constricting * outside * human * rates.constriction_switch


@register_jitable
def is_in_contact(u, active, rate, share, obligation, withdrawal, level, outside, rates):
    """Whether the ego and this alter are in touch this week by their own doing.

        active if u < rate * kept_up * held * (1 - constriction.thinning * outside), else 0, where
        kept_up = 1 - (1 - obligation) * work.elasticity * (1 - share)
        held    = 1 - withdrawal * level

    u           uniform
    active      `ties.active`, {0, 1}
    rate        weekly chance when nothing hinders, `tie.*.contact_rate`
    share       of the needed work the ego can do, `egos.share`, [0, 1]
    obligation  what keeps contact up when capacity is short, `tie.*.obligation`: kin high, friends
                nil (P27)
    withdrawal  share of contact lost when fully withdrawn, `tie.*.withdrawal` (P35)
    level       from `withdrawal_level`, [0, 1]
    outside     from `is_outside_core`, {0, 1}
    """
    kept_up = ONE - (ONE - obligation) * rates.work_elasticity * (ONE - share)
    held = ONE - withdrawal * level
    chance = rate * kept_up * held * (ONE - rates.constriction_thinning * outside)
    return active if u < chance else ZERO
