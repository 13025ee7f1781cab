"""The rules of wellbeing, written a second time from docs/odd.md."""


def _clip(x, low, high):
    """Cut x to the interval from low to high."""
    return min(max(x, low), high)


def _unit(x):
    """Cut x to the interval from nought to one."""
    return min(max(x, 0.0), 1.0)


def support_value(value, rates):
    """Give the worth of all help together, each addition worth less."""
    return value / (value + rates.wellbeing_support_half)


def coverage(emotional, practical, illness, advocacy, distraction, rates):
    """Give the average level of the five functions, the first help of a kind counting most."""
    half = rates.wellbeing_function_half
    return 0.2 * (
        emotional / (emotional + half)
        + practical / (practical + half)
        + illness / (illness + half)
        + advocacy / (advocacy + half)
        + distraction / (distraction + half)
    )


def wellbeing_target(
    base, support, covered, groups, severity, guilt, strain, churn, directive, insecurity, rates
):
    """Give the wellbeing that this week's circumstances lead to."""
    return (
        base
        + rates.wellbeing_support * support
        + rates.wellbeing_diversity * covered
        + rates.wellbeing_normalising * min(groups, 2.0)
        - rates.wellbeing_severity * severity
        - rates.wellbeing_guilt * guilt
        - rates.wellbeing_strain * strain
        - rates.wellbeing_churn * churn
        - rates.wellbeing_directive * directive
        - rates.wellbeing_insecurity * insecurity
    )


def wellbeing_after(wellbeing, target, noise, rates):
    """Move wellbeing part of the way to its target and shake it a little."""
    moved = wellbeing + rates.wellbeing_speed * (target - wellbeing)
    return _clip(moved + rates.wellbeing_noise * noise, -6.0, 6.0)


def impact_of_ending(by_ego, by_alter, strain, rates):
    """Give the lift or the blow of losing a friend or weak tie."""
    return by_ego * rates.wellbeing_relief * strain - by_alter * rates.wellbeing_hurt


def unmet_need(need, helped):
    """Give what remains of need after help."""
    return _unit(need * (1.0 - min(helped, 1.0)))


def churn_after(churn, endings, rates):
    """Let the count of lost ties fade and add new losses."""
    return min(churn * (1.0 - 1.0 / rates.wellbeing_churn_memory) + endings, 5.0)


def is_directive(u, kept, share):
    """Tell whether a kept visit left no choice but to follow advice."""
    return kept if u < share else 0.0
