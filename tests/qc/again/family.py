"""The rules of family, written a second time from docs/odd.md."""


def is_parent_for(u, ego_age, years, rates):
    """Say whether an ego has had children for so long."""
    youngest, oldest = rates.question_generation_youngest, rates.question_generation_oldest
    old = min(max((ego_age - years - youngest) / (oldest - youngest), 0.0), 1.0)
    return 1.0 if u < rates.family_parenthood * old else 0.0


def kin_kind(u, place, has_children, rates):
    """Give the kind of a member of the family who is no parent."""
    if has_children == 1 and round(place) == 3:
        return 3
    children = rates.family_child_share * has_children
    if u < children:
        return 3
    return 2 if u < children + rates.family_sibling_share * (1.0 - children) else 5


def has_duty_of_care(u, place, ego_age, rates):
    """Say whether a child is in the ego's care."""
    if rates.family_switch != 1:
        share = rates.tie_care_share
    elif place == 0:
        share = rates.family_cares
    elif place < 100:
        share = 0.0
    else:
        youngest, oldest = rates.question_generation_youngest, rates.question_generation_oldest
        share = rates.tie_care_share if youngest <= ego_age <= oldest else 0.0
    return 1.0 if u < share else 0.0


def longest_known(kind, ego_age, age, rates):
    """Give the most years for which two can have known each other."""
    kind, both = round(kind), min(ego_age, age)
    if kind == 0:
        return max(both - 16.0, 0.0)
    if kind == 1:
        return ego_age
    if kind <= 5:
        return both
    if kind == 8:
        return min(max(both - 10.0, 0.0), 25.0)
    if kind <= 10:
        return max(both - 4.0, 0.0)
    if kind <= 17:
        return min(max(age - rates.question_staff_youngest, 0.0), ego_age)
    return min(ego_age, 18.0) if kind == 18 else max(ego_age - 4.0, 0.0)


def weeks_known_at_start(drawn, v, kind, longest):
    """Give the weeks for which two have known each other at the start."""
    most = longest * 52.0
    if round(kind) in (1, 2, 3, 4):
        return most
    return v * most if drawn > most else drawn
