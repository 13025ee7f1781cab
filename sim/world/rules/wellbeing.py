"""Wellbeing of the ego, a latent z-like score that instruments measure."""

from numba.extending import register_jitable

from sim.world.arithmetic import ONE, ZERO, clip, f4, unit


@register_jitable
def support_value(value, rates):
    """What a sum of valued help is worth: concave, so that the last source lost hurts most (P43).

        value / (value + wellbeing.support_half)

    value  sum of `value_of_help` over ties this week, help a week, [0, 12]
    """
    return value / (value + rates.wellbeing_support_half)


@register_jitable
def coverage(emotional, practical, illness, advocacy, distraction, rates):
    """How evenly the five functions of support are met (P5, P32).

    The mean of their saturating levels: the first help of a kind counts most, so that help of
    several kinds is worth more than as much of one.

        0.2 * sum over the five functions x of x / (x + wellbeing.function_half)

    emotional    running mean of the worth of help, this week's included, `egos.emotional`, [0, 3]
    practical    the same, `egos.practical`, [0, 3]
    illness      the same, `egos.illness`, [0, 3]
    advocacy     the same, `egos.advocacy`, [0, 3]
    distraction  the same, `egos.distraction`, [0, 3]
    """
    half = rates.wellbeing_function_half
    return f4(0.2) * (
        emotional / (emotional + half)
        + practical / (practical + half)
        + illness / (illness + half)
        + advocacy / (advocacy + half)
        + distraction / (distraction + half)
    )


@register_jitable
def wellbeing_target(
    base, support, covered, groups, severity, guilt, strain, churn, directive, insecurity, rates
):
    """Where wellbeing is drawn to.

        base
        + wellbeing.support * support
        + wellbeing.diversity * covered
        + wellbeing.normalising * min(groups, 2)
        - wellbeing.severity * severity
        - wellbeing.guilt * guilt
        - wellbeing.strain * strain
        - wellbeing.churn * churn
        - wellbeing.directive * directive
        - wellbeing.insecurity * insecurity

    Support by its worth (P17, P43) and by its evenness (P5, P32), ordinary things done with others
    (P53), against illness, guilt (P19), strain (P10), ties gone in the last weeks (P5), visits
    where advice had to be taken (P61), and having nobody to count on (P37).

    base        own level and team effect, `egos.base_wellbeing`, SD, [-4, 4]
    support     from `support_value`, [0, 1]
    covered     from `coverage`, [0, 1]
    groups      running mean of groups and hobbies attended, this week's included, `egos.groups`,
                [0, 10]
    severity    `egos.severity`, [0, 1]
    guilt       `egos.guilt` after this week, [0, 1]
    strain      of the people met: sum of strain * contact over ties / (people met + 1), [0, 1]
    churn       ties lately ended, this week's not included, `egos.churn`, [0, 5]
    directive   such visits this week, `egos.directive`, [0, 3]
    insecurity  running mean of `insecurity_now`, this week's included, `egos.insecurity`, [0, 1]
    """
    return (
        base
        + rates.wellbeing_support * support
        + rates.wellbeing_diversity * covered
        + rates.wellbeing_normalising * min(groups, f4(2))
        - rates.wellbeing_severity * severity
        - rates.wellbeing_guilt * guilt
        - rates.wellbeing_strain * strain
        - rates.wellbeing_churn * churn
        - rates.wellbeing_directive * directive
        - rates.wellbeing_insecurity * insecurity
    )


@register_jitable
def wellbeing_after(wellbeing, target, noise, rates):
    """Wellbeing after this week, SD: a share of the way to its target, plus a weekly shock.

        clip(wellbeing + wellbeing.speed * (target - wellbeing) + wellbeing.noise * noise, -6, 6)

    wellbeing  `egos.wellbeing` + `egos.impact` (steps from endings in last week's step 9), [-6, 6]
    target     from `wellbeing_target`, [-8, 8]
    noise      from `soft_normal`, [-3.5, 3.5]
    """
    moved = wellbeing + rates.wellbeing_speed * (target - wellbeing) + rates.wellbeing_noise * noise
    return clip(moved, f4(-6), f4(6))


@register_jitable
def impact_of_ending(by_ego, by_alter, strain, rates):
    """The step in wellbeing at the end of a tie with a friend or weak tie (P26).

        by_ego * wellbeing.relief * strain - by_alter * wellbeing.hurt

    Relief of what it cost if the ego cut it, hurt if the other did.

    by_ego    the ego cut it, {0, 1}
    by_alter  the alter cut it, {0, 1}
    strain    `ties.strain`, [0, 1]
    """
    return by_ego * rates.wellbeing_relief * strain - by_alter * rates.wellbeing_hurt


@register_jitable
def unmet_need(need, helped):
    """The part of this week's need that help did not meet.

        unit(need * (1 - min(helped, 1)))

    need    from `need_for_help`, [0, 1.3]
    helped  sum of `ties.helped` over people this week, [0, 6]
    """
    return unit(need * (ONE - min(helped, ONE)))


@register_jitable
def churn_after(churn, endings, rates):
    """Ties ended lately: a count that fades every week.

        min(churn * (1 - 1 / wellbeing.churn_memory) + endings, 5)

    churn    `egos.churn`, [0, 10]
    endings  0: step 9 adds endings of its own by 1 each, {0, 1}
    """
    return min(churn * (ONE - ONE / rates.wellbeing_churn_memory) + endings, f4(5))


@register_jitable
def is_directive(u, kept, share):
    """Whether advice in a kept visit had to be taken (P61).

        kept if u < share, else 0

    u      uniform
    kept   1 at a kept visit, {0, 1}
    share  of visits, `service.*.directive_share`
    """
    return kept if u < share else ZERO
