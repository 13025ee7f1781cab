"""Every tie a participant had within the study, numbered for good: the `A003` of an alter_id."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sim.study.fieldwork import Sample
from sim.world.kinds import Event, Group

__all__ = ["Member", "all_members", "events_of", "staff_number"]

NOT_STAFF = -7
UNKNOWN = -(2**31)  # an integer missing without a code, as sim.data.tables has it
FIRST_PROFESSIONAL, LAST_PROFESSIONAL = int(Group.PSYCHIATRIST), int(Group.OUTSIDE)


@dataclass
class Member:
    """One tie of a participant. Weeks count from the participant's baseline.

    Attributes
    ----------
    identity, kind, group : int
        As in the state; group is -1 if the tie was never there at an interview.
    began : int
    ended : int or None
    cause : int
        Code of kinds.Cause.
    dormant : list of (int, int)
        Spells out of touch, first week and first week after.
    post, incumbent : int
        Of a worker of the team, else -1.
    """

    identity: int
    kind: int
    group: int
    began: int
    post: int = -1
    incumbent: int = -1
    ended: int | None = None
    cause: int = 0
    dormant: list[tuple[int, int]] = field(default_factory=list)
    asleep_since: int | None = None


def events_of(sample: Sample) -> list[np.ndarray]:
    """The events of each participant from the week after baseline to the last interview's."""
    by_ego = []
    for history in sample.histories:
        events = history.events[np.argsort(history.events["ego"], kind="stable")]
        by_ego.append((events, events["ego"]))
    found = []
    for i, ego in enumerate(sample.ego.tolist()):
        events, egos = by_ego[sample.home[i]]
        mine = events[np.searchsorted(egos, ego) : np.searchsorted(egos, ego, side="right")]
        week = mine["week"]
        found.append(mine[(week > sample.weeks[i, 0]) & (week <= sample.weeks[i, -1])])
    return found


def all_members(sample: Sample, events: list[np.ndarray]) -> list[dict[int, Member]]:
    """The ties of each participant by identity, in the order in which they began."""
    return [_members_of(sample, i, events[i]) for i in range(sample.address.size)]


def _members_of(sample: Sample, i: int, events: np.ndarray) -> dict[int, Member]:
    base, last = int(sample.weeks[i, 0]), int(sample.weeks[i, -1])
    found: dict[int, Member] = {}
    for k in range(sample.weeks.shape[1]):
        here = sample.members[i, k]
        since = int(sample.weeks[i, k]) - base
        for tie in here[here["group"] >= 0]:
            identity = int(tie["identity"])
            member = found.setdefault(
                identity,
                Member(identity, int(tie["kind"]), int(tie["group"]), since - int(tie["known"])),
            )
            member.post, member.incumbent = int(tie["post"]), int(tie["incumbent"])
            if k == 0 and tie["dormant"] > 0:
                member.asleep_since = 0
    for event in events:
        _follow(found, event, int(event["week"]) - base)
    for member in found.values():
        _wake(member, last - base + 1)
    ordered = sorted(found.values(), key=lambda member: (member.began, member.identity))
    return {member.identity: member for member in ordered}


def _follow(found: dict[int, Member], event: np.void, week: int) -> None:
    what, identity = int(event["event"]), int(event["identity"])
    if what == Event.TIE_BEGAN:
        member = found.setdefault(identity, Member(identity, int(event["kind"]), -1, week))
        member.began, member.post = week, int(event["post"])
    elif what == Event.TIE_ENDED and identity in found:
        found[identity].ended, found[identity].cause = week, int(event["cause"])
        _wake(found[identity], week)
    elif what == Event.TIE_DORMANT and identity in found:
        found[identity].asleep_since = week
    elif what == Event.TIE_REVIVED and identity in found:
        _wake(found[identity], week)


def _wake(member: Member, week: int) -> None:
    if member.asleep_since is not None:
        member.dormant.append((member.asleep_since, week))
        member.asleep_since = None


def staff_number(site: int, team: int, kind: int, post: int, incumbent: int) -> int:
    """A number for a worker of a team, the same in every ego's map; -7 for everybody else.

    Site, team (three digits), post and incumbent (two digits each) one after the other.
    """
    if post < 0:
        return NOT_STAFF
    if incumbent < 0:
        return UNKNOWN
    return ((site * 1000 + team) * 100 + post) * 100 + incumbent + 1
