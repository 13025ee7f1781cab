"""What compiled interviews are given: records with columns as attributes, and addressed uniforms.

The machine code of a module is kept as long as that module and all it imports stay as they are.
"""

import numpy as np

from sim.world.compiled import compiled
from sim.world.streams import Stream, key_pair, uniforms

__all__ = ["draws", "records"]


@compiled
def _draws(stream, who, when, which, key):
    found = np.empty((who.size, 4), np.float32)
    for i in range(who.size):
        a, b, c, d = uniforms(stream, who[i], when, which[i], key)
        found[i, 0], found[i, 1], found[i, 2], found[i, 3] = a, b, c, d
    return found


def records(array: np.ndarray) -> np.ndarray:
    """The same records with columns as attributes: one type to the compiler, needed without it."""
    return array.view(np.recarray)


def draws(
    stream: Stream, who: np.ndarray, key: np.ndarray, when: int = 0, which: int | np.ndarray = 0
) -> np.ndarray:
    """Four uniforms for each address in `who`.

    Parameters
    ----------
    who : ndarray of uint32, shape (n,)
        Addresses of egos, posts, teams.
    key : ndarray of uint32, shape (2,)
    when : int
        Occasion, a part of the address.
    which : int, or ndarray of int, shape (n,)
        Item, the rest of it.

    Returns
    -------
    ndarray of float32, shape (n, 4)
    """
    who = np.ascontiguousarray(who, np.uint32)
    items = np.ascontiguousarray(np.broadcast_to(np.asarray(which, np.int64), who.shape))
    return _draws(int(stream), who, int(when), items, key_pair(key))
