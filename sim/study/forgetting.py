"""Members left out of maps where a study says how: forgotten anew, or fewer at later interviews.

`sim.study.conditions` says how far; what is here acts on maps.

Streams: [CONDITION] by the ego and the tie.
"""

from typing import NamedTuple

import numpy as np

from sim.study.error_kinds import error_kinds
from sim.study.naming import NAMED, UNHEARD
from sim.world.arithmetic import ONE, ZERO
from sim.world.compiled import inlined
from sim.world.streams import Stream, uniforms

__all__ = ["AS_BEFORE", "Terms", "forget", "leave_out"]

CONDITION = int(Stream.CONDITION)
FORGOTTEN, LEFT_OUT = error_kinds()["forgotten"].number, error_kinds()["panel_learning"].number
A_WAVE = 128  # numbers of kinds are lower; in addresses, the wave comes on top


class Terms(NamedTuple):
    """What conditions of a study do to the maps of n people at W interviews.

    Attributes
    ----------
    lift : ndarray of float32, (n, 2)
        Factor on the chances to be named, of people and pets, and of other objects; no row if there
        are no conditions.
    share : ndarray of float32, (n, W)
        Share of those who would be named that still are; the same ties go first at every interview.
    chance : ndarray of float32, (3,)
        Chance to be forgotten, by circle, in place of the study's own; empty to leave that alone.
    prevented : float32
        Share of forgetting that is prevented for those on the last map.
    """

    lift: np.ndarray
    share: np.ndarray
    chance: np.ndarray
    prevented: np.float32


AS_BEFORE = Terms(
    np.zeros((0, 2), np.float32), np.zeros((0, 0), np.float32), np.zeros(0, np.float32), ZERO
)
"""No conditions."""


@inlined
def forget(here, on_last, held, named, forgotten, circle, who, k, terms, key):
    """Who of those who would be named is forgotten, at this interview anew.

    `on_last` is NAMED of ties on the last map, and `held` the identity of who it was.
    """
    for s in range(here.size):
        if here[s].group < 0 or here[s].identity != held[s]:
            on_last[s], held[s] = UNHEARD, here[s].identity
        if not named[s]:
            continue
        chance = terms.chance[circle[s] - 1]
        if on_last[s] == NAMED:
            chance *= ONE - terms.prevented
        u, _, _, _ = uniforms(CONDITION, who, FORGOTTEN + A_WAVE * k, here[s].identity, key)
        if u < chance:
            named[s], forgotten[s] = False, True


@inlined
def leave_out(here, named, share, who, key):
    """Leave out those beyond the share that is still named; always the same ones first."""
    if share >= ONE:
        return
    for s in range(here.size):
        if named[s]:
            u, _, _, _ = uniforms(CONDITION, who, LEFT_OUT, here[s].identity, key)
            if u >= share:
                named[s] = False
