"""Compile the estimators' kernels once, and never run stale code.

As in `sim.world.compiled`, machine code is kept in a folder named by a hash: here of every kernel
of the estimators and all they import, so that a change in a function of another file is noticed.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from sim.world.compiled import cache_folder, code_hash, compiled_into

__all__ = ["compiled", "estimators_hash"]

_KERNELS = Path(__file__).parent / "kernels"


@cache
def estimators_hash() -> str:
    """Sixteen hex digits that change with any kernel of the estimators and with the compiler."""
    return code_hash(_KERNELS)


def compiled(function: Callable) -> Callable:
    """njit for kernels of the estimators: no lock, IEEE order, NumPy's division, cached safely."""
    return compiled_into(cache_folder(f"estimators-{estimators_hash()}"), function)
