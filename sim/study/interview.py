"""Maps: who is named at which interview, in what order, in which circle and where.

Whether a tie is named is a lasting trait of the tie (`salience`), moved by how fond the ego is of
the alter. The error-free map shows that and nothing else: a tie is judged when it is first there at
an interview, and stays on the map while it is active. The elicited map adds what interviews add:
some fresh noise, names forgotten though the last map lies on the table, second hearings for old
ties passed over before, the telephone, a cap. Dormant ties are on no map. Conditions that a study
asks for take the place of noise, second hearings and forgetting, or come with the interviewer.

Streams: [NAMING] the ego's style and fresh noise, [FORGETTING], [INTERVIEW] order.
"""

from typing import NamedTuple

import numpy as np

from sim.study.draws import records
from sim.study.forgetting import AS_BEFORE, Terms, forget, leave_out
from sim.study.naming import (
    NAMED,
    PASSED_OVER,
    UNHEARD,
    column_of_groups,
    edge_of_naming,
    judge_lasting,
    lifted,
)
from sim.study.placing import circles_of, place
from sim.world.arithmetic import ONE, ZERO, normal, square_root
from sim.world.compiled import compiled, inlined
from sim.world.kinds import Group
from sim.world.streams import Stream, key_pair, uniforms

__all__ = ["AFRESH", "ERROR_FREE", "REVISITED", "Maps", "draw_maps"]

REVISITED, AFRESH, ERROR_FREE = 0, 1, 2
NAMING, FORGETTING = int(Stream.NAMING), int(Stream.FORGETTING)
INTERVIEW, PARTNER = int(Stream.INTERVIEW), int(Group.PARTNER)
SPREAD_OF = column_of_groups("importance.{}.spread")
USUAL = (ONE, ONE)
"""Factors on the chances to be named where nothing changes them."""


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
        On the last map, active, and forgotten this time; where forgetting is a condition of the
        study, all who were.
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
    terms: Terms = AS_BEFORE,
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
    terms : Terms
        What conditions of the study do.
    """
    shape = members.shape
    a, b, c, d = (np.zeros(shape, np.bool_) for _ in range(4))
    circles = np.zeros(shape if terms.chance.size else (0, 0, 0), np.int8)
    if terms.chance.size:
        circles_of(egos, members, params, key, circles)
    maps = Maps(
        a, b, c, d, np.zeros(shape, np.int16), np.zeros(shape, np.int8),
        np.zeros(shape, np.float32), np.zeros(shape, np.float32),
    )  # fmt: skip
    flat = params.view(np.float32).reshape(-1)
    _draw(
        records(egos), records(members), attended, telephone, records(params), flat, key_pair(key),
        how, most, placed, maps, terms, circles,
    )  # fmt: skip
    return maps


@compiled
def _draw(
    egos, members, attended, telephone, params, flat, key, how, most, placed, maps, terms, circles
):
    n, waves, slots = members.shape
    state, held = np.zeros(slots, np.int8), np.full(slots, -1, np.int32)
    ideal, seen = np.zeros(slots, np.int8), np.full(slots, -1, np.int32)
    would, met = np.zeros(slots, np.int8), np.full(slots, -1, np.int32)
    rank = np.zeros(slots, np.float32)
    p, lift, conditions = params[0], USUAL, terms.lift.shape[0] > 0
    lasting = conditions and (terms.chance.size > 0 or how == ERROR_FREE)
    for i in range(n):
        state[:], held[:], ideal[:], seen[:] = UNHEARD, -1, UNHEARD, -1
        would[:], met[:] = UNHEARD, -1
        a, _, _, _ = uniforms(NAMING, egos[i, 0].address, 0, 0, key)
        style = p.naming_style_sd * normal(a)
        if conditions:
            lift = (terms.lift[i, 0], terms.lift[i, 1])
        for k in range(waves):
            here = members[i, k]
            judge_lasting(here, ideal, seen, maps.ideal[i, k], style, USUAL, p, flat)
            if not attended[i, k]:
                continue
            shift = style + (p.map_telephone if telephone[i] and how != ERROR_FREE else ZERO)
            who, named = egos[i, k].address, maps.named[i, k]
            if lasting:
                judge_lasting(here, would, met, named, shift, lift, p, flat)
            else:
                elicit(
                    here, state, held, named, maps.forgotten[i, k], shift, lift, terms.prevented,
                    who, k, how, maps.ideal[i, k], p, flat, key,
                )  # fmt: skip
            if terms.chance.size > 0:
                forget(
                    here, state, held, named, maps.forgotten[i, k], circles[i, k], who, k,
                    terms, key,
                )  # fmt: skip
            if conditions:
                leave_out(here, named, terms.share[i, k], who, key)
            record(here, egos[i, k], state, i, k, rank, lasting, most, placed, maps, p, flat, key)


@inlined
def record(here, ego, state, i, k, rank, lasting, most, placed, maps, p, flat, key):
    """Put those named on the map, and keep in mind who is on it."""
    named, recorded, who = maps.named[i, k], maps.recorded[i, k], ego.address
    if placed or most > 0:
        put_in_order(here, named, recorded, maps.order[i, k], rank, most, who, k, p, flat, key)
    else:
        recorded[:] = named
    for s in range(here.size):
        if named[s] and not recorded[s]:
            state[s] = PASSED_OVER
        elif lasting:
            state[s] = NAMED if recorded[s] else PASSED_OVER
        if placed and recorded[s]:
            maps.circle[i, k, s], maps.x[i, k, s], maps.y[i, k, s] = place(
                here[s], ego.sociability, k, who, p, flat, key
            )


@inlined
def elicit(
    here, state, held, named, forgotten, shift, lift, prevented, who, k, how, ideal, p, flat, key
):
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
            chance *= ONE - prevented
            forgotten[s] = c < chance
            named[s] = not forgotten[s]
        elif state[s] == UNHEARD or afresh or b < p.naming_second_hearing:
            z = keep * normal(here[s].salience) + add * normal(a)
            named[s] = z < lifted(edge_of_naming(here[s], shift, p, flat), here[s], lift)
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
