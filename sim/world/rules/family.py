"""A family that could exist: who is there at the start, and how long one has known whom."""

from numba.extending import register_jitable

from sim.world.arithmetic import HALF, ONE, WEEK, ZERO, f4, unit
from sim.world.kinds import Kind

PARTNER, PARENT, SIBLING = int(Kind.PARTNER), int(Kind.PARENT), int(Kind.SIBLING)
CHILD, YOUNG_KIN, OTHER_KIN = int(Kind.CHILD), int(Kind.YOUNG_KIN), int(Kind.OTHER_KIN)
ONLINE, PET = int(Kind.ONLINE), int(Kind.PET)
FIRST_STAFF, LAST_STAFF = int(Kind.PSYCHIATRIST), int(Kind.OTHER_PROF)
FIRST_CHILD, LATER = 3, 100
COURTING, ACQUAINTED = f4(16), f4(4)
ONLINE_FROM, ONLINE_LONGEST, PET_LONGEST = f4(10), f4(25), f4(18)


@register_jitable
def is_parent_for(u, ego_age, years, rates):
    """Whether an ego has been a parent for so many years.

        1 if u < family.parenthood * old, else 0, where
        old = unit((ego_age - years - question.generation_youngest)
                   / (question.generation_oldest - question.generation_youngest))

    Those who ever become parents do so evenly between the two ages; children of 18 are grown up.

    u        uniform, the same for any years
    ego_age  years, [18, 80]
    years    0 for any children, 18 for children who have grown up, [0, 18]
    """
    youngest = rates.question_generation_youngest
    span = rates.question_generation_oldest - youngest
    old = unit((ego_age - years - youngest) / span)
    return ONE if u < rates.family_parenthood * old else ZERO


@register_jitable
def kin_kind(u, place, has_children, rates):
    """The kind of one of an ego's kin at the start, after the parents.

        3 (child)      if has_children = 1 and place = 3, the first after those of parents
        3              if u < children, where children = family.child_share * has_children
        2 (sibling)    if u < children + family.sibling_share * (1 - children)
        5 (other_kin)  otherwise

    u             uniform
    place         ordinal among kin, whole [3, 42]
    has_children  grown up, from `is_parent_for`, {0, 1}
    """
    children = rates.family_child_share * has_children
    if u < children or (has_children > HALF and place == FIRST_CHILD):
        return CHILD
    return SIBLING if u < children + rates.family_sibling_share * (ONE - children) else OTHER_KIN


@register_jitable
def has_duty_of_care(u, place, ego_age, rates):
    """Whether one of the young kin is a child for whom the ego has a duty of care (P21).

        1 if u < tie.care_share, else 0           without family.switch
        1 if u < family.cares, else 0             place = 0: an ego's own child, at the start
        0                                         0 < place < 100: another's child, at the start
        1 if u < tie.care_share * fertile, else 0    place >= 100: born later

    fertile is 1 from question.generation_youngest to question.generation_oldest years, both of
    them among these, else 0.

    u        uniform
    place    ordinal among young kin of the start, more than 100 of those who come later,
             whole [0, 5000]
    ego_age  years, [18, 80]
    """
    share = rates.tie_care_share
    if rates.family_switch > HALF:
        too_young = ego_age < rates.question_generation_youngest
        if place == 0:
            share = rates.family_cares
        elif place < LATER or too_young or ego_age > rates.question_generation_oldest:
            share = ZERO
    return ONE if u < share else ZERO


@register_jitable
def longest_known(kind, ego_age, age, rates):
    """For how many years ego and alter can have known each other, in years.

        ego_age                                 a parent
        both                                    brothers, sisters, children, young and other kin
        max(both - 16, 0)                       a partner
        min(max(both - 10, 0), 25)              an online contact
        max(both - 4, 0)                        other people
        min(max(age - question.staff_youngest, 0), ego_age)    professionals
        min(ego_age, 18)                        a pet
        max(ego_age - 4, 0)                     other things

    with both = min(ego_age, age).

    kind     code of the kind of tie, whole [0, 24]
    ego_age  years, [17, 80]
    age      of the alter, years, [0, 110]
    """
    both = min(ego_age, age)
    if kind == PARENT:
        return ego_age
    if kind in (SIBLING, CHILD, YOUNG_KIN, OTHER_KIN):
        return both
    if kind == PARTNER:
        return max(both - COURTING, ZERO)
    if kind == ONLINE:
        return min(max(both - ONLINE_FROM, ZERO), ONLINE_LONGEST)
    if kind < FIRST_STAFF:
        return max(both - ACQUAINTED, ZERO)
    if kind <= LAST_STAFF:
        return min(max(age - rates.question_staff_youngest, ZERO), ego_age)
    return min(ego_age, PET_LONGEST) if kind == PET else max(ego_age - ACQUAINTED, ZERO)


@register_jitable
def weeks_known_at_start(drawn, v, kind, longest):
    """For how long ego and alter have known each other when the run starts, in weeks.

        longest / WEEK        parents, brothers, sisters, children, young kin: since one was born
        drawn                 others, if drawn <= longest / WEEK
        v * longest / WEEK    others, if they would have known each other for too long

    drawn    exponential time, weeks, [0, 6000]
    v        uniform
    kind     code of the kind of tie, whole [0, 24]
    longest  from `longest_known`, years, [0, 80]
    """
    most = longest / WEEK
    if kind in (PARENT, SIBLING, CHILD, YOUNG_KIN):
        return most
    return drawn if drawn <= most else v * most
