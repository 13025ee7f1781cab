"""Maps: who is named at which interview, in what order, in which circle and where.

Whether a tie is named is a lasting trait of the tie (`salience`), moved by how fond the ego is of
the alter. The error-free map shows that and nothing else: a tie is judged when it is first there at
an interview, and stays on the map while it is active. The elicited map adds what interviews add:
some fresh noise, names forgotten though the last map lies on the table, second hearings for old
ties passed over before, the telephone, a cap. Dormant ties are on no map.

Streams: [NAMING] the ego's style and fresh noise, [FORGETTING], [INTERVIEW] order, [MAP_POSITION].
"""

from typing import NamedTuple

import numpy as np

from sim.study.draws import records
from sim.world.arithmetic import ONE, ZERO, clip, f4, normal, square_root
from sim.world.compiled import compiled, inlined
from sim.world.kinds import Group, Kind
from sim.world.parameters import catalogue
from sim.world.streams import Stream, key_pair, uniforms

__all__ = ["AFRESH", "ERROR_FREE", "REVISITED", "Maps", "draw_maps"]

REVISITED, AFRESH, ERROR_FREE = 0, 1, 2
NAMING, FORGETTING = int(Stream.NAMING), int(Stream.FORGETTING)
INTERVIEW, MAP_POSITION = int(Stream.INTERVIEW), int(Stream.MAP_POSITION)
PARTNER, OBJECT, PET = int(Group.PARTNER), int(Group.OBJECT), int(Kind.PET)
UNHEARD, PASSED_OVER, NAMED = 0, 1, 2
SURE = f4(99)


def _of_groups(path: str) -> int:
    """Column of the first group's value; the other groups follow it."""
    return catalogue()[path.format("partner")].index


NAMED_OF, INNER_OF = _of_groups("tie.{}.named"), _of_groups("tie.{}.inner_share")
AFFECTION_OF = _of_groups("tie.{}.affection")
TYPICAL_OF, SPREAD_OF = _of_groups("importance.{}.typical"), _of_groups("importance.{}.spread")


class Maps(NamedTuple):
    """Maps of n people at W interviews over S slots of ties.

    Attributes
    ----------
    ideal : ndarray of bool, (n, W, S)
        On the error-free map.
    named : ndarray of bool, (n, W, S)
        Named by the ego; nobody at a missed interview.
    recorded : ndarray of bool, (n, W, S)
        On the elicited map: named, and not over the cap.
    forgotten : ndarray of bool, (n, W, S)
        On the last map, active, and forgotten this time.
    order : ndarray of int16, (n, W, S)
        Order of naming from 1; 0 if not recorded.
    circle : ndarray of int8, (n, W, S)
        1 inner to 3 outer; 0 if not recorded.
    x, y : ndarray of float32, (n, W, S)
        Place on a square canvas of side 1, centre (.5, .5).
    """

    ideal: np.ndarray
    named: np.ndarray
    recorded: np.ndarray
    forgotten: np.ndarray
    order: np.ndarray
    circle: np.ndarray
    x: np.ndarray
    y: np.ndarray


def draw_maps(
    egos: np.ndarray,
    members: np.ndarray,
    attended: np.ndarray,
    telephone: np.ndarray,
    params: np.ndarray,
    key: np.ndarray,
    how: int = REVISITED,
    most: int = 0,
    placed: bool = True,
) -> Maps:
    """Draw the maps of some people.

    Parameters
    ----------
    egos : ndarray, (n, W) of state.EGO
    members : ndarray, (n, W, S) of seen.MEMBER
    attended : ndarray of bool, (n, W)
    telephone : ndarray of bool, (n,)
    params : ndarray, (1,)
        The record of parameters.
    key : ndarray of uint32, shape (2,)
    how : int
        REVISITED, AFRESH or ERROR_FREE.
    most : int
        Members recorded at most; 0 for all.
    placed : bool
        Draw where members stand, too; without, `circle`, `x`, `y` stay 0, and `order` if there is
        no cap.
    """
    shape = members.shape
    a, b, c, d = (np.zeros(shape, np.bool_) for _ in range(4))
    maps = Maps(
        a, b, c, d, np.zeros(shape, np.int16), np.zeros(shape, np.int8),
        np.zeros(shape, np.float32), np.zeros(shape, np.float32),
    )  # fmt: skip
    flat = params.view(np.float32).reshape(-1)
    _draw(
        records(egos), records(members), attended, telephone, records(params), flat, key_pair(key),
        how, most, placed, maps,
    )  # fmt: skip
    return maps


@compiled
def _draw(egos, members, attended, telephone, params, flat, key, how, most, placed, maps):
    n, waves, slots = members.shape
    state, held = np.zeros(slots, np.int8), np.full(slots, -1, np.int32)
    ideal, seen = np.zeros(slots, np.int8), np.full(slots, -1, np.int32)
    rank = np.zeros(slots, np.float32)
    p = params[0]
    for i in range(n):
        state[:], held[:], ideal[:], seen[:] = UNHEARD, -1, UNHEARD, -1
        a, _, _, _ = uniforms(NAMING, egos[i, 0].address, 0, 0, key)
        style = p.naming_style_sd * normal(a)
        for k in range(waves):
            here = members[i, k]
            judge_ideal(here, ideal, seen, maps.ideal[i, k], style, p, flat)
            if not attended[i, k]:
                continue
            shift = style + (p.map_telephone if telephone[i] else ZERO)
            who = egos[i, k].address
            elicit(
                here, state, held, maps.named[i, k], maps.forgotten[i, k],
                shift, who, k, how, maps.ideal[i, k], p, flat, key,
            )  # fmt: skip
            if placed or most > 0:
                put_in_order(
                    here, maps.named[i, k], maps.recorded[i, k], maps.order[i, k], rank,
                    most, who, k, p, flat, key,
                )  # fmt: skip
            else:
                maps.recorded[i, k] = maps.named[i, k]
            for s in range(slots):
                if maps.named[i, k, s] and not maps.recorded[i, k, s]:
                    state[s] = PASSED_OVER
                if placed and maps.recorded[i, k, s]:
                    place(here[s], egos[i, k].sociability, i, k, s, who, maps, p, flat, key)


