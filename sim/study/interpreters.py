"""Name interpreters: what the ego says of each member recorded on the map.

Answers read the state of the tie and add a little noise; what belongs to the member is in
`sim.study.attributes`. What people get wrong, they get wrong at stated rates: who knows the
diagnosis, which kind of tie it is, for how many years.

Streams: [INTERPRETER] answers, by the ego.
"""

import numpy as np
from numba.extending import register_jitable

from sim.study.draws import records
from sim.study.missing import NOT_APPLICABLE
from sim.world.arithmetic import HALF, ONE, WEEK, ZERO, clip, f4, normal
from sim.world.compiled import compiled
from sim.world.kinds import Group, Kind
from sim.world.rules.family import longest_known
from sim.world.streams import Stream, key_pair, uniforms

__all__ = ["ANSWER", "MISTAKEN", "answers"]

INTERPRETER = int(Stream.INTERPRETER)
PARTNER_GROUP, YOUNG_GROUP = int(Group.PARTNER), int(Group.YOUNG_KIN)
FRIEND_GROUP = int(Group.FRIEND)
PARENT, OTHER_KIN, PET = int(Kind.PARENT), int(Kind.OTHER_KIN), int(Kind.PET)
PSYCHIATRIST, THERAPIST = int(Kind.PSYCHIATRIST), int(Kind.THERAPIST)
FIRST_WAVE, RECALL = 16, 4096
"""The first interview in addresses of answers and of what is recalled; below, `when` addresses what
lasts."""

MISTAKEN = {
    Kind.OTHER_KIN: Kind.SIBLING, Kind.SIBLING: Kind.OTHER_KIN,
    Kind.FRIEND: Kind.PEER, Kind.PEER: Kind.FRIEND, Kind.ONLINE: Kind.FRIEND,
    Kind.NEIGHBOUR: Kind.ACQUAINTANCE, Kind.ACQUAINTANCE: Kind.NEIGHBOUR,
    Kind.CPN: Kind.CARE_COORDINATOR, Kind.CARE_COORDINATOR: Kind.CPN,
    Kind.SUPPORT_WORKER: Kind.OTHER_PROF, Kind.OTHER_PROF: Kind.SUPPORT_WORKER,
    Kind.PLACE: Kind.ACTIVITY, Kind.ACTIVITY: Kind.GROUP, Kind.GROUP: Kind.ACTIVITY,
    Kind.HOBBY: Kind.ACTIVITY,
}  # fmt: skip
"""The kind that a kind is mistaken for, of its class; the others are never mistaken."""

NEXT_TO = np.array([MISTAKEN.get(kind, -1) for kind in Kind])

_WHOLE = (
    "contact_freq", "closeness", "knows_diagnosis", "supp_emotional", "supp_practical",
    "supp_illness", "supp_advocacy", "supp_financial", "supp_given", "burden", "trust",
    "anticipated_support", "kind",
)  # fmt: skip
ANSWER = np.dtype(
    [(name, np.int32) for name in _WHOLE] + [(name, np.float32) for name in ("years_known", "age")]
)
"""Answers on one member; `kind` is the kind of tie recorded, `age` of people."""


def answers(
    egos: np.ndarray,
    members: np.ndarray,
    weeks: np.ndarray,
    at: np.ndarray,
    alters: np.ndarray,
    params: np.ndarray,
    key: np.ndarray,
) -> np.ndarray:
    """Answers on some members at some interviews.

    Parameters
    ----------
    egos : ndarray, (n, W) of state.EGO
    members : ndarray, (n, W, S) of seen.MEMBER
    weeks : ndarray of int, (n, W)
        Calendar weeks of the interviews.
    at : ndarray of int, (R, 3)
        Person, wave and slot of each member asked about.
    alters : ndarray, (R,) of attributes.ATTRIBUTE
        What belongs to each of them.
    params, key
        The record of parameters; the key of the replicate.

    Returns
    -------
    ndarray, (R,) of ANSWER
        NOT_APPLICABLE where a question makes no sense of the member.
    """
    found = np.zeros(len(at), ANSWER)
    _answer(
        records(egos), records(members), weeks, at.astype(np.int64), records(alters),
        records(params), key_pair(key), records(found),
    )  # fmt: skip
    return found


@compiled
def _answer(egos, members, weeks, at, alters, params, key, found):
    p = params[0]
    for r in range(at.shape[0]):
        i, k = at[r, 0], at[r, 1]
        tie, ego = members[i, k, at[r, 2]], egos[i, k]
        describe(tie, ego, weeks[i, k], alters[r], found[r], p)
        judge(tie, ego, k, found[r], p, key)
        recall(ego, k, tie.identity, tie.kind, alters[r], found[r], p, key)
        count_support(tie, ego, found[r], p, key)


