"""Whom an ego can count on: promises kept, visits often enough, and who takes over."""

from numba.extending import register_jitable

from sim.world.arithmetic import ONE, TINY, ZERO, clip, f4


@register_jitable
def promise_kept(weeks, usual):
    """How far visits come when they used to: half when twice the usual time has passed (P40).

        clip(usual / max(weeks, 1), 0.25, 1)

    weeks  since any visit was kept, `egos.weeks_since_kept`, whole [0, 300]
    usual  the ego's shortest interval in usual care, `egos.usual_interval`, [1, 39]
    """
    return clip(usual / max(weeks, ONE), f4(0.25), ONE)


@register_jitable
def informal_security(anticipated, rates):
    """How far an ego can count on partner, kin and friends (P37, P43).

        anticipated / (anticipated + insecurity.half)

    anticipated  sum of `ties.anticipated` over those in touch, [0, 8]
    """
    return anticipated / (anticipated + rates.insecurity_half)


@register_jitable
def formal_security(trust, promise, rates):
    """How far an ego can count on the worker it knows best (P37, P40).

        promise * trust / (trust + insecurity.trust_half)

    trust    in the better known of psychiatrist and co-ordinator, 0 if there is neither, [0, 1]
    promise  from `promise_kept`, [0, 1]
    """
    return promise * trust / (trust + rates.insecurity_trust_half)


@register_jitable
def insecurity_now(informal, formal):
    """Having nobody to count on this week (P37).

        (1 - informal) * (1 - formal)

    What is anticipated counts beside what is given: less access is felt before anything happens,
    and most by those who have nobody else.

    informal  from `informal_security`, [0, 1]
    formal    from `formal_security`, [0, 1]
    """
    return (ONE - informal) * (ONE - formal)


@register_jitable
def more_asked(usual, lately, lay, rates):
    """The factor on what is asked of partner, kin and friends when staff give less (P15, P64).

        1 + min(takeover.share * max(usual - lately, 0) / (lay + takeover.floor), 1)

    A share of what staff used to give and no longer do, relative to what these people give; at most
    as much again. A share of 0 switches it off.

    usual   help a week staff used to give, `egos.staff_usual`, [0, 1]
    lately  help a week staff give now, `egos.staff_lately`, [0, 1]
    lay     help a week of partner, kin and friends, `egos.lay_help`, [0, 3]
    """
    lost = max(usual - lately, ZERO)
    return ONE + min(rates.takeover_share * lost / (lay + rates.takeover_floor), ONE)


@register_jitable
def needed_units(units, usual, acute, intense):
    """Units of visits a week that a line's ego needs, whatever is offered (N35).

        units / min(usual, acute)    if intense = 1
        units / usual                otherwise

    The intervals are those of the ego in usual care, before any shock.

    units    of a visit, `service.*.units`
    usual    weeks between visits when stable, `lines.usual`, [1, 39]
    acute    weeks between visits in an episode, `lines.usual_acute`, [1, 12]
    intense  in the first weeks of an episode, {0, 1}
    """
    return units / (min(usual, acute) if intense > ZERO else usual)


@register_jitable
def often_enough(kept, needed):
    """How far visits have lately come as often as they are needed; above one, more often (N35).

        kept / (needed + 0.000001)

    kept    running mean of units kept, `egos.kept_lately`, [0, 4]
    needed  running mean of units needed, `egos.needed_lately`, [0.02, 4]
    """
    return kept / (needed + TINY)
