"""Name interpreters: what the ego says of each member recorded on the map.

Answers read the state of the tie and add a little noise. What belongs to the member (sex, age,
name) is drawn once: by the tie, or for the team's staff by post and incumbent, so that all egos of
a worker describe the same person.

Streams: [INTERPRETER] answers, by the ego; [PERSON] the member, by the ego or the post.
"""

import numpy as np
from numba.extending import register_jitable

from sim.study.draws import records
from sim.study.missing import NOT_APPLICABLE
from sim.world.arithmetic import ONE, ZERO, clip, f4, normal
from sim.world.compiled import compiled
from sim.world.kinds import Group, Kind
from sim.world.rules.alters import age_of_alter, alter_age_at, alter_is_male, parent_is_male
from sim.world.streams import Stream, key_pair, uniforms

__all__ = ["ANSWER", "answers"]

INTERPRETER, PERSON = int(Stream.INTERPRETER), int(Stream.PERSON)
PARTNER_GROUP, YOUNG_GROUP = int(Group.PARTNER), int(Group.YOUNG_KIN)
FRIEND_GROUP = int(Group.FRIEND)
PARENT, SIBLING, CHILD = int(Kind.PARENT), int(Kind.SIBLING), int(Kind.CHILD)
YOUNG_KIN, OTHER_KIN, PET = int(Kind.YOUNG_KIN), int(Kind.OTHER_KIN), int(Kind.PET)
FIRST_WAVE = 16  # below it, `when` addresses what lasts

_WHOLE = (
    "contact_freq", "closeness", "knows_diagnosis", "supp_emotional", "supp_practical",
    "supp_illness", "supp_advocacy", "supp_financial", "supp_given", "burden", "trust",
    "anticipated_support", "male",
)  # fmt: skip
ANSWER = np.dtype(
    [(name, np.int32) for name in _WHOLE]
    + [(name, np.float32) for name in ("years_known", "age", "u_name", "u_digits")]
)
"""Answers on one member. `male` and `age` are of people; u_name and u_digits choose a name."""


def answers(
    egos: np.ndarray,
    members: np.ndarray,
    weeks: np.ndarray,
    at: np.ndarray,
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
    params, key
        The record of parameters; the key of the replicate.

    Returns
    -------
    ndarray, (R,) of ANSWER
        NOT_APPLICABLE where a question makes no sense of the member.
    """
    found = np.zeros(len(at), ANSWER)
    _answer(
        records(egos), records(members), weeks, at.astype(np.int64), records(params), key_pair(key),
        records(found),
    )  # fmt: skip
    return found


@compiled
def _answer(egos, members, weeks, at, params, key, found):
    p = params[0]
    for r in range(at.shape[0]):
        i, k = at[r, 0], at[r, 1]
        tie, ego = members[i, k, at[r, 2]], egos[i, k]
        describe(tie, ego, weeks[i, k], found[r], p, key)
        judge(tie, ego, k, found[r], p, key)
        count_support(tie, ego, found[r], p, key)


@register_jitable
def describe(tie, ego, week, answer, p, key):
    """Sex, age and name of the member; how long known."""
    who, which = ego.address, tie.identity
    if tie.post >= 0:
        who = (ego.address >> 12 << 12) | np.uint32(tie.post)
        which = tie.incumbent
    when = 1 if tie.post >= 0 else 0
    a, b, c, d = uniforms(PERSON, who, when, which, key)
    now = f4(ego.age) + f4(week) / f4(52)
    answer.u_name, answer.u_digits = c, d
    answer.male = int(alter_is_male(a, tie.kind, ego.male, p))
    known = tie.known / f4(52)
    if tie.kind == PARENT:
        answer.male = int(parent_is_male(a, tie.identity >> 5, p))
    if p.acquaintance_switch > ZERO:
        answer.age = alter_age_at(b, tie.kind, f4(ego.age), f4(week) / f4(52), known, p)
        answer.years_known = known
        return
    answer.age = age_of_alter(b, tie.kind, now, p)
    if tie.kind == PARENT:
        known = now
    elif tie.kind == CHILD or tie.kind == YOUNG_KIN or tie.kind == SIBLING or tie.kind == OTHER_KIN:
        known = answer.age
    answer.years_known = min(known, now)


@register_jitable
def judge(tie, ego, k, answer, p, key):
    """Contact, closeness, burden, trust, expected support, disclosure."""
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
    told = tie.post >= 0 or tie.openness >= p.question_knows_openness
    answer.knows_diagnosis = 1 if told else 0


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
