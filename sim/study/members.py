"""Every tie a participant had within the study, followed through interviews and events."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba.extending import register_jitable

from sim.study.draws import records
from sim.study.fieldwork import Sample
from sim.world.compiled import compiled
from sim.world.kinds import Event
from sim.world.state import EVENT

__all__ = [
    "FollowedTies",
    "StudyLives",
    "events_of",
    "follow_ties",
    "offers_of",
]

UNKNOWN = -(2**31)  # an integer missing without a code, as sim.data.tables has it
BEGAN, ENDED = int(Event.TIE_BEGAN), int(Event.TIE_ENDED)
DORMANT, REVIVED = int(Event.TIE_DORMANT), int(Event.TIE_REVIVED)
OF_OFFERS = (Event.TOOK_UP, Event.DECLINED, Event.STOPPED)
AWAKE = -1

TIE = np.dtype(
    [
        (name, np.int32)
        for name in (
            "person", "identity", "kind", "began", "ended", "cause", "dormant_weeks", "post",
            "incumbent", "asleep_since",
        )
    ]
)  # fmt: skip
"""One tie of a participant.

Weeks count from the participant's baseline; `ended` is UNKNOWN of a tie that lasts; `cause` is a
code of kinds.Cause; `post` and `incumbent` are of a worker of the team, else -1.
"""


class StudyLives(NamedTuple):
    """What happened to the participants, person by person, in order.

    Attributes
    ----------
    person : ndarray of int, shape (e,)
    events : ndarray of state.EVENT, shape (e,)
    """

    person: np.ndarray
    events: np.ndarray


class FollowedTies(NamedTuple):
    """The ties of all participants, person by person in the order in which they began.

    Attributes
    ----------
    rows : ndarray of TIE, shape (m,)
    in_slot : ndarray of int32, (n, W, S)
        Row of the tie in each slot at each interview; -1 for a free slot.
    of_event : ndarray of int32, shape (e,)
        Row of the tie that an event names; -1 for none.
    """

    rows: np.ndarray
    in_slot: np.ndarray
    of_event: np.ndarray


def events_of(sample: Sample) -> StudyLives:
    """The events of each participant from the week after baseline to the last interview's.

    Without what was told of offers; see `offers_of`.
    """
    lives = _until_the_end(sample)
    after = lives.events["week"] > sample.weeks[lives.person, 0]
    after &= ~np.isin(lives.events["event"], OF_OFFERS)
    return StudyLives(lives.person[after], lives.events[after])


def offers_of(sample: Sample) -> StudyLives:
    """What participants took up, declined and stopped, from before baseline to the last interview.

    The identity of such an event is the number of the shock, from 1.
    """
    lives = _until_the_end(sample)
    told = np.isin(lives.events["event"], OF_OFFERS)
    return StudyLives(lives.person[told], lives.events[told])


def _until_the_end(sample: Sample) -> StudyLives:
    """All that was kept of each participant, up to the last interview's week."""
    persons, events = [np.zeros(0, np.intp)], [np.zeros(0, EVENT)]
    for at, history in enumerate(sample.histories):
        people = np.flatnonzero(sample.home == at)
        who = np.full(history.team.egos.size + 1, -1)  # the last is of events that are nobody's
        who[sample.ego[people]] = people
        theirs = np.flatnonzero(who[history.events["ego"]] >= 0)
        found = history.events[theirs]
        person, week = who[found["ego"]], found["week"]
        within = week <= sample.weeks[person, -1]
        persons.append(person[within])
        events.append(found[within])
    person = np.concatenate(persons)
    order = np.argsort(person, kind="stable")
    return StudyLives(person[order], np.concatenate(events)[order])


