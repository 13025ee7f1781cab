"""The rules of alters, written a second time from docs/odd.md."""

import statistics


def alter_is_male(u, kind, male, rates):
    """Say whether a member is a man."""
    kind = round(kind)
    if 11 <= kind <= 17:
        share = 1.0 - rates.question_staff_female
    elif kind in (0, 6, 7):
        same = rates.question_friend_same_sex if kind else 1.0 - rates.question_partner_other_sex
        share = same if male == 1 else 1.0 - same
    else:
        share = 0.5
    return 1.0 if u < share else 0.0


def age_of_alter(u, kind, ego_age, rates):
    """Give the age of a member in years."""
    kind = round(kind)
    z = statistics.NormalDist().inv_cdf(u)
    youngest, oldest = rates.question_generation_youngest, rates.question_generation_oldest
    if kind == 1:
        theirs = ego_age + youngest + u * (oldest - youngest)
        return min(theirs, max(rates.question_parent_oldest, ego_age + 18.0))
    if kind == 3:
        return max(ego_age - generation_of_child(u, ego_age, rates), 0.0)
    if kind == 4:
        return 18.0 * u
    if 11 <= kind <= 17:
        first = rates.question_staff_youngest
        if kind == 11:
            first = rates.question_psychiatrist_youngest
        return first + u * (rates.question_staff_oldest - first)
    around = {
        0: (rates.question_partner_age_sd, 18.0),
        2: (rates.question_friend_age_sd / 2.0, 0.0),
        6: (rates.question_friend_age_sd, 18.0),
        7: (rates.question_friend_age_sd, 18.0),
    }
    if kind in around:
        sd, least = around[kind]
        return max(ego_age + sd * z, least)
    return 18.0 + u * (rates.question_adult_oldest - 18.0)


def parent_is_male(u, place, rates):
    """Say whether a parent is the father."""
    if rates.family_switch == 1 and place < 2:
        return float(place)
    return 1.0 if u < 0.5 else 0.0


def generation_of_child(u, ego_age, rates):
    """Give the years between an ego and a child."""
    youngest, oldest = rates.question_generation_youngest, rates.question_generation_oldest
    if rates.family_switch == 1:
        oldest = min(max(ego_age - 18.0, youngest), oldest)
    return youngest + u * (oldest - youngest)


def alter_age_at(u, kind, ego_age, years, since, rates):
    """Give the age of a member so many years after the start."""
    if round(kind) == 4 and rates.acquaintance_switch == 1:
        return max(since, 0.0)
    return max(age_of_alter(u, kind, ego_age, rates) + years, 0.0)
