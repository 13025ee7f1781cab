"""Where members stand on the map: the circle, and a place within it.

Streams: [MAP_POSITION] by the ego and the tie.
"""

import numpy as np

from sim.study.draws import records
from sim.study.naming import column_of_groups
from sim.world.arithmetic import ONE, ZERO, clip, f4, normal, square_root
from sim.world.compiled import compiled, inlined
from sim.world.kinds import Group, Kind
from sim.world.streams import Stream, key_pair, uniforms

__all__ = ["circles_of", "place"]

MAP_POSITION = int(Stream.MAP_POSITION)
OBJECT, PET = int(Group.OBJECT), int(Kind.PET)
INNER_OF = column_of_groups("tie.{}.inner_share")
TYPICAL_OF = column_of_groups("importance.{}.typical")
SPREAD_OF = column_of_groups("importance.{}.spread")


def circles_of(
    egos: np.ndarray, members: np.ndarray, params: np.ndarray, key: np.ndarray, circle: np.ndarray
) -> None:
    """The circle in which each active tie would stand at each interview, if it were named.

    Parameters
    ----------
    egos : ndarray, (n, W) of state.EGO
    members : ndarray, (n, W, S) of seen.MEMBER
    params, key
        The record of parameters; the key of the replicate.
    circle : ndarray of int8, (n, W, S)
        To be filled: 1 inner to 3 outer; what is not active is left as it was.
    """
    flat = params.view(np.float32).reshape(-1)
    _circles(records(egos), records(members), records(params), flat, key_pair(key), circle)


@compiled
def _circles(egos, members, params, flat, key, circle):
    n, waves, slots = members.shape
    for i in range(n):
        who = egos[i, 0].address
        for k in range(waves):
            sociability = egos[i, k].sociability
            for s in range(slots):
                tie = members[i, k, s]
                if tie.group >= 0 and tie.active > ZERO:
                    circle[i, k, s], _, _ = place(tie, sociability, k, who, params[0], flat, key)


@inlined
def standing(tie, flat):
    """How important a tie is beside the named of its group, in SD, cut at 2.5."""
    g = tie.group
    return clip((tie.importance - flat[TYPICAL_OF + g]) / flat[SPREAD_OF + g], f4(-2.5), f4(2.5))


@inlined
def place(tie, sociability, k, who, p, flat, key):
    """Circle by importance and a lasting trait of the tie; a place in the ring.

    Objects come closer in for those who avoid people (P54).
    """
    a, b, c, d = uniforms(MAP_POSITION, who, 0, tie.identity, key)
    e, f, _, _ = uniforms(MAP_POSITION, who, k + 1, tie.identity, key)
    share, noise = p.map_importance_share, p.map_position_noise
    own = square_root(ONE - share) * (
        square_root(ONE - noise) * normal(a) + square_root(noise) * normal(e)
    )
    z = square_root(share) * standing(tie, flat) + own
    inner = min(max(flat[INNER_OF + tie.group], f4(0.0001)), f4(0.9999))
    middle = min(inner + (ONE - inner) * p.map_middle_share, f4(0.9999))
    shift, scale = ZERO, ONE
    if tie.group == OBJECT:
        shift = -p.naming_object_avoidance * sociability
        scale = square_root(ONE + p.naming_object_avoidance * p.naming_object_avoidance)
    z += shift
    if tie.kind == PET:
        z += p.map_pet
    circle = 3
    if z > -normal(middle) * scale:
        circle = 2
    if z > -normal(inner) * scale:
        circle = 1
    low = ZERO if circle == 1 else (p.map_inner_radius if circle == 2 else p.map_middle_radius)
    high = p.map_inner_radius if circle == 1 else (p.map_middle_radius if circle == 2 else ONE)
    room = high - low
    radius = f4(0.5) * (low + room * (f4(0.12) + f4(0.76) * (f4(0.9) * b + f4(0.1) * f)))
    x, y = direction(c, d)
    return circle, f4(0.5) + radius * x, f4(0.5) + radius * y


@inlined
def direction(u, v):
    """A point of the unit circle: one of eight octants, and nearly evenly within it."""
    t = f4(0.41421356) * u
    x, y = (ONE - t * t) / (ONE + t * t), f4(2) * t / (ONE + t * t)
    octant = int(f4(8) * v)
    if octant & 1:
        x, y = y, x
    if octant & 2:
        x = -x
    if octant & 4:
        y = -y
    return x, y
