"""Wellbeing of the ego, a latent z-like score that instruments measure."""

from numba.extending import register_jitable

from sim.world.arithmetic import ONE, ZERO, clip, f4, unit


@register_jitable
def support_value(value, p):
    """What a sum of valued help is worth.

    value / (value + half), concave, so that the last source lost hurts most (P43).
    """
    return value / (value + p.wellbeing_support_half)


@register_jitable
def coverage(emotional, practical, illness, advocacy, distraction):
    """How evenly the five functions of support are met.

    The mean of their saturating levels (P5, P32).
    """
    return f4(0.2) * (
        min(emotional, ONE)
        + min(practical, ONE)
        + min(illness, ONE)
        + min(advocacy, ONE)
        + min(distraction, ONE)
    )


@register_jitable
def wellbeing_target(base, support, covered, groups, severity, guilt, strain, churn, directive, p):
    """Where wellbeing is drawn to.

    base                                  the ego's own level, with its team's effect
    + support * (concave value of help)   P17, P43
    + diversity * (functions covered)     P5, P32
    + normalising * min(groups, 2)        doing ordinary things with others (P53)
    - severity, guilt, strain, churn      illness, P19, P10, and ties gone in the last weeks (P5)
    - directive * (visits where advice had to be taken)   P61
    """
    return (
        base
        + p.wellbeing_support * support
        + p.wellbeing_diversity * covered
        + p.wellbeing_normalising * min(groups, f4(2))
        - p.wellbeing_severity * severity
        - p.wellbeing_guilt * guilt
        - p.wellbeing_strain * strain
        - p.wellbeing_churn * churn
        - p.wellbeing_directive * directive
    )


@register_jitable
def wellbeing_after(wellbeing, target, noise, p):
    """Wellbeing moves a share of the way to its target, plus a weekly shock; kept within +-6."""
    moved = wellbeing + p.wellbeing_speed * (target - wellbeing) + p.wellbeing_noise * noise
    return clip(moved, f4(-6), f4(6))


@register_jitable
def impact_of_ending(by_ego, by_alter, strain, p):
    """The step in wellbeing at the end of a friendship (P26).

    Relief of what it cost if the ego cut it, hurt if the other did.
    """
    return by_ego * p.wellbeing_relief * strain - by_alter * p.wellbeing_hurt


@register_jitable
def unmet_need(need, helped):
    """The part of this week's need that help did not meet."""
    return unit(need * (ONE - min(helped, ONE)))


@register_jitable
def churn_after(churn, endings, p):
    """Ties ended lately: decays over churn_memory weeks, plus this week's endings."""
    return min(churn * (ONE - ONE / p.wellbeing_churn_memory) + endings, f4(5))


@register_jitable
def is_directive(u, kept, share):
    """Whether advice in a kept visit had to be taken (P61)."""
    return kept if u < share else ZERO
