"""Kinds of ties, their groups and classes, the causes of endings, and other code lists.

A *class* is a row of Table 1 of the founding paper, a *kind* is what a map would say, a *group*
holds the kinds that share parameters. Codes are written to bundles by name and never renumbered.
"""

from enum import IntEnum


class Group(IntEnum):
    """Ties that share parameters; the order of the columns of `[tie]` in parameters.toml."""

    PARTNER = 0
    KIN = 1
    YOUNG_KIN = 2
    FRIEND = 3
    WEAK = 4
    PSYCHIATRIST = 5
    COORDINATOR = 6
    SUPPORT_WORKER = 7
    OUTSIDE = 8
    OBJECT = 9


FIRST_PROFESSIONAL, LAST_PROFESSIONAL = int(Group.PSYCHIATRIST), int(Group.OUTSIDE)
"""The groups from one to the other are professionals."""

WEEKS_A_YEAR = 52


class TieClass(IntEnum):
    """The classes of Table 1: spouse and family are kin, "other" is object."""

    KIN = 0
    FRIEND = 1
    PROFESSIONAL = 2
    OBJECT = 3


TIE_CLASSES = tuple(one.name.lower() for one in TieClass)
"""Words of the classes, in the order in which they are shown; the position is the code."""


class Kind(IntEnum):
    """What a network member is to the ego."""

    PARTNER = 0
    PARENT = 1
    SIBLING = 2
    CHILD = 3
    YOUNG_KIN = 4
    OTHER_KIN = 5
    FRIEND = 6
    PEER = 7
    ONLINE = 8
    NEIGHBOUR = 9
    ACQUAINTANCE = 10
    PSYCHIATRIST = 11
    CPN = 12
    CARE_COORDINATOR = 13
    SUPPORT_WORKER = 14
    GP = 15
    THERAPIST = 16
    OTHER_PROF = 17
    PET = 18
    PLACE = 19
    HOBBY = 20
    ACTIVITY = 21
    GROUP = 22
    OBJECT = 23
    MEDIA = 24


GROUP_OF_KIND = (0, 1, 1, 1, 2, 1, 3, 3, 4, 4, 4, 5, 6, 6, 7, 8, 8, 8, 9, 9, 9, 9, 9, 9, 9)
"""Group of each kind; a support worker outside the team is kind SUPPORT_WORKER in group OUTSIDE."""

CLASS_OF_GROUP = (0, 0, 0, 1, 1, 2, 2, 2, 2, 3)
"""Class of each group."""


class Line(IntEnum):
    """The three lines of service an ego can have with the team, one worker each."""

    PSYCHIATRIST = 0
    COORDINATOR = 1
    SUPPORT_WORKER = 2


LINE_OF_ROLE = (0, 1, 1, 2)
"""Line each role of shock.ROLES serves; CPNs and other care co-ordinators share one."""

KIND_OF_ROLE = (11, 12, 13, 14)
"""Kind of tie to each role of shock.ROLES."""


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


class Diagnosis(IntEnum):
    """Diagnoses of the founding paper."""

    PSYCHOSIS = 0
    SCHIZOPHRENIA = 1
    BIPOLAR = 2
    PERSONALITY_DISORDER = 3
