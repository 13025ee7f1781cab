"""Who the alters are: their sex and age, beside the ego's."""

from numba.extending import register_jitable

from sim.world.arithmetic import HALF, ONE, ZERO, clip, f4, normal
from sim.world.kinds import Kind

PARTNER, PARENT, SIBLING = int(Kind.PARTNER), int(Kind.PARENT), int(Kind.SIBLING)
CHILD, YOUNG_KIN = int(Kind.CHILD), int(Kind.YOUNG_KIN)
FRIEND, PEER = int(Kind.FRIEND), int(Kind.PEER)
PSYCHIATRIST = int(Kind.PSYCHIATRIST)
FIRST_STAFF, LAST_STAFF = PSYCHIATRIST, int(Kind.OTHER_PROF)
ADULT = f4(18)


@register_jitable
def alter_is_male(u, kind, male, rates):
    """Whether a member is male.

        1 if u < share, else 0, where share =
        same if male = 1, else 1 - same    with same = 1 - question.partner_other_sex of a partner,
                                           question.friend_same_sex of a friend or peer
        1 - question.staff_female          for professionals
        1/2                                for all others

    u     uniform
    kind  code of the kind of tie, whole [0, 24]
    male  of the ego, `egos.male`, {0, 1}
    """
    own, other = (ONE, ZERO) if male == 1 else (ZERO, ONE)
    share = HALF
    if kind == PARTNER:
        share = other * rates.question_partner_other_sex + own * (
            ONE - rates.question_partner_other_sex
        )
    elif kind in (FRIEND, PEER):
        share = own * rates.question_friend_same_sex + other * (
            ONE - rates.question_friend_same_sex
        )
    elif FIRST_STAFF <= kind <= LAST_STAFF:
        share = ONE - rates.question_staff_female
    return ONE if u < share else ZERO


@register_jitable
def parent_is_male(u, place, rates):
    """Whether a parent is male: the mother has the first place among kin, the father the second.

        place                        if family.switch is on and place < 2
        1 if u < 1/2, else 0         otherwise: a step-parent, or parents without places

    u      uniform
    place  ordinal of a tie of the start, whole [0, 39]
    """
    if rates.family_switch > HALF and place < 2:
        return ONE if place == 1 else ZERO
    return ONE if u < HALF else ZERO


@register_jitable
def generation_of_child(u, ego_age, rates):
    """Years between an ego and a child.

        question.generation_youngest + u * (last - question.generation_youngest)

    With last = question.generation_oldest. With family.switch, children who are a tie of their own
    have grown up: last = clip(ego_age - 18, question.generation_youngest,
    question.generation_oldest).

    u        uniform
    ego_age  years, [18, 90]
    """
    youngest, last = rates.question_generation_youngest, rates.question_generation_oldest
    if rates.family_switch > HALF:
        last = clip(ego_age - ADULT, youngest, last)
    return youngest + u * (last - youngest)


@register_jitable
def alter_age_at(u, kind, ego_age, years, since, rates):
    """Age of a member some time before or after the start of the study, in years.

        max(since, 0)                                        young kin, if acquaintance.switch is
                                                             on: known since birth
        max(age_of_alter(u, kind, ego_age) + years, 0)       all others

    Of what `age_of_alter` reads: question.partner_age_sd, question.friend_age_sd,
    question.generation_youngest, question.generation_oldest, question.parent_oldest,
    question.adult_oldest, question.staff_youngest, question.psychiatrist_youngest,
    question.staff_oldest, family.switch.

    u        uniform, through the normal quantile
    kind     code of the kind of tie, whole [0, 24]
    ego_age  at the start of the study, years, [18, 80]
    years    from the start of the study, [-2, 10]
    since    years known by then, [0, 80]
    """
    if kind == YOUNG_KIN and rates.acquaintance_switch > HALF:
        return max(since, ZERO)
    return max(age_of_alter(u, kind, ego_age, rates) + years, ZERO)


@register_jitable
def age_of_alter(u, kind, ego_age, rates):
    """Age of a member when the ego has a certain age, in years.

        partner                max(ego_age + question.partner_age_sd * z, 18)
        parent                 min(ego_age + g, max(question.parent_oldest, ego_age + 18))
        child                  max(ego_age - generation_of_child(u, ego_age), 0)
        sibling                max(ego_age + question.friend_age_sd / 2 * z, 0)
        friend, peer           max(ego_age + question.friend_age_sd * z, 18)
        young_kin              18 * u
        professionals          y + u * (question.staff_oldest - y)
        all others             18 + u * (question.adult_oldest - 18)

    With z = normal(u), g = question.generation_youngest
    + u * (question.generation_oldest - question.generation_youngest), and y =
    question.psychiatrist_youngest of a psychiatrist, question.staff_youngest of any other. Children
    with family.switch: see `generation_of_child`.

    u        uniform, through the normal quantile
    kind     code of the kind of tie, whole [0, 24]
    ego_age  years, [18, 90]
    """
    generation = rates.question_generation_youngest + u * (
        rates.question_generation_oldest - rates.question_generation_youngest
    )
    if kind == PARTNER:
        return max(ego_age + rates.question_partner_age_sd * normal(u), ADULT)
    if kind == PARENT:
        return min(ego_age + generation, max(rates.question_parent_oldest, ego_age + ADULT))
    if kind == CHILD:
        return max(ego_age - generation_of_child(u, ego_age, rates), ZERO)
    if kind == SIBLING:
        return max(ego_age + HALF * rates.question_friend_age_sd * normal(u), ZERO)
    if kind in (FRIEND, PEER):
        return max(ego_age + rates.question_friend_age_sd * normal(u), ADULT)
    if kind == YOUNG_KIN:
        return u * ADULT
    if FIRST_STAFF <= kind <= LAST_STAFF:
        youngest = rates.question_staff_youngest
        if kind == PSYCHIATRIST:
            youngest = rates.question_psychiatrist_youngest
        return youngest + u * (rates.question_staff_oldest - youngest)
    return ADULT + u * (rates.question_adult_oldest - ADULT)
