"""What kind of tie is born, and what its birth is called."""

from __future__ import annotations

from typing import Any

from sim.world.arithmetic import ONE, TINY, ZERO
from sim.world.kinds import Group, Kind
from sim.world.streams import WEEK_OFFSET
from sim.world.twin.parameters import Parameters

KINDS_WITHIN: dict[int, tuple[tuple[Kind, str], ...]] = {
    Group.KIN: (
        (Kind.PARENT, "tie_kin_parent_share"),
        (Kind.SIBLING, "tie_kin_sibling_share"),
        (Kind.CHILD, "tie_kin_child_share"),
    ),
    Group.FRIEND: ((Kind.PEER, "tie_peer_share"),),
    Group.WEAK: (
        (Kind.ONLINE, "tie_weak_online_share"),
        (Kind.NEIGHBOUR, "tie_weak_neighbour_share"),
    ),
    Group.OUTSIDE: (
        (Kind.GP, "tie_outside_gp_share"),
        (Kind.THERAPIST, "tie_outside_therapist_share"),
        (Kind.SUPPORT_WORKER, "tie_outside_support_worker_share"),
    ),
    Group.OBJECT: (
        (Kind.PET, "tie_object_pet_share"),
        (Kind.PLACE, "tie_object_place_share"),
        (Kind.HOBBY, "tie_object_hobby_share"),
        (Kind.ACTIVITY, "tie_object_activity_share"),
        (Kind.GROUP, "tie_object_group_share"),
        (Kind.MEDIA, "tie_object_media_share"),
    ),
}
"""Kinds within a group, each with the parameter that is its share."""

THE_REST = {
    Group.PARTNER: Kind.PARTNER,
    Group.KIN: Kind.OTHER_KIN,
    Group.YOUNG_KIN: Kind.YOUNG_KIN,
    Group.FRIEND: Kind.FRIEND,
    Group.WEAK: Kind.ACQUAINTANCE,
    Group.OUTSIDE: Kind.OTHER_PROF,
    Group.OBJECT: Kind.OBJECT,
}
"""The kind of a group's ties that are none of the above."""


def kind_within(group: int, u: Any, p: Parameters) -> int:
    """The kind of a new tie of a group, by the shares of kinds within it."""
    edge = ZERO
    for kind, share in KINDS_WITHIN.get(group, ()):
        edge = edge + getattr(p, share)
        if u < edge:
            return kind
    return THE_REST[Group(group)]


def young_share(p: Parameters) -> Any:
    """The share of young kin among kin."""
    young = p.ties[Group.YOUNG_KIN].latent_mean
    return young / (young + p.ties[Group.KIN].latent_mean)


def kin_births(p: Parameters) -> tuple[Any, Any]:
    """Births a year per tie of the kin set point, adult and young; the share that are young."""
    young = young_share(p)
    of_young = young * p.ties[Group.YOUNG_KIN].formation
    rate = (ONE - young) * p.ties[Group.KIN].formation + of_young
    return rate, of_young / max(rate, TINY)


def tie_identity(week: int, channel: int) -> int:
    """The address of a tie born in a week through a channel."""
    return (week + WEEK_OFFSET) * 32 + channel
