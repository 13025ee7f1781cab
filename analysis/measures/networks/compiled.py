"""Compile the kernels of measures once, never run stale code: as those of the estimators."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from sim.world.compiled import cache_folder, code_hash, compiled_into

__all__ = ["compiled", "measures_hash"]

_KERNELS = Path(__file__).parent / "kernels"


@cache
def measures_hash() -> str:
    """Sixteen hex digits that change with any kernel of the measures and with the compiler."""
    return code_hash(_KERNELS)


def compiled(function: Callable) -> Callable:
    """njit for kernels of the measures: no lock, IEEE order, NumPy's division, cached safely."""
    return compiled_into(cache_folder(f"measures-{measures_hash()}"), function)
