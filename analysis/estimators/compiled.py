"""Compile the estimators' kernels once, and never run stale code.

As in `sim.world.compiled`, machine code is kept in a folder named by a hash: here of every kernel
of the estimators, so that a change in a function that another file calls is noticed.
"""

import hashlib
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import llvmlite
import numba
import numpy as np

from sim.world.compiled import cache_folder, compiled_into, sources

__all__ = ["compiled", "estimators_hash"]

_KERNELS = Path(__file__).parent / "kernels"


@cache
def estimators_hash() -> str:
    """Sixteen hex digits that change with any kernel of the estimators and with the compiler."""
    digest = hashlib.sha256()
    for path in sources(_KERNELS, "*"):
        digest.update(path.name.encode() + path.read_bytes())
    versions = (numba.__version__, llvmlite.__version__, np.__version__, sys.version)
    digest.update(repr(versions).encode())
    return digest.hexdigest()[:16]


def compiled(function: Callable) -> Callable:
    """njit for kernels of the estimators: no lock, IEEE order, NumPy's division, cached safely."""
    return compiled_into(cache_folder(f"estimators-{estimators_hash()}"), function)