@inlined
def standing(tie, flat):
    """How important a tie is beside the named of its group, in SD, cut at 2.5."""
    g = tie.group
    return clip((tie.importance - flat[TYPICAL_OF + g]) / flat[SPREAD_OF + g], f4(-2.5), f4(2.5))


@inlined
def fondness(tie, p, flat):
    """How fond the ego is of an alter beside others of the group, in SD, cut at 2.5.

    A trait of the tie: were naming judged by importance, which is high while a tie is new, names
    once given would pile up on maps that are revisited.
    """
    z = (tie.affection - flat[AFFECTION_OF + tie.group]) / p.tie_affection_sd
    return clip(z, f4(-2.5), f4(2.5))


@inlined
def edge_of_naming(tie, shift, p, flat):
    """The normal deviate of salience below which a tie is named.

    Scaled so that the chance over ties of usual spread of affection stays the group's `named`.
    """
    chance = flat[NAMED_OF + tie.group]
    if chance <= ZERO:
        return -SURE
    if chance >= ONE:
        return SURE
    if tie.kind == PET:
        shift = shift + p.naming_pet
    effect, style = p.naming_affection_effect, p.naming_style_sd
    scale = square_root(ONE + effect * effect + style * style)
    return normal(chance) * scale + effect * fondness(tie, p, flat) + shift


@inlined
def judge_ideal(here, ideal, seen, on_map, shift, p, flat):
    """The error-free map: judged once, when first active at an interview."""
    for s in range(here.size):
        if here[s].group < 0:
            ideal[s], seen[s] = UNHEARD, -1
            continue
        if here[s].identity != seen[s]:
            ideal[s], seen[s] = UNHEARD, here[s].identity
        if here[s].active > ZERO and ideal[s] == UNHEARD:
            edge = edge_of_naming(here[s], shift, p, flat)
            ideal[s] = NAMED if normal(here[s].salience) < edge else PASSED_OVER
        on_map[s] = here[s].active > ZERO and ideal[s] == NAMED


@inlined
def elicit(here, state, held, named, forgotten, shift, who, k, how, ideal, p, flat, key):
    """The names given at one interview."""
    afresh = how == AFRESH
    fresh = p.map_fresh_share_afresh if afresh else p.naming_fresh_share
    keep, add = square_root(ONE - fresh), square_root(fresh)
    for s in range(here.size):
        if here[s].group < 0 or here[s].active == ZERO:
            state[s], held[s] = UNHEARD, -1
            continue
        if how == ERROR_FREE:
            named[s] = ideal[s]
            continue
        if here[s].identity != held[s]:
            state[s], held[s] = UNHEARD, here[s].identity
        a, b, _, _ = uniforms(NAMING, who, k + 1, here[s].identity, key)
        if state[s] == NAMED and not afresh:
            c, _, _, _ = uniforms(FORGETTING, who, k, here[s].identity, key)
            chance = p.naming_forgetting
            if here[s].group == PARTNER:
                chance *= p.map_partner_forgetting
            forgotten[s] = c < chance
            named[s] = not forgotten[s]
        elif state[s] == UNHEARD or afresh or b < p.naming_second_hearing:
            z = keep * normal(here[s].salience) + add * normal(a)
            named[s] = z < edge_of_naming(here[s], shift, p, flat)
            forgotten[s] = state[s] == NAMED and not named[s]
        state[s] = NAMED if named[s] else PASSED_OVER


@inlined
def put_in_order(here, named, recorded, order, rank, most, who, k, p, flat, key):
    """Order of naming, the important first, roughly; all over the cap are not recorded."""
    total = 0
    for s in range(here.size):
        if named[s]:
            a, _, _, _ = uniforms(INTERVIEW, who, k + 256, here[s].identity, key)
            rank[s] = here[s].importance / flat[SPREAD_OF + here[s].group]
            rank[s] += p.map_order_noise * normal(a)
            total += 1
    for s in range(here.size):
        if named[s]:
            before = 0
            for other in range(here.size):
                if named[other] and (
                    rank[other] > rank[s] or (rank[other] == rank[s] and other < s)
                ):
                    before += 1
            recorded[s] = most == 0 or before < most
            order[s] = before + 1 if recorded[s] else 0


@inlined
def place(tie, sociability, i, k, s, who, maps, p, flat, key):
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
    maps.circle[i, k, s] = circle
    low = ZERO if circle == 1 else (p.map_inner_radius if circle == 2 else p.map_middle_radius)
    high = p.map_inner_radius if circle == 1 else (p.map_middle_radius if circle == 2 else ONE)
    room = high - low
    radius = f4(0.5) * (low + room * (f4(0.12) + f4(0.76) * (f4(0.9) * b + f4(0.1) * f)))
    x, y = direction(c, d)
    maps.x[i, k, s], maps.y[i, k, s] = f4(0.5) + radius * x, f4(0.5) + radius * y


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
