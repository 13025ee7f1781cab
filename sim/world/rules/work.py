"""Relational work: what the ego can spend on ties, and whom it then meets."""

from numba.extending import register_jitable

from sim.world.arithmetic import ONE, TINY, ZERO


@register_jitable
def work_capacity(base, severity, p):
    """Effort units a week the ego can spend.

    base * (1 - capacity_severity * severity) (P27, P35).
    """
    return base * max(ONE - p.work_capacity_severity * severity, ZERO)


@register_jitable
def work_needed(active, upkeep, strain, p):
    """Effort a tie costs in a usual week: upkeep * (1 + work_strain * strain) (P6, P50).

    Upkeep is effort units a week: people close by cost most, weak ties less, objects next to none.
    """
    return active * upkeep * (ONE + p.work_strain * strain)


@register_jitable
def work_share(capacity, needed):
    """The share of the needed work the ego can do, at most one."""
    return min(ONE, capacity / (needed + TINY))


@register_jitable
def withdrawal_level(acute, severity, challenged, p):
    """How far the ego withdraws.

    acute * severity, less what visits of trusted workers challenge (P35, P48).

    `work_challenge` is zero unless switched on: the paper only suggests it.
    """
    return acute * severity * max(ONE - p.work_challenge * challenged, ZERO)


@register_jitable
def is_outside_core(constricting, importance, core, human, p):
    """1 for a human tie less important than the core the ego has constricted to (P33).

    `constriction_switch` = 0 forbids constriction.
    """
    outside = ONE if importance < core else ZERO
    return constricting * outside * human * p.constriction_switch


@register_jitable
def is_in_contact(u, active, rate, share, obligation, withdrawal, level, outside, p):
    """Whether the ego and this alter are in touch this week.

    chance = rate * (1 - (1 - obligation) * work_elasticity * (1 - share))
                  * (1 - withdrawal * level) * (1 - constriction_thinning * outside)

    rate        weekly chance when nothing hinders
    obligation  what keeps contact up when capacity is short: kin high, friends nil (P27)
    withdrawal  how much of contact is lost when fully withdrawn, by group (P35)
    """
    kept_up = ONE - (ONE - obligation) * p.work_elasticity * (ONE - share)
    held = ONE - withdrawal * level
    chance = rate * kept_up * held * (ONE - p.constriction_thinning * outside)
    return active if u < chance else ZERO
