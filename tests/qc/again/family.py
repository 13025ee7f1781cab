"""The rules of family, written a second time from docs/odd.md."""

_WEEK = 1.0 / 52.0
_PARTNER, _PARENT, _SIBLING, _CHILD, _YOUNG_KIN, _OTHER_KIN = 0, 1, 2, 3, 4, 5
_ONLINE = 8
_PROFESSIONALS = range(11, 18)  # psychiatrist to other_prof
_PET = 18
_MEDIA = 24  # the last of the things, which follow the pet


def _unit(x):
    """Cut x to the interval from nought to one."""
    return min(max(x, 0.0), 1.0)


def _flag(condition):
    """Write a condition as 1.0 or 0.0."""
    return 1.0 if condition else 0.0


def is_parent_for(u, ego_age, years, rates):
    """Tell whether an ego has been a parent for so many years."""
    youngest, oldest = rates.question_generation_youngest, rates.question_generation_oldest
    old = _unit((ego_age - years - youngest) / (oldest - youngest))
    return _flag(u < rates.family_parenthood * old)


def kin_kind(u, place, has_children, rates):
    """Choose the kind of one of the kin who are not parents."""
    if has_children == 1.0 and place == 3.0:
        return _CHILD
    children = rates.family_child_share * has_children
    if u < children:
        return _CHILD
    if u < children + rates.family_sibling_share * (1.0 - children):
        return _SIBLING
    return _OTHER_KIN


def has_duty_of_care(u, place, ego_age, rates):
    """Tell whether one of the young kin is a child the ego must care for."""
    if rates.family_switch == 0.0:
        return _flag(u < rates.tie_care_share)
    if place == 0.0:
        return _flag(u < rates.family_cares)
    if place < 100.0:
        return 0.0
    youngest, oldest = rates.question_generation_youngest, rates.question_generation_oldest
    fertile = _flag(youngest <= ego_age <= oldest)
    return _flag(u < rates.tie_care_share * fertile)


def longest_known(kind, ego_age, age, rates):
    """Give for how many years ego and alter can have known each other."""
    both = min(ego_age, age)
    if kind == _PARENT:
        return ego_age
    if kind in (_SIBLING, _CHILD, _YOUNG_KIN, _OTHER_KIN):
        return both
    if kind == _PARTNER:
        return max(both - 16.0, 0.0)
    if kind == _ONLINE:
        return min(max(both - 10.0, 0.0), 25.0)
    if kind in _PROFESSIONALS:
        return min(max(age - rates.question_staff_youngest, 0.0), ego_age)
    if kind == _PET:
        return min(ego_age, 18.0)
    if _PET < kind <= _MEDIA:
        return max(ego_age - 4.0, 0.0)
    return max(both - 4.0, 0.0)


def weeks_known_at_start(drawn, v, kind, longest):
    """Give for how many weeks ego and alter have known each other at the start."""
    weeks = longest / _WEEK
    if kind in (_PARENT, _SIBLING, _CHILD, _YOUNG_KIN):
        return weeks
    return drawn if drawn <= weeks else v * weeks
