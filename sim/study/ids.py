"""Ids of participants, members and workers: random to look at, one for each address, and lasting.

An id is its address put through a permutation under the key of the replicate, written in 24 signs,
`SYN-` in front. So no two are ever the same, a larger or longer study changes nobody's, scenarios
of one replicate agree, and neither order nor length nor digits of an id tell of a start, a number
or a place.

Streams: [IDS] the rounds.
"""

from __future__ import annotations

import numpy as np
from numba.extending import register_jitable

from sim.world.compiled import compiled
from sim.world.streams import Stream, key_pair, permuted

__all__ = ["ID_SIGNS", "INCUMBENT_BITS", "member_ids", "participant_ids", "worker_ids"]

ID_SIGNS = "2346789CDFGHJKMNPQRTVWXY"
"""Digits and capitals that are not taken for each other, and no vowel: ids are never words."""

IDS = int(Stream.IDS)
PERSON_OF, MEMBER_OF, WORKER_OF = 0, 1, 2  # 3 is of attributes, the numbers of workers' names
ADDRESS_BITS, IDENTITY_BITS, INCUMBENT_BITS = 32, 22, 12
"""What an id is made of: an address, a tie within its ego, how many held a post before."""
PERSON_SIGNS, MEMBER_SIGNS, WORKER_SIGNS = 7, 5, 10  # 24 signs each: room for all those bits
SIGNS = np.frombuffer(ID_SIGNS.encode(), np.uint8)
MARK = b"SYN-"


def participant_ids(address: np.ndarray, key: np.ndarray) -> np.ndarray:
    """`SYN-` and seven signs for each address of an ego, as ASCII.

    Parameters
    ----------
    address : ndarray of uint32, shape (n,)
    key : ndarray of uint32, shape (2,)
        Of the replicate.
    """
    nobody = np.zeros(address.size, np.uint32)
    return np.strings.add(
        MARK, _written(PERSON_OF, nobody, address, ADDRESS_BITS, PERSON_SIGNS, key)
    )


def member_ids(address: np.ndarray, identity: np.ndarray, key: np.ndarray) -> np.ndarray:
    """The id of the ego, a hyphen and five signs for each tie, as ASCII.

    Parameters
    ----------
    address : ndarray of uint32, shape (m,)
        Of the ego of each tie.
    identity : ndarray of int32, shape (m,)
        Identity of each tie, below 2^22 and one of its own within the ego.
    key : ndarray of uint32, shape (2,)
        Of the replicate.
    """
    own = _written(MEMBER_OF, address, identity, IDENTITY_BITS, MEMBER_SIGNS, key)
    return np.strings.add(np.strings.add(participant_ids(address, key), b"-"), own)


def worker_ids(address: np.ndarray, incumbent: np.ndarray, key: np.ndarray) -> np.ndarray:
    """`SYN-` and ten signs for each worker of a team, as ASCII.

    Parameters
    ----------
    address : ndarray of int, shape (m,)
        Of the post.
    incumbent : ndarray of int, shape (m,)
        How many held the post before, below 2^12.
    key : ndarray of uint32, shape (2,)
        Of the replicate.
    """
    worker = address.astype(np.int64) << INCUMBENT_BITS | incumbent
    nobody, bits = np.zeros(address.size, np.uint32), ADDRESS_BITS + INCUMBENT_BITS
    return np.strings.add(MARK, _written(WORKER_OF, nobody, worker, bits, WORKER_SIGNS, key))


def _written(
    sort: int, whose: np.ndarray, value: np.ndarray, bits: int, signs: int, key: np.ndarray
) -> np.ndarray:
    """Values of so many bits, permuted anew for each address in `whose`, in so many signs."""
    text = np.empty((value.size, signs), np.uint8)
    _permute(sort, whose, value.astype(np.int64), bits // 2, key_pair(key), text)
    return text.view(f"S{signs}").ravel()


@compiled
def _permute(sort, whose, value, half, key, text):
    for i in range(value.size):
        write_id(permuted(IDS, whose[i], sort, value[i], half, key), text[i])


@register_jitable
def write_id(number, text):
    """A whole number in signs, the last digit first."""
    for place in range(text.size):
        text[place] = SIGNS[number % SIGNS.size]
        number //= SIGNS.size
