"""The rules of alters, written a second time from docs/odd.md."""

import statistics

_PARTNER, _PARENT, _SIBLING, _CHILD, _YOUNG_KIN = 0, 1, 2, 3, 4
_FRIEND, _PEER = 6, 7
_PSYCHIATRIST = 11
_PROFESSIONALS = range(11, 18)  # psychiatrist to other_prof


def _clip(x, low, high):
    """Cut x to the interval from low to high."""
    return min(max(x, low), high)


def _normal(u):
    """Give the standard normal quantile of a uniform."""
    return statistics.NormalDist().inv_cdf(u)


def _flag(condition):
    """Write a condition as 1.0 or 0.0."""
    return 1.0 if condition else 0.0


def alter_is_male(u, kind, male, rates):
    """Tell whether an alter is male."""
    if kind in _PROFESSIONALS:
        return _flag(u < 1.0 - rates.question_staff_female)
    if kind == _PARTNER:
        same = 1.0 - rates.question_partner_other_sex
    elif kind in (_FRIEND, _PEER):
        same = rates.question_friend_same_sex
    else:
        same = 0.5
    return _flag(u < (same if male == 1.0 else 1.0 - same))


def parent_is_male(u, place, rates):
    """Tell whether a parent is male: the second place is the father's."""
    if rates.family_switch == 1.0 and place < 2.0:
        return float(place)
    return _flag(u < 0.5)


def generation_of_child(u, ego_age, rates):
    """Give the years between an ego and a child."""
    youngest, last = rates.question_generation_youngest, rates.question_generation_oldest
    if rates.family_switch == 1.0:
        last = _clip(ego_age - 18.0, youngest, last)
    return youngest + u * (last - youngest)


def alter_age_at(u, kind, ego_age, years, since, rates):
    """Give the age of an alter some years after the start of the study."""
    if kind == _YOUNG_KIN and rates.acquaintance_switch == 1.0:
        return max(since, 0.0)
    return max(age_of_alter(u, kind, ego_age, rates) + years, 0.0)


def _age_of_kin(u, kind, ego_age, rates):
    """Give the age of a parent, child, brother or sister."""
    if kind == _PARENT:
        youngest = rates.question_generation_youngest
        generation = youngest + u * (rates.question_generation_oldest - youngest)
        return min(ego_age + generation, max(rates.question_parent_oldest, ego_age + 18.0))
    if kind == _CHILD:
        return max(ego_age - generation_of_child(u, ego_age, rates), 0.0)
    return max(ego_age + rates.question_friend_age_sd / 2.0 * _normal(u), 0.0)


def age_of_alter(u, kind, ego_age, rates):
    """Give the age of an alter when the ego has a certain age."""
    if kind in (_PARENT, _CHILD, _SIBLING):
        return _age_of_kin(u, kind, ego_age, rates)
    if kind == _PARTNER:
        return max(ego_age + rates.question_partner_age_sd * _normal(u), 18.0)
    if kind in (_FRIEND, _PEER):
        return max(ego_age + rates.question_friend_age_sd * _normal(u), 18.0)
    if kind == _YOUNG_KIN:
        return 18.0 * u
    if kind in _PROFESSIONALS:
        first = rates.question_staff_youngest
        if kind == _PSYCHIATRIST:
            first = rates.question_psychiatrist_youngest
        return first + u * (rates.question_staff_oldest - first)
    return 18.0 + u * (rates.question_adult_oldest - 18.0)
