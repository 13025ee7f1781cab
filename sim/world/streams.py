"""Addressed randomness: every uniform has an address, and no generator has a state.

Philox4x32-7 (Salmon et al. 2011) turns a 64-bit key and a 128-bit address into four 32-bit words.
The key names the repetition (seed, replicate); the address names the event (stream, who, when,
which tie). The scenario is in neither, so two scenarios of one replicate share every random draw,
and adding a person, a team or a week leaves all other draws as they were.
"""

from enum import IntEnum

import numpy as np
from numba.extending import overload, register_jitable

from sim.world.arithmetic import f4

WEEK_OFFSET = 4096
"""Added to the week in an address, so that the weeks of the run-in (negative) have one too."""

ROUNDS = 7
"""Rounds of Philox4x32: the fewest with which it passed all of BigCrush (Salmon et al. 2011)."""

_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = np.uint32(0x9E3779B9), np.uint32(0xBB67AE85)
_HALF, _NINE = np.uint64(32), np.uint32(9)


class Stream(IntEnum):
    """The first word of an address. Numbers are never reused; a stream has up to four words."""

    EGO_TRAITS = 1
    INITIAL_TIES = 2
    TIE_BIRTH = 3
    EPISODE = 4
    ILLNESS = 5
    WELLBEING = 6
    CONTACT = 7
    EXCHANGE = 8
    FATE = 9
    FORMATION = 10
    OTHER_FORMATION = 11
    VISIT = 12
    STAFF = 13
    DIARY = 14
    REPLACEMENT = 15
    CASELOAD = 16
    SHOCK_SHARE = 17
    TEAM_EFFECT = 18
    INITIAL_LINES = 19
    BOOKING = 20
    CARE = 21
    ACUTE_CARE = 22
    LIFE = 23
    RECRUITMENT = 32
    ALLOCATION = 33
    CONSENT = 34
    NAMING = 35
    FORGETTING = 36
    INTERPRETER = 37
    ALTER_PAIR = 38
    SCALE = 39
    PARTICIPATION = 40
    INTERVIEW = 41
    PERSON = 42
    MAP_POSITION = 43
    PANEL_PERSON = 48
    PANEL_WAVE = 49
    PANEL_CLUSTER = 50
    IDS = 55
    CONDITION = 58
    FILE_ERROR = 60


def plain_philox(c0: int, c1: int, c2: int, c3: int, k0: int, k1: int) -> tuple[int, int, int, int]:
    """Philox4x32-7 in plain integers.

    Four 32-bit words from a 128-bit address and a 64-bit key.
    """
    for _ in range(ROUNDS):
        p0, p1 = c0 * 0xD2511F53, c2 * 0xCD9E8D57
        c0, c2 = (p1 >> 32) ^ c1 ^ k0, (p0 >> 32) ^ c3 ^ k1
        c1, c3 = p1 & 0xFFFFFFFF, p0 & 0xFFFFFFFF
        k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return c0, c1, c2, c3


def philox(stream, who, when, which, key):
    """Four words at the address (stream, who, when, which) under a two-word key."""
    return plain_philox(
        int(stream), int(who), int(when) & 0xFFFFFFFF, int(which) & 0xFFFFFFFF, *map(int, key)
    )


@overload(philox, jit_options={"forceinline": True})
def _compiled_philox(stream, who, when, which, key):
    """The same in uint32 products, which the compiler turns into vector instructions."""

    def implementation(stream, who, when, which, key):
        c0, c1, c2, c3 = np.uint32(stream), np.uint32(who), np.uint32(when), np.uint32(which)
        k0, k1 = np.uint32(key[0]), np.uint32(key[1])
        for _ in range(ROUNDS):
            p0, p1 = np.uint64(c0) * _M0, np.uint64(c2) * _M1
            c0, c2 = np.uint32(p1 >> _HALF) ^ c1 ^ k0, np.uint32(p0 >> _HALF) ^ c3 ^ k1
            c1, c3 = np.uint32(p1), np.uint32(p0)
            k0, k1 = np.uint32(k0 + _W0), np.uint32(k1 + _W1)
        return c0, c1, c2, c3

    return implementation


def uniform(word):
    """float32 in the open interval (0, 1) from a 32-bit word: (top 23 bits + 1/2) / 2^23, exact."""
    return (f4(int(word) >> 9) + f4(0.5)) * f4(2.0**-23)


@overload(uniform, jit_options={"forceinline": True})
def _compiled_uniform(word):
    def implementation(word):
        return (f4(word >> _NINE) + f4(0.5)) * f4(2.0**-23)

    return implementation


@register_jitable
def uniforms(stream, who, when, which, key):
    """Four uniforms at one address."""
    a, b, c, d = philox(stream, who, when, which, key)
    return uniform(a), uniform(b), uniform(c), uniform(d)


TURNS = 6
"""Rounds of the network of `permuted`; four make it as good as drawn at random (Luby 1988)."""


@register_jitable
def permuted(stream, who, when, number, half, key):
    """A whole number below 4^half for each such number, no two the same, at (stream, who, when).

    A Feistel network whose rounds are Philox; `when` leaves sixteen addresses to it.
    """
    mask = (1 << half) - 1
    left, right = number >> half, number & mask
    for turn in range(TURNS):
        word, _, _, _ = philox(stream, who, 16 * when + turn, right, key)
        left, right = right, left ^ (np.int64(word) & mask)
    return left << half | right


def key_of(seed: int, replicate: int = 0) -> np.ndarray:
    """The two-word key of a repetition: Philox of (seed, replicate), so nearby seeds are unrelated.

    Parameters
    ----------
    seed, replicate : int
        Non-negative, below 2**64; 0 is a seed like any other.

    Returns
    -------
    ndarray of uint32, shape (2,)
    """
    words = plain_philox(
        seed & 0xFFFFFFFF, seed >> 32, replicate & 0xFFFFFFFF, replicate >> 32, 0xE60C0, 0x57D1
    )
    return np.array(words[:2], np.uint32)


def address(site: int, team: int, member: int) -> int:
    """The address of an ego or a post.

    Site 6 bits | team 14 bits | member 12 bits, never cumulative.
    """
    return (site << 26) | (team << 12) | member


def key_pair(key: np.ndarray) -> tuple[np.uint32, np.uint32]:
    """The key as two scalars, the form the kernel takes."""
    return np.uint32(key[0]), np.uint32(key[1])