def follow_ties(sample: Sample, lives: StudyLives) -> FollowedTies:
    """Follow the ties of all participants through their interviews and events."""
    n = sample.address.size
    begun = int((lives.events["event"] == BEGAN).sum())
    most = int((sample.members["group"] >= 0).sum()) + begun
    found, rank = np.zeros(most, TIE), np.zeros(most, np.int32)
    in_slot = np.full(sample.members.shape, -1, np.int32)
    of_event = np.full(lives.person.size, -1, np.int32)
    first_event = np.searchsorted(lives.person, np.arange(n + 1))
    m = _follow(
        records(sample.members), sample.weeks, records(lives.events), first_event,
        records(found), rank, in_slot, of_event,
    )  # fmt: skip
    rows = np.empty(m, TIE)
    rows[rank[:m]] = found[:m]
    return FollowedTies(rows, in_slot, of_event)


@compiled
def _follow(members, weeks, events, first_event, found, rank, in_slot, of_event):
    stop = 0
    for i in range(members.shape[0]):
        start, base = stop, weeks[i, 0]
        for k in range(members.shape[1]):
            stop = meet(members[i, k], i, k, weeks[i, k] - base, found, start, stop, in_slot[i, k])
        for e in range(first_event[i], first_event[i + 1]):
            stop = happen(events[e], i, events[e].week - base, found, start, stop)
        for r in range(start, stop):
            wake(found[r], weeks[i, weeks.shape[1] - 1] - base + 1)
            rank[r] = start
            for other in range(start, stop):
                rank[r] += is_before(found[other], found[r])
        for k in range(members.shape[1]):
            for s in range(members.shape[2]):
                if in_slot[i, k, s] >= 0:
                    in_slot[i, k, s] = rank[in_slot[i, k, s]]
        for e in range(first_event[i], first_event[i + 1]):
            r = find(events[e].identity, found, start, stop)
            of_event[e] = rank[r] if r < stop else -1
    return stop


@register_jitable
def find(identity, found, start, stop):
    """Row of a tie of the person whose rows are given; `stop` if there is none."""
    for r in range(start, stop):
        if found[r].identity == identity:
            return r
    return stop


@register_jitable
def is_before(one, other):
    """1 if a tie began before another, of two begun together if its identity is lower."""
    earlier = one.began < other.began
    return 1 if earlier or (one.began == other.began and one.identity < other.identity) else 0


@register_jitable
def note(tie, person, identity, kind, began):
    """A tie that is new to the list."""
    tie.person, tie.identity, tie.kind, tie.began = person, identity, kind, began
    tie.ended, tie.post, tie.incumbent, tie.asleep_since = UNKNOWN, -1, -1, AWAKE


@register_jitable
def meet(here, person, wave, week, found, start, stop, in_slot):
    """The ties there at an interview; the end of the list after it."""
    for s in range(here.size):
        if here[s].group < 0:
            continue
        r = find(here[s].identity, found, start, stop)
        if r == stop:
            note(found[r], person, here[s].identity, here[s].kind, week - int(here[s].known))
            stop += 1
        found[r].post, found[r].incumbent = here[s].post, here[s].incumbent
        if wave == 0 and here[s].dormant > 0:
            found[r].asleep_since = 0
        in_slot[s] = r
    return stop


@register_jitable
def happen(event, person, week, found, start, stop):
    """What an event does to a tie; the end of the list after it."""
    r = find(event.identity, found, start, stop)
    if event.event == BEGAN:
        if r == stop:
            note(found[r], person, event.identity, event.kind, week)
            stop += 1
        found[r].began, found[r].post = week, event.post
    elif r < stop and event.event == ENDED:
        found[r].ended, found[r].cause = week, event.cause
        wake(found[r], week)
    elif r < stop and event.event == DORMANT:
        found[r].asleep_since = week
    elif r < stop and event.event == REVIVED:
        wake(found[r], week)
    return stop


@register_jitable
def wake(tie, week):
    """The end of a spell out of touch, if there is one."""
    if tie.asleep_since != AWAKE:
        tie.dormant_weeks += week - tie.asleep_since
        tie.asleep_since = AWAKE
