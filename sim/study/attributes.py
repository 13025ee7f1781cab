"""Attributes of alters: what belongs to the other end of a tie, the same at every interview.

Sex, age, name and what the alter knows are drawn once: by the tie, or for the team's staff by post
and incumbent, so that all egos of a worker describe the same person. Ages are those at the start
of the calendar and grow with it.

Streams: [PERSON] the alter, by the ego or the post; [IDS] the number in a worker's name.
"""

from __future__ import annotations

import numpy as np
from numba.extending import register_jitable

from sim.study.draws import records
from sim.study.fieldwork import Sample
from sim.study.members import FollowedTies
from sim.study.names import NUMBERS, POSTS_NUMBERED
from sim.world.arithmetic import HALF, WEEK, f4
from sim.world.compiled import compiled
from sim.world.kinds import Kind
from sim.world.rules.alters import alter_age_at, alter_is_male, parent_is_male
from sim.world.streams import Stream, key_pair, permuted, uniforms

__all__ = ["ATTRIBUTE", "NEVER_TOLD", "attributes_of"]

PERSON, IDS = int(Stream.PERSON), int(Stream.IDS)
PARENT, OTHER_KIN = int(Kind.PARENT), int(Kind.OTHER_KIN)
PSYCHIATRIST, THERAPIST = int(Kind.PSYCHIATRIST), int(Kind.THERAPIST)

OF_THE_TIE, OF_THE_WORKER, OF_THE_WORDS = 0, 1, 2
"""What an address of PERSON is of: an alter, a worker, how the ego speaks of an alter."""

OF_THE_NUMBERS, HALF_WORD = 3, 5
"""Address of IDS of the numbers in names of a team's workers, drawn without return from 2^10."""

NEVER_TOLD = 999
"""Wave from which an alter knows who never does."""

ATTRIBUTE = np.dtype(
    [(name, np.int32) for name in ("male", "called", "knows_from")]
    + [(name, np.float32) for name in ("age", "u_name", "u_digits", "u_same", "u_years")]
)
"""What belongs to one alter.

`called` is the kind of tie the ego speaks of; `knows_from` the first interview, from 0, by which
the alter knows the diagnosis, NEVER_TOLD if none; `age` that in week 0 of the calendar, in
years; the uniforms choose a name, its number, whether it is a namesake's, and the error in how long
known.
"""


def attributes_of(
    sample: Sample, ties: FollowedTies, params: np.ndarray, key: np.ndarray
) -> np.ndarray:
    """Attributes of the alter of every tie that a participant had.

    Parameters
    ----------
    sample : Sample
    ties : FollowedTies
        Of the same people.
    params, key : ndarray
        The record of parameters; the key of the replicate.

    Returns
    -------
    ndarray of ATTRIBUTE, shape (m,)
        In the order of `ties.rows`.
    """
    found = np.zeros(ties.rows.size, ATTRIBUTE)
    first = np.ascontiguousarray(sample.egos[:, 0])
    base = np.ascontiguousarray(sample.weeks[:, 0], np.int64)
    _attributes(
        records(ties.rows), records(first), base, records(params), key_pair(key), records(found)
    )
    found["knows_from"] = _knows_from(sample, ties, params)
    return found


def _knows_from(sample: Sample, ties: FollowedTies, params: np.ndarray) -> np.ndarray:
    """First interview by which each alter has been told, or knows by role; nobody forgets."""
    found = np.full(ties.rows.size, NEVER_TOLD, np.int32)
    kind, there = sample.members["kind"], ties.in_slot >= 0
    by_role = (kind >= PSYCHIATRIST) & (kind <= THERAPIST)
    told = sample.members["openness"] >= params[0]["question_knows_openness"]
    _, wave, _ = at = np.nonzero(there & (sample.members["human"] > 0) & (by_role | told))
    np.minimum.at(found, ties.in_slot[at], wave)
    return found


@compiled
def _attributes(ties, egos, base, params, key, found):
    p = params[0]
    for r in range(ties.size):
        tie, ego, one = ties[r], egos[ties[r].person], found[r]
        who, which, when = ego.address, tie.identity, OF_THE_TIE
        team = ego.address >> 12 << 12
        if tie.post >= 0:
            who, which, when = team | np.uint32(tie.post), tie.incumbent, OF_THE_WORKER
        a, b, one.u_name, one.u_digits = uniforms(PERSON, who, when, which, key)
        one.male = int(alter_is_male(a, tie.kind, ego.male, p))
        if tie.kind == PARENT:
            one.male = int(parent_is_male(a, tie.identity >> 5, p))
        began = base[tie.person] + tie.began
        at = max(began, 0) if tie.post < 0 else 0
        years, since = f4(at) * WEEK, f4(at - began) * WEEK
        one.age = alter_age_at(b, tie.kind, f4(ego.age), years, since, p) - years
        one.u_same, u, one.u_years, _ = uniforms(
            PERSON, ego.address, OF_THE_WORDS, tie.identity, key
        )
        if tie.post >= 0:
            one.u_digits = digits_of(team, tie.post, tie.incumbent, key)
        one.called = tie.kind
        older = one.age - f4(ego.age) >= p.question_generation_youngest
        if tie.kind == OTHER_KIN and older and u < p.question_step_parent:
            one.called = PARENT


@register_jitable
def digits_of(team, post, incumbent, key):
    """The share of all numbers below that of a worker's name: no two of a team have the same.

    With no more than POSTS_NUMBERED posts, and incumbents as many as the numbers allow for.
    """
    number = (post + POSTS_NUMBERED * max(incumbent, 0)) % NUMBERS
    number = permuted(IDS, team, OF_THE_NUMBERS, number, HALF_WORD, key)
    while number >= NUMBERS:  # on along its cycle, which comes back to a number there is
        number = permuted(IDS, team, OF_THE_NUMBERS, number, HALF_WORD, key)
    return (f4(number) + HALF) / f4(NUMBERS)
