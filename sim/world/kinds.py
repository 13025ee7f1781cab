"""Kinds of ties, their groups and classes, the causes of endings, and other code lists.

A *class* is a row of Table 1 of the founding paper, a *kind* is what a map would say, a *group*
holds the kinds that share parameters. Codes are written to bundles by name and never renumbered.
"""

from enum import IntEnum
from typing import Self


class ToldCode(IntEnum):
    """A code whose members say more of themselves, in the order of the class's annotations."""

    def __new__(cls, code: int, *told: object) -> Self:
        """A member whose value is the code."""
        member = int.__new__(cls, code)
        member._value_ = code
        for name, value in zip(cls.__annotations__, told, strict=True):
            setattr(member, name, value)
        return member


class TieClass(IntEnum):
    """The classes of Table 1: spouse and family are kin, "other" is object."""

    KIN = 0
    FRIEND = 1
    PROFESSIONAL = 2
    OBJECT = 3


TIE_CLASSES = tuple(one.name.lower() for one in TieClass)
"""Words of the classes, in the order in which they are shown; the position is the code."""


class Group(ToldCode):
    """Ties that share parameters; the order of the columns of `[tie]` in parameters.toml.

    Attributes
    ----------
    tie_class : TieClass
    """

    tie_class: TieClass

    PARTNER = 0, TieClass.KIN
    KIN = 1, TieClass.KIN
    YOUNG_KIN = 2, TieClass.KIN
    FRIEND = 3, TieClass.FRIEND
    WEAK = 4, TieClass.FRIEND
    PSYCHIATRIST = 5, TieClass.PROFESSIONAL
    COORDINATOR = 6, TieClass.PROFESSIONAL
    SUPPORT_WORKER = 7, TieClass.PROFESSIONAL
    OUTSIDE = 8, TieClass.PROFESSIONAL
    OBJECT = 9, TieClass.OBJECT


FIRST_PROFESSIONAL, LAST_PROFESSIONAL = int(Group.PSYCHIATRIST), int(Group.OUTSIDE)
"""The groups from one to the other are professionals."""

WEEKS_A_YEAR = 52


class Kind(ToldCode):
    """What a network member is to the ego.

    Attributes
    ----------
    group : Group
        A support worker outside the team is a SUPPORT_WORKER in group OUTSIDE none the less.
    """

    group: Group

    PARTNER = 0, Group.PARTNER
    PARENT = 1, Group.KIN
    SIBLING = 2, Group.KIN
    CHILD = 3, Group.KIN
    YOUNG_KIN = 4, Group.YOUNG_KIN
    OTHER_KIN = 5, Group.KIN
    FRIEND = 6, Group.FRIEND
    PEER = 7, Group.FRIEND
    ONLINE = 8, Group.WEAK
    NEIGHBOUR = 9, Group.WEAK
    ACQUAINTANCE = 10, Group.WEAK
    PSYCHIATRIST = 11, Group.PSYCHIATRIST
    CPN = 12, Group.COORDINATOR
    CARE_COORDINATOR = 13, Group.COORDINATOR
    SUPPORT_WORKER = 14, Group.SUPPORT_WORKER
    GP = 15, Group.OUTSIDE
    THERAPIST = 16, Group.OUTSIDE
    OTHER_PROF = 17, Group.OUTSIDE
    PET = 18, Group.OBJECT
    PLACE = 19, Group.OBJECT
    HOBBY = 20, Group.OBJECT
    ACTIVITY = 21, Group.OBJECT
    GROUP = 22, Group.OBJECT
    OBJECT = 23, Group.OBJECT
    MEDIA = 24, Group.OBJECT


GROUP_OF_KIND = tuple(int(kind.group) for kind in Kind)
"""Code of the group of each kind."""

CLASS_OF_GROUP = tuple(int(group.tie_class) for group in Group)
"""Code of the class of each group."""


class Line(IntEnum):
    """The three lines of service an ego can have with the team, one worker each."""

    PSYCHIATRIST = 0
    COORDINATOR = 1
    SUPPORT_WORKER = 2


LINES_OF_SERVICE = tuple(line.name.lower() for line in Line)
"""As parameters name them."""


class Role(ToldCode):
    """What a post of the team is for; CPNs and other care co-ordinators serve one line.

    Attributes
    ----------
    line : Line
    kind : Kind
        Of a tie to whoever is in post.
    """

    line: Line
    kind: Kind

    PSYCHIATRIST = 0, Line.PSYCHIATRIST, Kind.PSYCHIATRIST
    CPN = 1, Line.COORDINATOR, Kind.CPN
    CARE_COORDINATOR = 2, Line.COORDINATOR, Kind.CARE_COORDINATOR
    SUPPORT_WORKER = 3, Line.SUPPORT_WORKER, Kind.SUPPORT_WORKER


ROLES = tuple(one.name.lower() for one in Role)
"""Words of the roles; the position is the code."""

KIND_OF_ROLE = tuple(int(role.kind) for role in Role)
"""Code of the kind of tie to each role."""


class Channel(IntEnum):
    """Where a tie is born.

    At most one birth per channel, ego and week, so a birth is an address.
    """

    PARTNER = 0
    KIN = 1
    FRIEND = 2
    WEAK = 3
    OUTSIDE = 4
    OBJECT = 5
    PSYCHIATRIST = 6
    COORDINATOR = 7
    SUPPORT_WORKER = 8
    LINK_GROUP = 9
    LINK_ACTIVITY = 10


class Cause(IntEnum):
    """Why a tie ended; each ended tie has exactly one."""

    NONE = 0
    EGO_CUT = 1
    DRIFT = 2
    ALTER_CUT = 3
    BEREAVEMENT = 4
    DISCHARGE = 5
    TURNOVER = 6
    REASSIGNMENT = 7
    CLOSURE = 8
    GIVEN_UP = 9
    EGO_DIED = 10
    CASE_CLOSED = 11
    MOVED = 12
    JOB_LOST = 13


class Event(IntEnum):
    """What the event list records."""

    TIE_BEGAN = 1
    TIE_ENDED = 2
    TIE_DORMANT = 3
    TIE_REVIVED = 4
    EPISODE_START = 5
    EPISODE_END = 6
    ADMISSION = 7
    COERCION = 8
    DISCHARGE = 9
    REFERRAL = 10
    DEATH = 11
    VISIT_CANCELLED = 12
    VISIT_MISSED = 13
    WORKER_LEFT = 14
    CONSTRICTION = 15
    TREATMENT_STOP = 16
    TREATMENT_RESTART = 17
    WARNING = 18
    NOTICED = 19
    AVERTED = 20
    CRISIS = 21
    DISCHARGE_HOSPITAL = 22
    MOVE = 23
    WORK_LOST = 24
    WORK_FOUND = 25
    HOME_LOST = 26
    HOME_FOUND = 27
    BENEFITS_STOPPED = 28
    TOOK_UP = 29
    DECLINED = 30
    STOPPED = 31


class Household(IntEnum):
    """With whom an ego lives; others are those of a hostel or shared house."""

    ALONE = 0
    PARTNER = 1
    PARENTS = 2
    OTHERS = 3


class Diagnosis(IntEnum):
    """Diagnoses of the founding paper."""

    PSYCHOSIS = 0
    SCHIZOPHRENIA = 1
    BIPOLAR = 2
    PERSONALITY_DISORDER = 3