@register_jitable
def describe(tie, ego, week, alter, answer, p):
    """How old the member is, and how long known.

    Kin are known from birth, or as the world has it where its durations are possible. Of others the
    years are misremembered a little and said in round numbers, but not longer than could be.
    """
    now, answer.age = f4(ego.age) + f4(week) * WEEK, alter.age + f4(week) * WEEK
    years = tie.known * WEEK
    if PARENT <= tie.kind <= OTHER_KIN:
        if p.acquaintance_switch == ZERO:
            years = longest_known(tie.kind, now, answer.age, p)
        answer.years_known = rounded_down(years)
        return
    years += years * p.question_years_error * normal(alter.u_years)
    most = longest_known(tie.kind, now, answer.age, p)
    answer.years_known = min(rounded_years(years, p), rounded_down(most))


@register_jitable
def rounded_years(years, p):
    """Years as people say them: in fives, in whole years, within the first one in tenths."""
    if years >= p.question_years_heap:
        return f4(5 * int(years / f4(5) + HALF))
    if years >= ONE:
        return f4(int(years + HALF))
    return f4(int(f4(10) * max(years, ZERO) + HALF)) / f4(10)


@register_jitable
def rounded_down(years):
    """Whole years that are over; within the first one tenths of it."""
    if years >= ONE:
        return f4(int(years))
    return f4(int(f4(10) * years)) / f4(10)


@register_jitable
def recall(ego, k, identity, kind, alter, answer, p, key):
    """Who is said to know the diagnosis, and what kind of tie is recorded: both can be wrong."""
    a, b, _, _ = uniforms(INTERPRETER, ego.address, RECALL + k, identity, key)
    answer.kind = alter.called
    if b < p.question_kind_mistaken and NEXT_TO[alter.called] >= 0:
        answer.kind = NEXT_TO[alter.called]
    if answer.knows_diagnosis == NOT_APPLICABLE:
        return
    answer.knows_diagnosis = 1 if alter.knows_from <= k else 0
    by_role = PSYCHIATRIST <= kind <= THERAPIST
    if not by_role and a < p.question_knows_unsure:
        answer.knows_diagnosis = 0


@register_jitable
def judge(tie, ego, k, answer, p, key):
    """Contact, closeness, burden, trust, expected support."""
    a, b, c, d = uniforms(INTERPRETER, ego.address, FIRST_WAVE + k, tie.identity, key)
    noise = p.question_answer_noise
    contact = clip(tie.recent, ZERO, ONE)
    answer.contact_freq = 5
    if contact >= p.question_contact_daily:
        answer.contact_freq = 1
    elif contact >= p.question_contact_several:
        answer.contact_freq = 2
    elif contact >= p.question_contact_weekly:
        answer.contact_freq = 3
    elif contact >= p.question_contact_monthly:
        answer.contact_freq = 4
    close = tie.closeness + noise * normal(a)
    answer.closeness = graded(close, p.question_closeness_low, p.question_closeness_high, 4)
    strain = tie.strain + f4(0.5) * noise * normal(b)
    answer.burden = graded(strain, p.question_burden_low, p.question_burden_high, 4)
    help = tie.anticipated + noise * normal(d)
    answer.anticipated_support = graded(
        help, p.question_anticipated_low, p.question_anticipated_high, 5
    )
    if tie.human == ZERO:
        answer.trust, answer.knows_diagnosis = NOT_APPLICABLE, NOT_APPLICABLE
        return
    trust = tie.trust + noise * normal(c)
    answer.trust = graded(trust, p.question_trust_low, p.question_trust_high, 5)


@register_jitable
def graded(x, low, high, grades):
    """An answer of 1 to `grades`: 1 below low, the last from high on, equal steps between."""
    if x < low:
        return 1
    step = (high - low) / f4(grades - 2)
    return min(2 + int((x - low) / step), grades)


@register_jitable
def count_support(tie, ego, answer, p, key):
    """Kinds of support received, and support given."""
    a, b, c, d = uniforms(INTERPRETER, ego.address, 0, tie.identity, key)
    e, f, _, _ = uniforms(INTERPRETER, ego.address, 1, tie.identity, key)
    said = tie.support / (tie.support + p.question_support_half)
    answer.supp_emotional = 1 if tie.f_emotional * said > a else 0
    answer.supp_practical = 1 if tie.f_practical * said > b else 0
    answer.supp_illness = 1 if tie.f_illness * said > c else 0
    answer.supp_advocacy = 1 if tie.f_advocacy * said > d else 0
    money = ZERO
    if tie.group == PARTNER_GROUP:
        money = p.question_financial_partner
    elif tie.group < FRIEND_GROUP and tie.group != YOUNG_GROUP:
        money = p.question_financial_kin
    elif tie.group == FRIEND_GROUP:
        money = p.question_financial_friend
    answer.supp_financial = 1 if tie.f_practical * money > e else 0
    answer.supp_given = 1 if tie.given / (tie.given + p.question_given_half) > f else 0
    if tie.human == ZERO:
        answer.supp_advocacy, answer.supp_financial = NOT_APPLICABLE, NOT_APPLICABLE
        answer.supp_given = 1 if tie.kind == PET else NOT_APPLICABLE
