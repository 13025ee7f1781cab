"""Arrays that begin with a cache line, so that no vector of eight numbers lies across two."""

import numpy as np

CACHE_LINE = 64
"""Bytes."""


def aligned_empty(shape: tuple[int, ...], kind: np.dtype) -> np.ndarray:
    """An array like that of `np.empty`, whose first byte is the first of a cache line.

    Parameters
    ----------
    shape
        Of the array.
    kind
        Type of its items.

    Returns
    -------
    ndarray
        C-contiguous; what it holds is arbitrary.
    """
    size = int(np.prod(shape)) * kind.itemsize
    memory = np.empty(size + CACHE_LINE, np.uint8)
    start = -memory.ctypes.data % CACHE_LINE
    return memory[start : start + size].view(kind).reshape(shape)
